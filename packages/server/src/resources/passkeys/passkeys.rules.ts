import { z } from 'zod'
import type { Instance } from '../../instances/instance.js'
import { readUrl } from '../../lib/urls.js'
import { primaryDomainOf } from '../domains/domains.rules.js'
import { listedOrigins } from '../origins/origins.rules.js'

/** ES256, EdDSA and RS256, by their numbers in COSE. */
export const ALGORITHMS = [-7, -8, -257]

/** No credential id is longer, says the standard, in base64url. */
const MAX_ID_LENGTH = 1364
const base64url = z
  .string()
  .max(65_536)
  .regex(/^[\w-]+=*$/)

const credential = {
  id: z
    .string()
    .min(1)
    .max(MAX_ID_LENGTH)
    .regex(/^[\w-]+$/),
  rawId: z.string().max(MAX_ID_LENGTH),
  type: z.literal('public-key'),
}

/** What `navigator.credentials.create` returns, as JSON. Whatever else a client adds is left out. */
const registration = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().max(32)).max(16).nullish(),
  }),
})

/** What `navigator.credentials.get` returns, as JSON. */
const assertion = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: z.string().max(128).nullish(),
  }),
})

export type RegistrationCredential = z.output<typeof registration>
export type AssertionCredential = z.output<typeof assertion>

export const readRegistration = (text: string) => readAs(registration, text)
export const readAssertion = (text: string) => readAs(assertion, text)

/** @returns undefined for what no browser sends */
function readAs<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  const { data } = schema.safeParse(value)
  return data
}

/** What a page says in the data that its passkey signs. */
const clientData = z.object({ origin: z.string(), crossOrigin: z.boolean().optional() })

/** The origin of the page that asked; undefined for a page inside a foreign one. */
export function pageOf(clientDataJSON: string): string | undefined {
  const said = readAs(clientData, Buffer.from(clientDataJSON, 'base64url').toString())
  return said && said.crossOrigin !== true ? said.origin : undefined
}

/**
 * The domain that passkeys belong to. In development it is the host of the page, which is another one for each project.
 *
 * @param frontendUrl where this server has the Frontend API
 * @param origin of the page
 */
export function relyingPartyOf(instance: Instance, frontendUrl: string, origin: string | undefined): string {
  if (instance.settings.passkey.relyingParty === 'auth_host') return new URL(frontendUrl).hostname
  if (instance.environmentType === 'production') return primaryDomainOf(instance).name
  return (origin === undefined ? undefined : readUrl(origin)?.hostname) ?? 'localhost'
}

/** The origins beside its own that may use the passkeys of the Frontend API's host. Browsers take no patterns here. */
export function relatedOrigins(instance: Instance, satellites: readonly string[]): string[] {
  const names = instance.environmentType === 'production' ? [primaryDomainOf(instance).name, ...satellites] : []
  return [...new Set([...names.map((name) => `https://${name}`), ...listedOrigins(instance)])]
}
