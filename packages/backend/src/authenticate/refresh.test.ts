import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ask } from './ask.test-support.js'
import { document, mint, NOW } from './instance.test-support.js'

beforeEach(() => {
  vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a session renewed with the refresh cookie', () => {
  const refresh = async (cookies: Record<string, string>, answer: { status?: number; body: unknown }, query = '') => {
    const api = { [`/sessions/sess_1/refresh${query}`]: answer }
    return ask({ headers: { ...document, accept: 'text/html' }, cookies, api })
  }
  const expiredToken = () => mint({ iat: NOW - 120, nbf: NOW - 130, exp: NOW - 60 })
  let suffix: string

  beforeEach(async () => {
    const { state } = await ask({})
    suffix = (state.toAuth() as { debug: () => Record<string, string> }).debug().cookieSuffix!
  })

  it('is asked for with what the browser sent, and sets the cookies it is given', async () => {
    const [expired, token] = [await expiredToken(), await mint()]
    const cookies = { __session: expired, __client_uat: '9', [`__refresh_${suffix}`]: 'rt_1' }
    const given = ['__client_uat=9; Path=/', `__session=${token}; Path=/`]
    const { state, requests } = await refresh(cookies, { body: { object: 'cookies', cookies: given } })
    expect(state).toMatchObject({ status: 'signed-in', token })
    expect(state.toAuth()).toMatchObject({ userId: 'user_1' })
    expect(state.headers.getSetCookie()).toEqual(given)
    const cookie = Object.entries(cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join('; ')
    expect(requests).toEqual([
      {
        method: 'POST',
        path: '/sessions/sess_1/refresh',
        authorization: 'Bearer sk_test_x',
        body: {
          format: 'cookie',
          expired_token: expired,
          refresh_token: 'rt_1',
          request_origin: 'https://app.example.com',
          request_headers: { accept: ['text/html'], cookie: [cookie], 'sec-fetch-dest': ['document'] },
        },
      },
    ])
  })

  it('is asked for with a suffix where the browser has one', async () => {
    const cookies = {
      [`__session_${suffix}`]: await expiredToken(),
      [`__client_uat_${suffix}`]: '9',
      [`__refresh_${suffix}`]: 'rt_1',
    }
    const { state } = await refresh(
      cookies,
      { body: { cookies: [`__session_${suffix}=${await mint()}`] } },
      '?suffixed_cookies=true',
    )
    expect(state.status).toBe('signed-in')
  })

  it.each([
    [{ body: { cookies: [] } }, 'unexpected-sdk-error'],
    [{ body: {} }, 'unexpected-sdk-error'],
    [{ body: { cookies: ['__session=garbage'] } }, 'invalid-session-token'],
    [{ body: { cookies: ['__client_uat=9'] } }, 'invalid-session-token'],
    [{ status: 401, body: { errors: [{ code: 'session_not_active', message: 'x' }] } }, 'session_not_active'],
    [{ status: 422, body: { errors: [{ code: 'unexpected_error', message: 'x' }] } }, 'fetch-error'],
    [{ status: 422, body: { errors: [] } }, 'unexpected-bapi-error'],
    [{ status: 500, body: {} }, 'unexpected-bapi-error'],
  ])('is not there when the API answers %j', async (answer, failed) => {
    const { state } = await refresh(
      { __session: await expiredToken(), __client_uat: '9', [`__refresh_${suffix}`]: 'rt_1' },
      answer,
    )
    expect(state).toMatchObject({ status: 'handshake', reason: `session-token-expired-refresh-${failed}` })
  })

  it.each([undefined, '', 7, { a: 1 }])('is not asked for when the session has the id %j', async (sid) => {
    const token = await mint({ sid, iat: NOW - 120, nbf: NOW - 130, exp: NOW - 60 })
    const { state, requests } = await refresh(
      { __session: token, __client_uat: '9', [`__refresh_${suffix}`]: 'rt_1' },
      { body: {} },
    )
    expect(state.reason).toBe('session-token-expired-refresh-expired-session-token-missing-sid-claim')
    expect(requests).toEqual([])
  })

  it('is that of the cookie, even where an expired token came in the header', async () => {
    const headers = { ...document, authorization: `Bearer ${await expiredToken()}` }
    const { state, requests } = await ask({
      headers,
      cookies: { __session: 'garbage', __client_uat: '9', [`__refresh_${suffix}`]: 'rt_1' },
    })
    expect(state.reason).toBe('session-token-expired-refresh-expired-session-token-missing-sid-claim')
    expect(requests).toEqual([])
    const alone = await ask({ headers, cookies: { [`__refresh_${suffix}`]: 'rt_1' } })
    expect(alone.requests.map(({ path }) => path)).toEqual(['/sessions/sess_1/refresh'])
  })

  it('is not asked for without that cookie, nor when something is sent', async () => {
    const cookies = { __session: await expiredToken(), __client_uat: '9' }
    const without = await ask({ headers: document, cookies })
    expect(without.state.reason).toBe('session-token-expired-refresh-non-eligible-no-refresh-cookie')
    const plain = await ask({ headers: document, cookies: { ...cookies, __refresh: 'rt_1' } })
    expect(plain.state.reason).toBe('session-token-expired-refresh-non-eligible-no-refresh-cookie')
    const posted = await ask({
      headers: document,
      method: 'POST',
      cookies: { ...cookies, [`__refresh_${suffix}`]: 'rt_1' },
    })
    expect(posted.state).toMatchObject({
      status: 'signed-out',
      reason: 'session-token-expired-refresh-non-eligible-non-get',
    })
    expect([...without.requests, ...plain.requests, ...posted.requests]).toEqual([])
  })
})
