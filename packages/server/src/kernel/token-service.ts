import { z } from 'zod'
import { errors } from './errors/errors.js'

/**
 * What API keys and machine tokens have in common. Clerk serves these from a service of their own, whose requests are
 * checked and refused in another style than the rest of the API: always 400 `bad_request`.
 */

/** `limit` (1 to 100, 10 by default) and `offset` of a list. */
export const tokenPage = {
  limit: z.int().min(1).max(100).default(10),
  offset: z.int().min(0).nullish(),
}

/** Seconds; fractions are fine. Longer ones than ten years are refused. */
export const lifetime = z
  .number()
  .max(315_360_000)
  .refine((seconds) => seconds > 0, 'must be greater than 0')
  .nullish()

export const revocation = z.object({ revocation_reason: z.string().max(1024).nullish() })

/** An id of one of these kinds, by its prefix. */
export function idOf(...prefixes: readonly string[]) {
  return z.string().regex(patternOf(prefixes), `must begin with ${prefixes.map((prefix) => `${prefix}_`).join(' or ')}`)
}

/** The same for an id in a path. @throws {ApiError} 400 `bad_request` */
export function parseId(param: string, id: string, ...prefixes: readonly string[]): string {
  const parsed = idOf(...prefixes).safeParse(id)
  if (!parsed.success) throw errors.badRequest(`${param} ${parsed.error.issues[0]!.message}`)
  return id
}

function patternOf(prefixes: readonly string[]): RegExp {
  return new RegExp(`^(${prefixes.join('|')})_\\w+$`)
}
