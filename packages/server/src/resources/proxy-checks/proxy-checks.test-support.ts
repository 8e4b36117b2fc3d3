import { throughProxy } from '../../browser.test-support.js'
import type { TestServer } from '../../server.test-support.js'

/** Where an application of development has its proxy. */
export const PROXY_URL = 'http://localhost:3000/__clerk'

/** For the option `fetch` of a test's server: there is the proxy of the test's instance, and nothing else anywhere. */
export function fetchByProxy(test: () => TestServer, proxyUrl = () => PROXY_URL): typeof fetch {
  return (input, init) => throughProxy(test(), proxyUrl()).fetch(input as RequestInfo | URL, init)
}
