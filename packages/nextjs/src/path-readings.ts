import { MalformedURLError } from './path-errors.js'

/**
 * The ways in which Next may read a path before it knows which page it is of.
 *
 * - Pages with parameters are looked for by the path as a browser writes it: `/docs/a%2Fb` is `/docs/[slug]`.
 * - Pages without are looked for by the whole path decoded as well: `/docs/a%2Fb` is `/docs/a/b` too, where there is that page.
 *
 * @param pathname Of `nextUrl`: without the base path, the language and dot segments.
 * @param locale Of `nextUrl`: the language that the path names, else the default one. Default empty: there is one language.
 * @throws {MalformedURLError}
 */
export function readingsOf(pathname: string, locale = ''): string[] {
  const path = withoutDataPrefix(pathname.replace(/[/\\]{2,}|\\/g, '/'), locale)
  const page = withoutSegment(path.endsWith('.rsc') ? path.slice(0, -'.rsc'.length) : path)
  return [...new Set([path, page].flatMap((reading) => [asBrowsersWrite(reading), decode(reading)]))]
}

/** `/page.segments/_tree.segment` is a part of `/page`. Not an expression: it would take quadratic time for a long path. */
function withoutSegment(path: string): string {
  const end = path.endsWith('.segment') ? path.lastIndexOf('.segments/') : -1
  return end < 0 ? path : path.slice(0, end)
}

/** With `skipProxyUrlNormalize` the data of a page, `/_next/data/<build>/<language>/page.json`, comes under its own path. */
function withoutDataPrefix(path: string, locale: string): string {
  const [, page] = /^\/_next\/data\/[^/]+(\/.*)\.json$/.exec(path) ?? []
  if (page === undefined) return path
  const language = `/${locale.toLowerCase()}/`
  const own = locale && `${page.toLowerCase()}/`.startsWith(language) ? page.slice(language.length - 1) : page
  return own === '' || own === '/index' ? '/' : own
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new MalformedURLError(cause)
  }
}

/** What browsers leave as it is in a path: where it is encoded, somebody wanted it encoded. */
const LEFT_ALONE = /[!$%&'()*+,\-./0-9:;=@A-Z[\\\]_a-z|~]/g

/** Decodes what a browser had to encode, such as umlauts and spaces, so that patterns can be written as they are read. */
function asBrowsersWrite(path: string): string {
  return path.replace(/(?:%[\da-f]{2})+|%/gi, (encoded) => decode(encoded).replace(LEFT_ALONE, toHex))
}

function toHex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}
