import { decodeBase64url, decodeText } from './base64url.js'
import { JwtError } from './jwt-error.js'
import { keep } from './keep.js'

export interface JwtHeader {
  alg: string
  typ?: string
  /** The id of the key it was signed with. */
  kid?: string
  /** The kind of token. It differs for session tokens, templates and machine tokens. */
  cat?: string
  [member: string]: unknown
}

/** The registered claims (RFC 7519, times in seconds), `azp`, and any other claims of the token. */
export interface JwtClaims {
  iss?: string
  sub?: string
  aud?: string | string[]
  exp?: number
  nbf?: number
  iat?: number
  jti?: string
  azp?: string
  [claim: string]: unknown
}

export interface DecodedJwt {
  header: JwtHeader
  payload: JwtClaims
  signature: Uint8Array
  raw: { header: string; payload: string; signature: string; text: string }
}

/**
 * Decodes a token without verifying it: nothing in the result can be trusted.
 *
 * @throws {JwtError} `token_malformed` unless it is three canonical base64url parts of which the first two hold JSON
 *   objects in UTF-8 and none is empty.
 */
export function decodeJwt(token: string): DecodedJwt {
  const jwt = parseJwt(token)
  return { ...jwt, header: { ...jwt.header } }
}

/** {@link decodeJwt} for internal use: the header is frozen, and shared with other tokens. */
export function parseJwt(token: string): DecodedJwt {
  if (typeof token !== 'string') throw malformed(`it is of type ${typeof token}, not a string`)
  const parts = token.split('.', 4)
  if (parts.length !== 3) throw malformed('it must have three parts')
  const [header, payload, encodedSignature] = parts as [string, string, string]
  const signature = decodeBase64url(encodedSignature)
  if (!signature?.length) throw malformed('its signature is not base64url')
  return {
    header: headerOf(header),
    payload: decodeObject(payload, 'payload') as JwtClaims,
    signature,
    raw: { header, payload, signature: encodedSignature, text: token },
  }
}

/**
 * How many parsed headers are kept. All tokens of an issuer share one or two headers; more than this many come from
 * unknown senders.
 */
const KEPT_HEADERS = 50

/** A longer header is not kept, so that unknown senders cannot fill the memory. */
const LONGEST_KEPT_HEADER = 512

const keptHeaders = /* @__PURE__ */ new Map<string, JwtHeader>()

function headerOf(part: string): JwtHeader {
  const known = keptHeaders.get(part)
  if (known) return known
  const header = Object.freeze(checkHeader(decodeObject(part, 'header')))
  return part.length > LONGEST_KEPT_HEADER ? header : keep(keptHeaders, part, header, KEPT_HEADERS)
}

function decodeObject(part: string, name: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(decodeText(part)!)
  } catch {
    // The parser's own message would quote the token.
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(`its ${name} is not base64url of a JSON object`)
  }
  return value as Record<string, unknown>
}

function checkHeader(header: Record<string, unknown>): JwtHeader {
  for (const name of ['alg', 'typ', 'kid', 'cat']) {
    const type = typeof header[name]
    if (type !== 'string' && (type !== 'undefined' || name === 'alg'))
      throw malformed(`${name} in its header is not a string`)
  }
  return header as JwtHeader
}

function malformed(reason: string): JwtError {
  return new JwtError('token_malformed', `The token is not a JWT: ${reason}.`)
}
