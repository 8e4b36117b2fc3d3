import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { backendEndpoints } from '../../../server/src/compose/endpoints.js'
import { API_URL, useTestServer } from '../../../server/src/server.test-support.js'
import { ownIds, PIXEL, seedWithEverything } from '../../../server/src/transfer/seed/everything.test-support.js'
import { ClerkAPIResponseError } from '../errors.js'
import { createClerkClient } from '../index.js'
import { createRecorder, type RecordedRequest } from '../recorder.test-support.js'
import { callMethod, furtherCalls, officialCalls, olderCalls, type Call } from './calls.test-support.js'

const patterns = backendEndpoints.map(({ method, path, status = 200 }) => ({
  method,
  path: new RegExp(`^(?:/v1)?${path.replaceAll(/:\w+/g, '[^/]+')}$`),
  status,
}))

const calls = await Promise.all(
  [...officialCalls, ...furtherCalls, ...olderCalls].map(async (call) => ({
    call,
    served: (await requestsOf(call)).every(isServed),
  })),
)
const served = calls.filter((each) => each.served).map(({ call }) => call)
const missing = calls.filter((each) => !each.served).map(({ call }) => call)

/** The same arguments, with what is there in place of what is not. */
function withOwn(value: unknown, own: (text: string) => string): unknown {
  if (typeof value === 'string') return own(value)
  if (Array.isArray(value)) return value.map((item) => withOwn(item, own))
  if (value instanceof Blob) return new Blob([PIXEL], { type: 'image/png' })
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Headers) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withOwn(field, own)]))
}

/** What is answered where nothing is there yet: 404, but for these. */
const withoutRows: Record<number, string[]> = {
  200: [
    '__experimental_accountlessApplications.completeAccountlessApplicationOnboarding',
    '__experimental_accountlessApplications.createAccountlessApplication',
    'emails.createBatch',
    'webhooks.createSvixApp',
    'allowlistIdentifiers.getAllowlistIdentifierList',
    'betaFeatures.updateInstanceSettings',
    'blocklistIdentifiers.getBlocklistIdentifierList',
    'clients.getClientList',
    'domains.add',
    'domains.list',
    'instance.get',
    'instance.getCommunication',
    'instance.getOAuthApplicationSettings',
    'instance.getOrganizationSettings',
    'instance.getProtect',
    'instance.updateCommunication',
    'instance.updateOAuthApplicationSettings',
    'instance.updateOrganizationSettings',
    'instance.updateProtect',
    'instance.updateRestrictions',
    'invitations.getInvitationList',
    'jwks.getJwks',
    'jwtTemplates.create',
    'jwtTemplates.list',
    'machines.list',
    'oauthApplications.create',
    'oauthApplications.list',
    'organizationPermissions.createOrganizationPermission',
    'organizationPermissions.getOrganizationPermissionList',
    'redirectUrls.createRedirectUrl',
    'redirectUrls.getRedirectUrlList',
    'sessions.getSessionList',
    'templates.get',
    'templates.list',
    'templates.preview',
    'templates.toggleDelivery',
    'testingTokens.createTestingToken',
    'users.getCount',
    'users.getUserList',
    'waitlistEntries.list',
  ],
  204: ['instance.update'],
  400: [
    'apiKeys.create',
    'betaFeatures.changeDomain',
    'betaFeatures.updateDomain',
    'clients.verifyClient',
    'instance.changeDomain',
    'interstitial.get',
    'templates.revert',
    'webhooks.deleteSvixApp',
    'webhooks.generateSvixAuthURL',
  ],
  401: ['sessions.refreshSession'],
  // Organizations are switched off.
  403: [
    'm2m.createToken',
    'signInTokens.createSignInToken',
    'users.getOrganizationInvitationList',
    'users.getOrganizationMembershipList',
  ],
  422: [
    'actorTokens.create',
    'allowlistIdentifiers.createAllowlistIdentifier',
    'blocklistIdentifiers.createBlocklistIdentifier',
    'emailAddresses.createEmailAddress',
    'emails.create',
    'emails.createEmail',
    'invitations.createInvitation',
    'invitations.createInvitationBulk',
    'machines.create',
    'proxyChecks.verify',
    'smsMessages.createSMSMessage',
    'templates.update',
    'users.createUser',
    'users.replaceUserEmailAddress',
    'waitlistEntries.create',
    'waitlistEntries.createBulk',
  ],
}

function statusWithoutRows([name, ...args]: Call): number {
  // There is no machine with this key.
  if (JSON.stringify(args).includes('ak_other')) return 401
  if (/^(organizations|organizationRoles|roleSets)\./.test(name)) return 403
  return Number(Object.keys(withoutRows).find((status) => withoutRows[Number(status)]!.includes(name)) ?? 404)
}

/** What cannot succeed with the arguments there are: method, what among them is the reason, and the status that says so. */
const refused: [method: string, reason: string, status: number][] = [
  ['actorTokens.revoke', 'act_1', 404],
  ['agentTasks.revoke', 'agt_1', 404],
  ['apiKeys.create', '"k"', 400],
  ['betaFeatures.changeDomain', 'a.b', 400],
  ['betaFeatures.updateDomain', 'a.b', 400],
  ['instance.changeDomain', 'a.b', 400],
  ['proxyChecks.verify', 'a.b', 422],
  ['clients.getHandshakePayload', 'n_1', 404],
  ['emailAddresses.attemptVerification', 'ver_1', 404],
  ['emails.get', 'ema_1', 404],
  ['interstitial.get', 'pk_1', 400],
  ['jwtTemplates.create', 'hasura', 422],
  // The key of the application makes no token, and no seed does.
  ['m2m.createToken', '["m2m.createToken"]', 403],
  ['m2m.revokeToken', 'mt_1', 404],
  ['m2m.verify', 'mt_secret', 404],
  ['machines.createScope', 'mch_2', 409],
  ['organizationRoles.assignPermissionToOrganizationRole', 'perm_1', 409],
  ['organizations.createOrganization', '"slug":"s"', 422],
  ['organizations.createOrganizationDomain', '"name":"a.b"', 422],
  // A member may not invite.
  ['organizations.createOrganizationInvitation', 'user_1', 403],
  ['organizations.revokeOrganizationInvitation', 'user_1', 403],
  ['organizations.createOrganizationMembership', 'user_1', 400],
  ['phoneNumbers.attemptVerification', 'ver_1', 404],
  ['signInTokens.revokeSignInToken', 'sit_1', 404],
  ['signUps.get', 'sua_1', 404],
  ['signUps.update', 'sua_1', 404],
  ['roleSets.addRolesToRoleSet', 'org:a', 422],
  ['roleSets.replaceRoleSet', 'org:camelCase', 422],
  ['sessions.refreshSession', 'refresh_token', 401],
  ['templates.update', '"body":"b"', 422],
  ['users.createUser', 'passwordDigest', 422],
  ['users.updateUser', 'img_1', 422],
  ['users.verifyTOTP', '123456', 422],
  // Its endpoints brought it.
  ['webhooks.createSvixApp', '["webhooks.createSvixApp"]', 400],
]

describe('against the server', () => {
  const server = useTestServer('sqlite', { allowAccountless: true })

  async function outcomeOf(call: Call): Promise<{ statuses: number[]; expected: number[]; error?: unknown }> {
    const statuses: number[] = []
    /** What the operations answer when they succeed. */
    const expected: number[] = []
    const client = createClerkClient({
      secretKey: server.instance.secretKey,
      apiUrl: API_URL,
      maxRetries: 0,
      fetch: async (input, init) => {
        const request = new Request(input, init)
        expected.push(...endpointsOf(request.method, new URL(request.url).pathname).map(({ status }) => status))
        const response = await server.fetch(request)
        statuses.push(response.status)
        return response
      },
    })
    const error: unknown = await callMethod(client, call).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    return { statuses, expected, error }
  }

  it.each(served)('%s is served', async (...call) => {
    const { statuses, error } = await outcomeOf(call)
    expect([...new Set(statuses)]).toEqual([statusWithoutRows(call)])
    if (error !== undefined) expect(error).toBeInstanceOf(ClerkAPIResponseError)
  })

  it.each(served)('%s does what it is for, where there is what it is about', async (...call) => {
    const ownId = ownIds(server.instance.id)
    await server.server.admin.seed(server.instance.id, {
      ...seedWithEverything(ownId),
      webhook_endpoints: [{ url: 'https://app.example.com/hooks' }],
    })
    const { jwt } = await server.client.sessions.getToken(ownId('sess_1'))
    const own = (text: string): string => (text === 'a.b.c' ? jwt : ownId(text).replace(/@x\.y$/, '@example.com'))
    const { statuses, expected, error } = await outcomeOf(withOwn(call, own) as Call)
    const refusal = refused.find(([method, reason]) => method === call[0] && JSON.stringify(call).includes(reason))
    if (refusal) expect(error).toMatchObject({ status: refusal[2] })
    else expect(error).toBeUndefined()
    if (!refusal) expect(statuses).toEqual(expected)
    expect(statuses.length).toBeGreaterThan(0)
  })

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

describe('the pages of docs/sdk', () => {
  it('mark what is not served yet, and nothing else', () => {
    const pages = new Map<string, string | undefined>()
    const sectionOf = (name: string): string | undefined => {
      const [namespace, method] = name.split('.') as [string, string]
      const file = new URL(`../../../../docs/sdk/${namespace}.md`, import.meta.url)
      if (!pages.has(namespace)) pages.set(namespace, existsSync(file) ? readFileSync(file, 'utf8') : undefined)
      return pages
        .get(namespace)
        ?.split(/^### /m)
        .find((section) => section.startsWith(`${method}\n`))
    }
    const documented = (calls: readonly Call[]) =>
      [...new Set(calls.map(([name]) => name))].filter((name) => sectionOf(name) !== undefined)
    const marked = documented(calls.map(({ call }) => call)).filter((name) =>
      sectionOf(name)!.includes('does not serve it yet'),
    )
    expect(marked.toSorted()).toEqual(documented(missing).toSorted())
    expect(marked.length).toBeGreaterThan(20)
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
  return endpointsOf(method, path).length > 0
}

/** The endpoint that answers, or none. */
function endpointsOf(method: string, path: string) {
  return patterns.filter((pattern) => pattern.method === method && pattern.path.test(path)).slice(0, 1)
}
