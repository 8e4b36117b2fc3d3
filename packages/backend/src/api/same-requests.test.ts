import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { ClerkClient as OfficialClient } from '@clerk/backend'
import { createClerkClient, type ClerkClient } from '../index.js'
import { createRecorder, type Answer } from '../recorder.test-support.js'
import * as samples from '../samples.test-support.js'

const { deleted, page } = samples
const secretKey = 'sk_test_recorded'
const date = new Date('2026-01-02T03:04:05.678Z')
const file = new Blob(['picture'], { type: 'image/png' })
const list = { limit: 5, offset: 10 }
const count = { object: 'total_count', total_count: 42 }
const unused = { format: 'token', expired_token: 'a', refresh_token: 'b', request_origin: 'https://c.example' } as const

/** namespace.method, arguments, answers; without an answer a user. */
const calls: [method: string, args: unknown[], ...answers: unknown[]][] = [
  ['users.getUser', ['user_1']],
  ['users.getUserList', [], [samples.user], count],
  ['users.getUserList', [{ ...list, orderBy: '-created_at', emailAddress: ['a@x.y', 'b@x.y'], query: 'ada' }], [samples.user], count],
  ['users.getUserList', [{ userId: ['+user_1'], lastActiveAtAfter: 1_700_000_000_000, last_active_at_since: 7, web3Wallet: ['0x1'] }], [], count],
  ['users.getCount', [{ query: 'ada', externalId: ['1'] }], count],
  ['users.createUser', [{ emailAddress: ['a@x.y'], createdAt: date, publicMetadata: { camelCase: { innerKey: [date, null] } }, banned: false }]],
  ['users.createUser', [{ passwordDigest: 'x', passwordHasher: 'bcrypt', totpSecret: 's', legalAcceptedAt: date, skipPasswordChecks: true }]],
  ['users.updateUser', ['user_1', { firstName: 'Ada', primaryEmailAddressID: 'idn_1', primaryPhoneNumberID: 'idn_2', primaryWeb3WalletID: 'idn_3', profileImageID: 'img_1' }]],
  ['users.updateUser', ['user_1', { firstName: 'Ada', unsafeMetadata: { aB: 1 } }]],
  ['users.updateUser', ['user_1', { publicMetadata: {} }]],
  ['users.updateUser', ['user_1']],
  ['users.replaceUserEmailAddress', ['user_1', { emailAddress: 'a@x.y' }], samples.emailAddress],
  ['users.replaceUserPhoneNumber', ['user_1', { phoneNumber: '+12015550100' }], samples.phoneNumber],
  ['users.updateUserProfileImage', ['user_1', { file }]],
  ['users.updateUserMetadata', ['user_1', { publicMetadata: { aB: null } }]],
  ['users.replaceUserMetadata', ['user_1', { privateMetadata: {} }]],
  ['users.deleteUser', ['user_1'], deleted('user', 'user_1')],
  ['users.getUserOauthAccessToken', ['user_1', 'google'], page(samples.oauthAccessToken)],
  ['users.getUserOauthAccessToken', ['user_1', 'oauth_google'], page(samples.oauthAccessToken)],
  ['users.getOrganizationMembershipList', [{ userId: 'user_1', ...list }], page(samples.organizationMembership)],
  ['users.getOrganizationInvitationList', [{ userId: 'user_1', status: 'pending', ...list }], page(samples.organizationInvitation)],
  ['users.removePassword', ['user_1', { signOutOfOtherSessions: true }]],
  ['users.removePassword', ['user_1']],
  ['users.verifyPassword', [{ userId: 'user_1', password: 'p' }], { verified: true }],
  ['users.verifyTOTP', [{ userId: 'user_1', code: '123456' }], { verified: true, code_type: 'totp' }],
  ['users.banUser', ['user_1']],
  ['users.unbanUser', ['user_1']],
  ['users.lockUser', ['user_1']],
  ['users.unlockUser', ['user_1']],
  ['users.deleteUserProfileImage', ['user_1']],
  ['users.deleteUserPasskey', [{ userId: 'user_1', passkeyIdentificationId: 'idn_5' }], deleted('passkey', 'idn_5')],
  ['users.deleteUserWeb3Wallet', [{ userId: 'user_1', web3WalletIdentificationId: 'idn_3' }], deleted('web3_wallet', 'idn_3')],
  ['users.deleteUserExternalAccount', [{ userId: 'user_1', externalAccountId: 'eac_1' }], deleted('external_account', 'eac_1')],
  ['users.setPasswordCompromised', ['user_1', { revokeAllSessions: true }]],
  ['users.setPasswordCompromised', ['user_1']],
  ['users.unsetPasswordCompromised', ['user_1']],
  ['emailAddresses.getEmailAddress', ['idn_1'], samples.emailAddress],
  ['emailAddresses.createEmailAddress', [{ userId: 'user_1', emailAddress: 'a@x.y', verified: false }], samples.emailAddress],
  ['emailAddresses.updateEmailAddress', ['idn_1', { primary: true }], samples.emailAddress],
  ['emailAddresses.updateEmailAddress', ['idn_1'], samples.emailAddress],
  ['emailAddresses.deleteEmailAddress', ['idn_1'], deleted('email_address', 'idn_1')],
  ['phoneNumbers.getPhoneNumber', ['idn_2'], samples.phoneNumber],
  ['phoneNumbers.createPhoneNumber', [{ userId: 'user_1', phoneNumber: '+12015550100', reservedForSecondFactor: true }], samples.phoneNumber],
  ['phoneNumbers.updatePhoneNumber', ['idn_2', { verified: true }], samples.phoneNumber],
  ['phoneNumbers.deletePhoneNumber', ['idn_2'], deleted('phone_number', 'idn_2')],
  ['sessions.getSessionList', [{ userId: 'user_1', status: 'active', ...list }], page(samples.session)],
  ['sessions.getSession', ['sess_1'], samples.session],
  ['sessions.createSession', [{ userId: 'user_1' }], samples.session],
  ['sessions.revokeSession', ['sess_1'], samples.session],
  ['sessions.verifySession', ['sess_1', 'a.b.c'], { ...samples.session, actor: null, latest_activity: null }],
  ['sessions.getToken', ['sess_1'], { object: 'token', jwt: 'a.b.c' }],
  ['sessions.getToken', ['sess_1', 'hasura'], { object: 'token', jwt: 'a.b.c' }],
  ['sessions.getToken', ['sess_1', '', 60], { object: 'token', jwt: 'a.b.c' }],
  ['sessions.refreshSession', ['sess_1', { ...unused, suffixed_cookies: true }], { object: 'token', jwt: 'a.b.c' }],
  ['sessions.refreshSession', ['sess_1', { ...unused, format: 'cookie' }], { object: 'cookies', cookies: ['a=b'] }],
  ['clients.getClientList', [list], page(samples.client)],
  ['clients.getClient', ['client_1'], samples.client],
  ['clients.verifyClient', ['a.b.c'], samples.client],
  ['clients.getHandshakePayload', [{ nonce: 'n_1' }], { directives: ['a=b'] }],
  ['jwks.getJwks', [], samples.jwks],
  ['jwtTemplates.list', [list], page(samples.jwtTemplate)],
  ['jwtTemplates.list', [], page()],
  ['jwtTemplates.get', ['jtmp_1'], samples.jwtTemplate],
  ['jwtTemplates.create', [{ name: 'hasura', claims: { camelCase: 1 }, allowedClockSkew: 0 }], samples.jwtTemplate],
  ['jwtTemplates.update', [{ templateId: 'jtmp_1', name: 'hasura', claims: {}, lifetime: null }], samples.jwtTemplate],
  ['jwtTemplates.delete', ['jtmp_1'], deleted('jwt_template', 'jtmp_1')],
  ['instance.get', [], samples.instance],
  ['instance.updateRestrictions', [{ allowlist: false, blockEmailSubaddresses: null }], samples.instanceRestrictions],
  ['instance.getOrganizationSettings', [], samples.organizationSettings],
  ['instance.updateOrganizationSettings', [{ maxAllowedMemberships: 0 }], samples.organizationSettings],
  ['emails.create', [{ to: { userId: 'user_1' }, from: { address: 'a@x.y' }, replyTo: { address: 'b@x.y' }, subject: 's', text: 't' }, { idempotencyKey: 'k_1' }], samples.email],
  ['emails.create', [{ to: { address: 'c@x.y' }, from: { address: 'a@x.y', name: 'A' }, subject: 's', html: 'h', headers: { 'X-Trace': '1' } }], samples.email],
  ['emails.createBatch', [[{ to: { userId: 'user_1' }, from: { address: 'a@x.y' }, replyTo: { address: 'b@x.y' }, subject: 's', text: 't', idempotencyKey: 'k' }]], [
    { index: 0, email: samples.email, status_code: 200 },
    { index: 1, errors: [{ code: 'a', message: 'b', long_message: 'c' }], status_code: 422, retry_after_seconds: 3 },
  ]],
  ['emails.get', ['ema_1'], samples.email],
]

const comparedHeaders = ['authorization', 'clerk-api-version', 'content-type', 'idempotency-key']

describe('the SDK and @clerk/backend', () => {
  const recorder = createRecorder()
  const ours: ClerkClient = createClerkClient({ secretKey, fetch: recorder.fetch })
  let official: OfficialClient

  beforeAll(async () => {
    // It takes hold of fetch when it is loaded.
    vi.stubGlobal('fetch', recorder.fetch)
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    official = (await import('@clerk/backend')).createClerkClient({ secretKey, telemetry: { disabled: true } })
  })

  async function call(client: object, name: string, args: unknown[], answers: Answer[]) {
    recorder.answer(...answers)
    const [namespace, method] = name.split('.') as [string, string]
    const api = (client as Record<string, Record<string, (...args: unknown[]) => Promise<unknown>>>)[namespace]!
    const result = await api[method]!(...args)
    const requests = recorder.requests.map(({ headers, ...request }) => ({
      ...request,
      headers: Object.fromEntries(comparedHeaders.map((header) => [header, headers[header]?.replace(/boundary=.*/, '')])),
    }))
    return { result, requests: requests.toSorted((a, b) => a.path.localeCompare(b.path)) }
  }

  it.each(calls)('make the same request and the same result of %s', async (name, args, ...bodies) => {
    const answers = (bodies.length > 0 ? bodies : [samples.user]).map((body) => ({ body }))
    const expected = await call(official, name, args, answers)
    const actual = await call(ours, name, args, answers)
    expect(actual.requests).toEqual(expected.requests)
    expect(enumerable(actual.result)).toEqual(enumerable(expected.result))
  })

  it.each([
    ['users.disableUserMFA', 'DELETE', '/v1/users/user_1/mfa'],
    ['users.deleteUserBackupCodes', 'DELETE', '/v1/users/user_1/backup_code'],
    ['users.deleteUserTOTP', 'DELETE', '/v1/users/user_1/totp'],
  ])('ask the same by %s, which here answers what its type says', async (name, method, path) => {
    const answers = [{ body: { user_id: 'user_1' } }]
    const { requests } = await call(official, name, ['user_1'], answers)
    const actual = await call(ours, name, ['user_1'], answers)
    expect(actual.requests).toEqual(requests)
    expect(actual.requests).toMatchObject([{ method, path }])
    expect(actual.result).toEqual({ userId: 'user_1' })
  })

  it('make nothing of an answer without content', async () => {
    const args = ['instance.update', [{ testMode: false, hibp: null }], [{ status: 204 }]] as const
    const expected = await call(official, ...(args as unknown as [string, unknown[], Answer[]]))
    const actual = await call(ours, ...(args as unknown as [string, unknown[], Answer[]]))
    expect(actual).toEqual(expected)
    expect(actual.result).toBeUndefined()
  })

  it('agree about what a user is called and what came', async () => {
    recorder.answer({ body: samples.user })
    const [expected, actual] = [await official.users.getUser('user_1'), await ours.users.getUser('user_1')]
    for (const getter of ['primaryEmailAddress', 'primaryPhoneNumber', 'primaryWeb3Wallet', 'fullName', 'raw'] as const) {
      expect(enumerable(actual[getter])).toEqual(enumerable(expected[getter]))
      expect(actual[getter]).not.toBeNull()
    }
  })

  it('have the same methods, but for what is listed here', () => {
    const extra: string[] = []
    for (const [namespace, api] of Object.entries(ours)) {
      if (typeof api === 'function') continue
      const known = methodsOf((official as unknown as Record<string, object>)[namespace])
      const here = methodsOf(api as object).filter((name) => name !== 'patchUser')
      expect(here).toEqual(expect.arrayContaining(known))
      extra.push(...here.filter((name) => !known.includes(name)).map((name) => `${namespace}.${name}`))
    }
    expect(extra).toEqual([
      'emailAddresses.prepareVerification',
      'emailAddresses.attemptVerification',
      'emails.createEmail',
      'phoneNumbers.prepareVerification',
      'phoneNumbers.attemptVerification',
      'smsMessages.createSMSMessage',
      'users.getUserTrustedDeviceList',
      'users.revokeUserTrustedDevice',
      'users.banUsers',
      'users.unbanUsers',
    ])
  })
})

/** What a caller sees when looking at the fields: `_raw` and methods are not among them, a URL is its text. */
function enumerable(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value, (key, field: unknown) => (key === '_raw' ? undefined : field)))
}

function methodsOf(api: object | undefined): string[] {
  if (!api) return []
  return Object.getOwnPropertyNames(Object.getPrototypeOf(api)).filter((name) => name !== 'constructor')
}
