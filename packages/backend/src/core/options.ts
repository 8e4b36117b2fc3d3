import type { ClerkAPIResponseError } from './errors.js'

/** Options of one call, as its last argument, or of a client, for all of its calls. */
export interface CallOptions {
  /**
   * How long a call may take in total, including retries and the pauses between them, in milliseconds. 0 means no
   * limit. Default 60 seconds. An attempt that can be retried takes at most 30 seconds.
   */
  timeout?: number
  /** Aborts the call, whether it is waiting, sending or reading. The call is rejected with the signal's reason. */
  signal?: AbortSignal
  /**
   * How often a request is retried, after 408, 429, 5xx (except 501) and broken connections. A POST is retried only
   * after 429, after a refused connection, or with an `idempotencyKey`. Default 2.
   */
  maxRetries?: number
  /** Sent with every request; they override the SDK's own. Headers of a call are added to those of its client. */
  headers?: Record<string, string>
  /**
   * Sent as `Idempotency-Key`: a server that has seen the key repeats its answer and does not act again. Printable
   * ASCII, at most 255 characters.
   */
  idempotencyKey?: string
}

export interface RequestOptions extends CallOptions {
  /** `sk_test_…` or `sk_live_…`. */
  secretKey?: string
  /** False sends requests without a secret key if there is none. Default is true. */
  requireSecretKey?: boolean
  /** Default `https://api.clerk.com`. */
  apiUrl?: string
  /** The part of the URL after `apiUrl`. Default `v1`. */
  apiVersion?: string
  /** Default `@latchkey/backend@<version>`. */
  userAgent?: string
  /** Sends the requests. Default: the `globalThis.fetch` of the time of the request, or what `transport` states. */
  fetch?: typeof globalThis.fetch
  /**
   * States how requests leave the process. `fetch`, the default: by `globalThis.fetch`, through every proxy, agent and mock
   * that is set for it. `node`: over `node:http` with connections kept alive, past all of these, for a third of the CPU on
   * Node. Without effect beside the option `fetch`, and on platforms without `node:http`.
   */
  transport?: 'node' | 'fetch'
  /** Called before each attempt; may change `headers`. An error it throws ends the call. */
  onRequest?: (request: RequestEvent) => void | Promise<void>
  /**
   * Called after each attempt, with or without an answer, but not after an attempt that the caller's signal aborted. An
   * error it throws ends the call.
   */
  onResponse?: (event: ResponseEvent) => void | Promise<void>
  /**
   * Receives the log. Default `console`. It gets methods, paths, statuses and times; never a header, a query or a body.
   */
  logger?: Logger
  /** The lowest level that is logged: failures are `error`, retries `info`, answers `debug`. Default `off`. */
  logLevel?: LogLevel
}

export type LogLevel = 'off' | 'error' | 'info' | 'debug'

export type Logger = Record<Exclude<LogLevel, 'off'>, (message: string, details: LogDetails) => void>

export interface LogDetails {
  method: string
  path: string
  /** 1 for the first. */
  attempt: number
  /** Milliseconds. */
  duration: number
  status?: number
  /** The codes of an error's reasons. */
  codes?: string[]
  clerkTraceId?: string
  /** How long until the next attempt, in milliseconds. */
  pause?: number
}

/** One attempt to send a request. */
export interface RequestEvent {
  readonly method: string
  /** Without query and version: `/users/user_1`. */
  readonly path: string
  readonly url: string
  /** Lower-case names. They include the secret key. */
  headers: Record<string, string>
  readonly body: string | FormData | undefined
  /** 1 for the first. */
  readonly attempt: number
}

/** The outcome of one attempt. */
export interface ResponseEvent {
  readonly request: RequestEvent
  /** Undefined if there was no answer. Each read of this property returns a new `Response` with its body unread. */
  readonly response: Response | undefined
  /** Undefined when it succeeded. */
  readonly error: ClerkAPIResponseError | undefined
  /** Milliseconds, up to the end of the body. */
  readonly duration: number
}
