import { errors } from './errors/errors.js'

/** Levels of nested objects and arrays. */
const DEPTH_LIMIT = 64

/**
 * Refuses text that cannot be stored unchanged: NUL, which PostgreSQL refuses, and half of a surrogate pair, which is
 * invalid Unicode. Also refuses values nested deeper than any real one.
 *
 * @throws {ApiError} 422 `form_param_value_invalid`
 */
export function refuseIllegalText(values: object, param?: string, depth = 0): void {
  if (depth > DEPTH_LIMIT)
    throw errors.paramValueInvalid(param ?? 'body', `is nested deeper than ${DEPTH_LIMIT} levels`)
  for (const [key, value] of Object.entries(values)) {
    const name = param ?? key
    if (isIllegal(key) || (typeof value === 'string' && isIllegal(value)))
      throw errors.paramValueInvalid(toWellFormed(name), 'has characters that are not allowed in text')
    if (value !== null && typeof value === 'object') refuseIllegalText(value, name, depth + 1)
  }
}

/** Both take microseconds for a megabyte; a regular expression takes a tenth of a second. */
function isIllegal(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed()
}

export function toWellFormed(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}
