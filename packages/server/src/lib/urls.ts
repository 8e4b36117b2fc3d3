/** So that a path can follow. */
export function withoutEndSlashes(url: string): string {
  return url.replace(/\/+$/, '')
}

/** In UTF-16 units. No browser or server is sent a longer URL. */
const LONGEST = 8192

/**
 * Reads a URL that somebody sends. The parser composes the letters of a host name, whose time grows with the square of a
 * run of accents: a megabyte of them would keep everybody else waiting for a minute.
 *
 * @returns undefined if the text is no URL, or is too long
 */
export function readUrl(text: string): URL | undefined {
  return text.length <= LONGEST && URL.canParse(text) ? new URL(text) : undefined
}
