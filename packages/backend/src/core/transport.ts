import type { Answer } from './answer.js'

/** A complete request, ready to be sent. */
export interface OutgoingRequest {
  method: string
  url: string
  /** Lower-case names. */
  headers: Record<string, string>
  body: string | FormData | undefined
}

/** An attempt in progress. */
export interface Exchange {
  /** Rejected with the connection's error, or with the reason given to `abort`. */
  answer: Promise<Answer>
  /** Stops sending or reading, and closes the connection. */
  abort(reason: unknown): void
}

export type Transport = (request: OutgoingRequest) => Exchange
