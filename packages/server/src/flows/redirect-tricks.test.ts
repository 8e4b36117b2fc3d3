import { beforeEach, describe, expect, it } from 'vitest'
import { callFrontend, type Answer } from '../browser.test-support.js'
import { dialects, useTestServer } from '../server.test-support.js'
import { LINKS } from './email-links/email-links.test-support.js'
import { REDIRECT_TRICKS } from './redirect-tricks.test-support.js'
import { ADA, configure, newAda, openSignIn } from './sign-in/sign-in.test-support.js'

describe.each(dialects)('pages that browsers are sent to on %s', (dialect) => {
  const server = useTestServer(dialect)
  const get = (route: string) => (redirectUrl: string) =>
    callFrontend(server, route, { query: { redirect_url: redirectUrl } })

  const ways: Record<string, (redirectUrl: string) => Promise<Answer>> = {
    'a handshake with a nonce': (redirectUrl) =>
      callFrontend(server, 'GET /client/handshake', { query: { redirect_url: redirectUrl, format: 'nonce' } }),
    'a handshake with a token': get('GET /client/handshake'),
    'a redirect': get('GET /redirect'),
    'a renewed cookie': get('GET /client/touch'),
    'a link in a mail': async (redirectUrl) => {
      const form = { identifier: ADA, strategy: 'email_link', redirect_url: redirectUrl }
      return (await openSignIn(server)).call('POST /client/sign_ins', { form })
    },
  }

  beforeEach(async () => {
    await configure(server, LINKS)
    await newAda(server)
  })

  it.each(Object.keys(ways))('are of the instance, whatever is tried: %s', async (way) => {
    const sent = (await server.messages()).length
    for (const trick of REDIRECT_TRICKS) {
      const { status, headers, body } = await ways[way]!(trick)
      expect([trick.slice(0, 60), status, headers.get('location')]).toEqual([trick.slice(0, 60), 422, null])
      expect(body.errors[0].meta.param_name).toBe('redirect_url')
      expect(headers.getSetCookie().join()).not.toContain('__clerk_handshake')
    }
    expect(await server.messages()).toHaveLength(sent)
  })

  it('are of the domain in production, and of a satellite where it is synced, whatever is tried', async () => {
    const name = `tricks-${dialect}.example`
    server.instance = await server.newInstance({ environmentType: 'production', frontendHost: `clerk.${name}` })
    const satellite = `sat-${name}`
    expect((await server.call('POST', '/domains', { name: satellite, is_satellite: true })).status).toBe(200)
    const tricks = [name, satellite].flatMap((host) => [
      `http://${host}/`,
      `https://evil${host}/`,
      `https://${host}.evil.example/`,
      `https://${host}@evil.example/`,
      `https://evil.example/${host}`,
      String.raw`https://evil.example\.${host}/`,
      `https://${host}%00.evil.example/`,
      `https://${host}\u3002evil.example/`,
      `https://x:y@${host}/`,
    ])
    for (const route of ['GET /client/handshake', 'GET /client/touch', 'GET /redirect', 'GET /client/sync']) {
      for (const trick of [...tricks, ...REDIRECT_TRICKS, 'http://localhost:3000/']) {
        const { status, headers } = await get(route)(trick)
        expect([route, trick.slice(0, 60), status, headers.get('location')]).toEqual([
          route,
          trick.slice(0, 60),
          422,
          null,
        ])
      }
    }
  })
})
