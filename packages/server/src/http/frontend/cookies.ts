/** The values of a cookie, in the order in which the browser sends them: of two, the one for the longer path first. */
export function cookiesOf(request: Request, name: string): string[] {
  const header = request.headers.get('cookie')
  if (header === null) return []
  return header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
}

export interface CookieOptions {
  path?: string
  domain?: string | undefined
  /** Seconds; 0 removes the cookie. */
  maxAge: number
  secure: boolean
  httpOnly?: boolean
  sameSite?: 'Lax' | 'None' | 'Strict'
}

/** A `Set-Cookie` line. Values are of characters that need no escaping. */
export function setCookie(
  name: string,
  value: string,
  { path = '/', domain, maxAge, secure, httpOnly = false, sameSite = 'Lax' }: CookieOptions,
): string {
  return [
    `${name}=${value}`,
    `Path=${path}`,
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    `Max-Age=${maxAge}`,
    ...(secure ? ['Secure'] : []),
    ...(httpOnly ? ['HttpOnly'] : []),
    `SameSite=${sameSite}`,
  ].join('; ')
}
