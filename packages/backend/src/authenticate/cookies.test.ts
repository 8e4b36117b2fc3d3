import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Visit } from './asking.test-support.js'
import { askOurs, compare } from './differential.test-support.js'
import {
  DEVELOPMENT_HOST,
  developmentKey,
  document,
  mint,
  NOW,
  PRODUCTION_HOST,
  productionKey,
} from './instance.test-support.js'

const suffixOf = (key: string) => createHash('sha1').update(key).digest('base64url').slice(0, 8)

/** The cookies of a browser in which several instances may have been, from every combination of these. */
async function* everyBrowser(
  publishableKey: string,
  host: string,
): AsyncGenerator<{ cookies: Record<string, string>; now?: number }> {
  const suffix = suffixOf(publishableKey)
  const iss = `https://${host}`
  const older = await mint({ iss, iat: NOW - 30 })
  const newer = await mint({ iss, iat: NOW })
  const expired = await mint({ iss, iat: NOW - 120, nbf: NOW - 130, exp: NOW - 60 })
  const justExpired = await mint({ iss, iat: NOW - 60, nbf: NOW - 60, exp: NOW })
  const otherIssuer = await mint({ iss: 'https://clerk.other.com' })
  for (const plain of [
    undefined,
    older,
    newer,
    otherIssuer,
    await mint({ iss: undefined }),
    await mint({ iss: `http://${host}` }),
    'garbage',
  ]) {
    for (const own of [undefined, older, newer, expired, justExpired, 'garbage']) {
      for (const plainUat of [undefined, '0', '9']) {
        for (const ownUat of [undefined, '0', String(NOW - 40)]) {
          const cookies = {
            __session: plain,
            __client_uat: plainUat,
            [`__session_${suffix}`]: own,
            [`__client_uat_${suffix}`]: ownUat,
            __clerk_db_jwt: 'dvb_1',
            [`__clerk_db_jwt_${suffix}`]: 'dvb_2',
          }
          yield {
            cookies: Object.fromEntries(Object.entries(cookies).filter(([, value]) => value !== undefined)) as Record<
              string,
              string
            >,
          }
        }
      }
    }
  }
}

describe('of cookies of several instances and of several times, those are taken that @clerk/backend takes', () => {
  it.each([
    ['production', productionKey, PRODUCTION_HOST],
    ['development', developmentKey, DEVELOPMENT_HOST],
  ])('in %s', async (_, publishableKey, host) => {
    for await (const browser of everyBrowser(publishableKey, host))
      await compare({ ...browser, headers: document, options: { publishableKey } })
  })
})

describe('the time of the last change in a browser', () => {
  const visit = async (iat: number, clientUat: number): Promise<Visit> => ({
    cookies: { __session: await mint({ iat }), __client_uat: String(clientUat) },
    headers: document,
  })

  it.each([
    [NOW - 21, NOW - 20, 'handshake'],
    [NOW - 20, NOW - 20, 'signed-in'],
    [NOW - 19, NOW - 20, 'signed-in'],
  ])('lets a session of %i in after a change at %i: %s', async (iat, clientUat, status) => {
    const state = await compare(await visit(iat, clientUat))
    expect(state).toMatchObject({
      status,
      reason: status === 'handshake' ? 'session-token-iat-before-client-uat' : null,
    })
  })

  it.each(['-5', '1.5', '9x', ' 9', '1e9', '0x9', '', '00'])(
    'is read from %j as @clerk/backend does',
    async (clientUat) => {
      await compare({ cookies: { __session: await mint(), __client_uat: clientUat }, headers: document })
    },
  )
})

describe('the lifetime of a session, with five seconds of skew', () => {
  it.each([
    ['exp', NOW - 4, 'signed-in'],
    ['exp', NOW - 5, 'session-token-expired-refresh-non-eligible-no-refresh-cookie'],
    ['nbf', NOW + 5, 'signed-in'],
    ['nbf', NOW + 6, 'session-token-nbf'],
    ['iat', NOW + 5, 'signed-in'],
    ['iat', NOW + 6, 'session-token-iat-in-the-future'],
  ])('%s = %i: %s', async (claim, time, expected) => {
    const token = await mint({ [claim]: time })
    for (const carried of [
      { cookies: { __session: token, __client_uat: '9' } },
      { headers: { authorization: `Bearer ${token}` } },
    ]) {
      const state = await compare({
        ...carried,
        headers: { ...document, ...('headers' in carried ? carried.headers : {}) },
      })
      expect(state.reason ?? state.status).toBe(expected)
    }
  })
})

describe('round trips to the Frontend API', () => {
  const expired = { exp: NOW - 60, iat: NOW - 120, nbf: NOW - 130 }
  it.each([
    [undefined, 'handshake'],
    ['1', 'handshake'],
    ['2', 'handshake'],
    ['3', 'signed-out'],
    ['x', 'handshake'],
  ])('after %j of them: %s', async (count, status) => {
    const cookies = {
      __session: await mint(expired),
      __client_uat: '9',
      ...(count ? { __clerk_redirect_count: count } : {}),
    }
    const state = await compare({ cookies, headers: document })
    expect(state.status).toBe(status)
    if (status === 'handshake') {
      expect(state.cookies).toEqual([
        `__clerk_redirect_count=${(Number(count) || 0) + 1}; SameSite=Lax; HttpOnly; Max-Age=2`,
      ])
      expect(state.headers).toMatchObject({ 'cache-control': 'no-store' })
    }
  })

  it('are at an end after any larger number of them too, where @clerk/backend would begin anew', async () => {
    const cookies = {
      __session: await mint({ exp: 9, iat: 9, nbf: 9 }),
      __client_uat: '9',
      __clerk_redirect_count: '4',
    }
    const { outcome } = await askOurs({ cookies, headers: document })
    expect(outcome).toMatchObject({ status: 'signed-out', cookies: [] })
  })

  it.each([
    ['0', 'handshake'],
    ['2', 'handshake'],
    ['3', 'signed-in'],
  ])('for the sake of an organization, after %j of them: %s', async (count, status) => {
    const organizationSyncOptions = { organizationPatterns: ['/orgs/:slug'] }
    const cookies = { __session: await mint(), __client_uat: '9', __clerk_redirect_count: count }
    const state = await compare({
      url: 'https://app.example.com/orgs/acme',
      cookies,
      headers: document,
      options: { organizationSyncOptions },
    })
    expect(state.status).toBe(status)
  })
})
