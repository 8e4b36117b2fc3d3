import { signJwt } from '@latchkey/crypto'
import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ENCRYPTION_KEY, servicesOf } from '../users/user-parts.test-support.js'

const DAY = 24 * 60 * 60 * 1000
const SCOPES = 'openid profile email offline_access'

describe.each(dialects)('OAuth access tokens on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const verify = (body: object, options = {}) =>
    server.call('POST', '/oauth_applications/access_tokens/verify', body, options)
  const notFound = { status: 404, body: { errors: [{ code: 'resource_not_found' }] } }

  let count = 0
  const createUser = () => server.client.users.createUser({ username: `user_${++count}` })

  /** An application that a user has let act for them. */
  const grant = async (scopes = SCOPES) => {
    const user = await createUser()
    const application = await server.client.oauthApplications.create({ name: 'Acme', scopes })
    const accessToken = `oat_access_${application.id}`
    const refreshToken = `oat_refresh_${application.id}`
    await server.server.admin.seed(server.instance.id, {
      oauth_applications: [
        {
          id: application.id,
          name: 'Acme',
          grants: [{ user_id: user.id, access_token: accessToken, refresh_token: refreshToken }],
        },
      ],
    })
    return { user, application, accessToken, refreshToken }
  }

  const signed = async (changes: object = {}, { type = 'at+jwt', by = server } = {}) => {
    const { user, application } = await grant()
    const now = Math.floor(server.clock.now() / 1000)
    const { signingKeys, context } = await servicesOf(by)
    const { id, privateKey } = await signingKeys.current()
    const claims = {
      iss: `https://${context.instance.frontendHost}`,
      sub: user.id,
      client_id: application.clientId,
      scope: 'profile email',
      jti: `oat_${'ab'.repeat(16)}`,
      iat: now,
      nbf: now,
      exp: now + 3600,
      ...changes,
    }
    const token = await signJwt(claims, privateKey, { algorithm: 'RS256', keyId: id, type })
    return { token, user, application, now }
  }

  it('are verified while they are valid, with and without the version in the path', async () => {
    const { user, application, accessToken } = await grant()
    const { status, body } = await verify({ access_token: accessToken })
    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'clerk_idp_oauth_access_token',
      id: expect.stringMatching(/^oat_[0-9a-f]{32}$/),
      client_id: application.clientId,
      subject: user.id,
      scopes: SCOPES.split(' '),
      revoked: false,
      revocation_reason: null,
      expired: false,
      expiration: server.clock.now() + DAY,
      created_at: server.clock.now(),
      updated_at: server.clock.now(),
    })
    expect(body.id).not.toBe(accessToken)
    expect((await verify({ secret: accessToken })).body).toEqual(body)
    expect(await server.client.idPOAuthAccessToken.verify(accessToken)).toMatchObject({ subject: user.id })
    server.clock.advance(DAY - 1)
    expect((await verify({ access_token: accessToken })).status).toBe(200)
    server.clock.advance(1)
    expect(await verify({ access_token: accessToken })).toMatchObject(notFound)
  })

  it('are not found when they are anything else', async () => {
    const { refreshToken } = await grant()
    for (const token of [refreshToken, 'oat_unknown', 'x', `${'a'.repeat(10_000)}`, 'a.b.c']) {
      const { status, body } = await verify({ access_token: token })
      expect([status, body.errors[0].code]).toEqual([404, 'resource_not_found'])
      if (token.length > 3) expect(JSON.stringify(body)).not.toContain(token)
    }
    const { accessToken } = await grant()
    const { secretKey: key } = await server.server.createInstance()
    expect(await verify({ access_token: accessToken }, { key })).toMatchObject(notFound)
    expect((await verify({ access_token: accessToken }, { key: 'sk_test_no' })).status).toBe(401)
  })

  it.each([[{}], [{ access_token: '' }], [{ access_token: 1 }], [{ access_token: null }], [{ token: 'oat_1' }]])(
    'are refused as the token service does: %j',
    async (body) => {
      expect(await verify(body)).toMatchObject({ status: 400, body: { errors: [{ code: 'bad_request' }] } })
    },
  )

  it('end with a ban of their user, and with the user', async () => {
    const { user, accessToken, application, refreshToken } = await grant()
    await server.client.users.banUser(user.id)
    expect(await verify({ access_token: accessToken })).toMatchObject(notFound)
    await server.client.users.unbanUser(user.id)
    expect((await verify({ access_token: accessToken })).status).toBe(200)
    await server.client.users.deleteUser(user.id)
    expect(await verify({ access_token: accessToken })).toMatchObject(notFound)
    const revoke = { oauthApplicationId: application.id, token: refreshToken }
    await expect(server.client.oauthApplications.revokeToken(revoke)).rejects.toMatchObject({ status: 404 })
  })

  it('end with their application, but not with its secret', async () => {
    const { accessToken, application } = await grant()
    await server.client.oauthApplications.rotateSecret(application.id)
    expect((await verify({ access_token: accessToken })).status).toBe(200)
    await server.client.oauthApplications.delete(application.id)
    expect(await verify({ access_token: accessToken })).toMatchObject(notFound)
  })

  it.each(['accessToken', 'refreshToken'] as const)('are revoked with the whole grant, by the %s', async (by) => {
    const { accessToken, application, ...tokens } = await grant()
    const other = await grant()
    const token = by === 'accessToken' ? accessToken : tokens.refreshToken
    server.clock.advance(2 * DAY * Number(by === 'refreshToken'))
    const revoke = () => server.call('POST', `/oauth_applications/${application.id}/revoke_token`, { token })
    const answers = await Promise.all(Array.from({ length: 64 }, revoke))
    expect(new Set(answers.map(({ status, body }) => `${status}${body}`))).toEqual(new Set(['204']))
    const trail = await server.server.admin.listAudit(
      server.instance.id,
      { action: 'oauth_grant.revoked' },
      { limit: 9 },
    )
    expect(trail).toHaveLength(1)
    expect(await verify({ access_token: accessToken })).toMatchObject(notFound)
    if (by === 'accessToken') expect((await verify({ access_token: other.accessToken })).status).toBe(200)
  })

  it('are revoked only by their own application, and a JWT by none', async () => {
    const { accessToken } = await grant()
    const { application, token: jwt } = await signed()
    const revoke = (body: object, id = application.id) =>
      server.call('POST', `/oauth_applications/${id}/revoke_token`, body)
    const refused = await revoke({ token: accessToken })
    expect(refused).toMatchObject(notFound)
    expect(JSON.stringify(refused.body)).not.toContain(accessToken)
    expect(await revoke({ token: 'oat_unknown' })).toMatchObject(notFound)
    expect(await revoke({ token: accessToken }, 'oa_unknown')).toMatchObject(notFound)
    expect(await revoke({ token: jwt })).toMatchObject({
      status: 400,
      body: { errors: [{ meta: { param_name: 'token' } }] },
    })
    for (const body of [{}, { token: '' }, { token: 1 }, { token: 'a', reason: 'b' }]) {
      expect((await revoke(body)).status).toBe(422)
    }
    expect((await verify({ access_token: accessToken })).status).toBe(200)
  })

  it('are verified as JWTs', async () => {
    const { token, user, application, now } = await signed()
    expect(await verify({ access_token: token })).toMatchObject({
      status: 200,
      body: {
        object: 'clerk_idp_oauth_access_token',
        id: `oat_${'ab'.repeat(16)}`,
        client_id: application.clientId,
        subject: user.id,
        scopes: ['profile', 'email'],
        revoked: false,
        expired: false,
        expiration: (now + 3600) * 1000,
        created_at: now * 1000,
      },
    })
    server.clock.advance(3601 * 1000)
    expect(await verify({ access_token: token })).toMatchObject({ status: 200, body: { active: false } })
    expect((await verify({ access_token: `${token.slice(0, -4)}AAAA` })).status).toBe(404)
    await server.client.oauthApplications.delete(application.id)
    expect(await verify({ access_token: token })).toMatchObject(notFound)
  })

  it.each<[string, object, string?]>([
    ['of another type', {}, 'JWT'],
    ['without an application', { client_id: undefined }],
    ['of an application that is not there', { client_id: 'nobody' }],
    ['of a user who is not there', { sub: 'user_nobody' }],
    ['without an end', { exp: undefined }],
    ['that begins later', { nbf: Math.floor(Date.now() / 1000) + 10 * 24 * 3600 }],
  ])('are not JWTs %s', async (_, claims, type) => {
    const { token } = await signed(claims, type === undefined ? {} : { type })
    expect(await verify({ access_token: token })).toMatchObject(notFound)
  })

  it('are not session tokens', async () => {
    const user = await createUser()
    const session = await server.client.sessions.createSession({ userId: user.id })
    const { jwt } = await server.client.sessions.getToken(session.id)
    expect(await verify({ access_token: jwt })).toMatchObject(notFound)
    const { token } = await signed()
    expect((await server.call('POST', '/clients/verify', { token })).status).toBe(400)
  })
})
