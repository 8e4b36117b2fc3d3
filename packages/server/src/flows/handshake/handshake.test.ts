import { describe, expect, it } from 'vitest'
import { callFrontend, openBrowser } from '../../browser.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { REDIRECT_TRICKS } from '../redirect-tricks.test-support.js'

const PAGE = 'http://localhost:3000/dashboard?tab=1'

describe.each(dialects)('a handshake on %s', (dialect) => {
  const server = useTestServer(dialect)

  const begin = (query: Record<string, string>) =>
    callFrontend(server, 'GET /client/handshake', { query: { redirect_url: PAGE, format: 'nonce', ...query } })
  const nonceOf = (headers: Headers) => new URL(headers.get('location')!).searchParams.get('__clerk_handshake_nonce')!
  const payload = (nonce: string) => server.call('GET', `/clients/handshake_payload?nonce=${nonce}`)

  it('brings a visitor back with a nonce for the cookies of a new browser, once', async () => {
    const { status, headers } = await begin({})
    expect(status).toBe(307)
    const location = new URL(headers.get('location')!)
    expect(location.searchParams.get('tab')).toBe('1')
    const { body } = await payload(nonceOf(headers))
    const names = body.directives.map((line: string) =>
      line.split(';', 1)[0]!.replace(/(jwt|uat|session|refresh)_[\w-]{8}=/, '$1_suffix='),
    )
    expect(names).toEqual([
      expect.stringMatching(/^__clerk_db_jwt=dvb_/),
      expect.stringMatching(/^__clerk_db_jwt_suffix=dvb_/),
      '__client_uat=0',
      '__client_uat_suffix=0',
      '__session=',
      '__session_suffix=',
      '__refresh_suffix=',
    ])
    expect(await payload(nonceOf(headers))).toMatchObject({ status: 404 })
  })

  it('leaves a browser the token that it has, and gives another for one that is worth nothing', async () => {
    const browser = await openBrowser(server)
    const lines = async (token: string) =>
      (await payload(nonceOf((await begin({ __clerk_db_jwt: token })).headers))).body.directives as string[]
    expect((await lines(browser.token))[0]).toContain(`__clerk_db_jwt=${browser.token};`)
    const [fresh] = await lines('dvb_worth_nothing')
    expect(fresh).toMatch(/^__clerk_db_jwt=dvb_/)
    expect(fresh).not.toContain('dvb_worth_nothing')
  })

  it('is over after a minute', async () => {
    const { headers } = await begin({})
    server.clock.advance(60_000)
    expect(await payload(nonceOf(headers))).toMatchObject({ status: 404 })
  })

  it('is read by one of 64 that have its nonce', async () => {
    const { headers } = await begin({})
    const answers = await Promise.all(Array.from({ length: 64 }, () => payload(nonceOf(headers))))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it.each(['', ...REDIRECT_TRICKS])('sends nobody to %j', async (redirectUrl) => {
    const answer = await callFrontend(server, 'GET /client/handshake', { query: { redirect_url: redirectUrl } })
    expect(answer.status).toBe(422)
    expect(answer.headers.get('location')).toBeNull()
    expect(answer.body.errors[0].meta.param_name).toBe('redirect_url')
  })
})
