import { generateKeyPairSync } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { createClerkClient as createOfficially, type ClerkClient as OfficialClient } from '@clerk/backend'
import { createClerkClient, type ClerkClient } from '../index.js'
import { createRecorder } from '../recorder.test-support.js'
import { signJwt } from '../tokens/jwt.js'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
const now = Math.floor(Date.now() / 1000)
const claims = {
  iss: 'https://a.b',
  sub: 'mch_1',
  jti: 'mt_1',
  iat: now - 10,
  exp: now + 600,
  scopes: 'mch_2 mch_3',
  camelCase: { a_b: 1 },
}

describe('m2m.verify', () => {
  const recorder = createRecorder()
  let ours: ClerkClient
  let official: OfficialClient

  beforeAll(() => {
    const options = { secretKey: 'sk_test_1', jwtKey: publicKey.export({ type: 'spki', format: 'pem' }) as string }
    ours = createClerkClient({ ...options, fetch: recorder.fetch })
    official = createOfficially({ ...options, telemetry: { disabled: true } })
  })

  const sign = (payload: object, header: object = {}): Promise<string> =>
    signJwt(payload, key, { algorithm: 'RS256', header: { kid: 'ins_1', ...header } } as unknown as Parameters<
      typeof signJwt
    >[2])

  it.each([[claims], [{ ...claims, scopes: undefined, aud: ['mch_4'], jti: undefined }]])(
    'says of a JWT what @clerk/backend says, without a request',
    async (payload) => {
      const token = await sign(payload)
      const expected: object = { ...(await official.m2m.verify({ token })) }
      recorder.answer({ body: {} })
      expect(await ours.m2m.verify({ token })).toMatchObject(JSON.parse(JSON.stringify(expected)) as object)
      expect(recorder.requests).toEqual([])
    },
  )

  it.each([
    ['of the past', { ...claims, exp: now - 600, iat: now - 1200 }, {}, 'token-verification-failed'],
    ['of another category', claims, { cat: 'cl_B7d4PD222AAA' }, 'token-invalid'],
  ])('refuses a JWT %s as @clerk/backend does', async (_, payload, header, code) => {
    const token = await sign(payload, header)
    await expect(official.m2m.verify({ token })).rejects.toMatchObject({ code })
    await expect(ours.m2m.verify({ token })).rejects.toMatchObject({ name: 'MachineTokenVerificationError', code })
  })

  it('leaves it to the API to refuse calls without any key, as @clerk/backend does', async () => {
    recorder.answer({ status: 401, body: { errors: [{ code: 'authorization_header_missing', message: 'no key' }] } })
    const { m2m } = createClerkClient({ fetch: recorder.fetch })
    const calls = [
      m2m.createToken(),
      m2m.verify({ token: 'mt_1' }),
      m2m.revokeToken({ m2mTokenId: 'mt_1' }),
      m2m.list({ subject: 'mch_1' }),
    ]
    for (const call of calls) await expect(call).rejects.toMatchObject({ status: 401, clerkError: true })
    expect(recorder.requests.map(({ headers }) => headers['authorization'])).toEqual(calls.map(() => undefined))
  })

  it.each(['mt_secret', 'a.b.c', ''])('asks about %j, which is no JWT of a machine', async (token) => {
    recorder.answer({ body: { object: 'machine_to_machine_token', id: 'mt_1' } })
    expect(await ours.m2m.verify({ token })).toMatchObject({ id: 'mt_1' })
    expect(recorder.requests).toMatchObject([{ method: 'POST', path: '/m2m_tokens/verify', body: { token } }])
  })
})

describe('idPOAuthAccessToken.verify', () => {
  const recorder = createRecorder()
  const client = createClerkClient({ secretKey: 'sk_test_1', fetch: recorder.fetch })

  it('hands out a token that is for the wanted audience', async () => {
    recorder.answer({ body: { object: 'clerk_idp_oauth_access_token', id: 'oat_1', aud: ['https://a.b'] } })
    expect(
      await client.idPOAuthAccessToken.verify('oat_x', { audience: ['https://c.d', 'https://a.b'] }),
    ).toMatchObject({ id: 'oat_1' })
  })

  it.each([[['https://e.f']], [[]], [undefined]])('refuses one that is for %j', async (aud) => {
    recorder.answer({ body: { object: 'clerk_idp_oauth_access_token', id: 'oat_1', aud } })
    await expect(client.idPOAuthAccessToken.verify('oat_x', { audience: 'https://a.b' })).rejects.toMatchObject({
      reason: 'token-verification-failed',
    })
  })
})

it('asks for an accountless application without a key', async () => {
  const recorder = createRecorder()
  recorder.answer({ body: { object: 'accountless_application', secret_key: 'sk_test_1' } })
  const client = createClerkClient({ fetch: recorder.fetch })
  expect(await client.__experimental_accountlessApplications.createAccountlessApplication()).toMatchObject({
    secretKey: 'sk_test_1',
  })
  expect(recorder.requests[0]!.headers).not.toHaveProperty('authorization')
})
