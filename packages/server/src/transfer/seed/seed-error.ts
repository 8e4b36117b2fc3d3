import { ApiError } from '../../kernel/errors/api-error.js'
import type { z } from 'zod'

/** Something in a seed is wrong; `path` leads to it. */
export class SeedError extends Error {
  override readonly name = 'SeedError'

  constructor(
    readonly path: readonly (string | number)[],
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** The first issue that the schema found; for a union of forms, with the deepest path. */
export function fromZod(error: z.ZodError): SeedError {
  const issue = deepest(error.issues[0]!)
  const path = issue.path.filter((key) => typeof key !== 'symbol')
  if (issue.code === 'unrecognized_keys') return new SeedError([...path, issue.keys[0]!], 'is not known here')
  if (issue.code === 'invalid_type' && issue.input === undefined) return new SeedError(path, 'is missing')
  return new SeedError(path, issue.message)
}

/** If a field takes a text or an object and the value is an object, the issue of the object form is the useful one. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue
  const inner = issue.errors
    .flat()
    .map(deepest)
    .sort((a, b) => b.path.length - a.path.length)[0]
  return inner && inner.path.length > 0 ? { ...inner, path: [...issue.path, ...inner.path] } : issue
}

/** Says where in the seed the API's error came from. */
export function at(path: readonly (string | number)[], error: unknown): unknown {
  if (!(error instanceof ApiError)) return error
  const param = error.errors[0]?.meta?.['param_name']
  if (typeof param !== 'string') return new SeedError(path, error.message, { cause: error })
  const name = path[0] === 'users' ? (lists[param] ?? param) : param
  return new SeedError([...path, name], error.message, { cause: error })
}

/** The lists of a seed, by the parameter that the API has for one item. */
const lists: Record<string, string> = {
  email_address: 'email_addresses',
  phone_number: 'phone_numbers',
  web3_wallet: 'web3_wallets',
  external_account: 'external_accounts',
  client_id: 'sessions',
}
