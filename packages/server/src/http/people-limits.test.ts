import { createClerkClient } from '@latchkey/backend'
import { describe, expect, it } from 'vitest'
import { openBrowser, openProductionBrowser, type Answer } from '../browser.test-support.js'
import { frontendEndpoints } from '../compose/endpoints.js'
import type { CreatedInstance } from '../index.js'
import { unlimited, type Limit } from '../kernel/limits.js'
import { API_URL, dialects, useTestServer } from '../server.test-support.js'

type FrontendEndpoint = (typeof frontendEndpoints)[number]

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How often each operation may be called, from one address, by one user, or for one organization, in how many seconds. */
const LIMITS: Readonly<Record<string, readonly [by: Limit['by'], max: number, seconds: number]>> = {
  createSignIn: ['ip', 5, 10],
  prepareSignInFactorOne: ['ip', 5, 10],
  prepareSignInFactorTwo: ['ip', 5, 10],
  attemptSignInFactorOne: ['ip', 3, 10],
  attemptSignInFactorTwo: ['ip', 3, 10],
  resetPassword: ['ip', 3, 10],
  createSignUps: ['ip', 5, 10],
  updateSignUps: ['ip', 5, 10],
  prepareSignUpsVerification: ['ip', 5, 10],
  attemptSignUpsVerification: ['ip', 3, 10],
  attemptSessionReverificationFirstFactor: ['ip', 3, 10],
  attemptSessionReverificationSecondFactor: ['ip', 3, 10],
  joinWaitlist: ['ip', 5, 10],
  postClient: ['ip', 60, MINUTE],
  putClient: ['ip', 60, MINUTE],
  createDevBrowser: ['ip', 60, MINUTE],
  changePassword: ['caller', 5, MINUTE],
  createBackupCodes: ['caller', 5, MINUTE],
  createEmailAddresses: ['caller', 5, MINUTE],
  postPhoneNumbers: ['caller', 5, MINUTE],
  postPasskey: ['caller', 20, MINUTE],
  attemptPasskeyVerification: ['caller', 20, MINUTE],
  createOrganizationInvitations: ['caller', 250, HOUR],
  bulkCreateOrganizationInvitations: ['caller', 50, HOUR],
  prepareOrganizationDomainVerification: ['caller', 20, DAY],
  updateOrganization: [{ param: 'organization_id' }, 10, 10],
}

describe.each(dialects)('limits on what people call, on %s', (dialect) => {
  const server = useTestServer(dialect)
  let instances = 0
  const production = () => {
    const frontendHost = `clerk.limits${++instances}.example.com`
    return server.server.createInstance({ environmentType: 'production', frontendHost })
  }

  /** Begins a sign-in, as a program without a page. */
  async function begin(instanceId: string, headers: Record<string, string> = {}, query = '') {
    const url = `http://127.0.0.1:4400/i/${instanceId}/v1/client/sign_ins${query}`
    return server.fetch(url, { method: 'POST', headers })
  }
  async function statuses(count: number, call: () => Promise<Response>) {
    const found: number[] = []
    for (let calls = 0; calls < count; calls++) found.push((await call()).status)
    return found
  }
  const ALLOWED = [200, 200, 200, 200, 200]

  it('are on in production, and say how long to wait', async () => {
    const { id } = await production()
    expect(await statuses(6, () => begin(id))).toEqual([...ALLOWED, 429])
    server.clock.advance(3500)
    const refused = await begin(id)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7'])
    server.clock.advance(6500)
    expect((await begin(id)).status).toBe(200)
  })

  it('are off in development', async () => {
    expect(await statuses(7, () => begin(server.instance.id))).toEqual([...ALLOWED, 200, 200])
  })

  it('do not hold for secret keys', async () => {
    const { secretKey } = await production()
    const count = () => server.call('GET', '/users/count', undefined, { key: secretKey })
    // Not all at once: a busy machine would answer some of them that the database does not.
    for (let calls = 0; calls < 1010; calls += 10) {
      const answers = await Promise.all(Array.from({ length: 10 }, count))
      expect(answers.filter(({ status }) => status !== 200)).toEqual([])
    }
  })

  it('can be switched off by a seed', async () => {
    const { id } = await production()
    await server.server.admin.seed(id, { instance: { rate_limits: { people: false } } })
    expect(await statuses(7, () => begin(id))).toEqual([...ALLOWED, 200, 200])
  })

  it('let a testing token of the instance pass, and no other', async () => {
    const { id, secretKey } = await production()
    const tokenOf = async (key?: string) =>
      (await server.call('POST', '/testing_tokens', undefined, key ? { key } : {})).body.token as string
    const token = await tokenOf(secretKey)
    const query = (text: string) => `?__clerk_testing_token=${encodeURIComponent(text)}`
    expect(await statuses(7, () => begin(id, {}, query(token)))).toEqual([...ALLOWED, 200, 200])
    const foreign = query(await tokenOf())
    expect(await statuses(6, () => begin(id, {}, foreign))).toEqual([...ALLOWED, 429])
    server.clock.advance(2 * 60 * 60 * 1000)
    expect(await statuses(6, () => begin(id, {}, query(token)))).toEqual([...ALLOWED, 429])
  })

  it('count each browser behind an application’s proxy by itself, if the proxy has the secret key', async () => {
    const { id, secretKey } = await production()
    const from = (address: string) => ({
      'clerk-proxy-url': 'https://app.example.com/__clerk',
      'clerk-secret-key': secretKey,
      'x-forwarded-for': `${address}, 10.0.0.1`,
    })
    expect(await statuses(6, () => begin(id, from('203.0.113.1')))).toEqual([...ALLOWED, 429])
    expect((await begin(id, from('203.0.113.2'))).status).toBe(200)
    const { 'x-forwarded-for': forwarded } = from('203.0.113.3')
    expect(await statuses(6, () => begin(id, { 'x-forwarded-for': forwarded }))).toEqual([...ALLOWED, 429])
  })
  /** Calls an operation as somebody who is signed in and has an organization. */
  const signedIn = async (instance: CreatedInstance) => {
    const { id, secretKey, environmentType } = instance
    const client = createClerkClient({ secretKey, apiUrl: API_URL, fetch: server.fetch })
    const credentials = { identifier: 'ada@example.com', password: 'analytical engine' }
    const { password } = credentials
    const ada = await client.users.createUser({ emailAddress: [credentials.identifier], password })
    await client.instance.updateOrganizationSettings({ enabled: true })
    const organization = await client.organizations.createOrganization({ name: 'Acme', createdBy: ada.id })
    const reached = { fetch: server.fetch, instance }
    const isDevelopment = environmentType === 'development'
    const browser = isDevelopment ? await openBrowser(reached) : openProductionBrowser(reached)
    const { body } = await browser.call('POST /client/sign_ins', { form: credentials })
    const known: Record<string, string> = {
      ':organization_id': organization.id,
      ':session_id': body.response.created_session_id,
    }
    return {
      id,
      secretKey,
      call: ({ method, path }: FrontendEndpoint, query: Record<string, string> = {}): Promise<Answer> =>
        browser.call(`${method} ${path.replaceAll(/:\w+/g, (name) => known[name] ?? 'none')}`, { form: {}, query }),
    }
  }
  const limited = frontendEndpoints.filter(({ operationId }) => operationId in LIMITS)

  it('are those of the table', () => {
    const found = frontendEndpoints.flatMap(({ operationId, limit }) =>
      limit === undefined || limit === unlimited ? [] : [[operationId, [limit.by, limit.max, limit.windowSeconds]]],
    )
    expect(Object.fromEntries(found)).toEqual(LIMITS)
  })

  it('let each operation be called so often, and again when they say', async () => {
    const { call } = await signedIn(await production())
    for (const endpoint of limited) {
      const [, max, seconds] = LIMITS[endpoint.operationId]!
      // What signing in has used up is over.
      server.clock.advance(10_000)
      const allowed = []
      for (let calls = 0; calls < max; calls++) allowed.push((await call(endpoint)).status)
      const refused = await call(endpoint)
      const wait = Number(refused.headers.get('retry-after'))
      server.clock.advance(wait * 1000 - 1)
      const early = await call(endpoint)
      server.clock.advance(1)
      const late = await call(endpoint)
      expect({
        operationId: endpoint.operationId,
        allowed: allowed.filter((status) => status !== 429 && status < 500).length,
        refused: [refused.status, refused.body.errors[0].code, wait],
        early: [early.status, early.headers.get('retry-after')],
        late: late.status === 429 || late.headers.has('retry-after'),
      }).toEqual({
        operationId: endpoint.operationId,
        allowed: max,
        refused: [429, 'too_many_requests', seconds],
        early: [429, '1'],
        late: false,
      })
    }
  })

  it.each(['in development', 'with a testing token'])('refuse no operation %s', async (where) => {
    const isDevelopment = where === 'in development'
    const { call, secretKey } = await signedIn(isDevelopment ? server.instance : await production())
    const { body } = await server.call('POST', '/testing_tokens', undefined, { key: secretKey })
    const query: Record<string, string> = isDevelopment ? {} : { __clerk_testing_token: body.token }
    const refused = []
    for (const endpoint of limited) {
      const [, max] = LIMITS[endpoint.operationId]!
      for (let calls = 0; calls <= max; calls++) {
        if ((await call(endpoint, query)).status === 429) refused.push(endpoint.operationId)
      }
    }
    expect(refused).toEqual([])
  })
})
