import { errors } from '../kernel/errors/errors.js'

/** Splits `Bearer <key>`; the scheme in any case (RFC 9110, section 11.1). */
const BEARER = /^bearer +([\x21-\x7e]{1,512})$/i

/**
 * The key of a request's Authorization header.
 *
 * @throws {ApiError} 401 `authorization_header_format_invalid` if the header is missing or has another form
 */
export function bearerKey(header: string | null | undefined): string {
  const match = BEARER.exec(header ?? '')
  if (!match) throw errors.authorizationHeaderFormatInvalid()
  return match[1]!
}

/** A secret or machine key means the Backend API where both APIs have a path. */
export function isBackendKey(header: string | null | undefined): boolean {
  return /^bearer +(sk|ak)_/i.test(header ?? '')
}
