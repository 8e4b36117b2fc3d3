/** Seconds. */
const YEAR = 31_536_000
/** Seconds in which an application's server reads what a browser brings. */
export const HANDSHAKE_LIFETIME = 60

interface LineOptions {
  /** The page whose host the cookie is for. */
  target: URL
  /** Seconds. Default is a year. */
  maxAge?: number
  domain?: string | undefined
}

/** A `Set-Cookie` line for the application's own host, which its pages can read. */
export function cookieLine(name: string, value: string, { target, maxAge = YEAR, domain }: LineOptions): string {
  const secure = target.protocol === 'https:' ? '; Secure' : ''
  return `${name}=${value}; Path=/;${domainPart(domain)} Max-Age=${maxAge}; SameSite=Lax${secure}`
}

export function clearingLine(name: string, domain?: string): string {
  return `${name}=; Path=/;${domainPart(domain)} Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite=Lax`
}

function domainPart(domain: string | undefined): string {
  return domain === undefined ? '' : ` Domain=${domain};`
}
