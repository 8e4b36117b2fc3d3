import type { WebhookEvent, WebhookEventType } from '@latchkey/types'
import { readEnvironment } from '../internal/environment.js'

/** How long one request waits for an event, in seconds. */
const WAIT = 25
const LIMIT = 500
/** The first pause after a request that failed, and the longest, in milliseconds. */
const FIRST_PAUSE = 250
const LONGEST_PAUSE = 30_000

export interface EventSourceOptions {
  /** Default is the environment's `CLERK_SECRET_KEY`. */
  secretKey?: string
  /** Base of the server's URLs. Default is the environment's `CLERK_API_URL`. Clerk's cloud has no events to pull. */
  apiUrl?: string
  /** Default is the platform's. */
  fetch?: typeof globalThis.fetch
  /** Ends the reading. */
  signal?: AbortSignal
}

export interface ReadEventsOptions extends EventSourceOptions {
  /** The cursor of the last page that is done; `latest` for what comes from now on. Default is the oldest event kept. */
  after?: string
  /** Default is all. */
  types?: readonly WebhookEventType[]
  /** Events of a page at most, from 1 to 500. Default is 500. */
  limit?: number
  /** Goes on with what comes. Default is true; with false it ends after the last event there is. */
  follow?: boolean
}

/** An event, with the id that its delivery as a webhook would have in place of `msg_`: `evt_`. */
export type PulledEvent = WebhookEvent & { id: string }

export interface EventsPage {
  events: PulledEvent[]
  /** Store it with what was done, and pass it as `after` of the next reading. */
  cursor: string
}

/** Why nothing follows a cursor: after it, everything has to be read anew. */
export type EventsErrorCode = 'cursor_of_another_history' | 'cursor_too_old' | 'refused'

/** The server refused to answer with events. Codes of cursors mean: take a new snapshot, and a new cursor before it. */
export class EventsError extends Error {
  override readonly name = 'EventsError'

  constructor(
    readonly code: EventsErrorCode,
    /** Of the answer. */
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

/**
 * Reads the events of an instance page by page, oldest first, and goes on with what comes. Each page has the cursor to
 * go on from; a page without events still moves it. Requests that fail are repeated.
 *
 * @throws {EventsError} if nothing follows the cursor any more, or the key is refused
 */
export async function* readEvents(options: ReadEventsOptions = {}): AsyncGenerator<EventsPage, void, undefined> {
  const { types, limit = LIMIT, follow = true, signal } = options
  const call = createCall(options)
  let { after } = options
  while (!signal?.aborted) {
    const query = new URLSearchParams({ limit: String(limit), wait: String(follow ? WAIT : 0) })
    if (after !== undefined) query.set('after', after)
    if (types) query.set('types', types.join(','))
    let page: EventsJSON
    try {
      page = await call<EventsJSON>(`/events?${query}`)
    } catch (error) {
      if (signal?.aborted) return
      throw error
    }
    const moved = page.cursor !== after
    after = page.cursor
    if (page.data.length > 0 || moved) yield { events: page.data, cursor: page.cursor }
    if (!follow && !page.has_more) return
  }
}

interface EventsJSON {
  data: PulledEvent[]
  cursor: string
  has_more: boolean
}

/** Sends GET requests of the Backend API until one is answered. */
export function createCall(options: EventSourceOptions): <T>(path: string) => Promise<T> {
  const secretKey = options.secretKey?.trim() ?? readEnvironment('CLERK_SECRET_KEY')
  const apiUrl = options.apiUrl ?? readEnvironment('CLERK_API_URL')
  if (!secretKey) throw new EventsError('refused', 401, 'Missing secret key. Pass secretKey or set CLERK_SECRET_KEY.')
  if (!apiUrl) throw new EventsError('refused', 404, 'Missing API URL. Pass apiUrl or set CLERK_API_URL.')
  const { fetch = globalThis.fetch, signal } = options
  const headers = { authorization: `Bearer ${secretKey}` }
  return async <T>(path: string): Promise<T> => {
    for (let pause = FIRST_PAUSE; ; pause = Math.min(LONGEST_PAUSE, pause * 2)) {
      signal?.throwIfAborted()
      try {
        const response = await fetch(`${apiUrl.replace(/\/+$/, '')}/v1${path}`, {
          headers,
          ...(signal ? { signal } : {}),
        })
        if (response.ok) return (await response.json()) as T
        const error = await toError(response)
        if (error) throw error
      } catch (error) {
        if (error instanceof EventsError || signal?.aborted) throw error
      }
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}

/** Undefined if the same request may be answered later. */
async function toError(response: Response): Promise<EventsError | undefined> {
  const { status } = response
  if (status >= 500 || status === 429 || status === 408) return undefined
  const body = (await response.json().catch(() => ({}))) as { errors?: { code: string; long_message?: string }[] }
  const [first] = body.errors ?? []
  const known = first?.code === 'cursor_of_another_history' || first?.code === 'cursor_too_old'
  const message = first?.long_message ?? `The request for events failed with status ${status}`
  return new EventsError(known ? (first.code as EventsErrorCode) : 'refused', status, message)
}
