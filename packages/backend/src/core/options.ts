import type { ClerkAPIResponseError } from './errors.js'

/** What each call may say for itself, as its last argument, and a client for all of its calls. */
export interface CallOptions {
  /**
   * How long a call may take in all, with its retries and the pauses between them, in milliseconds. 0 means no limit.
   * Default 60 seconds, of which one attempt that can be repeated takes at most 30.
   */
  timeout?: number
  /** Ends the call: it is rejected with the signal's reason, whether it is waiting, sending or reading. */
  signal?: AbortSignal
  /**
   * How often a request is tried again, after 408, 429, 5xx (but 501) and broken connections. A POST only after 429, a
   * refused connection, or with an `idempotencyKey`. Default 2.
   */
  maxRetries?: number
  /** Sent with every request; they win over the SDK's own. Those of a call are added to those of its client. */
  headers?: Record<string, string>
  /** Sent as `Idempotency-Key`: a server that knows the key answers again instead of acting again. Printable ASCII, at most 255. */
  idempotencyKey?: string
}

export interface RequestOptions extends CallOptions {
  /** `sk_test_…` or `sk_live_…`. */
  secretKey?: string
  /** False lets requests go without a secret key where there is none. Default is true. */
  requireSecretKey?: boolean
  /** Default `https://api.clerk.com`. */
  apiUrl?: string
  /** The part of the URL after `apiUrl`. Default `v1`. */
  apiVersion?: string
  /** Default `@latchkey/backend@<version>`. */
  userAgent?: string
  /**
   * What sends the requests. Default: on Node, `node:http` with connections kept alive, elsewhere `globalThis.fetch`. A
   * `globalThis.fetch` that is not the platform's own, such as a test's, is used wherever it stands at the time of a request.
   */
  fetch?: typeof globalThis.fetch
  /** Called before each attempt; may change `headers`. What it throws ends the call. */
  onRequest?: (request: RequestEvent) => void | Promise<void>
  /**
   * Called after each attempt, with an answer or without, but not after one that the caller's signal has ended. What it
   * throws ends the call.
   */
  onResponse?: (event: ResponseEvent) => void | Promise<void>
  /** Told what happens. Default `console`. It gets methods, paths, statuses and times; never a header, a query or a body. */
  logger?: Logger
  /** The least important level that is logged: failures are `error`, retries `info`, answers `debug`. Default `off`. */
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
  /** Lower-case names. Among them is the secret key. */
  headers: Record<string, string>
  readonly body: string | FormData | undefined
  /** 1 for the first. */
  readonly attempt: number
}

/** What came of one attempt. */
export interface ResponseEvent {
  readonly request: RequestEvent
  /** Undefined when no answer came. Each reading gives a new one, its body unread. */
  readonly response: Response | undefined
  /** Undefined when it succeeded. */
  readonly error: ClerkAPIResponseError | undefined
  /** Milliseconds, until the end of the body. */
  readonly duration: number
}
