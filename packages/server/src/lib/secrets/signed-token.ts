import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto'

/** A secret; as a `KeyObject` where it signs often. */
export type TokenKey = string | KeyObject

/**
 * A JWT for a link (HS256). The same for the same claims whenever it is asked for, so that the token itself need not be
 * stored.
 *
 * @param category the kind of link, such as `latchkey_ticket`; a token is read only as the kind it was signed as
 */
export function signToken(category: string, claims: object, key: TokenKey): string {
  const text = `${headerOf(category)}.${encode(claims)}`
  return `${text}.${signatureOf(text, key)}`
}

/** The claims; undefined for any text that none of the keys signed for the category. Their end is not checked. */
export function readToken(category: string, token: string, keys: Iterable<TokenKey>): unknown {
  const [header, payload = '', signature = '', ...rest] = token.split('.')
  if (header !== headerOf(category) || rest.length > 0) return undefined
  const given = Buffer.from(signature)
  for (const key of keys) {
    const right = Buffer.from(signatureOf(`${header}.${payload}`, key))
    if (right.length === given.length && timingSafeEqual(right, given))
      return JSON.parse(Buffer.from(payload, 'base64url').toString())
  }
  return undefined
}

/** There are few. */
const headers = new Map<string, string>()

function headerOf(category: string): string {
  let header = headers.get(category)
  if (header === undefined) headers.set(category, (header = encode({ alg: 'HS256', cat: category, typ: 'JWT' })))
  return header
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function signatureOf(text: string, key: TokenKey): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}
