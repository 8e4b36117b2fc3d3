import { hash } from 'node:crypto'
import { errors } from './errors.js'

/** Splits `Bearer <key>`; the scheme in any case (RFC 9110, section 11.1). */
const BEARER = /^bearer +([\x21-\x7e]{1,512})$/i

/**
 * The key of a request's Authorization header.
 *
 * @throws {ApiError} 401 `authorization_header_format_invalid` when there is none or it is of another form
 */
export function bearerKey(header: string | null | undefined): string {
  const match = BEARER.exec(header ?? '')
  if (!match) throw errors.authorizationHeaderFormatInvalid()
  return match[1]!
}

/** What is kept of a secret key: SHA-256, hex. Keys are random, so that a plain digest is enough. */
export function hashKey(key: string): string {
  return hash('sha256', key, 'hex')
}

/** A secret or machine key means the Backend API where both APIs have a path. */
export function isBackendKey(header: string | null | undefined): boolean {
  return /^bearer +(sk|ak)_/i.test(header ?? '')
}
