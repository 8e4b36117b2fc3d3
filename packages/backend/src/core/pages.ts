/** A part of a list, and how long the whole list is. */
export interface Page<T> {
  data: T[]
  totalCount: number
}

/** {@link Page} with the name and the type parameter of `@clerk/backend`. */
export type PaginatedResourceResponse<List extends unknown[]> = Page<List[number]>

/** Which part of a list to return. */
export interface PageParams {
  /** 1 to 500. Default 10. */
  limit?: number
  /** How many items to skip from the start. Default 0. */
  offset?: number
}

export type Translate<Wire, Resource> = (json: Wire) => Resource

/** Lists come in an envelope or, from some operations and older servers, as a bare array. */
export type ListJSON<Wire> =
  | Wire[]
  | { data: Wire[]; total_count?: number }
  | { m2m_tokens: Wire[]; total_count?: number }

export function toPage<Wire, Resource>(json: ListJSON<Wire>, translate: Translate<Wire, Resource>): Page<Resource> {
  const wires = Array.isArray(json) ? json : 'data' in json ? json.data : json.m2m_tokens
  return { data: wires.map((wire) => translate(wire)), totalCount: totalOf(json) ?? wires.length }
}

export function emptyPage<T>(): Page<T> {
  return { data: [], totalCount: 0 }
}

/** The paging parameters that a walk adds to the caller's query. */
export interface Step {
  limit?: number
  offset?: number
  startingAfter?: string
}

/** A walk from page to page of a list. */
export interface Walk {
  /** Undefined before the first page, null after the last. */
  next?: Step | null
}

/** Default page size of a walk by cursor, and of a walk by offset from the second page on. */
const WALK_LIMIT = 100

/** The API's own default page size. */
const DEFAULT_LIMIT = 10

/** The parameters of a list's query that matter for paging. */
type PagedQuery = PageParams & { orderBy?: string; startingAfter?: string }

/** The contract has a cursor only for lists in the order of creation, which is the default order. */
function hasCursor(query: PagedQuery): boolean {
  return /^[+-]?created_at$/.test(query.orderBy || 'created_at') && !query.offset
}

/**
 * The first page of a walk. By offset it is the caller's query unchanged: some lists come whole and do not accept
 * `limit`.
 *
 * @param cursor Whether the list takes `starting_after`.
 */
export function firstOfWalk(query: PagedQuery, cursor: boolean): Step {
  return cursor && hasCursor(query) ? { limit: query.limit ?? WALK_LIMIT } : {}
}

/** The page after this one, or null if this was the last. */
export function nextOfWalk(query: PagedQuery, asked: Step, json: ListJSON<unknown>, cursor: boolean): Step | null {
  const wires = toPage(json, (wire) => wire as { id?: string }).data
  const last = wires.at(-1)?.id
  const limit = asked.limit ?? query.limit
  const full = wires.length >= (limit ?? DEFAULT_LIMIT)
  if (cursor && hasCursor(query))
    return full && last && last !== asked.startingAfter ? { limit, startingAfter: last } : null
  const offset = (asked.offset ?? query.offset ?? 0) + wires.length
  const total = totalOf(json)
  const more = wires.length > 0 && (total === undefined ? full : offset < total)
  return more ? { limit: query.limit ?? WALK_LIMIT, offset } : null
}

function totalOf(json: ListJSON<unknown>): number | undefined {
  return Array.isArray(json) ? undefined : json.total_count
}
