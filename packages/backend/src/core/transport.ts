import type { Answer } from './answer.js'

/** A request as it goes out, whole. */
export interface OutgoingRequest {
  method: string
  url: string
  /** Lower-case names. */
  headers: Record<string, string>
  body: string | FormData | undefined
}

/** An attempt under way. */
export interface Exchange {
  /** Rejected with what went wrong on the way, or with the reason given to `abort`. */
  answer: Promise<Answer>
  /** Gives up, whether sending or reading, and lets go of the connection. */
  abort(reason: unknown): void
}

export type Transport = (request: OutgoingRequest) => Exchange
