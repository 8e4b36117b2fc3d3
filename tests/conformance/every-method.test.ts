import { createClerkClient } from '@clerk/backend'
import { beforeEach, describe, expect, it } from 'vitest'
import { fetchByProxy } from '../../packages/server/src/resources/proxy-checks/proxy-checks.test-support.js'
import { ownIds, seedWithEverything } from '../../packages/server/src/transfer/seed/everything.test-support.js'
import { accessRows } from './every-method-access.test-support.js'
import { instanceRows } from './every-method-instance.test-support.js'
import { organizationRows } from './every-method-organizations.test-support.js'
import type { World } from './every-method.test-support.js'
import { combinations, methodsOf, useServerWithSdk, type Namespace } from './official-sdk.test-support.js'

const rows = { ...organizationRows, ...accessRows, ...instanceRows }

/** Their methods are called by the other tests of this folder. */
const ELSEWHERE: readonly Namespace[] = [
  'users',
  'emailAddresses',
  'phoneNumbers',
  'sessions',
  'clients',
  'jwks',
  'jwtTemplates',
  'instance',
  'machines',
  'm2m',
  'apiKeys',
]
/** Not served yet, but for the last: it talks to somebody else. */
const NOT_HERE = ['billing', 'enterpriseConnections', 'samlConnections', 'telemetry']

const client = createClerkClient({ secretKey: 'sk_test_none', telemetry: { disabled: true } })
const namespaces = Object.entries(client).flatMap(([name, value]) =>
  typeof value === 'object' && value !== null && ![...ELSEWHERE, ...NOT_HERE].includes(name) ? [name as Namespace] : [],
)
const methods = namespaces.flatMap((namespace) =>
  methodsOf(client[namespace]).map((method) => [`${namespace}.${method}`, namespace, method] as const),
)

describe.each(combinations.filter(({ sdk }) => sdk === '@clerk/backend 3'))('$sdk on $dialect', (combination) => {
  const official = useServerWithSdk(combination, namespaces, {
    allowAccountless: true,
    fetch: fetchByProxy(() => official.test),
  })
  let world: World

  beforeEach(async () => {
    const { test } = official
    const own = ownIds(test.instance.id)
    await test.server.admin.seed(test.instance.id, seedWithEverything(own))
    world = {
      ...official,
      own,
      production: async () => {
        const host = `clerk.first-${test.instance.id.slice(-8).toLowerCase()}.example`
        const instance = await test.server.createInstance({ environmentType: 'production', frontendHost: host })
        return { instance, client: official.clientOf(instance.secretKey) }
      },
    }
  })

  it.each(methods)('%s does what it is for', async (name, namespace, method) => {
    const row = rows[namespace]?.[method]
    if (!row) throw new Error(`No row says how to call ${name}, and what to see afterwards`)
    await row(world)
    expect(official.called).toContain(name)
  })

  it('has every method that there is a row for', () => {
    const named = Object.entries(rows).flatMap(([namespace, its]) =>
      Object.keys(its).map((one) => `${namespace}.${one}`),
    )
    expect(named.toSorted()).toEqual(methods.map(([name]) => name).toSorted())
  })
})
