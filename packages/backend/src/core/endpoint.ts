/** Where the API is and how its key is sent: what every request needs, through the client or without it. */
import { CLERK_API_VERSION, VERSION } from './version.js'

export const DEFAULT_API_URL = 'https://api.clerk.com'
export const DEFAULT_API_VERSION = 'v1'

/** @throws {TypeError} when `apiUrl` is not an absolute URL. */
export function checkApiUrl(apiUrl: string): void {
  if (!/^https?:\/\//.test(apiUrl) || !URL.canParse(apiUrl)) {
    throw new TypeError(`"apiUrl" must start with http:// or https://, got ${JSON.stringify(apiUrl)}.`)
  }
}

/** The URL that version and path are appended to. */
export function baseOf(apiUrl: string): string {
  return apiUrl.replace(/\/+$/, '')
}

/** The headers of each request, without its key. */
export function commonHeaders(userAgent = `@latchkey/backend@${VERSION}`): Record<string, string> {
  return { 'clerk-api-version': CLERK_API_VERSION, 'user-agent': userAgent }
}

/**
 * The header with a secret key, without the white space around it, which files and variables add. Rejects a key that is
 * not a valid header value: otherwise the platform would, with an error that quotes the key.
 */
export function bearer(given: string | undefined): string {
  const secretKey = given?.trim()
  if (!secretKey) throw new Error('Missing secret key. Pass secretKey to createClerkClient.')
  if (!/^[\x21-\x7e]+$/.test(secretKey)) {
    throw new Error('The secret key contains a space, a line break or another invalid character.')
  }
  return `Bearer ${secretKey}`
}
