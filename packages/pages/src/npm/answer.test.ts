import { gunzipSync, brotliDecompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { pagesOf } from '../pages.test-support.js'

const pages = pagesOf()
const get = (path: string, headers: Record<string, string> = {}) => pages.get(path, { headers })

describe('the browser packages', () => {
  it.each([
    ['@clerk/clerk-js@5/dist/clerk.browser.js', '5.128.0'],
    ['@clerk/clerk-js@5/dist/clerk.headless.browser.js', '5.128.0'],
    ['@clerk/clerk-js@5.128/dist/clerk.browser.js', '5.128.0'],
    ['@clerk/clerk-js@6/dist/clerk.browser.js', '6.40.0'],
    ['@clerk/clerk-js@latest/dist/clerk.browser.js', '6.40.0'],
    ['@clerk/clerk-js@canary/dist/clerk.browser.js', '6.40.0'],
    ['@clerk/clerk-js/dist/clerk.browser.js', '6.40.0'],
    ['%40clerk/clerk-js%406/dist/clerk.browser.js', '6.40.0'],
    ['@clerk/ui@1/dist/ui.browser.js', '1.34.0'],
    ['@clerk/ui@latest/dist/ui.shared.browser.js', '1.34.0'],
  ])('serve %s as version %s, for five minutes', async (path, version) => {
    const response = await get(`/npm/${path}`)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain(`"${version}"`)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/javascript; charset=utf-8',
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      vary: 'Accept-Encoding',
    })
  })

  it.each(['@clerk/clerk-js@6.40.0', '@clerk/clerk-js@5.128.0'])(
    'keep %s, an exact version, for ever',
    async (name) => {
      const response = await get(`/npm/${name}/dist/clerk.browser.js`)
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    },
  )

  it('are compressed as the client prefers', async () => {
    const path = '/npm/@clerk/clerk-js@6/dist/clerk.browser.js'
    const plain = Buffer.from(await (await get(path)).arrayBuffer())
    const unpack: Record<string, (data: Buffer) => Buffer> = { br: brotliDecompressSync, gzip: gunzipSync }
    const tags = new Set()
    for (const [accepted, expected] of [
      ['gzip, deflate, br, zstd', 'br'],
      ['gzip', 'gzip'],
      ['br;q=0.5, gzip;q=0.9', 'gzip'],
      ['br;q=0, gzip;q=0', null],
      ['identity', null],
      ['*', 'br'],
    ] as const) {
      const response = await get(path, { 'accept-encoding': accepted })
      expect(response.headers.get('content-encoding')).toBe(expected)
      const body = Buffer.from(await response.arrayBuffer())
      expect(response.headers.get('content-length')).toBe(String(body.length))
      expect((expected ? unpack[expected]!(body) : body).equals(plain)).toBe(true)
      tags.add(response.headers.get('etag'))
    }
    expect(tags.size).toBe(3)
  })

  it('are not sent again to a client that has them', async () => {
    const path = '/npm/@clerk/ui@1/dist/ui.browser.js'
    const first = await get(path, { 'accept-encoding': 'br' })
    const etag = first.headers.get('etag')!
    const again = await get(path, { 'accept-encoding': 'br', 'if-none-match': `"other", W/${etag}` })
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag])
    const otherwise = await get(path, { 'accept-encoding': 'gzip', 'if-none-match': etag })
    expect(otherwise.status).toBe(200)
  })

  it.each([
    ['@clerk/clerk-js@4/dist/clerk.browser.js', 'It serves major 6 (version 6.40.0) and 5 (version 5.128.0)'],
    ['@clerk/clerk-js@7/dist/clerk.browser.js', 'This server has no @clerk/clerk-js@7'],
    ['@clerk/clerk-js@6.29.3/dist/clerk.browser.js', 'This server has no @clerk/clerk-js@6.29.3'],
    ['@clerk/clerk-js@/dist/clerk.browser.js', 'The address of a file is'],
    ['@clerk/ui@2/dist/ui.browser.js', 'It serves major 1 (version 1.34.0)'],
    ['@clerk/react@6/dist/index.js', 'It has @clerk/clerk-js and @clerk/ui'],
    ['@clerk/clerk-js@6/dist/clerk.native.js', 'has no file dist/clerk.native.js for browsers'],
    ['@clerk/clerk-js@6/package.json', 'has no file package.json for browsers'],
  ])('that are not there are refused with the reason: %s', async (path, reason) => {
    const response = await get(`/npm/${path}`)
    expect(response.status).toBe(404)
    expect(await response.text()).toContain(reason)
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
  })

  it.each([
    '@clerk/clerk-js@6/../../index.json',
    '@clerk/clerk-js@6/..%2f..%2findex.json',
    '@clerk/clerk-js@6/dist/..%2f..%2f..%2findex.json',
    '@clerk/clerk-js@6/dist/%2e%2e/%2e%2e/index.json',
    '@clerk/clerk-js@6/dist/clerk.browser.js.br',
    '@clerk/clerk-js@6//etc/passwd',
    '@clerk/clerk-js@6/%00',
    '@clerk/clerk-js@6/%ff%fe',
    '@clerk/clerk-js@../dist/clerk.browser.js',
    '..%2f..%2fpackage.json',
    '@clerk/clerk-js@6/__proto__',
    '@clerk/clerk-js@6/constructor',
    `@clerk/clerk-js@6/${'a/'.repeat(5000)}`,
  ])('lead nowhere else: %s', async (path) => {
    const response = await get(`/npm/${path}`)
    expect(response.status).toBe(404)
  })

  it('bring their licence', async () => {
    for (const name of ['@clerk/clerk-js@5', '@clerk/clerk-js@6', '@clerk/ui@1']) {
      const response = await get(`/npm/${name}/LICENSE`)
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
      expect(await response.text()).toContain('MIT License')
    }
  })

  it('are named as missing by a server that was built without them', async () => {
    const bare = pagesOf({ browserPackages: '/nonexistent' })
    const response = await bare.get('/npm/@clerk/clerk-js@6/dist/clerk.browser.js')
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('built without the browser packages')
  })
})
