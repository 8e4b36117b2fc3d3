import { lookup } from 'node:dns'
import { once } from 'node:events'
import { Agent, createServer, request, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Clerk, type HttpOptions } from '@latchkey/sdk-node'
import got, { type NormalizedOptions } from 'got'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

/** What a method sends and resolves with is its own. */
const OWN = ['url', 'method', 'body', 'form', 'json', 'isStream', 'resolveBodyOnly']

const agent = { http: new Agent() }
const cookieJar = { getCookieString: () => Promise.resolve('theme=dark'), setCookie: () => Promise.resolve() }
const parseJson = (text: string): unknown => JSON.parse(text)

/** Every other option of got, with a value that is not its default; `as` where got writes it otherwise. */
const PASSED: { [Name in keyof HttpOptions]: { value: HttpOptions[Name]; as?: unknown } } = {
  agent: { value: agent },
  allowGetBody: { value: true },
  cache: { value: new Map() as unknown as HttpOptions['cache'] },
  cacheOptions: { value: { shared: false } },
  context: { value: { visitor: 'user_1' } },
  cookieJar: { value: cookieJar, as: { getCookieString: expect.any(Function), setCookie: expect.any(Function) } },
  decompress: { value: false },
  dnsCache: { value: true, as: expect.anything() },
  dnsLookupIpVersion: { value: 'ipv4' },
  encoding: { value: 'latin1' },
  followRedirect: { value: false },
  headers: {
    value: { 'x-unicorn': 'rainbow' },
    as: expect.objectContaining({ 'x-unicorn': 'rainbow', authorization: 'Bearer sk_test_1' }),
  },
  hooks: { value: { beforeRetry: [() => {}] }, as: expect.objectContaining({ beforeRetry: [expect.any(Function)] }) },
  http2: { value: true },
  https: { value: { rejectUnauthorized: false } },
  ignoreInvalidCookies: { value: true },
  localAddress: { value: '127.0.0.1' },
  lookup: { value: lookup as unknown as HttpOptions['lookup'] },
  maxRedirects: { value: 3 },
  methodRewriting: { value: false },
  pagination: { value: { countLimit: 7 }, as: expect.objectContaining({ countLimit: 7 }) },
  parseJson: { value: parseJson },
  password: { value: 'pass' },
  prefixUrl: { value: 'http://elsewhere.test', as: 'http://elsewhere.test/' },
  request: { value: request as unknown as HttpOptions['request'] },
  responseType: { value: 'buffer' },
  retry: { value: 1, as: expect.objectContaining({ limit: 1 }) },
  stringifyJson: { value: () => '' },
  throwHttpErrors: { value: false },
  timeout: { value: 1234, as: { request: 1234 } },
  username: { value: 'name' },
}

let recorder: Server
let requests: IncomingMessage[]

beforeAll(async () => {
  recorder = createServer((incoming, response) => {
    requests.push(incoming)
    response.setHeader('content-type', 'application/json').end('[]')
  }).listen(0, '127.0.0.1')
  await once(recorder, 'listening')
})
beforeEach(() => {
  requests = []
})
afterAll(() => {
  agent.http.destroy()
  recorder.close()
  recorder.closeAllConnections()
})

/** The options that got has in the end, and where the request went. */
async function send(httpOptions: HttpOptions): Promise<NormalizedOptions> {
  let seen: NormalizedOptions | undefined
  const hooks = { ...httpOptions.hooks, beforeRequest: [(options: NormalizedOptions) => void (seen = options)] }
  const serverApiUrl = `http://127.0.0.1:${(recorder.address() as AddressInfo).port}`
  expect(
    await new Clerk('sk_test_1', { serverApiUrl, httpOptions: { ...httpOptions, hooks } }).users.getUserList(),
  ).toEqual([])
  return seen!
}

describe('httpOptions', () => {
  it.each(Object.entries(PASSED))('pass %s', async (name, { value, as }) => {
    const options = await send({ [name]: value })
    expect(options[name as keyof NormalizedOptions]).toEqual(as ?? value)
    expect(requests.map(({ method, url, headers }) => [method, url, headers.authorization])).toEqual([
      ['GET', '/v1/users', 'Bearer sk_test_1'],
    ])
  })

  it('have no option of got that is left out here', () => {
    expect(
      Object.keys(got.default.defaults.options).filter((name) => !(name in PASSED) && !OWN.includes(name)),
    ).toEqual([])
  })

  it('need no timeout: an attempt may take 10 seconds', async () => {
    expect((await send({})).timeout).toEqual({ request: 10_000 })
  })

  it('add search parameters to those of a request, however got lets them be written', async () => {
    for (const searchParams of ['a=1&b=', new URLSearchParams('a=1&b='), { a: 1, b: null, c: undefined }])
      await send({ searchParams })
    expect(requests.map(({ url }) => url)).toEqual(Array<string>(3).fill('/v1/users?a=1&b='))
  })

  it('do not change what a method sends and resolves with', async () => {
    const own = {
      url: 'http://elsewhere.test',
      method: 'DELETE',
      body: 'x',
      form: { x: 1 },
      json: { x: 1 },
      isStream: true,
      resolveBodyOnly: true,
    }
    expect(Object.keys(own)).toEqual(OWN)
    for (const [name, value] of Object.entries(own)) await send({ [name]: value })
    expect(requests.map(({ method, url, headers }) => [method, url, headers['content-length']])).toEqual(
      OWN.map(() => ['GET', '/v1/users', undefined]),
    )
  })
})
