import { bearerKey } from '../../http/access.js'
import type { ServerApp } from '../../http/app.js'
import { errorReply, jsonReply } from '../../http/reply.js'
import { newTraceId } from '../../http/request-origin.js'
import { ApiError } from '../../kernel/errors/api-error.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Random } from '../../kernel/runtime.js'
import { isEventType } from '../../outbox/webhooks/event-types.js'
import type { EventPage, EventReader } from '../../outbox/webhooks/event-reader.js'

const DEFAULT_LIMIT = 100
const MOST = 500
/** Seconds. */
const LONGEST_WAIT = 30

interface EventRoutesOptions {
  /** Resolves to undefined for an invalid key. */
  authenticate(key: string): Promise<{ services: { eventReader: EventReader } } | undefined>
  random: Random
}

/**
 * `GET /v1/events?after=&types=&limit=&wait=`: the events of an instance in the order of their positions, for
 * applications that ask instead of being told. Of our own: the contract has no such operation.
 */
export function mountEventRoutes(app: ServerApp, { authenticate, random }: EventRoutesOptions): void {
  app.get('/v1/events', async (context) => {
    const traceId = newTraceId(random)
    try {
      const found = await authenticate(bearerKey(context.req.header('authorization')))
      if (!found) throw errors.keyInvalid()
      const query = readQuery(new URL(context.req.url).searchParams)
      const page = await found.services.eventReader.read({ ...query, signal: context.req.raw.signal })
      return new Response(bodyOf(page), jsonReply(200, null, traceId))
    } catch (error) {
      if (error instanceof ApiError) return errorReply(error, traceId)
      throw error
    }
  })
}

const KNOWN = new Set(['after', 'types', 'limit', 'wait'])

function readQuery(search: URLSearchParams) {
  for (const name of search.keys()) if (!KNOWN.has(name)) throw errors.paramUnknown(name)
  const types = search
    .getAll('types')
    .flatMap((value) => value.split(','))
    .filter((type) => type !== '')
  const unknown = types.find((type) => !isEventType(type))
  if (unknown !== undefined)
    throw errors.paramValueInvalid('types', `must be types of events: there is no ${unknown.slice(0, 100)}`)
  const after = search.get('after')
  return {
    after: after === null || after === '' ? undefined : after,
    types: types.length === 0 ? undefined : types,
    limit: readNumber(search, 'limit', DEFAULT_LIMIT, 1, MOST),
    wait: readNumber(search, 'wait', 0, 0, LONGEST_WAIT) * 1000,
  }
}

function readNumber(search: URLSearchParams, name: string, initial: number, least: number, most: number): number {
  const text = search.get(name)
  if (text === null) return initial
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw errors.paramValueInvalid(name, `must be a whole number from ${least} to ${most}`)
}

/** The envelopes go out as they are stored: parsing and writing them again would cost more than reading them. */
function bodyOf({ data, cursor, hasMore }: EventPage): string {
  const items = data.map(({ id, body }) => `{"id":${JSON.stringify(id)},${body.slice(1)}`)
  return `{"data":[${items.join(',')}],"cursor":${JSON.stringify(cursor)},"has_more":${hasMore}}`
}
