import { describe, expect, it } from 'vitest'
import {
  ADA,
  configure,
  newAda,
  openSignIn,
  PASSWORD,
  type SignInBrowser,
} from '../../flows/sign-in/sign-in.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'

const MINUTE = 60_000

describe.each(dialects)('a session without activity on %s', (dialect) => {
  const server = useTestServer(dialect)

  const signIn = async (form: object = { identifier: ADA, password: PASSWORD }) => {
    const browser = await openSignIn(server)
    const { body } = await browser.create({ ...form })
    return { browser, id: body.response.created_session_id as string }
  }
  const ask = (browser: SignInBrowser, id: string) => browser.call(`POST /client/sessions/${id}/tokens`, { form: {} })
  const touch = (browser: SignInBrowser, id: string) => browser.call(`POST /client/sessions/${id}/touch`, { form: {} })
  const statusOf = async (id: string) => (await server.client.sessions.getSession(id)).status
  /** Nobody waits for the note of an activity. */
  const untilNoted = async (id: string, minutes = 60) => {
    const abandonAt = async () => (await server.client.sessions.getSession(id)).abandonAt
    await expect.poll(abandonAt).toBe(server.clock.now() + minutes * MINUTE)
  }

  it.each([
    ['a page asks for tokens', ask],
    ['a page is looked at again', touch],
  ])('is abandoned after the time that the instance says, which begins anew whenever %s', async (_, act) => {
    await configure(server, { session: { inactivitySeconds: 60 * 60 } })
    await newAda(server)
    const { browser, id } = await signIn()
    for (let times = 0; times < 4; times++) {
      server.clock.advance(50 * MINUTE)
      expect((await act(browser, id)).status).toBe(200)
      await untilNoted(id)
    }
    expect(await statusOf(id)).toBe('active')
    server.clock.advance(61 * MINUTE)
    expect((await act(browser, id)).status).toBeGreaterThanOrEqual(400)
    expect(await statusOf(id)).toBe('abandoned')
    expect((await browser.client()).sessions).toEqual([])
  })

  it('is abandoned after that time where an application renews the token of its visitor', async () => {
    await configure(server, { session: { inactivitySeconds: 60 * 60 } })
    await newAda(server)
    const { browser, id } = await signIn()
    const query = { redirect_url: 'http://localhost:3000/', format: 'token' }
    for (let times = 0; times < 3; times++) {
      server.clock.advance(50 * MINUTE)
      expect((await browser.call('GET /client/handshake', { query })).status).toBe(307)
      await untilNoted(id)
    }
    expect(await statusOf(id)).toBe('active')
  })

  it('lasts no longer for its activity than sessions do', async () => {
    await configure(server, { session: { inactivitySeconds: 60 * 60, lifetimeSeconds: 2 * 60 * 60 } })
    await newAda(server)
    const { browser, id } = await signIn()
    for (let times = 0; times < 2; times++) {
      server.clock.advance(50 * MINUTE)
      expect((await ask(browser, id)).status).toBe(200)
      await untilNoted(id)
    }
    server.clock.advance(50 * MINUTE)
    expect((await ask(browser, id)).status).toBe(404)
    expect(await statusOf(id)).toBe('expired')
  })

  describe('of somebody who acts for a user', () => {
    const act = async (actor: object, sessionMaxDurationInSeconds = 60 * 60) => {
      const { id: userId } = await newAda(server)
      const input = { userId, expiresInSeconds: 600, sessionMaxDurationInSeconds, actor: { sub: 'user_x', ...actor } }
      const { token } = await server.client.actorTokens.create(input)
      return signIn({ strategy: 'ticket', ticket: token })
    }

    it('is abandoned after ten minutes', async () => {
      const { browser, id } = await act({})
      for (let times = 0; times < 3; times++) {
        server.clock.advance(9 * MINUTE)
        expect((await ask(browser, id)).status).toBe(200)
        await untilNoted(id, 10)
      }
      server.clock.advance(10 * MINUTE)
      expect((await ask(browser, id)).status).toBe(404)
      expect(await statusOf(id)).toBe('abandoned')
    })

    it('ends all the same when the time is over that its token gave it', async () => {
      const { browser, id } = await act({}, 15 * 60)
      server.clock.advance(8 * MINUTE)
      expect((await ask(browser, id)).status).toBe(200)
      await untilNoted(id, 10)
      server.clock.advance(8 * MINUTE)
      expect((await ask(browser, id)).status).toBe(404)
      expect(await statusOf(id)).toBe('expired')
    })

    it('is not hurried if it is an agent', async () => {
      const { browser, id } = await act({ type: 'agent' })
      server.clock.advance(40 * MINUTE)
      expect((await ask(browser, id)).status).toBe(200)
    })
  })
})
