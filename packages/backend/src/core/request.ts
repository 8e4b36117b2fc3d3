import {
  toApiError,
  toConnectionError,
  toTimeoutError,
  toUnreadableError,
  type ClerkAPIResponseError,
  type RequestName,
} from './errors.js'
import { emptyPage, toPage, type ListJSON, type Page, type Translate } from './pages.js'
import { matchesNothing, toBody, toQuery, type Parameters } from './parameters.js'
import type { Path } from './path.js'
import { isWorthRetrying, wait, waitBefore } from './retry.js'
import { CLERK_API_VERSION, VERSION } from './version.js'

export const DEFAULT_API_URL = 'https://api.clerk.com'
export const DEFAULT_API_VERSION = 'v1'

export interface RequestOptions {
  /** `sk_test_…` or `sk_live_…`. */
  secretKey?: string
  /** Default `https://api.clerk.com`. */
  apiUrl?: string
  /** The part of the URL after `apiUrl`. Default `v1`. */
  apiVersion?: string
  /** Default `@latchkey/backend@<version>`. */
  userAgent?: string
  /** Sent with every request; they win over the SDK's own. */
  headers?: Record<string, string>
  /** Default is `globalThis.fetch` at the time of the request. */
  fetch?: typeof globalThis.fetch
  /** How long one attempt may take, in milliseconds. 0 means no limit. Default 30 seconds. */
  timeout?: number
  /** How often a request is tried again: reads after 429, 5xx and broken connections, writes after 429. Default 2. */
  maxRetries?: number
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What goes with one request. Names are camelCase and become snake_case on the wire. */
export interface RequestParts {
  query?: Parameters
  body?: Parameters
  /** Sent instead of JSON. */
  form?: FormData
  headers?: Record<string, string>
}

/** Sends requests to the Backend API and reads the answers. Knows no resource. */
export class ApiClient {
  private readonly options: RequestOptions
  /** The URL that paths are appended to. */
  private readonly base: string

  /** @throws {TypeError} when `apiUrl` is not an absolute URL. */
  constructor(options: RequestOptions) {
    const { apiUrl = DEFAULT_API_URL, apiVersion = DEFAULT_API_VERSION } = options
    if (!/^https?:\/\//.test(apiUrl) || !URL.canParse(apiUrl)) {
      throw new TypeError(`"apiUrl" must start with http:// or https://, got ${JSON.stringify(apiUrl)}.`)
    }
    this.options = options
    this.base = `${apiUrl.replace(/\/+$/, '')}/${apiVersion}`
  }

  /**
   * @returns The answer's JSON; undefined for 204.
   * @throws {ClerkAPIResponseError} of the subclass for the status, or a `ConnectionError`.
   */
  async request<Wire>(method: Method, path: Path, parts: RequestParts = {}): Promise<Wire> {
    const { maxRetries = 2 } = this.options
    const url = `${this.base}${path}${parts.query ? toQuery(parts.query) : ''}`
    const init: RequestInit = {
      method,
      headers: this.headersFor(parts),
      body: parts.form ?? (parts.body && method !== 'GET' ? toBody(parts.body) : undefined),
    }
    for (let attempt = 0; ; attempt++) {
      try {
        return (await this.attempt({ method, path }, url, init)) as Wire
      } catch (error) {
        const { status, retryAfter } = error as ClerkAPIResponseError
        const pause = waitBefore(attempt, retryAfter)
        if (attempt >= maxRetries || pause === undefined || !isWorthRetrying(method, status)) throw error
        await wait(pause)
      }
    }
  }

  /** Asks for a page of a list and translates what is in it. An empty list as a filter matches nothing, unasked. */
  async list<Wire, Resource>(path: Path, translate: Translate<Wire, Resource>, query: Parameters = {}): Promise<Page<Resource>> {
    if (matchesNothing(query)) return emptyPage()
    return toPage(await this.request<ListJSON<Wire>>('GET', path, { query }), translate)
  }

  private async attempt(name: RequestName, url: string, init: RequestInit): Promise<unknown> {
    const { timeout = 30_000, fetch = globalThis.fetch } = this.options
    const controller = new AbortController()
    const timer = timeout > 0 ? setTimeout(() => controller.abort(), timeout) : undefined
    let response: Response
    let text: string
    try {
      response = await fetch(url, { ...init, signal: controller.signal })
      text = response.status === 204 ? '' : await response.text()
    } catch (cause) {
      if (controller.signal.aborted) throw toTimeoutError(name, timeout, cause)
      throw toConnectionError(name, `No answer from ${new URL(url).origin}. Check "apiUrl" and the network.`, cause)
    } finally {
      clearTimeout(timer)
    }
    return readAnswer(name, response, text)
  }

  private headersFor({ form, headers }: RequestParts): Record<string, string> {
    const { secretKey, userAgent = `@latchkey/backend@${VERSION}` } = this.options
    return {
      Authorization: `Bearer ${checkSecretKey(secretKey)}`,
      'Clerk-API-Version': CLERK_API_VERSION,
      'User-Agent': userAgent,
      // Even without a body, as the API's other clients do. For a form, fetch adds the boundary.
      ...(form ? {} : { 'Content-Type': 'application/json' }),
      ...this.options.headers,
      ...headers,
    }
  }
}

function readAnswer(name: RequestName, response: Response, text: string): unknown {
  const type = response.headers.get('content-type') ?? ''
  const isJson = /^[^;]*[/+]json\b/i.test(type)
  let body: unknown
  try {
    body = isJson && text !== '' ? JSON.parse(text) : undefined
  } catch (cause) {
    if (response.ok) throw toUnreadableError(name, response.status, 'The answer is not valid JSON.', cause)
  }
  if (!response.ok) throw toApiError(name, response, body)
  if (text !== '' && !isJson) {
    const reason = `The answer is of type ${type || 'unknown'}, not JSON. Check "apiUrl".`
    throw toUnreadableError(name, response.status, reason)
  }
  return body
}

/** A key that cannot stand in a header is refused here: the platform's own message would quote it. */
function checkSecretKey(secretKey: string | undefined): string {
  if (!secretKey) throw new Error('Missing secret key. Pass secretKey to createClerkClient.')
  if (!/^[\x21-\x7e]+$/.test(secretKey)) {
    throw new Error('The secret key contains a space, a line break or another character that no key has.')
  }
  return secretKey
}
