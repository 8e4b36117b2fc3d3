import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { verifyToken as verifyOfficially } from '@clerk/backend'
import { verifyToken } from '@latchkey/backend'
import { decodeJwt } from '@latchkey/crypto'
import { verifyToken as verifyOfficiallyOlder } from 'clerk-backend-2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ENCRYPTION_KEY, sealAs, signAs } from '../../instances/tokens.test-support.js'

const DAY = 24 * 60 * 60 * 1000
const SESSION = 'cl_B7d4PD111AAA'

const refusedWith = (status: number, code: string) => ({ status, body: { errors: [{ code }] } })

describe.each(dialects)('session tokens on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  let listener: HttpServer
  let apiUrl: string

  beforeAll(async () => {
    listener = createHttpServer(getRequestListener((request) => server.server.fetch(request)))
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    apiUrl = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
  })
  afterAll(() => new Promise((resolve) => listener.close(resolve)))

  const createSession = async (more: object = {}) => {
    const user = await server.client.users.createUser({ username: 'ada_l', ...more })
    return server.client.sessions.createSession({ userId: user.id })
  }

  it('have the claims of version 2', async () => {
    const session = await createSession()
    server.clock.advance(3 * 60_000 + 1)

    const { status, body } = await server.call('POST', `/sessions/${session.id}/tokens`)

    const iat = Math.floor(server.clock.now() / 1000)
    expect(status).toBe(200)
    expect(Object.keys(body).sort()).toEqual(['jwt', 'object'])
    expect(body.object).toBe('token')
    const { header, payload } = decodeJwt(body.jwt)
    expect(header).toEqual({ alg: 'RS256', cat: SESSION, kid: expect.stringMatching(/^ins_/), typ: 'JWT' })
    expect(payload).toEqual({
      v: 2,
      jti: expect.stringMatching(/^[0-9a-f]{20}$/),
      sid: session.id,
      sub: session.userId,
      sts: 'active',
      fva: [3, -1],
      iss: `https://${server.instance.frontendHost}`,
      iat,
      nbf: iat - 10,
      exp: iat + 60,
    })
  })

  it('have the claims of version 1 before version 2025-04-10 of the API', async () => {
    const session = await createSession()
    const path = `/sessions/${session.id}/tokens`
    const mint = async (version: string | null) =>
      decodeJwt((await server.call('POST', path, {}, { version })).body.jwt).payload

    for (const version of [null, '2021-02-05', '2024-10-01', '2025-03-12']) {
      const claims = await mint(version)
      expect(Object.keys(claims).sort()).toEqual(['exp', 'fva', 'iat', 'iss', 'nbf', 'sid', 'sub'])
      expect(claims).toMatchObject({ sid: session.id, sub: session.userId, fva: [0, -1] })
    }
    for (const version of ['2025-04-10', '2025-11-10', '2026-05-12']) expect((await mint(version))['v']).toBe(2)
  })

  it.each([
    ['our SDK', verifyToken as typeof verifyOfficially, ['jwtKey', 'key set']],
    ['@clerk/backend', verifyOfficially, ['jwtKey', 'key set']],
    // This version keeps the first jwtKey it is given for the life of the process.
    ['@clerk/backend 2.9.4', verifyOfficiallyOlder as unknown as typeof verifyOfficially, ['key set']],
  ])('are verified by %s, with the key and with the key set', async (_, verify, ways) => {
    const session = await createSession()
    const jwtKey = await server.server.admin.jwtKey(server.instance.id)

    for (const version of ['2021-02-05', '2026-05-12']) {
      const token = (await server.call('POST', `/sessions/${session.id}/tokens`, {}, { version })).body.jwt
      const atThatTime = { clockSkewInMs: Math.abs(Date.now() - server.clock.now()) + 5000 }
      for (const way of ways) {
        const key = way === 'jwtKey' ? { jwtKey } : { secretKey: server.instance.secretKey, apiUrl }
        expect(await verify(token, { ...key, ...atThatTime })).toMatchObject({ sub: session.userId, sid: session.id })
      }
    }
  })

  it('name the actor of an impersonated session', async () => {
    const session = await createSession()
    const actor = JSON.stringify({ sub: 'user_admin' })
    await server.server.database.transaction((tx) =>
      tx.updateTable('sessions').set({ actor }).where('id', '=', session.id).execute(),
    )

    expect(decodeJwt((await server.client.sessions.getToken(session.id)).jwt).payload['act']).toEqual({
      sub: 'user_admin',
    })
    expect((await server.client.sessions.getSession(session.id)).actor).toEqual({ sub: 'user_admin' })
  })

  it('say that a session is pending, and are not given where they cannot', async () => {
    const session = await createSession({ password: 'analytical engine' })
    await server.client.users.setPasswordCompromised(session.userId)

    expect(decodeJwt((await server.client.sessions.getToken(session.id)).jwt).payload['sts']).toBe('pending')
    expect((await server.call('POST', `/sessions/${session.id}/tokens`, {}, { version: '2021-02-05' })).status).toBe(
      404,
    )
    await server.client.jwtTemplates.create({ name: 'plain', claims: {} })
    expect((await server.call('POST', `/sessions/${session.id}/tokens/plain`, {})).status).toBe(404)
  })

  it('last a minute, or as long as is asked for', async () => {
    const session = await createSession()
    for (const [body, seconds] of [
      [{ expires_in_seconds: 30 }, 30],
      [{ expires_in_seconds: 315_360_000 }, 315_360_000],
      [{ expires_in_seconds: null }, 60],
      [{}, 60],
      [undefined, 60],
    ] as const) {
      const { exp, iat } = decodeJwt(
        (await server.call('POST', `/sessions/${session.id}/tokens`, body)).body.jwt,
      ).payload
      expect(exp! - iat!).toBe(seconds)
    }
    for (const expires_in_seconds of [29, 315_360_001, 0, -1, 60.5, '60', true, [60]]) {
      for (const path of ['tokens', 'tokens/any']) {
        expect((await server.call('POST', `/sessions/${session.id}/${path}`, { expires_in_seconds })).status).toBe(422)
      }
    }
  })

  it.each<[string, (session: { id: string; userId: string }) => Promise<unknown>, string]>([
    ['revoked', ({ id }) => server.client.sessions.revokeSession(id), 'authentication_invalid'],
    ['expired', async () => server.clock.advance(7 * DAY), 'invalid_session_token'],
    ['of a banned user', ({ userId }) => server.client.users.banUser(userId), 'authentication_invalid'],
    ['of a deleted user', ({ userId }) => server.client.users.deleteUser(userId), 'resource_not_found'],
  ])('are not given for a session that is %s, and older ones are worth nothing', async (_, end, code) => {
    await server.client.jwtTemplates.create({ name: 'any', claims: {} })
    const session = await createSession()
    const { jwt: token } = await server.client.sessions.getToken(session.id)
    expect(await server.client.sessions.verifySession(session.id, token)).toMatchObject({
      id: session.id,
      status: 'active',
    })
    expect(await server.client.clients.verifyClient(token)).toMatchObject({
      id: session.clientId,
      lastActiveSessionId: session.id,
    })

    await end(session)

    for (const path of ['tokens', 'tokens/any']) {
      expect(await server.call('POST', `/sessions/${session.id}/${path}`)).toMatchObject(
        refusedWith(404, 'resource_not_found'),
      )
    }
    expect(await server.call('POST', `/sessions/${session.id}/verify`, { token })).toMatchObject({
      body: { errors: [{ code }] },
    })
    const expected = code === 'invalid_session_token' ? 'cookie_invalid' : code
    expect(await server.call('POST', '/clients/verify', { token })).toMatchObject({
      body: { errors: [{ code: expected }] },
    })
  })

  it('are verified for their own session alone, under every version', async () => {
    const session = await createSession()
    const other = await server.client.sessions.createSession({ userId: session.userId })
    const { jwt: token } = await server.client.sessions.getToken(session.id)

    for (const version of [null, '2024-10-01', '2026-05-12']) {
      expect(await server.call('POST', `/sessions/${session.id}/verify`, { token }, { version })).toMatchObject({
        status: 200,
        body: { id: session.id },
      })
    }
    expect(
      await server.call('POST', `/sessions/${session.id}/verify`, new URLSearchParams({ token }), { version: null }),
    ).toMatchObject({ status: 200 })
    expect(await server.call('POST', `/sessions/${other.id}/verify`, { token })).toMatchObject(
      refusedWith(400, 'invalid_session_token'),
    )
    expect(await server.call('POST', '/sessions/sess_1/verify', { token })).toMatchObject({ status: 404 })
    expect(await server.call('POST', `/sessions/${session.id}/verify`, {})).toMatchObject(
      refusedWith(422, 'form_param_missing'),
    )
  })

  it('are never mistaken for another kind of token', async () => {
    await server.client.jwtTemplates.create({ name: 'any', claims: {} })
    const session = await createSession()
    const template = (await server.client.sessions.getToken(session.id, 'any')).jwt
    const { payload } = decodeJwt((await server.client.sessions.getToken(session.id)).jwt)
    const browser = { sub: session.clientId, iat: payload.iat, exp: payload.exp }
    const client = await sealAs(server, browser, 'latchkey_client')
    const signed = await signAs(server, browser, 'latchkey_client')
    const expired = await sealAs(server, { ...browser, exp: payload.iat }, 'latchkey_client')
    const sealedOtherwise = await sealAs(server, payload, 'cl_B7d4PD111AAA')
    const uncategorized = await signAs(server, payload, 'cl_other')
    const tampered = template.replace('.', '.e30')

    // Versions before the seal signed them.
    for (const token of [client, signed])
      expect(await server.client.clients.verifyClient(token)).toMatchObject({ id: session.clientId })
    expect(await server.client.sessions.verifySession(session.id, client)).toMatchObject({ id: session.id })
    for (const token of [template, expired, sealedOtherwise, uncategorized, tampered, '', 'a.b.c', session.id]) {
      expect(await server.call('POST', '/clients/verify', { token })).toMatchObject(refusedWith(400, 'cookie_invalid'))
      expect(await server.call('POST', `/sessions/${session.id}/verify`, { token })).toMatchObject(
        refusedWith(400, 'invalid_session_token'),
      )
    }
    await expect(
      verifyToken(template, { jwtKey: await server.server.admin.jwtKey(server.instance.id) }),
    ).rejects.toThrow()
  })

  it('cannot be refreshed without a refresh token', async () => {
    const session = await createSession()
    const { payload } = decodeJwt((await server.client.sessions.getToken(session.id)).jwt)
    const azp = 'http://localhost:3000'
    const sign = (changes: object) =>
      signAs(server, JSON.parse(JSON.stringify({ ...payload, azp, ...changes })) as object, SESSION)
    const refresh = async (expired_token: string, { id = session.id, request_origin = azp } = {}) =>
      server.call('POST', `/sessions/${id}/refresh?suffixed_cookies=true`, {
        expired_token,
        request_origin,
        refresh_token: 'x',
        format: 'cookie',
        request_headers: { 'user-agent': ['x'] },
      })
    const good = await sign({})
    const orphan = await sign({ sid: 'sess_1' })
    server.clock.advance(DAY)

    for (const [code, answer] of [
      ['expired_session_token_invalid', await refresh('x')],
      ['expired_session_token_invalid', await refresh(good.replace(/\..*\./, '.e30.'))],
      ['expired_session_token_missing_sid', await refresh(await sign({ sid: undefined }))],
      ['refresh_sid_mismatch', await refresh(orphan)],
      ['session_refresh_expired_session_token_missing_iat', await refresh(await sign({ iat: undefined }))],
      ['expired_session_token_missing_azp', await refresh(await sign({ azp: undefined }))],
      ['refresh_request_origin_invalid', await refresh(good, { request_origin: 'localhost' })],
      ['refresh_request_origin_azp_mismatch', await refresh(good, { request_origin: 'http://localhost:3001' })],
      ['session_refresh_session_not_found', await refresh(orphan, { id: 'sess_1' })],
      ['refresh_token_not_found', await refresh(good)],
      [
        'session_refresh_inactive_session',
        await server.client.sessions.revokeSession(session.id).then(() => refresh(good)),
      ],
    ] as const) {
      expect(answer).toMatchObject(refusedWith(401, code))
    }
    expect(await server.call('POST', `/sessions/${session.id}/refresh`, {})).toMatchObject({ status: 422 })
  })
})
