import { z } from 'zod'
import { apiError } from '../../kernel/errors/api-error.js'
import { rowsOfInstance, type Owner } from '../../storage/rows.js'
import { payloadWithoutCodes } from '../event-codes.js'
import type { Bell } from './bell.js'
import { envelopeOf, type EventRow } from './envelope.js'
import { startStream } from './sequencer.js'

/** How often to look for events that another node has numbered, in milliseconds. */
const LOOK_EVERY = 1000
/** Letters of an event's id in a cursor: enough to tell histories apart. */
const ID_LETTERS = 12

export interface EventQuery {
  /** Where the page before ended; `latest` for what comes from now on; undefined for the oldest event that is kept. */
  after: string | undefined
  types: readonly string[] | undefined
  limit: number
  /** Milliseconds to wait for an event if there is none. */
  wait: number
  signal?: AbortSignal | undefined
}

export interface EventPage {
  /** The id and the body of each delivery, as webhooks have them. */
  data: { id: string; body: string }[]
  cursor: string
  hasMore: boolean
}

interface Stream {
  history: string
  lastPosition: number
  removedThrough: number
}

const cursorSchema = z.tuple([z.string(), z.int().min(0), z.string()])
type Cursor = z.output<typeof cursorSchema>

/** Reads the events of an instance by position, so that none is missed that commits late. */
export class EventReader {
  constructor(
    private readonly owner: Owner,
    private readonly bell: Bell,
  ) {}

  /** @throws {ApiError} 409 or 410 for a cursor that nothing follows any more: take a new snapshot */
  async read(query: EventQuery): Promise<EventPage> {
    const end = performance.now() + query.wait
    let page = await this.#page(query)
    while (page.data.length === 0 && !page.hasMore && !query.signal?.aborted && !this.bell.isClosed) {
      const left = end - performance.now()
      if (left <= 0) break
      await this.bell.wait(Math.min(left, LOOK_EVERY), query.signal)
      page = await this.#page({ ...query, after: page.cursor })
    }
    return page
  }

  async #page({ after, types, limit }: EventQuery): Promise<EventPage> {
    const stream = await this.#stream()
    const from = await this.#startOf(after, stream)
    // Read without the types, so that a cursor moves on over events that nobody asked for.
    const rows = await this.#events(from, stream.lastPosition, limit)
    const last = rows.at(-1)
    const position = last ? Number(last.position) : from
    const kept = rows.filter(({ erasure }) => erasure !== 'done')
    const wanted = types ? kept.filter(({ type }) => types.includes(type)) : kept
    return {
      data: wanted.map((row) => ({
        id: row.id,
        body: envelopeOf({ ...row, payload: payloadWithoutCodes(row.type, row.payload) }),
      })),
      cursor: await this.#cursorAt(position, stream, last?.id),
      hasMore: rows.length === limit && position < stream.lastPosition,
    }
  }

  /** The position after which to read. */
  async #startOf(after: string | undefined, stream: Stream): Promise<number> {
    if (after === undefined) return stream.removedThrough
    if (after === 'latest') return stream.lastPosition
    const [history, position, letters] = parseCursor(after)
    const known = position === 0 ? undefined : await this.#idAt(position)
    const differs = known !== undefined && letters !== '' && !known.endsWith(letters)
    if (history !== stream.history || position > stream.lastPosition || differs) throw cursorOfAnotherHistory()
    if (position < stream.removedThrough)
      throw cursorTooOld(await this.#cursorAt(stream.removedThrough, stream, undefined))
    return position
  }

  async #cursorAt(position: number, { history }: Stream, id: string | undefined): Promise<string> {
    const known = id ?? (position === 0 ? undefined : await this.#idAt(position))
    const cursor: Cursor = [history, position, known?.slice(-ID_LETTERS) ?? '']
    return Buffer.from(JSON.stringify(cursor)).toString('base64url')
  }

  async #idAt(position: number): Promise<string | undefined> {
    const row = await rowsOfInstance('events', this.owner)
      .select('id')
      .where('position', '=', position)
      .executeTakeFirst()
    return row?.id
  }

  async #events(
    after: number,
    through: number,
    limit: number,
  ): Promise<(EventRow & { position: number | null; erasure: string | null })[]> {
    return rowsOfInstance('events', this.owner)
      .select(['id', 'instance_id', 'type', 'payload', 'cause', 'created_at', 'expires_at', 'position', 'erasure'])
      .where('position', '>', after)
      .where('position', '<=', through)
      .orderBy('position')
      .limit(limit)
      .execute()
  }

  async #stream(): Promise<Stream> {
    const { database, instanceId, ids } = this.owner
    const find = () => rowsOfInstance('event_streams', this.owner).selectAll().executeTakeFirst()
    let row = await find()
    if (!row) {
      await database.transaction((queries) => startStream(instanceId, ids, queries))
      row = (await find())!
    }
    return {
      history: row.history,
      lastPosition: Number(row.last_position),
      removedThrough: Number(row.removed_through),
    }
  }
}

/** @throws {ApiError} 400 for what no page has answered */
function parseCursor(text: string): Cursor {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
  } catch {
    throw apiError(400, 'cursor_invalid', 'is invalid', 'The cursor must be one that a page of events has answered', {
      param_name: 'after',
    })
  }
}

function cursorOfAnotherHistory() {
  return apiError(
    409,
    'cursor_of_another_history',
    'The cursor is of another history',
    'The cursor is of another history of events, such as the one before a backup was restored: read everything anew and go on with a new cursor',
  )
}

function cursorTooOld(oldest: string) {
  return apiError(
    410,
    'cursor_too_old',
    'The cursor is too old',
    'Events after this cursor are no longer kept: read everything anew and go on with a new cursor',
    { oldest_cursor: oldest },
  )
}
