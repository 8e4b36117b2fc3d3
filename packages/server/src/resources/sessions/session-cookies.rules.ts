/** Seconds. */
const YEAR = 31_536_000

/** A new session token, or the `Set-Cookie` lines that carry it and the next refresh token. */
export type Refreshed = { token: string } | { cookies: string[] }

interface LineOptions {
  /** The page whose host the cookie is for. */
  target: URL
  /** Seconds. Default is a year. */
  maxAge?: number
  domain?: string | undefined
  /** Scripts of the page do not see it. */
  httpOnly?: boolean
}

/** A `Set-Cookie` line for the application's own host, which its pages can read unless it is `httpOnly`. */
export function cookieLine(
  name: string,
  value: string,
  { target, maxAge = YEAR, domain, httpOnly = false }: LineOptions,
): string {
  const secure = target.protocol === 'https:' ? '; Secure' : ''
  const hidden = httpOnly ? '; HttpOnly' : ''
  return `${name}=${value}; Path=/;${domainPart(domain)} Max-Age=${maxAge}; SameSite=Lax${secure}${hidden}`
}

export function clearingLine(name: string, domain?: string): string {
  return `${name}=; Path=/;${domainPart(domain)} Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite=Lax`
}

function domainPart(domain: string | undefined): string {
  return domain === undefined ? '' : ` Domain=${domain};`
}
