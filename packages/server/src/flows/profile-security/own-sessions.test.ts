import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { configure, openSignIn } from '../sign-in/sign-in.test-support.js'
import { codesOf, LATE, REQUIRED, signedInAda, signIn } from './profile-security.test-support.js'

describe.each(dialects)('the own sessions on %s', (dialect) => {
  const server = useTestServer(dialect)
  const idsOf = (list: { id: string }[]) => list.map(({ id }) => id)

  it('are shown with the browser they were last used in, and without a token', async () => {
    const { browser, sessionId } = await signedInAda(server)
    server.clock.advance(1000)
    const headers = {
      'user-agent': 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/126.0.0.0 Safari/537.36',
      'x-forwarded-for': '203.0.113.9',
    }
    const other = await signIn(server)
    await other.browser.call(`POST /client/sessions/${other.sessionId}/touch`, { form: {}, headers })
    const { body } = await browser.call('GET /me/sessions/active', { query: { paginated: 'true', limit: '10' } })
    expect(idsOf(body)).toEqual([other.sessionId, sessionId])
    expect(body[0]).toMatchObject({
      object: 'session',
      status: 'active',
      latest_activity: { browser_name: 'Chrome', device_type: 'Macintosh', is_mobile: false },
    })
    expect(JSON.stringify(body)).not.toContain('"jwt"')
  })

  it('include those with a task, and leave out those that are over', async () => {
    await configure(server, { signUp: { mfaRequired: true } })
    const { browser, sessionId, id } = await signedInAda(server)
    const ended = await signIn(server)
    await server.client.sessions.revokeSession(ended.sessionId)
    const { body } = await browser.call('GET /me/sessions/active')
    expect(body).toMatchObject([{ id: sessionId, status: 'pending', tasks: [{ key: 'setup-mfa' }] }])
    const all = (await browser.call('GET /me/sessions')).body
    expect(all.map((one: { status: string }) => one.status).sort()).toEqual(['pending', 'revoked'])
    expect(all[0]).toMatchObject({ user: { id }, last_active_token: null })
    expect(JSON.stringify(all)).not.toContain('"jwt"')
  })

  it('are nobody else’s', async () => {
    const { browser } = await signedInAda(server)
    const grace = await server.client.users.createUser({
      emailAddress: ['grace@example.com'],
      password: 'nanoseconds!',
    })
    const other = await signIn(server, 'grace@example.com', 'nanoseconds!')
    expect(idsOf((await browser.call('GET /me/sessions')).body)).not.toContain(other.sessionId)
    const refused = await browser.call(`POST /me/sessions/${other.sessionId}/revoke`, { form: {} })
    expect(codesOf(refused)).toEqual([404, 'resource_not_found'])
    expect(codesOf(await browser.call('POST /me/sessions/sess_none/revoke', { form: {} }))[0]).toBe(404)
    const sessions = (await server.client.sessions.getSessionList({ userId: grace.id })).data
    expect(sessions[0]!.status).toBe('active')
    expect(codesOf(await (await openSignIn(server)).call('GET /me/sessions/active'))).toEqual([401, 'signed_out'])
  })

  it('are ended from another browser, once', async () => {
    const { browser } = await signedInAda(server)
    const other = await signIn(server)
    const revoke = () => browser.call(`POST /me/sessions/${other.sessionId}/revoke`, { form: {} })
    const answers = await Promise.all(Array.from({ length: 64 }, revoke))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(answers[0]!.body.response).toMatchObject({ id: other.sessionId, status: 'revoked', last_active_token: null })
    expect((await server.events()).filter(({ type }) => type === 'session.revoked')).toHaveLength(1)
    expect(codesOf(await other.browser.call('GET /me'))).toEqual([401, 'signed_out'])
  })

  it('are ended after a fresh factor only, and by nobody who acts for the user', async () => {
    const { browser, id } = await signedInAda(server)
    const other = await signIn(server)
    server.clock.advance(LATE)
    const route = `POST /me/sessions/${other.sessionId}/revoke`
    expect(codesOf(await browser.call(route, { form: {} }))).toEqual(REQUIRED)
    const { token } = await server.client.actorTokens.create({ userId: id, actor: { sub: 'user_support' } })
    const acting = await openSignIn(server)
    await acting.create({ strategy: 'ticket', ticket: token })
    expect(codesOf(await acting.call(route, { form: {} }))).toEqual([403, 'resource_forbidden'])
  })

  it('give a token for a service that has a template', async () => {
    await server.client.jwtTemplates.create({ name: 'warehouse', claims: { team: 'blue' } })
    const { browser, id } = await signedInAda(server)
    const { body, status } = await browser.call('POST /me/tokens', { form: { service: 'warehouse' } })
    expect(status).toBe(200)
    const claims = JSON.parse(Buffer.from(body.jwt.split('.')[1], 'base64url').toString())
    expect(claims).toMatchObject({ team: 'blue', sub: id })
    expect(codesOf(await browser.call('POST /me/tokens', { form: { service: 'nothing' } }))).toEqual([
      404,
      'resource_not_found',
    ])
    expect(codesOf(await browser.call('POST /me/tokens', { form: {} }))).toEqual([422, 'form_param_missing service'])
  })
})
