import { paramError } from '../../kernel/errors/api-error.js'

/** Scheme, host and, where it is not the scheme's own, port (RFC 6454): also of browser extensions and apps. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/(\[[0-9a-f:.]+\]|[a-z0-9_-]+(\.[a-z0-9_-]+)*)(:\d{1,5})?$/i

/**
 * @returns the origin as a browser writes it, in lower case
 * @throws {ApiError} 422 `form_invalid_origin`
 */
export function parseOrigin(text: string, param: string): string {
  if (text.length > 512 || !ORIGIN.test(text)) {
    throw paramError(
      422,
      'form_invalid_origin',
      param,
      'is invalid',
      `${param} must be an origin without a path, such as https://example.com, chrome-extension://mnhbilbfebpbokpjjamapdecdgieldho or capacitor://localhost`,
    )
  }
  return text.toLowerCase()
}
