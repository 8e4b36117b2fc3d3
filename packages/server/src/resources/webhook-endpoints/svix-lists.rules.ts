import { ApiError } from '../../kernel/errors/api-error.js'

const DEFAULT_LIMIT = 50
const MOST = 250

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

  static ofFields(faults: readonly FieldFault[], place: 'body' | 'query' = 'body'): SvixError {
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
  return {
    ...readPage(query),
    before: time('before'),
    after: time('after'),
    types: types.length === 0 ? undefined : types,
  }
}
