import type { Answer } from './answer.js'
import { baseOf, bearer, checkApiUrl, commonHeaders, DEFAULT_API_URL, DEFAULT_API_VERSION } from './endpoint.js'
import type { CallOptions, RequestOptions } from './options.js'
import {
  emptyPage,
  firstOfWalk,
  nextOfWalk,
  toPage,
  type ListJSON,
  type Page,
  type Step,
  type Translate,
  type Walk,
} from './pages.js'
import { matchesNothing, toBody, toQuery, type Parameters } from './parameters.js'
import type { Path } from './path.js'
import { send, type Sent } from './send.js'
import { traced } from './tracing.js'

export type { CallOptions, RequestOptions } from './options.js'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** The parts of one request. Names are camelCase and become snake_case on the wire. */
export interface RequestParts {
  query?: Parameters
  body?: Parameters
  /** Sent instead of JSON. */
  form?: FormData
  headers?: Record<string, string>
  /** Sent instead of the client's key: the secret key of a machine, for operations that accept one. */
  secretKey?: string
  /** Sends the request without a secret key if there is none. */
  keyless?: boolean
  /** Omits the version from the URL, as some operations require. */
  unversioned?: boolean
  /** What the answer must be. Default is `json`. */
  answer?: 'json' | 'text'
}

export interface ListParts extends Pick<RequestParts, 'headers' | 'secretKey' | 'unversioned'> {
  /** Requests the length of a list whose answer does not include it; not called when the list is iterated over. */
  count?: () => Promise<number>
  /** Whether the list takes `starting_after`. Default is false: it is iterated over by `offset`. */
  cursor?: boolean
}

/** One call of a method: the state that its requests share. */
export interface Call {
  /** Such as `users.getUser`. */
  readonly name: string
  /** How far an iteration over a list has come. */
  readonly walk?: Walk
  /** The last answer received, whether it succeeded or failed; for a list, its page. */
  answer?: Answer
}

/** Sends requests to the Backend API and reads the answers. Does not know about resources. */
export class ApiClient {
  readonly #options: RequestOptions
  /** The URL that version and path are appended to. */
  readonly #base: string
  readonly #call: Call | undefined

  /** @throws {TypeError} when `apiUrl` is not an absolute URL. */
  constructor(options: RequestOptions, call?: Call) {
    const { apiUrl = DEFAULT_API_URL } = options
    if (!call) checkApiUrl(apiUrl)
    this.#options = options
    this.#base = baseOf(apiUrl)
    this.#call = call
  }

  /** A copy of this client for one call, with the options of that call. */
  forCall(call: Call, options: CallOptions | undefined): ApiClient {
    return new ApiClient(options ? withChanges(this.#options, options) : this.#options, call)
  }

  /**
   * @returns The answer's JSON; undefined for 204.
   * @throws {ClerkAPIResponseError} of the subclass for the status, or a `ConnectionError`.
   */
  async request<Wire>(method: Method, path: Path, parts: RequestParts = {}): Promise<Wire> {
    return (await this.#send(method, path, parts)).content as Wire
  }

  /**
   * Requests a page of a list and translates its items. If a filter is an empty list, returns an empty page without a
   * request.
   */
  async list<Wire, Item>(
    path: Path,
    translate: Translate<Wire, Item>,
    query: Parameters = {},
    parts: ListParts = {},
  ): Promise<Page<Item>> {
    const { count, cursor = false, ...rest } = parts
    const walk = this.#call?.walk
    if (matchesNothing(query)) {
      if (walk) walk.next = null
      return emptyPage()
    }
    const ask = (step: Step): Promise<Sent> => this.#send('GET', path, { ...rest, query: { ...query, ...step } })
    if (walk) {
      const step = walk.next ?? firstOfWalk(query, cursor)
      const json = (await ask(step)).content as ListJSON<Wire>
      walk.next = nextOfWalk(query, step, json, cursor)
      return toPage(json, translate)
    }
    const [{ content, answer }, totalCount] = await Promise.all([ask({}), count?.()])
    if (this.#call) this.#call.answer = answer
    const page = toPage(content as ListJSON<Wire>, translate)
    return totalCount === undefined ? page : { data: page.data, totalCount }
  }

  #send(method: Method, path: Path, parts: RequestParts): Promise<Sent> {
    const call = this.#call
    const options = parts.headers ? withChanges(this.#options, { headers: parts.headers }) : this.#options
    const { apiVersion = DEFAULT_API_VERSION } = options
    const url = `${this.#base}${parts.unversioned ? '' : `/${apiVersion}`}${path}${parts.query ? toQuery(parts.query) : ''}`
    const body = parts.form ?? (parts.body && method !== 'GET' ? toBody(parts.body) : undefined)
    const request = { method, url, headers: headersFor(options, parts), body }
    const onAnswer = (answer: Answer): void => {
      if (call) call.answer = answer
    }
    const work = (): Promise<Sent> => send({ name: { method, path }, request, options, format: parts.answer, onAnswer })
    return traced(call?.name ?? method, request, work)
  }
}

function headersFor(
  options: RequestOptions,
  { form, keyless, secretKey = options.secretKey }: RequestParts,
): Record<string, string> {
  const { userAgent, idempotencyKey, headers, requireSecretKey = true } = options
  const sent = commonHeaders(userAgent)
  if (secretKey?.trim() || (requireSecretKey && !keyless)) sent['authorization'] = bearer(secretKey)
  // Set even without a body, as other clients of the API do. Not for a form: `fetch` sets it, with the boundary.
  if (!form) sent['content-type'] = 'application/json'
  if (idempotencyKey !== undefined) sent['idempotency-key'] = checkIdempotencyKey(idempotencyKey)
  return Object.assign(sent, withLowerCaseNames(headers))
}

/** The options with some of them changed. Headers are merged, not replaced. */
export function withChanges<Options extends CallOptions>(options: Options, changes: Partial<Options>): Options {
  return {
    ...options,
    ...changes,
    headers: { ...withLowerCaseNames(options.headers), ...withLowerCaseNames(changes.headers) },
  }
}

function withLowerCaseNames(headers: Record<string, string> | undefined): Record<string, string> | undefined {
  return headers && Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function checkIdempotencyKey(key: string): string {
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key
  throw new TypeError('An idempotency key must be 1 to 255 printable ASCII characters.')
}
