/** Parameters as the caller gives them: camelCase names, any values. */
export type Parameters = object

/** `primaryEmailAddressID` becomes `primary_email_address_id`; snake_case names stay. */
export function toSnakeCase(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
}

export function toCamelCase(name: string): string {
  return name.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase())
}

/**
 * Writes a query string, with its `?`, or nothing. An array repeats its key. Zero and false are sent; undefined, null and
 * the empty string are not. A date is written in Unix milliseconds, as all filters by time expect.
 */
export function toQuery(parameters: Parameters): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || value === null || value === '') continue
    for (const item of Array.isArray(value) ? value : [value]) {
      query.append(toSnakeCase(name), String(item instanceof Date ? item.getTime() : item))
    }
  }
  const text = query.toString()
  return text && `?${text}`
}

/**
 * Writes a JSON body, or undefined when there are no parameters. Only the names of the top level (in a list, of each
 * item) become snake_case: nested values, above all metadata, belong to the caller. Dates become RFC 3339.
 */
export function toBody(parameters: Parameters): string | undefined {
  if (Array.isArray(parameters)) return JSON.stringify(parameters.map(withWireNames))
  return Object.keys(parameters).length === 0 ? undefined : JSON.stringify(withWireNames(parameters))
}

function withWireNames(parameters: Parameters): object {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [toSnakeCase(name), value]))
}

/**
 * True when a filter is an empty list, which matches nothing. No request is needed: in a query string the empty list
 * would vanish, and the request would match everything.
 */
export function matchesNothing(filters: Parameters): boolean {
  return Object.values(filters).some((value) => Array.isArray(value) && value.length === 0)
}
