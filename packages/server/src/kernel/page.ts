import { z } from 'zod'

/** One page of a list and how many rows there are in all. */
export interface Page<T> {
  data: T[]
  totalCount: number
}

export interface PageRequest {
  limit: number
  offset: number
}

/** `limit` (1 to 500, 10 by default) and `offset` of a list. */
export const pageQuery = {
  limit: z.int().min(1).max(500).default(10),
  offset: z.int().min(0).default(0),
}

/** For the lists that are a bare array unless `paginated=true` asks for `{data, total_count}`. */
export const paginatedQuery = { ...pageQuery, paginated: z.boolean().default(false) }
