import { describe, expect, it } from 'vitest'
import { callFrontend, openProductionBrowser } from '../../browser.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('a browser with a copy of a cookie that was changed on %s', (dialect) => {
  const server = useTestServer(dialect)
  const inProduction = async () => {
    const frontendHost = `clerk.${server.instance.id.toLowerCase().replaceAll('_', '-')}.example`
    server.instance = await server.newInstance({ environmentType: 'production', frontendHost })
    return server.instance
  }

  const copied = async () => {
    await inProduction()
    const browser = openProductionBrowser(server)
    const origin = `https://${server.instance.frontendHost.replace('clerk.', '')}`
    await server.call('POST', '/users', { email_address: ['ada@example.com'], password: 'analytical engine' })
    await browser.call('POST /client', { headers: { origin } })
    const copy = browser.jar['__client']!
    const form = { identifier: 'ada@example.com', password: 'analytical engine' }
    const signedIn = await browser.call('POST /client/sign_ins', { headers: { origin }, form })
    expect(signedIn.body.response.status).toBe('complete')
    const withCopy = (route: string, form?: Record<string, unknown>) =>
      callFrontend(server, route, { headers: { origin, cookie: `__client=${copy}` }, ...(form ? { form } : {}) })
    return { browser, origin, copy, signedIn, withCopy }
  }
  /** A browser, and somebody who has its cookie too, before anybody signs in. */
  const withOneCookie = async () => {
    await inProduction()
    const origin = `https://${server.instance.frontendHost.replace('clerk.', '')}`
    const user = { email_address: ['ada@example.com'], password: 'analytical engine' }
    await server.call('POST', '/users', user)
    const victim = openProductionBrowser(server, origin)
    await victim.call('POST /client')
    const attacker = openProductionBrowser(server, origin)
    Object.assign(attacker.jar, victim.jar)
    return { origin, victim, attacker }
  }
  const clientCookies = ({ headers }: { headers: Headers }) =>
    headers.getSetCookie().filter((line) => line.startsWith('__client='))

  it('is not handed the new one, whatever it asks for', async () => {
    const { withCopy, browser, origin, signedIn } = await copied()
    const sessionId = signedIn.body.response.created_session_id
    const asked = [
      await withCopy('GET /client'),
      await withCopy(`POST /client/sessions/${sessionId}/touch`, {}),
      await withCopy('POST /client/sign_ins', { identifier: 'ada@example.com' }),
    ]
    expect(asked.flatMap(clientCookies)).toEqual([])
    server.clock.advance(10_001)
    expect((await withCopy('GET /client')).body.response).toBeNull()
    expect((await browser.call('GET /client', { headers: { origin } })).body.response.sessions).toHaveLength(1)
  })

  it('is not handed the one either that it makes by renewing it', async () => {
    const { origin, copy } = await copied()
    const target = encodeURIComponent(`${origin}/`)
    const renewed = await server.fetch(
      `http://127.0.0.1:4400/i/${server.instance.id}/v1/client/touch?redirect_url=${target}`,
      { headers: { cookie: `__client=${copy}` } },
    )
    expect([renewed.status, clientCookies(renewed)]).toEqual([307, []])
  })

  it('is not handed the one either that it makes by signing out', async () => {
    const { withCopy } = await copied()
    const { status, headers } = await withCopy('DELETE /client')
    expect([status, clientCookies({ headers })]).toEqual([200, []])
  })

  it('leaves requests that were on their way in the browser, without the session that has come with the new one', async () => {
    const { withCopy, browser, origin, signedIn } = await copied()
    const { id, created_session_id: sessionId } = signedIn.body.response
    const { body } = await withCopy('GET /client')
    expect(body.response).toMatchObject({ id: signedIn.body.client.id, sessions: [], last_active_session_id: null })
    expect((await withCopy(`GET /client/sign_ins/${id}`)).body.client.sessions).toEqual([])
    for (const [route, status] of [
      [`POST /client/sessions/${sessionId}/tokens`, 404],
      [`POST /client/sessions/${sessionId}/touch`, 404],
      [`POST /client/sessions/${sessionId}/remove`, 404],
      [`GET /me?_clerk_session_id=${sessionId}`, 401],
      [`POST /me/change_password?_clerk_session_id=${sessionId}`, 401],
    ] as const) {
      expect((await withCopy(route, route.startsWith('POST') ? {} : undefined)).status, route).toBe(status)
    }
    const handshake = await withCopy(`GET /client/handshake?redirect_url=${encodeURIComponent(origin)}`)
    expect(handshake.headers.getSetCookie().join()).not.toContain('__session=ey')
    expect((await browser.call('GET /client', { headers: { origin } })).body.response.sessions).toHaveLength(1)
  })

  it('signs nobody in, so that whoever has the new one gets no session', async () => {
    const { origin, victim, attacker } = await withOneCookie()
    // Whoever comes first has the new cookie, and the other one the old.
    await attacker.call(`GET /client/touch?redirect_url=${encodeURIComponent(origin)}`)
    expect(attacker.jar['__client']).not.toBe(victim.jar['__client'])
    const form = { identifier: 'ada@example.com', password: 'analytical engine' }
    const refused = await victim.call('POST /client/sign_ins', { form })
    expect([refused.status, refused.body.errors[0].code]).toEqual([401, 'signed_out'])
    expect((await attacker.call('GET /client')).body.response.sessions).toEqual([])
    server.clock.advance(10_001)
    expect((await victim.call('POST /client/sign_ins', { form })).body.response.status).toBe('complete')
    expect((await attacker.call('GET /client')).body.response.sessions).toEqual([])
  })

  it('does not go on with what the newer one has proved', async () => {
    const { victim, attacker } = await withOneCookie()
    const started = await victim.call('POST /client/sign_ins', { form: { identifier: 'ada@example.com' } })
    const path = `/client/sign_ins/${started.body.response.id}`
    const strategy = 'reset_password_email_code'
    const prepared = await victim.call(`POST ${path}/prepare_first_factor`, { form: { strategy } })
    expect(prepared.status).toBe(200)
    const code = (await server.messages()).at(-1)!.data!['otp_code']
    const proved = await victim.call(`POST ${path}/attempt_first_factor`, { form: { strategy, code } })
    expect(proved.body.response.status).toBe('needs_new_password')
    const set = { form: { password: 'set by somebody else' } }
    const refused = await attacker.call(`POST ${path}/reset_password`, set)
    expect([refused.status, refused.body.errors[0].code]).toEqual([401, 'signed_out'])
    const done = await victim.call(`POST ${path}/reset_password`, { form: { password: 'a better engine' } })
    expect(done.body.response.status).toBe('complete')
  })

  it.each([
    ['are renewed', (origin: string) => `GET /client/touch?redirect_url=${encodeURIComponent(origin)}`, 1],
    ['sign out of one session', (_: string, session: string) => `POST /client/sessions/${session}/remove`, 0],
  ] as const)('stays known where two requests at once %s', async (_, route, left) => {
    const { browser, origin, signedIn } = await copied()
    const path = route(origin, signedIn.body.response.created_session_id)
    await Promise.all([1, 2].map(() => browser.call(path, { headers: { origin } })))
    server.clock.advance(11_000)
    const { body } = await browser.call('GET /client', { headers: { origin } })
    expect(body.response).toMatchObject({ id: signedIn.body.client.id })
    expect(body.response.sessions).toHaveLength(left)
  })
})
