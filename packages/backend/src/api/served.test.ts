import { describe, expect, it } from 'vitest'
import { backendEndpoints } from '../../../server/src/compose/endpoints.js'
import { API_URL, useTestServer } from '../../../server/src/server.test-support.js'
import { ClerkAPIResponseError } from '../errors.js'
import { createClerkClient } from '../index.js'
import { createRecorder, type RecordedRequest } from '../recorder.test-support.js'
import { callMethod, furtherCalls, officialCalls, olderCalls, type Call } from './calls.test-support.js'

/** What `@clerk/backend` calls and no version of the contract describes: the server does not know that there is such a thing. */
const undescribed = ['emails.createBatch', 'emails.get']

const patterns = backendEndpoints.map(({ method, path }) => ({
  method,
  path: new RegExp(`^/v1${path.replaceAll(/:\w+/g, '[^/]+')}$`),
}))

const calls = await Promise.all(
  [...officialCalls, ...furtherCalls, ...olderCalls].map(async (call) => ({
    call,
    served: (await requestsOf(call)).every(isServed),
  })),
)
const served = calls.filter((each) => each.served).map(({ call }) => call)
const missing = calls.filter((each) => !each.served && !undescribed.includes(each.call[0])).map(({ call }) => call)

/** One pixel, as PNG. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
  'base64',
)

/** The ids of what {@link seedFor} makes. */
const owned =
  /^(user_[12]|idn_[1235]|eac_1|tdev_1|sess_1|client_1|jtmp_1|inv_1|wle_1|org_1|perm_1|role_1|rs_1|alid_1|blid_1|ru_1|dmn_1)$/

/** Somebody with one of everything, and somebody with nothing. Ids are one server's, so each instance has its own. */
function seedFor(own: (id: string) => string): object {
  const user = {
    id: own('user_1'),
    email_addresses: ['ada@example.com', { id: own('idn_1'), email_address: 'countess@example.com' }],
    phone_numbers: ['+12015550101', { id: own('idn_2'), phone_number: '+12015550102' }],
    web3_wallets: [{ id: own('idn_3'), web3_wallet: '0x52908400098527886E0F7030069857D2E4169EE7' }],
    password: 'p',
    profile_image: `data:image/png;base64,${PIXEL.toString('base64')}`,
    external_accounts: [{ id: own('eac_1'), provider: 'oauth_google', provider_user_id: '7', access_token: 'ya29' }],
    passkeys: [{ id: own('idn_5'), name: 'Laptop', credential_id: 'Y3JlZA', public_key: 'a2V5' }],
    trusted_devices: [{ id: own('tdev_1'), platform: 'ios', app_identifier: 'com.example.app', public_key: 'a2V5' }],
    sessions: [{ id: own('sess_1'), client_id: own('client_1') }],
  }
  return {
    users: [user, { id: own('user_2'), email_addresses: ['grace@example.com'] }],
    jwt_templates: [{ id: own('jtmp_1'), name: 'hasura', claims: {} }],
    invitations: [{ id: own('inv_1'), email_address: 'invited@example.com' }],
    waitlist_entries: [{ id: own('wle_1'), email_address: 'waiting@example.com' }],
    allowlist_identifiers: [{ id: own('alid_1'), identifier: 'allowed@example.com' }],
    blocklist_identifiers: [{ id: own('blid_1'), identifier: 'blocked@example.com' }],
    redirect_urls: [{ id: own('ru_1'), url: 'my-app://other' }],
    satellite_domains: [{ id: own('dmn_1'), name: 'satellite.example' }],
    instance: { organization_settings: { enabled: true } },
    organization_permissions: [{ id: own('perm_1'), key: 'org:x:y', name: 'X' }],
    organization_roles: [
      { id: own('role_1'), key: 'org:a', name: 'A', permissions: ['org:x:y'] },
      { key: 'org:b', name: 'B' },
    ],
    role_sets: [{ id: own('rs_1'), ...roleSet('a', 'org:member', 'org:a') }, roleSet('b', 'org:b')],
    organizations: [
      {
        id: own('org_1'),
        name: 'Acme',
        slug: 's',
        logo: user.profile_image,
        members: [
          { user_id: own('user_2'), role: 'org:admin' },
          { user_id: own('user_1'), role: 'org:member' },
        ],
      },
    ],
  }
}

function roleSet(name: string, ...roles: string[]): object {
  return {
    key: `role_set:${name}`,
    name,
    roles: ['org:admin', ...roles],
    creator_role_key: 'org:admin',
    default_role_key: roles[0],
  }
}

/** The same arguments, with what is there in place of what is not. */
function withOwn(value: unknown, own: (text: string) => string): unknown {
  if (typeof value === 'string') return own(value)
  if (Array.isArray(value)) return value.map((item) => withOwn(item, own))
  if (value instanceof Blob) return new Blob([PIXEL], { type: 'image/png' })
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withOwn(field, own)]))
}

/** What cannot succeed with the arguments there are: method, what among them is the reason, and the status that says so. */
const refused: [method: string, reason: string, status: number][] = [
  ['actorTokens.revoke', 'act_1', 404],
  ['agentTasks.revoke', 'agt_1', 404],
  ['betaFeatures.changeDomain', 'a.b', 400],
  ['betaFeatures.updateDomain', 'a.b', 400],
  ['instance.changeDomain', 'a.b', 400],
  ['proxyChecks.verify', 'a.b', 422],
  ['clients.getHandshakePayload', 'n_1', 404],
  ['emailAddresses.attemptVerification', 'ver_1', 404],
  ['jwtTemplates.create', 'hasura', 422],
  ['organizationRoles.assignPermissionToOrganizationRole', 'perm_1', 409],
  ['organizations.createOrganization', '"slug":"s"', 422],
  ['organizations.createOrganizationMembership', 'user_1', 400],
  ['phoneNumbers.attemptVerification', 'ver_1', 404],
  ['signInTokens.revokeSignInToken', 'sit_1', 404],
  ['signUps.get', 'sua_1', 404],
  ['signUps.update', 'sua_1', 404],
  ['roleSets.addRolesToRoleSet', 'org:a', 422],
  ['roleSets.replaceRoleSet', 'org:camelCase', 422],
  ['sessions.refreshSession', 'refresh_token', 401],
  ['users.createUser', 'passwordDigest', 422],
  ['users.updateUser', 'img_1', 422],
  ['users.verifyTOTP', '123456', 400],
]

describe('against the server', () => {
  const server = useTestServer('sqlite')

  async function outcomeOf(call: Call): Promise<{ statuses: number[]; error?: unknown }> {
    const statuses: number[] = []
    const client = createClerkClient({
      secretKey: server.instance.secretKey,
      apiUrl: API_URL,
      maxRetries: 0,
      fetch: async (input, init) => {
        const response = await server.fetch(input, init)
        statuses.push(response.status)
        return response
      },
    })
    const error: unknown = await callMethod(client, call).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    return { statuses, error }
  }

  it.each(served)('%s is served', async (...call) => {
    const { statuses, error } = await outcomeOf(call)
    // Most ids are those of nobody, and so is the refresh token: that is an answer of the operation too.
    for (const status of statuses) expect([200, 202, 204, 400, 401, 403, 404, 409, 422]).toContain(status)
    if (error !== undefined) expect(error).toBeInstanceOf(ClerkAPIResponseError)
  })

  it.each(served)('%s does what it is for, where there is what it is about', async (...call) => {
    const ownId = (id: string): string => `${id}_${server.instance.id}`
    await server.server.admin.seed(server.instance.id, seedFor(ownId))
    const { jwt } = await server.client.sessions.getToken(ownId('sess_1'))
    const own = (text: string): string =>
      owned.test(text) ? ownId(text) : text === 'a.b.c' ? jwt : text.replace(/@x\.y$/, '@example.com')
    const { statuses, error } = await outcomeOf(withOwn(call, own) as Call)
    const refusal = refused.find(([method, reason]) => method === call[0] && JSON.stringify(call).includes(reason))
    if (refusal) expect(error).toMatchObject({ status: refusal[2] })
    else expect(error).toBeUndefined()
    if (!refusal) for (const status of statuses) expect([200, 202, 204]).toContain(status)
  })

  it.each(calls.filter(({ call: [name] }) => undescribed.includes(name)))(
    '$call.0 is not described, and unknown',
    async ({ call }) => {
      expect((await outcomeOf(call)).statuses).toEqual([404])
    },
  )

  it.each(missing)('%s is not served yet, and says so', async (...call) => {
    const { statuses, error } = await outcomeOf(call)
    expect(statuses).toContain(400)
    expect(error).toMatchObject({
      status: 400,
      errors: [{ code: 'not_implemented' }],
      message: expect.stringContaining('does not serve this operation yet') as string,
    })
  })
})

async function requestsOf(call: Call): Promise<RecordedRequest[]> {
  const recorder = createRecorder()
  recorder.answer({ body: { data: [], total_count: 0 } })
  await callMethod(
    createClerkClient({ secretKey: 'sk_test_recorded', fetch: recorder.fetch, maxRetries: 0 }),
    call,
  ).catch(() => {})
  return recorder.requests
}

function isServed({ method, path }: RecordedRequest): boolean {
  return patterns.some((pattern) => pattern.method === method && pattern.path.test(path))
}
