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
export type ListJSON<Wire> = Wire[] | { data: Wire[]; total_count?: number }

export function toPage<Wire, Resource>(json: ListJSON<Wire>, translate: Translate<Wire, Resource>): Page<Resource> {
  const wires = Array.isArray(json) ? json : json.data
  const total = Array.isArray(json) ? undefined : json.total_count
  return { data: wires.map((wire) => translate(wire)), totalCount: total ?? wires.length }
}

export function emptyPage<T>(): Page<T> {
  return { data: [], totalCount: 0 }
}
