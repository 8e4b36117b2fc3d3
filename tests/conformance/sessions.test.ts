import { verifyToken } from '@clerk/backend'
import { verifyToken as verifyTokenFormer } from 'clerk-backend-2'
import { beforeEach, describe, expect, it } from 'vitest'
import { combinations, useServerWithSdk } from './official-sdk.test-support.js'

const UNKNOWN_SESSION = 'sess_2aaaaaaaaaaaaaaaaaaaaaaaaaa'
const notFound = { status: 404, errors: [{ code: 'resource_not_found' }] }
const UNKNOWN_CLIENT = 'client_2aaaaaaaaaaaaaaaaaaaaaaaaaa'

describe.each(combinations)('sessions and tokens of $sdk on $dialect', (combination) => {
  const official = useServerWithSdk(combination, ['sessions', 'clients', 'jwks'])
  const verify = combination.sdk === '@clerk/backend 3' ? verifyToken : verifyTokenFormer
  let userId: string

  beforeEach(async () => {
    const user = await official.client.users.createUser({
      emailAddress: ['ada@example.com'],
      publicMetadata: { plan: 'pro' },
    })
    userId = user.id
  })

  it('opens, gets, lists and revokes sessions', async () => {
    const { sessions } = official.client
    const session = await sessions.createSession({ userId })

    expect(session).toMatchObject({ userId, status: 'active', createdAt: official.test.clock.now() })
    expect(await sessions.getSession(session.id)).toMatchObject({
      id: session.id,
      clientId: session.clientId,
      expireAt: session.expireAt,
    })
    expect(await sessions.getSessionList({ userId, status: 'active' })).toMatchObject({
      data: [{ id: session.id }],
      totalCount: 1,
    })

    expect(await sessions.revokeSession(session.id)).toMatchObject({ id: session.id, status: 'revoked' })
    expect(await sessions.getSessionList({ userId, status: 'active' })).toMatchObject({ data: [], totalCount: 0 })
    expect(await sessions.getSessionList({ userId, status: 'revoked' })).toMatchObject({
      data: [{ id: session.id }],
      totalCount: 1,
    })
    await expect(sessions.getSession(UNKNOWN_SESSION)).rejects.toMatchObject(notFound)
    await expect(sessions.getToken(session.id)).rejects.toMatchObject(notFound)
  })

  it('hands out tokens that verify by key set, until they are changed', async () => {
    const { sessions, jwks } = official.client
    const session = await sessions.createSession({ userId })
    const { jwt } = await sessions.getToken(session.id)

    expect(await jwks.getJwks()).toMatchObject({ keys: [{ kty: 'RSA', alg: 'RS256', use: 'sig' }] })
    const keySet = { secretKey: official.test.instance.secretKey, apiUrl: official.apiUrl }
    expect(await verify(jwt, keySet)).toMatchObject({ sub: userId, sid: session.id })
    await expect(verify(`${jwt.slice(0, -6)}AAAAAA`, keySet)).rejects.toThrow('JWT signature is invalid')
  })

  it('lets tokens live as long as asked for', async () => {
    const { sessions } = official.client
    const session = await sessions.createSession({ userId })

    const claims = decode((await sessions.getToken(session.id, undefined, 300)).jwt)
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(300)
  })

  it('fills templates', async () => {
    const { sessions, jwtTemplates } = official.client
    await jwtTemplates.create({
      name: 'hasura',
      claims: { plan: '{{user.public_metadata.plan}}', mail: '{{user.primary_email_address}}' },
      lifetime: 120,
    })
    const session = await sessions.createSession({ userId })

    const claims = decode((await sessions.getToken(session.id, 'hasura')).jwt)
    expect(claims).toMatchObject({ sub: userId, plan: 'pro', mail: 'ada@example.com' })
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(120)
    expect(claims).not.toHaveProperty('sid')
    await expect(sessions.getToken(session.id, 'nobody')).rejects.toMatchObject(notFound)
  })

  it('verifies a session with its token', async () => {
    const { sessions } = official.client
    const session = await sessions.createSession({ userId })
    const { jwt } = await sessions.getToken(session.id)

    expect(await sessions.verifySession(session.id, jwt)).toMatchObject({ id: session.id, status: 'active' })
    await expect(sessions.verifySession(session.id, 'no token')).rejects.toMatchObject({
      status: 400,
      errors: [{ code: 'invalid_session_token' }],
    })
  })

  it('knows no refresh token and no handshake that it did not hand out', async () => {
    const { sessions, clients } = official.client
    const session = await sessions.createSession({ userId })
    const { jwt } = await sessions.getToken(session.id)

    const refresh = {
      expired_token: jwt,
      refresh_token: 'none',
      request_origin: 'https://app.example.com',
      request_headers: {},
    }
    // Tokens that are not handed out to a browser have no azp, which is checked before the refresh token.
    await expect(
      sessions.refreshSession(session.id, refresh as unknown as Parameters<typeof sessions.refreshSession>[1]),
    ).rejects.toMatchObject({
      status: 401,
      errors: [{ code: 'expired_session_token_missing_azp' }],
    })
    await expect(clients.getHandshakePayload({ nonce: 'none' })).rejects.toMatchObject(notFound)
  })

  it('gets, lists and verifies the client of a session', async () => {
    const { sessions, clients } = official.client
    const session = await sessions.createSession({ userId })
    const { jwt } = await sessions.getToken(session.id)

    const client = await clients.getClient(session.clientId)
    expect(client).toMatchObject({
      id: session.clientId,
      sessionIds: [session.id],
      sessions: [{ id: session.id, userId }],
    })
    expect(await clients.getClientList({ limit: 10 })).toMatchObject({ data: [{ id: client.id }], totalCount: 1 })
    expect(await clients.verifyClient(jwt)).toMatchObject({ id: client.id })
    await expect(clients.getClient(UNKNOWN_CLIENT)).rejects.toMatchObject(notFound)
    await expect(clients.verifyClient('no token')).rejects.toMatchObject({
      status: 400,
      errors: [{ code: 'cookie_invalid' }],
    })
  })

  it('ends the sessions of a user who is banned or deleted', async () => {
    const { sessions, users } = official.client
    const session = await sessions.createSession({ userId })

    await users.banUser(userId)
    expect(await sessions.getSession(session.id)).toMatchObject({ status: 'revoked' })
    await users.deleteUser(userId)
    await expect(sessions.getToken(session.id)).rejects.toMatchObject(notFound)
  })
})

function decode(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>
}
