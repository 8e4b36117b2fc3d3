import { MalformedURLError } from './path-errors.js'

/**
 * The ways in which Next may read a path when it looks for the page.
 *
 * - For pages with parameters, Next uses the path as a browser writes it: `/docs/a%2Fb` is `/docs/[slug]`.
 * - For pages without, Next also uses the fully decoded path: `/docs/a%2Fb` is also `/docs/a/b`, if that page exists.
 *
 * @param pathname Of `nextUrl`: without the base path, the language and dot segments.
 * @param locale Of `nextUrl`: the language in the path, otherwise the default one. Default empty: the application has
 * one language.
 * @throws {MalformedURLError}
 */
export function readingsOf(pathname: string, locale = ''): string[] {
  const path = withoutDataPrefix(pathname.replace(/[/\\]{2,}|\\/g, '/'), locale)
  const page = withoutSegment(path.endsWith('.rsc') ? path.slice(0, -'.rsc'.length) : path)
  return [...new Set([path, page].flatMap((reading) => [asBrowsersWrite(reading), decode(reading)]))]
}

/**
 * `/page.segments/_tree.segment` belongs to `/page`. Not a regular expression, which would take quadratic time for a
 * long path.
 */
function withoutSegment(path: string): string {
  const end = path.endsWith('.segment') ? path.lastIndexOf('.segments/') : -1
  return end < 0 ? path : path.slice(0, end)
}

/**
 * With `skipProxyUrlNormalize`, requests for a page's data keep their own path:
 * `/_next/data/<build>/<language>/page.json`.
 */
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

/** Characters that browsers do not encode in a path. If one is encoded, that was intended, so it stays encoded. */
const LEFT_ALONE = /[!$%&'()*+,\-./0-9:;=@A-Z[\\\]_a-z|~]/g

/**
 * Decodes the characters that a browser must encode, such as umlauts and spaces, so that patterns can contain them
 * literally.
 */
function asBrowsersWrite(path: string): string {
  return path.replace(/(?:%[\da-f]{2})+|%/gi, (encoded) => decode(encoded).replace(LEFT_ALONE, toHex))
}

function toHex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}
