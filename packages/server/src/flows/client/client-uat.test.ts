import { describe, expect, it } from 'vitest'
import { callFrontend, cookiesOf, type Answer } from '../../browser.test-support.js'
import { cookieSuffixOf } from '../../instances/instance.js'
import { dialects, useTestServer } from '../../server.test-support.js'

/** Where an application has the Frontend API, and the domain for which its server is told who is signed in. */
const HOSTS: [host: string, domain: string | null][] = [
  ['example.com', 'example.com'],
  ['clerk.example.com', 'example.com'],
  ['deep.down.example.co.uk', 'example.co.uk'],
  ['app.xn--bcher-kva.example', 'xn--bcher-kva.example'],
  // Strangers have names beside this one.
  ['foo.github.io', 'foo.github.io'],
  ['app.foo.github.io', 'foo.github.io'],
  ['my-app.vercel.app', 'my-app.vercel.app'],
  ['shop.bar.myshopify.com', 'bar.myshopify.com'],
  ['com', null],
  ['co.uk', null],
  ['github.io', null],
  ['vercel.app', null],
  ['localhost', null],
  ['intranet', null],
  ['127.0.0.1', null],
  ['192.168.1.7:8443', null],
  ['[::1]', null],
  ['[2001:db8::7]:8443', null],
]

describe.each(dialects)('the cookie that tells an application’s server who is signed in, on %s', (dialect) => {
  const server = useTestServer(dialect)

  /** Of a production instance, whose name of the suffix is its own. */
  const inProduction = async () => {
    const frontendHost = `clerk.${server.instance.id.toLowerCase().replaceAll('_', '-')}.example.com`
    server.instance = await server.newInstance({ environmentType: 'production', frontendHost })
    return cookieSuffixOf(server.instance)
  }
  const proxied = (proxyUrl: string) => ({
    'clerk-proxy-url': proxyUrl,
    'clerk-secret-key': server.instance.secretKey,
  })
  const line = (name: string, value: string, attributes: string[]) =>
    [`${name}=${value}`, 'Path=/', ...attributes, 'SameSite=Lax'].join('; ')
  const uatLines = ({ headers }: Answer) => headers.getSetCookie().filter((one) => one.startsWith('__client_uat'))

  it.each(HOSTS)(
    'is set at https://%s for the domain %s, and with it the one of the instance',
    async (host, domain) => {
      const suffix = await inProduction()
      const answer = await callFrontend(server, 'POST /client', { headers: proxied(`https://${host}/__clerk`) })
      const attributes = [...(domain === null ? [] : [`Domain=${domain}`]), 'Max-Age=315360000', 'Secure']
      expect(uatLines(answer)).toEqual([
        line('__client_uat', '0', attributes),
        line(`__client_uat_${suffix}`, '0', attributes),
      ])
      // The browser's own cookie is never for another host.
      const [own] = answer.headers.getSetCookie().filter((one) => one.startsWith('__client='))
      expect(own!.replace(/=[^;]+/, '=')).toBe('__client=; Path=/; Max-Age=34560000; Secure; HttpOnly; SameSite=Lax')
    },
  )

  it('says when the browser changed, and 0 once nobody is signed in', async () => {
    const suffix = await inProduction()
    await server.call('POST', '/users', { email_address: ['ada@example.com'], password: 'analytical engine' })
    const headers = proxied('https://app.example.com/__clerk')
    const form = { identifier: 'ada@example.com', password: 'analytical engine' }
    const signedIn = await callFrontend(server, 'POST /client/sign_ins', { headers, form })
    const attributes = ['Domain=example.com', 'Max-Age=315360000', 'Secure']
    const lines = (value: string) => [
      line('__client_uat', value, attributes),
      line(`__client_uat_${suffix}`, value, attributes),
    ]
    expect(uatLines(signedIn)).toEqual(lines(String(Math.floor(server.clock.now() / 1000))))
    const cookie = signedIn.headers.getSetCookie().at(-1)!.split(';', 1)[0]!
    const signedOut = await callFrontend(server, 'DELETE /client', { headers: { ...headers, cookie } })
    expect(uatLines(signedOut)).toEqual(lines('0'))
  })
  it('comes from a handshake for the domain of the page', async () => {
    const suffix = await inProduction()
    const page = `https://${server.instance.frontendHost.replace('clerk.', 'app.')}/`
    const query = { redirect_url: page, format: 'nonce' }
    const { headers } = await callFrontend(server, 'GET /client/handshake', { query })
    const nonce = cookiesOf(headers.getSetCookie()).get('__clerk_handshake_nonce')!
    const { body } = await server.call('GET', `/clients/handshake_payload?nonce=${nonce}`)
    const lines = (body.directives as string[]).filter((one) => one.startsWith('__client_uat'))
    expect(lines.map((one) => one.split('; ').filter((part) => /uat|Domain|Secure/.test(part)))).toEqual([
      ['__client_uat=0', 'Domain=example.com', 'Secure'],
      [`__client_uat_${suffix}=0`, 'Domain=example.com', 'Secure'],
    ])
  })
})
