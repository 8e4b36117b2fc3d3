import type { z } from 'zod'
import { ApiError, type ApiErrorItem } from '../kernel/errors/api-error.js'
import { errors } from '../kernel/errors/errors.js'

/** A body of one megabyte can have so many errors that listing them all takes a hundred megabytes. */
const MAX_ERRORS = 20

/**
 * Turns zod's issues into the API's errors, one for each parameter at fault, at most {@link MAX_ERRORS}.
 *
 * @param known the existing parameters, to suggest the intended one for a misspelt name
 */
export function toApiError(error: z.ZodError, known: readonly string[] = []): ApiError {
  const items: ApiErrorItem[] = []
  for (const issue of error.issues) {
    for (const { errors: found } of toErrors(issue, known)) items.push(...found)
    if (items.length >= MAX_ERRORS) break
  }
  return new ApiError(422, items.slice(0, MAX_ERRORS))
}

function toErrors(issue: z.core.$ZodIssue, known: readonly string[]): ApiError[] {
  const param = paramName(issue.path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys
        .slice(0, MAX_ERRORS)
        .map((key) =>
          issue.path.some((part) => typeof part === 'string')
            ? errors.paramUnknown(`${param}.${key}`)
            : errors.paramUnknown(key, likely(key, known)),
        )
    case 'invalid_type':
      if (issue.input === undefined) return [errors.paramMissing(param)]
      if (issue.input === null) return [errors.paramNull(param)]
      return [errors.paramTypeInvalid(param, typeNames[issue.expected] ?? issue.expected)]
    case 'too_big':
      if (issue.origin === 'string') return [errors.paramTooLong(param, Number(issue.maximum))]
      if (issue.origin === 'array') return [errors.paramArrayTooLarge(param, Number(issue.maximum))]
      return [errors.paramValueInvalid(param, `must be at most ${issue.maximum}`)]
    case 'too_small':
      if (issue.origin === 'string')
        return [
          issue.minimum === 1
            ? errors.paramValueInvalid(param, 'must not be empty')
            : errors.paramTooShort(param, Number(issue.minimum)),
        ]
      if (issue.origin === 'array')
        return [
          errors.paramValueInvalid(param, `must have at least ${issue.minimum} item${issue.minimum === 1 ? '' : 's'}`),
        ]
      return [errors.paramValueInvalid(param, `must be at least ${issue.minimum}`)]
    case 'invalid_value':
      if (issue.input === undefined) return [errors.paramMissing(param)]
      return [errors.paramValueInvalid(param, `must be one of ${issue.values.map(String).join(', ')}`)]
    case 'invalid_format':
      return [errors.paramFormatInvalid(param, issue.message)]
    default:
      return [
        issue.input === undefined
          ? errors.paramMissing(param)
          : errors.paramValueInvalid(param, issue.code === 'custom' ? issue.message : 'is invalid'),
      ]
  }
}

const typeNames: Record<string, string> = { int: 'integer', record: 'object' }

/** `email_address`, also for the second item of the list; `params.name` for deeper values. */
function paramName(path: readonly PropertyKey[]): string {
  return path.filter((key) => typeof key === 'string').join('.') || 'body'
}

/**
 * The parameter whose name begins with the unknown one (`email`), or differs from it only in underscores and case
 * (`firstName`).
 */
function likely(key: string, known: readonly string[]): string | undefined {
  const plain = (name: string) => name.toLowerCase().replaceAll('_', '')
  return (
    known.find((name) => plain(name) === plain(key)) ??
    known.find((name) => key.length > 2 && name.startsWith(`${key}_`))
  )
}
