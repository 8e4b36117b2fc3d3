import { fromText, type Field } from './fields.js'

/** The first value of a parameter. Most requests have none of the few that are asked for: their URL is not parsed. */
export function queryParam({ url }: Request, name: string): string | null {
  const at = url.indexOf('?')
  if (at < 0 || !(url.includes(name, at) || url.includes('%', at))) return null
  return new URLSearchParams(url.slice(at + 1)).get(name)
}

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
