import { createClerkClient as createOwnClient } from '@latchkey/backend'
import { describe, expect, it } from 'vitest'
import { callFrontend, cookiesOf, openBrowser, shakeHands } from '../../packages/server/src/browser.test-support.js'
import { combinations, useServerWithSdk } from './official-sdk.test-support.js'

const PAGE = 'http://localhost:3000/dashboard'
const PASSWORD = 'analytical engine'
/** Longer than a session token lives. */
const A_WHILE = 120_000

describe.each(combinations)('an expired session token of a page, with $sdk on $dialect', (combination) => {
  const official = useServerWithSdk(combination, [])

  /** The cookies that an application's page has after a handshake, a while ago. */
  async function cookiesOfAWhileAgo() {
    const { test } = official
    test.clock.advance(-A_WHILE)
    await test.client.users.createUser({ emailAddress: ['ada@example.com'], password: PASSWORD })
    const browser = await openBrowser(test)
    const { body } = await browser.call('POST /client/sign_ins', {
      form: { identifier: 'ada@example.com', password: PASSWORD },
    })
    const { directives, cookies } = await shakeHands(test, browser, PAGE)
    test.clock.advance(A_WHILE)
    return { sessionId: body.response.created_session_id as string, browser, directives, cookies }
  }

  const refreshCookie = (cookies: Map<string, string>) => [...cookies].find(([name]) => name.startsWith('__refresh_'))!

  function request(cookies: Map<string, string>, more: Record<string, string> = {}) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return new Request(PAGE, { headers: { cookie, accept: 'text/html', 'sec-fetch-dest': 'document', ...more } })
  }

  const ours = () => {
    const { secretKey, publishableKey } = official.test.instance
    return createOwnClient({ secretKey, publishableKey, apiUrl: official.apiUrl })
  }
  const authenticate = async (cookies: Map<string, string>) => {
    const { publishableKey } = official.test.instance
    return [
      await official.client.authenticateRequest(request(cookies), { publishableKey }),
      await ours().authenticateRequest(request(cookies)),
    ]
  }

  it('is followed by the next one without a redirect, as often as it expires', async () => {
    const { sessionId, cookies } = await cookiesOfAWhileAgo()
    for (const state of await authenticate(cookies)) {
      expect(state).toMatchObject({ status: 'signed-in' })
      expect(state.toAuth()).toMatchObject({ sessionId, sessionClaims: { azp: 'http://localhost:3000' } })
      const next = cookiesOf(state.headers.getSetCookie())
      expect([...next.keys()].map((name) => name.replace(/^(__[a-z]+)_[\w-]{8}$/, '$1_suffix'))).toEqual([
        '__session',
        '__session_suffix',
        '__refresh_suffix',
      ])
      official.test.clock.advance(A_WHILE)
      const [id, token] = [sessionId, next.get('__session')!]
      const again = await official.test.client.sessions.refreshSession(id, {
        expired_token: token,
        refresh_token: refreshCookie(next)[1],
        request_origin: 'http://localhost:3000',
        format: 'token',
      })
      expect(again.jwt.split('.')).toHaveLength(3)
      official.test.clock.advance(-A_WHILE)
    }
  })

  it('needs a handshake again once the person has signed out, or is banned', async () => {
    for (const end of ['sign-out', 'ban'] as const) {
      const { sessionId, browser, cookies } = await cookiesOfAWhileAgo()
      const { userId } = await official.client.sessions.getSession(sessionId)
      if (end === 'ban') await official.client.users.banUser(userId)
      else await browser.call(`POST /client/sessions/${sessionId}/remove`)
      for (const state of await authenticate(cookies)) expect(state).toMatchObject({ status: 'handshake' })
      await official.client.users.deleteUser(userId)
    }
  })

  it('is not followed by one for the refresh token of another session, or for what is none', async () => {
    const { cookies, directives } = await cookiesOfAWhileAgo()
    const [name, token] = refreshCookie(cookies)
    expect(directives.find((line) => line.startsWith(name))).toMatch(/; SameSite=Lax; HttpOnly$/)
    await official.client.users.deleteUser((await official.client.users.getUserList()).data[0]!.id)
    const other = await cookiesOfAWhileAgo()
    for (const worthless of [token, other.cookies.get('__session')!, 'x', `${token}x`]) {
      const states = await authenticate(new Map([...other.cookies, [name, worthless]]))
      for (const state of states) expect(state).toMatchObject({ status: 'handshake' })
    }
  })

  it('is taken away with the others by a handshake of a visitor who is not signed in', async () => {
    const { test } = official
    const { headers } = await callFrontend(test, 'GET /client/handshake', { query: { redirect_url: PAGE } })
    const token = new URL(headers.get('location')!).searchParams.get('__clerk_handshake') ?? ''
    const { handshake } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as {
      handshake: string[]
    }
    expect(handshake.filter((line) => line.startsWith('__refresh_'))).toEqual([
      expect.stringMatching(/^__refresh_[\w-]{8}=; Path=\/; Max-Age=0; /),
    ])
  })
})
