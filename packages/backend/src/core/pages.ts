/** A part of a list, and how long the whole list is. */
export interface Page<T> {
  data: T[]
  totalCount: number
}

/** {@link Page} under the name and with the parameter that `@clerk/backend` has. */
export type PaginatedResourceResponse<List extends unknown[]> = Page<List[number]>

/** Which part of a list to answer. */
export interface PageParams {
  /** 1 to 500. Default 10. */
  limit?: number
  /** How many to leave out from the start. Default 0. */
  offset?: number
}

export type Translate<Wire, Resource> = (json: Wire) => Resource

/** Lists come in an envelope or, from some operations and older servers, bare. */
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

/** What a request for one page of many asks beside what the caller did. */
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

/** The size of the pages of a walk by cursor, unless the caller says, and of a walk by offset from the second page on. */
const WALK_LIMIT = 100

/** The API's own. */
const DEFAULT_LIMIT = 10

/** The part of a list's query that paging is about. */
type PagedQuery = PageParams & { orderBy?: string; startingAfter?: string }

/** The contract has a cursor for lists in the order of creation, which their default order is. */
function hasCursor(query: PagedQuery): boolean {
  return /^[+-]?created_at$/.test(query.orderBy || 'created_at') && !query.offset
}

/**
 * What to ask for first. By offset it is what the caller asked for: some lists come whole, and know no `limit`.
 *
 * @param cursor Whether the list can be asked for what follows an item.
 */
export function firstOfWalk(query: PagedQuery, cursor: boolean): Step {
  return cursor && hasCursor(query) ? { limit: query.limit ?? WALK_LIMIT } : {}
}

/** What to ask for after this page, or null when it was the last one. */
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
