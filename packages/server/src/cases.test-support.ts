import { dialects } from './server.test-support.js'
import type { Dialect } from './storage/database.js'

/** `npm run test-every-case` */
export const isEveryCase = process.env['EVERY_CASE'] === '1'

/**
 * Of cases that are generated, those that are tried on this database: they take turns, as most of what they try is the same
 * code on each. With every case all of them are tried on all databases.
 */
export function casesOn<T>(dialect: Dialect, cases: readonly T[]): readonly T[] {
  if (isEveryCase) return cases
  return cases.filter((_, place) => place % dialects.length === dialects.indexOf(dialect))
}
