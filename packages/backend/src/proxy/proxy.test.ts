import * as official from '@clerk/backend/proxy'
import { afterEach, describe, expect, it, vi } from 'vitest'
import * as ours from '../proxy.js'

const publishableKey = `pk_live_${btoa('clerk.example.com$')}`
const secretKey = 'sk_live_x'
const fapiUrl = 'http://frontend-api.example.com/base'
const app = 'https://app.example.com'

function createUpstream(answer: () => Response = () => new Response('ok')) {
  const requests: { method: string; url: string; headers: Record<string, string>; body: string }[] = []
  return {
    requests,
    async fetch(input: string | URL | Request, init?: RequestInit) {
      const { host: _host, ...headers } = Object.fromEntries(new Headers(init?.headers))
      requests.push({
        method: init?.method ?? 'GET',
        url: new Request(input).url,
        headers,
        body: await new Response(init?.body ?? null).text(),
      })
      return answer()
    },
  }
}

async function run(proxy: typeof ours | typeof official, request: Request, options: object, answer?: () => Response) {
  const upstream = createUpstream(answer)
  vi.stubGlobal('fetch', upstream.fetch)
  const response = await proxy.clerkFrontendApiProxy(request, { publishableKey, secretKey, fapiUrl, ...options })
  vi.unstubAllGlobals()
  return {
    requests: upstream.requests,
    status: response.status,
    headers: Object.fromEntries(response.headers),
    cookies: response.headers.getSetCookie(),
    body: await response.text(),
  }
}

afterEach(() => vi.unstubAllGlobals())

describe('the proxy of the Frontend API, beside @clerk/backend', () => {
  const requests: [name: string, make: () => Request, options?: object][] = [
    ['a read', () => new Request(`${app}/__clerk/v1/client?a=b&c=%20`, { headers: { cookie: 'a=b', origin: app } })],
    ['the root', () => new Request(`${app}/__clerk`)],
    [
      'a post',
      () =>
        new Request(`${app}/__clerk/v1/client/sign_ins`, {
          method: 'POST',
          body: 'a=b',
          headers: { 'content-type': 'text/x' },
        }),
    ],
    [
      'hop-by-hop headers',
      () =>
        new Request(`${app}/__clerk/v1`, {
          headers: { 'x-hop': '1', connection: 'x-hop, close', te: 'trailers', 'x-kept': '1' },
        }),
    ],
    [
      'a request behind proxies',
      () =>
        new Request('http://10.0.0.1/__clerk/v1', {
          headers: {
            'x-forwarded-host': 'a.example, b',
            'x-forwarded-proto': 'https, http',
            'x-forwarded-for': '1.2.3.4, 5.6.7.8',
          },
        }),
    ],
    [
      'a client behind Cloudflare',
      () => new Request(`${app}/__clerk/v1`, { headers: { 'cf-connecting-ip': '9.9.9.9', 'x-real-ip': '8.8.8.8' } }),
    ],
    ['another path of the proxy', () => new Request(`${app}/api/clerk/v1`), { proxyPath: '/api/clerk/' }],
    ['no base path', () => new Request(`${app}/__clerk/v1`), { fapiUrl: 'https://frontend-api.example.com/' }],
  ]

  it.each(requests)('passes %s on the same', async (_, make, options = {}) => {
    const result = await run(ours, make(), options)
    expect(result).toEqual(await run(official, make(), options))
    expect(result.requests).toHaveLength(1)
  })

  const answers: [name: string, answer: () => Response][] = [
    [
      'cookies',
      () =>
        new Response('x', {
          headers: [
            ['set-cookie', 'a=1'],
            ['set-cookie', 'b=2'],
            ['content-length', '1'],
            ['content-encoding', 'gzip'],
          ],
        }),
    ],
    [
      'a redirect to itself',
      () => new Response(null, { status: 307, headers: { location: 'http://frontend-api.example.com/v1/x?y=z#w' } }),
    ],
    ['a relative redirect', () => new Response(null, { status: 307, headers: { location: '/v1/x' } })],
    [
      'a redirect elsewhere',
      () => new Response(null, { status: 303, headers: { location: 'https://elsewhere.com/' } }),
    ],
    ['an error', () => new Response('{}', { status: 422, headers: { 'content-type': 'application/json' } })],
  ]

  it.each(answers)('passes %s back the same', async (_, answer) => {
    const make = () => new Request(`${app}/__clerk/v1/x`)
    expect(await run(ours, make(), {}, answer)).toEqual(await run(official, make(), {}, answer))
  })

  it.each([
    ['another path', `${app}/other`, {}],
    ['a path that only starts alike', `${app}/__clerkx`, {}],
    ['no publishable key', `${app}/__clerk`, { publishableKey: '' }],
    ['no secret key', `${app}/__clerk`, { secretKey: '' }],
    ['a URL of another kind', `${app}/__clerk`, { fapiUrl: 'ftp://x.example' }],
    ['a URL with credentials', `${app}/__clerk`, { fapiUrl: 'https://a:b@x.example' }],
    ['a URL with a query', `${app}/__clerk`, { fapiUrl: 'https://x.example?a' }],
  ])('refuses %s', async (_, url, options) => {
    const [mine, theirs] = [await run(ours, new Request(url), options), await run(official, new Request(url), options)]
    expect({ ...mine, body: '' }).toEqual({ ...theirs, body: '' })
    expect(JSON.parse(mine.body).errors[0].code).toBe(JSON.parse(theirs.body).errors[0].code)
    expect(mine.requests).toEqual([])
  })

  it.each([
    'evil.example/path',
    'user:password@evil.example',
    'a.example?x=1',
    'a.example#x',
    'a.example, b.example/x',
    'a b',
    '[::1',
    'a.example:port',
    '<script>',
  ])('tells the Frontend API its own host where somebody sent %j', async (host) => {
    const request = new Request(`${app}/__clerk/v1`, {
      headers: { 'x-forwarded-host': host, 'x-forwarded-proto': 'https' },
    })
    const { requests } = await run(ours, request, {})
    expect(requests[0]!.headers).toMatchObject({
      'x-forwarded-host': 'app.example.com',
      'clerk-proxy-url': `${app}/__clerk`,
    })
  })

  it.each(['a.example', 'a.example:8443', '[::1]:3000', '10.0.0.1', 'a.example, b.example:80'])(
    'passes the host %s on, and no protocol but http and https',
    async (host) => {
      const headers = { 'x-forwarded-host': host, 'x-forwarded-proto': 'javascript' }
      const { requests } = await run(ours, new Request(`${app}/__clerk/v1`, { headers }), {})
      expect(requests[0]!.headers).toMatchObject({
        'x-forwarded-host': host,
        'x-forwarded-proto': 'https',
        'clerk-proxy-url': `${app}/__clerk`,
      })
    },
  )

  it.each([
    [{ 'x-forwarded-for': '<script>, 1.2.3.4' }, undefined],
    [{ 'x-forwarded-for': 'unknown' }, undefined],
    [{ 'x-real-ip': 'a name', 'x-forwarded-for': '1.2.3.4' }, '1.2.3.4'],
    [{ 'cf-connecting-ip': '2001:db8::7' }, '2001:db8::7'],
    [{ 'x-forwarded-for': '[2001:db8::7]:4711' }, '[2001:db8::7]:4711'],
  ])('passes on an address, and nothing else: %j', async (headers, address) => {
    const { requests } = await run(ours, new Request(`${app}/__clerk/v1`, { headers }), {})
    expect((requests[0]!.headers as Record<string, string>)['x-forwarded-for']).toBe(address)
  })

  it('answers 502 when the Frontend API cannot be reached', async () => {
    const result = await run(ours, new Request(`${app}/__clerk/v1`), {}, () => {
      throw new TypeError('fetch failed')
    })
    expect(result).toMatchObject({ status: 502, headers: { 'cache-control': 'no-store' } })
  })

  it('keeps "Expect: 100-continue" to itself, which its server has answered and fetch refuses to send', async () => {
    const { requests } = await run(
      ours,
      new Request(`${app}/__clerk/v1`, { method: 'POST', headers: { expect: '100-continue' }, body: 'x' }),
      {},
    )
    expect(requests).toHaveLength(1)
    expect(requests[0]).not.toHaveProperty('headers.expect')
  })

  it('CVE-2026-34076: no path leads the secret key to another host', async () => {
    const paths = [
      '//evil.example',
      '/\\evil.example',
      '/@evil.example',
      '//evil.example:80/x',
      '/%2f%2fevil.example',
      '/..//evil.example',
      '/%2e%2e/%2e%2e/evil',
      '/;@evil.example',
      '/.evil.example',
      '/\t/evil.example',
      '/?@evil.example',
      '/https://evil.example',
      ':80@evil.example',
    ]
    for (const path of paths) {
      for (const base of [fapiUrl, 'https://frontend-api.example.com']) {
        const { requests } = await run(ours, new Request(`${app}/__clerk${path}`), { fapiUrl: base })
        for (const { url } of requests) {
          expect(new URL(url).host).toBe('frontend-api.example.com')
          expect(url.startsWith(base)).toBe(true)
        }
      }
    }
  })

  it('knows its paths and where a key is served', () => {
    for (const path of ['/__clerk', '/__clerk/', '/__clerk/v1', '/__clerkx', '/', '/x/__clerk']) {
      const request = new Request(app + path)
      expect(ours.matchProxyPath(request)).toBe(official.matchProxyPath(request))
      expect(ours.matchProxyPath(request, { proxyPath: '/x/' })).toBe(
        official.matchProxyPath(request, { proxyPath: '/x/' }),
      )
    }
    const hosts = [
      'clerk.example.com',
      'clerk.a.lcl.dev',
      'a.lcl.dev',
      'a-b-1.clerk.accountsstage.dev',
      'a-b-1.clerk.accounts.dev',
      'x.accounts.lclclerk.com',
      'x.lclstage.dev',
    ]
    for (const key of ['', 'x', ...hosts.map((host) => `pk_test_${btoa(`${host}$`)}`)]) {
      expect(ours.fapiUrlFromPublishableKey(key)).toBe(official.fapiUrlFromPublishableKey(key))
    }
    expect([ours.DEFAULT_PROXY_PATH, ours.stripTrailingSlashes('/a//')]).toEqual([
      official.DEFAULT_PROXY_PATH,
      official.stripTrailingSlashes('/a//'),
    ])
  })
})
