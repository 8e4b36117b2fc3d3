import { createHash } from 'node:crypto'

/** SHA-256, hex, of a JSON value: equal for equal values, in whatever order the fields of their objects stand. */
export function canonicalDigest(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(canonical(value)))
    .digest('hex')
}

/** The same value, with the names of every object in order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  // Pairs instead of an object: an object puts names that are numbers first, and has no room for `__proto__`.
  const pairs = Object.entries(value).map(([name, field]) => [name, canonical(field)] as const)
  return { pairs: pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)) }
}
