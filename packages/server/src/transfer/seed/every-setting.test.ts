import { expect, it } from 'vitest'
import { attribute } from '../../instances/settings/attributes.js'
import { defaultSettings } from '../../instances/settings/settings.js'
import { camelCase } from '../../kernel/wire.js'
import { seed } from './seed.schema.js'

/** What seeds call otherwise. */
const areas: Record<string, string> = {
  identifiers: 'attributes',
  oauthApplications: 'oauthApplicationSettings',
  organizations: 'organizationSettings',
}
/** Those of `UpdateInstance` and `UpdateInstanceAuthConfig` that seeds do not have. */
const byOperationAlone = [
  'fromEmailName',
  'clerkJsVersion',
  'developmentOrigin',
  'urlBasedSessionSyncing',
  'preferredSignInStrategyWhenPasswordRequired',
  'progressiveSignUp',
  'enhancedEmailDeliverability',
]

/** The names of everything, such as `auth.reverification`; what is empty and lists count as one. */
function namesIn(value: unknown, path: string[] = []): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length === 0)
    return [path.join('.')]
  return Object.entries(value).flatMap(([name, inner]) => namesIn(inner, [...path, name]))
}

/** What a seed can say, likewise. */
function namesOf(schema: unknown, path: string[] = []): string[] {
  const { shape, unwrap } = schema as { shape?: object; unwrap?: () => unknown }
  if (shape) return Object.entries(shape).flatMap(([name, inner]) => namesOf(inner, [...path, camelCase(name)]))
  return unwrap ? namesOf(unwrap.call(schema), path) : [path.join('.')]
}

it('every setting of an instance can be set: by a seed, or by an operation', () => {
  const settings = defaultSettings('development')
  const everyAttribute = { phoneNumber: attribute(settings, 'phone_number') }
  const settable = new Set(namesOf(seed.shape.instance))
  const names = namesIn({ ...settings, attributes: everyAttribute }).map((name) => {
    const [area, ...rest] = name.split('.')
    return [areas[area!] ?? area, ...rest].join('.')
  })
  expect(names.filter((name) => !settable.has(name))).toEqual(byOperationAlone)
})
