import type { Metadata } from '../../kernel/metadata.js'
import { safeName } from '../../lib/templates/index.js'

/** The same values with every text in them made safe. */
export function safeNames(values: Metadata): Metadata {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, safe(value)]))
}

function safe(value: unknown): unknown {
  if (typeof value === 'string') return safeName(value)
  if (Array.isArray(value)) return value.map(safe)
  return typeof value === 'object' && value !== null ? safeNames(value as Metadata) : value
}
