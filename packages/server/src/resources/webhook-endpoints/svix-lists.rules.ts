import { ApiError } from '../../kernel/errors/api-error.js'
import { refuseIllegalText } from '../../kernel/legal-text.js'
import type { AttemptFilter, AttemptPosition } from '../../outbox/webhooks/history.js'
import { faultOfEventTypes } from './webhook-endpoints.rules.js'

const DEFAULT_LIMIT = 50
const MOST = 250

/** Where in a request something is. */
type Place = 'body' | 'query' | 'path'

interface FieldFault {
  path: string[]
  message: string
}

/** An error as Svix answers it. */
export class SvixError extends Error {
  override readonly name = 'SvixError'
  body: unknown

  constructor(
    readonly status: number,
    code: string,
    detail: string,
  ) {
    super(detail)
    this.body = { code, detail }
  }

  static ofFields(faults: readonly FieldFault[], place: Place = 'body'): SvixError {
    const error = new SvixError(422, 'validation', faults.map(({ message }) => message).join('; '))
    error.body = {
      detail: faults.map(({ path, message }) => ({ loc: [place, ...path], msg: message, type: 'value_error' })),
    }
    return error
  }
}

const CODES: Record<number, string> = {
  401: 'authentication_failed',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
}

/** The answer for an error of any layer. */
export function toSvixError(error: unknown): { status: number; body: unknown } {
  if (error instanceof SvixError) return error
  if (!(error instanceof ApiError))
    return { status: 500, body: { code: 'server_error', detail: 'Internal server error' } }
  const [first] = error.errors
  const param = first?.meta?.['param_name']
  const detail = first?.long_message ?? error.message
  if (error.status === 422 && typeof param === 'string') return SvixError.ofFields([{ path: [param], message: detail }])
  return { status: error.status, body: { code: CODES[error.status] ?? first?.code ?? 'error', detail } }
}

/** Clients of version 2 ask for lists without answers and payloads unless they are told otherwise. */
export function wantsContent(query: URLSearchParams): boolean {
  return query.get('with_content') !== 'false'
}

/** The page of a list that is short enough to be read whole. */
export function listOf<T>(all: readonly T[], query: URLSearchParams, key: (item: T) => string) {
  const { limit, iterator } = readPage(query)
  const start = iterator === null ? 0 : all.findIndex((item) => key(item) === iterator) + 1
  if (iterator !== null && start === 0)
    throw SvixError.ofFields([{ path: ['iterator'], message: 'is not one of this list' }], 'query')
  const data = all.slice(start, start + limit)
  const last = data.at(-1)
  return {
    data,
    iterator: last === undefined ? iterator : key(last),
    prevIterator: null,
    done: start + limit >= all.length,
  }
}

export function readPage(query: URLSearchParams): { limit: number; iterator: string | null } {
  const text = query.get('limit')
  const limit = text === null ? DEFAULT_LIMIT : Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
    throw SvixError.ofFields([{ path: ['limit'], message: `must be a whole number from 1 to ${MOST}` }], 'query')
  return { limit, iterator: query.get('iterator') }
}

/**
 * Where a page ended, as the page before has answered it.
 *
 * @param form with a group for each part
 * @throws {SvixError} 422 for what no page has answered
 */
export function readIterator(iterator: string | null, form: RegExp): string[] | undefined {
  if (iterator === null) return undefined
  const found = form.exec(iterator)
  if (!found) throw SvixError.ofFields([{ path: ['iterator'], message: 'is not one of this list' }], 'query')
  return found.slice(1)
}

/** @throws {SvixError} 422 unless it is one of the values */
function readChoice<T extends string>(query: URLSearchParams, name: string, values: readonly T[]): T | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const choice = values.find((value) => value === text)
  if (choice === undefined)
    throw SvixError.ofFields([{ path: [name], message: `must be one of ${values.join(', ')}` }], 'query')
  return choice
}

/**
 * Refuses text that no database stores, wherever it is in a request.
 *
 * @throws {SvixError} 422
 */
export function requireLegalText(values: object, place: Place): void {
  try {
    refuseIllegalText(values)
  } catch (error) {
    const [first] = error instanceof ApiError ? error.errors : []
    const param = first?.meta?.['param_name']
    if (typeof param !== 'string') throw error
    throw SvixError.ofFields([{ path: [param], message: first!.long_message ?? first!.message }], place)
  }
}

/** Of attempts: succeeded, pending, failed, being sent, canceled. */
const STATUSES = ['0', '1', '2', '3', '4'] as const
/** 0 is the class of attempts without an answer. */
const STATUS_CLASSES = ['0', '100', '200', '300', '400', '500'] as const

/** Which attempts to list, from where, and whether any can be found at all. */
export function readAttempts(query: URLSearchParams): {
  filter: AttemptFilter
  limit: number
  iterator: string | null
  from: AttemptPosition | undefined
  none: boolean
} {
  const { limit, iterator, before, after, types } = readTimes(query)
  const status = readChoice(query, 'status', STATUSES)
  const statusClass = readChoice(query, 'status_code_class', STATUS_CLASSES)
  const [createdAt, id] = readIterator(iterator, /^(\d{1,15}):(atmpt_\w+)$/) ?? []
  return {
    filter: {
      before,
      after,
      eventTypes: types,
      succeeded: status === undefined ? undefined : status === '0',
      statusClass: statusClass === undefined ? undefined : Number(statusClass) / 100,
    },
    limit,
    iterator,
    from: id === undefined ? undefined : { createdAt: Number(createdAt), id },
    // An attempt is recorded once it is over: none is pending or being sent.
    none: status !== undefined && status !== '0' && status !== '2',
  }
}

/** The parameters of lists by time. */
export function readTimes(query: URLSearchParams) {
  const time = (name: string) => {
    const text = query.get(name)
    if (text === null) return undefined
    const milliseconds = Date.parse(text)
    if (!Number.isNaN(milliseconds)) return milliseconds
    throw SvixError.ofFields([{ path: [name], message: 'must be a time, RFC 3339' }], 'query')
  }
  const types = query
    .getAll('event_types')
    .flatMap((value) => value.split(','))
    .filter((type) => type !== '')
  const fault = faultOfEventTypes(types.length === 0 ? null : types)
  if (fault) throw SvixError.ofFields([{ path: ['event_types'], message: fault.message }], 'query')
  return {
    ...readPage(query),
    before: time('before'),
    after: time('after'),
    types: types.length === 0 ? undefined : types,
  }
}
