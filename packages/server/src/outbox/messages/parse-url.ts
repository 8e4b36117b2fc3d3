export interface ServerUrl {
  url: URL
  /** Percent-decoded; empty when the URL has none. */
  user: string
  password: string
}

/** A server's URL with the user and the password in it; null if it is invalid. */
export function parseServerUrl(
  value: string,
  protocols: readonly string[],
  { allowQuery = false }: { allowQuery?: boolean } = {},
): ServerUrl | null {
  const url = URL.canParse(value) ? new URL(value) : null
  if (!url || !protocols.includes(url.protocol) || !url.hostname || (url.search && !allowQuery) || url.hash) return null
  try {
    return { url, user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
  } catch {
    return null
  }
}
