import { createPages } from '@latchkey/pages'
import { describe, expect, it } from 'vitest'
import { newAda, openSignIn, ADA, PASSWORD, problem } from '../../flows/sign-in/sign-in.test-support.js'
import { eraseExpiredCodes } from '../../outbox/event-codes.js'
import { dialects, useTestServer } from '../../server.test-support.js'

const DAY = 24 * 60 * 60 * 1000
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

describe.each(dialects)('the link in the notice of a new device on %s', (dialect) => {
  const server = useTestServer(dialect, { pages: createPages() })

  /** Somebody who has signed in once, and again in another browser. */
  const notified = async () => {
    await newAda(server)
    await (await openSignIn(server)).create({ identifier: ADA, password: PASSWORD })
    server.clock.advance(1000)
    const browser = await openSignIn(server)
    const { body } = await browser.call('POST /client/sign_ins', {
      form: { identifier: ADA, password: PASSWORD },
      headers: { 'user-agent': FIREFOX },
    })
    const [message] = (await server.messages()).filter(({ slug }) => slug === 'new_device_sign_in')
    const url = message!.data!['revoke_session_url'] as string
    return { browser, message: message!, url, sessionId: body.response.created_session_id as string }
  }
  const get = async (url: string) => {
    const response = await server.fetch(url)
    return { status: response.status, headers: response.headers, text: (await response.text()).replace(/\s+/g, ' ') }
  }
  const post = async (url: string) => {
    const { origin, pathname, searchParams } = new URL(url)
    const response = await server.fetch(origin + pathname, { method: 'POST', body: searchParams })
    return { status: response.status, text: (await response.text()).replace(/\s+/g, ' ') }
  }
  const statusOf = async (id: string) => (await server.client.sessions.getSession(id)).status
  const ended = async () => (await server.events()).filter(({ type }) => type === 'session.revoked')

  it('shows where the session is, and ends nothing when it is opened', async () => {
    const { url, sessionId, message } = await notified()
    expect(new URL(url).pathname).toBe(`/i/${server.instance.id}/v1/session_links`)
    expect(message.bodyPlain!.split('\n')).toContain(url)
    const opened = await Promise.all(Array.from({ length: 8 }, () => get(url)))
    expect(opened.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
    expect(opened[0]!.text).toContain('<form class="card" method="post"')
    expect(opened[0]!.text).toContain('Firefox on Linux')
    expect(opened[0]!.text).not.toContain('<script')
    expect(opened[0]!.headers.get('referrer-policy')).toBe('same-origin')
    expect(opened[0]!.headers.get('cache-control')).toBe('no-store')
    expect(await statusOf(sessionId)).toBe('active')
  })

  it('ends that session once, however often its form is sent', async () => {
    const { browser, url, sessionId } = await notified()
    const answers = await Promise.all(Array.from({ length: 64 }, () => post(url)))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 64 }, () => 200))
    expect(answers.filter(({ text }) => text.includes('The device is signed out<'))).toHaveLength(1)
    expect(answers.filter(({ text }) => text.includes('signed out already'))).toHaveLength(63)
    expect(await statusOf(sessionId)).toBe('revoked')
    expect((await ended()).map(({ payload }) => (payload as { id: string }).id)).toEqual([sessionId])
    expect((await browser.client()).sessions).toEqual([])
    const others = await server.client.sessions.getSessionList({ status: 'active' })
    expect(others.data).toHaveLength(1)
    expect((await get(url)).text).toContain('signed out already')
  })

  it('is no longer in the message and the event of the notice once it is used', async () => {
    const { url, message } = await notified()
    await post(url)
    const after = (await server.messages()).find(({ id }) => id === message.id)
    expect(after).toMatchObject({ body: '', bodyPlain: null, data: null })
    await eraseExpiredCodes(server.server.database, server.clock.now())
    expect(JSON.stringify(await server.events())).not.toContain(new URL(url).searchParams.get('token'))
  })

  it('is good for a week', async () => {
    const { url } = await notified()
    await server.server.database.transaction((tx) =>
      tx
        .updateTable('sessions')
        .set({ expire_at: server.clock.now() + 90 * DAY, abandon_at: server.clock.now() + 90 * DAY })
        .where('instance_id', '=', server.instance.id)
        .execute(),
    )
    server.clock.advance(7 * DAY - 1000)
    expect((await get(url)).status).toBe(200)
    server.clock.advance(2000)
    expect((await get(url)).status).toBe(410)
    expect(await post(url)).toMatchObject({ status: 410, text: expect.stringContaining('The link has expired') })
    expect(await ended()).toEqual([])
  })

  it('says nothing more of a session that is over, or of a user that is gone', async () => {
    const { browser, url } = await notified()
    await browser.call('DELETE /client/sessions')
    expect((await post(url)).text).toContain('signed out already')
    const [session] = (await server.client.sessions.getSessionList()).data
    await server.client.users.deleteUser(session!.userId)
    expect(await post(url)).toMatchObject({ status: 200, text: expect.stringContaining('signed out already') })
    expect(await ended()).toEqual([])
  })

  it('is refused if this instance did not sign it for this', async () => {
    const { url, sessionId } = await notified()
    const token = new URL(url).searchParams.get('token')!
    const [header, payload, signature] = token.split('.') as [string, string, string]
    const claims = Buffer.from(payload, 'base64url').toString()
    const forged = Buffer.from(claims.replace('"sess_', '"sess_x')).toString('base64url')
    const { id } = await server.newInstance()
    const ticket = await server.client.signInTokens.createSignInToken({
      userId: (await server.client.sessions.getSession(sessionId)).userId,
      expiresInSeconds: 60,
    })
    const wrong = ['', 'a', `${header}.${payload}.`, `${header}.${forged}.${signature}`, `${token}.a`, ticket.token]
    for (const other of wrong) {
      const there = url.replace(token, other)
      for (const { status, text } of [await get(there), await post(there)]) {
        expect([other, status, JSON.parse(text)]).toMatchObject([
          other,
          400,
          problem('verification_link_token_invalid'),
        ])
      }
    }
    expect((await get(url.replace(server.instance.id, id))).status).toBe(400)
    expect(await statusOf(sessionId)).toBe('active')
  })
})

describe.each(dialects)('a server without pages on %s', (dialect) => {
  const server = useTestServer(dialect)

  it('tells of a new device without a link', async () => {
    await newAda(server)
    for (const _ of [1, 2]) await (await openSignIn(server)).create({ identifier: ADA, password: PASSWORD })
    const [message] = (await server.messages()).filter(({ slug }) => slug === 'new_device_sign_in')
    expect(message!.data).not.toHaveProperty('revoke_session_url')
    expect(message!.bodyPlain).not.toContain('Sign this device out')
    expect(message).toMatchObject({ expiresAt: null })
    const url = `http://api.test/i/${server.instance.id}/v1/session_links?token=a`
    expect((await server.fetch(url)).status).toBe(400)
  })
})
