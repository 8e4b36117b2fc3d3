import { createHmac } from 'node:crypto'
import { safeEqual } from './safe-equal.js'

/**
 * A JWT for a link (HS256). The same for the same claims whenever it is asked for, so that the token itself need not be
 * stored.
 *
 * @param category the kind of link, such as `latchkey_ticket`; a token is read only as the kind it was signed as
 */
export function signToken(category: string, claims: object, key: string): string {
  const text = `${headerOf(category)}.${encode(claims)}`
  return `${text}.${signatureOf(text, key)}`
}

/** The claims; undefined for any text that none of the keys signed for the category. Their end is not checked. */
export function readToken(category: string, token: string, keys: readonly string[]): unknown {
  const [header, payload = '', signature = '', ...rest] = token.split('.')
  if (header !== headerOf(category) || rest.length > 0) return undefined
  if (!keys.some((key) => safeEqual(signatureOf(`${header}.${payload}`, key), signature))) return undefined
  return JSON.parse(Buffer.from(payload, 'base64url').toString())
}

function headerOf(category: string): string {
  return encode({ alg: 'HS256', cat: category, typ: 'JWT' })
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function signatureOf(text: string, key: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}
