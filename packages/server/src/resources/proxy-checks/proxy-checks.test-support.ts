import { API_URL, type TestServer } from '../../server.test-support.js'

/** Where an application of development has its proxy. */
export const PROXY_URL = 'http://localhost:3000/__clerk'

/** For the option `fetch` of a test's server: there is the proxy of the test's instance, and nothing else anywhere. */
export function fetchByProxy(test: () => TestServer): typeof fetch {
  return async (input, init) => {
    const { href } = new URL(new Request(input, init).url)
    if (!href.startsWith(`${PROXY_URL}/`)) throw new TypeError('fetch failed')
    const { server, instance } = test()
    return server.fetch(
      new Request(`${API_URL}${href.slice(PROXY_URL.length)}`, {
        headers: {
          'clerk-secret-key': instance.secretKey,
          'clerk-proxy-url': PROXY_URL,
          'x-forwarded-for': '198.51.100.7',
        },
      }),
    )
  }
}
