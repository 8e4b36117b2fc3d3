import { createServer, request as send, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestInstance } from '../testing.js'
import { createAuthenticateRequest } from './authenticate-request.js'

const instance = await createTestInstance({ type: 'production' })
const { publishableKey, secretKey, jwtKey } = instance
const { authenticateRequest } = createAuthenticateRequest({ options: { publishableKey, secretKey, jwtKey } })

describe('requests of node:http', () => {
  let server: Server
  let take: (request: IncomingMessage) => void
  beforeAll(async () => {
    server = createServer((request, response) => {
      take(request)
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => server.close())

  async function receive(
    path: string,
    headers: Record<string, string | string[]>,
    method = 'GET',
  ): Promise<IncomingMessage> {
    const { port } = server.address() as AddressInfo
    return new Promise((resolve, reject) => {
      take = resolve
      send({ port, host: '127.0.0.1', path, headers, method }).on('error', reject).end()
    })
  }

  it('are signed in by header and by cookie', async () => {
    const token = await instance.signSessionToken()
    const byHeader = await authenticateRequest(await receive('/', { Authorization: `bearer ${token}` }))
    expect(byHeader.toAuth()).toMatchObject({ userId: 'user_test' })
    const byCookie = await authenticateRequest(await receive('/', { Cookie: [`__session=${token}`, '__client_uat=1'] }))
    expect(byCookie.toAuth()).toMatchObject({ userId: 'user_test' })
  })

  it('lead to the same answer as web requests', async () => {
    const headers = {
      host: 'shop.example.com',
      'sec-fetch-dest': 'document',
      cookie: '__client_uat=9',
      'x-forwarded-proto': 'https',
    }
    for (const path of ['/', '/a/b?c=d&e', '/a%20b?x=%2F', '//evil.example/x', '/a?b=c?d']) {
      const ours = await authenticateRequest(await receive(path, headers))
      const web = await authenticateRequest(new Request(`http://shop.example.com${path}`, { headers }))
      expect([...ours.headers]).toEqual([...web.headers])
      expect(new URL(new URL(ours.headers.get('location')!).searchParams.get('redirect_url')!).host).toBe(
        'shop.example.com',
      )
    }
  })

  it('keep their host, whatever an absolute target or a router says', async () => {
    const headers = { host: 'shop.example.com', 'sec-fetch-dest': 'document', cookie: '__client_uat=9' }
    const request = await receive('http://evil.example/path?x=1', headers)
    const back = async () =>
      new URL((await authenticateRequest(request)).headers.get('location')!).searchParams.get('redirect_url')
    expect(await back()).toBe('http://shop.example.com/path?x=1')
    Object.assign(request, { url: '/rest', originalUrl: '/mounted/rest' })
    expect(await back()).toBe('http://shop.example.com/mounted/rest')
    request.headers.host = 'not a host'
    expect(await back()).toBe('http://localhost/mounted/rest')
  })
})

describe('wrong options', () => {
  const request = new Request('https://app.example.com/', { headers: { origin: 'https://app.example.com' } })
  it.each([
    ['Missing publishable key', { publishableKey: '' }],
    ['not valid', { publishableKey: 'pk_test_x' }],
    ['Missing secret key', { publishableKey, secretKey: '' }],
    ['Missing secret key', { acceptsToken: 'm2m_token' as const }],
    ['Missing signInUrl', { publishableKey, secretKey: 'sk_test_x', isSatellite: true, domain: 'a.com' }],
    ['Missing domain and proxyUrl', { publishableKey, secretKey, isSatellite: true }],
    ['absolute URL', { publishableKey, secretKey, isSatellite: true, domain: 'a.com', signInUrl: '/sign-in' }],
    [
      'another origin',
      { publishableKey, secretKey, isSatellite: true, domain: 'a.com', signInUrl: 'https://app.example.com/x' },
    ],
    ['Invalid pattern', { publishableKey, secretKey, organizationSyncOptions: { organizationPatterns: ['/orgs/:'] } }],
    ['Invalid pattern', { publishableKey, secretKey, organizationSyncOptions: { organizationPatterns: ['/orgs/('] } }],
    ['tokenCache', { publishableKey, secretKey, jwtKey, tokenCache: { max: 0 } }],
  ])('throw an error that says %j', async (message, options) => {
    const { authenticateRequest: authenticate } = createAuthenticateRequest({ options })
    const token = await instance.signSessionToken()
    const asked =
      'tokenCache' in options ? new Request('https://a.com', { headers: { authorization: token } }) : request
    await expect(authenticate(asked)).rejects.toThrow(message)
  })

  it('are not missed: with a key for tokens no secret key is needed', async () => {
    const { authenticateRequest: authenticate } = createAuthenticateRequest({ options: { publishableKey, jwtKey } })
    await expect(authenticate(await instance.createRequest())).resolves.toMatchObject({ isAuthenticated: true })
  })
})
