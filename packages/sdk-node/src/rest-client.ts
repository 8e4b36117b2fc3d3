import gotModule, { type OptionsOfUnknownResponseBody, type Response as GotResponse } from 'got'
import { readEnvironment } from './environment.js'
import { toApiError, toConnectionError } from './errors.js'
import { toForm } from './names.js'
import { VERSION } from './version.js'

// Under CommonJS got is both the module and its "default"; its types only have the second.
const got = gotModule.default

const DEFAULT_API_URL = 'https://api.clerk.com'
const DEFAULT_API_VERSION = 'v1'

/** How long one attempt may take unless `httpOptions.timeout` says otherwise, in milliseconds. */
const DEFAULT_TIMEOUT = 10_000

/**
 * Options of got 11, see https://github.com/sindresorhus/got/tree/v11.8.6#options. Headers and search parameters are
 * added to those of a request. Each method determines what it sends and what it resolves with, so `url`, `method`, the
 * body, `isStream` and `resolveBodyOnly` have no effect.
 */
export type HttpOptions = Omit<OptionsOfUnknownResponseBody, 'responseType'> & {
  responseType?: 'json' | 'text' | 'buffer'
}

export interface RestOptions {
  /** Default is `CLERK_API_KEY` in the environment. */
  apiKey?: string
  /** Default, also for an empty string, is `CLERK_API_URL` in the environment, else `https://api.clerk.com`. */
  serverApiUrl?: string
  /** The part of the URL after `serverApiUrl`. Default is `CLERK_API_VERSION` in the environment, else `v1`. */
  apiVersion?: string
  /** Defaults are got's, except `timeout`, which is 10 seconds. */
  httpOptions?: HttpOptions
}

export interface RequestParts {
  query?: object
  form?: object
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** Sends requests with got and reads the answers. Does not know about resources. */
export class RestClient {
  readonly #options: RestOptions

  constructor(options: RestOptions) {
    this.#options = { ...options }
  }

  change(options: RestOptions): void {
    Object.assign(this.#options, options)
  }

  /** The settings that a request would use now. */
  get connection(): { apiKey: string | undefined; serverApiUrl: string; apiVersion: string; timeout: number } {
    const environment = readEnvironment()
    const { apiKey, serverApiUrl, apiVersion, httpOptions } = this.#options
    const timeout = typeof httpOptions?.timeout === 'object' ? httpOptions.timeout.request : httpOptions?.timeout
    return {
      // Files and variables add white space around it.
      apiKey: apiKey?.trim() || environment.apiKey,
      serverApiUrl: (serverApiUrl || environment.apiUrl || DEFAULT_API_URL).replace(/\/+$/, ''),
      apiVersion: apiVersion || environment.apiVersion || DEFAULT_API_VERSION,
      timeout: timeout ?? DEFAULT_TIMEOUT,
    }
  }

  /**
   * @returns The answer's JSON.
   * @throws {ClerkAPIResponseError} of the subclass for the status, or a `ConnectionError`.
   * @throws {Error} when there is no API key.
   */
  async request(method: Method, path: string, { query, form }: RequestParts = {}): Promise<unknown> {
    const { apiKey, serverApiUrl, apiVersion } = this.connection
    const name = { method, path }
    const url = toUrl(`${serverApiUrl}/${apiVersion}${path}`)
    if (query) url.search = toForm(query).toString()
    const headers = {
      authorization: `Bearer ${checkApiKey(apiKey)}`,
      'content-type': 'application/x-www-form-urlencoded',
    }
    try {
      const response = await this.#send(url, { method, headers, ...(form ? { body: toForm(form).toString() } : {}) })
      const body = toJson(response)
      if (response.statusCode >= 400) throw toApiError(name, response, body)
      if (body === undefined)
        throw toConnectionError(name, url.origin, Object.assign(new Error('it is not JSON'), { response }))
      return body
    } catch (error) {
      if (error instanceof got.HTTPError) throw toApiError(name, error.response, toJson(error.response))
      if (error instanceof got.RequestError) throw toConnectionError(name, url.origin, error)
      throw error
    }
  }

  /** `fetch` implemented with got: only the part that {@link verifyToken} needs to fetch the key set. */
  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const headers = Object.fromEntries(new Headers(init?.headers))
    const {
      statusCode,
      headers: answered,
      body,
    } = await this.#send(new URL(input instanceof Request ? input.url : input), {
      headers,
      responseType: 'text',
      throwHttpErrors: false,
      retry: 0,
    })
    return new Response(String(body), {
      status: statusCode,
      headers: { 'content-type': answered['content-type'] ?? '' },
    })
  }

  async #send(url: URL, { headers, ...options }: OptionsOfUnknownResponseBody): Promise<GotResponse> {
    const { httpOptions = {} } = this.#options
    const own = { 'user-agent': `@latchkey/sdk-node@${VERSION}`, ...headers }
    const { searchParams, url: _url, form: _form, json: _json, body: _body, ...rest } = httpOptions
    addSearchParams(url, searchParams)
    const merged = {
      responseType: 'json',
      timeout: DEFAULT_TIMEOUT,
      ...rest,
      ...options,
      headers: { ...own, ...withLowerCaseNames(httpOptions.headers) },
      isStream: false,
      resolveBodyOnly: false,
    } as OptionsOfUnknownResponseBody
    return (await got(url, merged)) as GotResponse
  }
}

/** Rejects a key that is not a valid header value. Otherwise the platform would, with an error that quotes the key. */
function checkApiKey(apiKey: string | undefined): string {
  if (!apiKey) throw new Error('Missing API key. Pass it to new Clerk(apiKey), or set CLERK_API_KEY.')
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new Error('The API key contains a space, a line break or another invalid character.')
  }
  return apiKey
}

function toUrl(text: string): URL {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return new URL(text)
  throw new TypeError(`"serverApiUrl" must start with http:// or https://, got ${JSON.stringify(text)}.`)
}

/** Like got, but keeps the parameters that the URL already has. */
function addSearchParams(url: URL, searchParams: HttpOptions['searchParams'] = ''): void {
  const isText = typeof searchParams === 'string' || searchParams instanceof URLSearchParams
  const entries: Iterable<[string, string | number | boolean | null | undefined]> = isText
    ? new URLSearchParams(searchParams)
    : Object.entries(searchParams)
  for (const [name, value] of entries) if (value !== undefined) url.searchParams.append(name, String(value ?? ''))
}

/**
 * The parsed body; undefined if it is not JSON. `httpOptions` may request text or bytes, so it may not be parsed yet.
 */
function toJson({ body }: GotResponse): unknown {
  if (!(typeof body === 'string' || body instanceof Uint8Array)) return body
  const text = String(body)
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function withLowerCaseNames(
  headers: Record<string, string | string[] | undefined> = {},
): Record<string, string | string[] | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
