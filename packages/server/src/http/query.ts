import { fromText, type Field } from './fields.js'

/**
 * Reads a query string by the fields of its schema: a list takes every value of a repeated key, anything else the
 * first, or all joined by commas where clients split values at them. Parameters that the schema does not have are ignored: clients send some for their own use.
 */
export function readQuery(
  query: URLSearchParams | undefined,
  fields: ReadonlyMap<string, Field>,
  { splitAtCommas = false }: { splitAtCommas?: boolean } = {},
): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  if (!query) return values
  for (const [name, { kind, item = 'string' }] of fields) {
    if (kind === 'array') {
      const texts = query.getAll(name)
      if (texts.length > 0) values[name] = texts.map((text) => fromText(text, item))
    } else {
      const text = splitAtCommas && query.has(name) ? query.getAll(name).join(',') : query.get(name)
      if (text !== null) values[name] = fromText(text, kind)
    }
  }
  return values
}
