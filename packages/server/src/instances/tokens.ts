import type { M2MTokenCategory, SessionTokenCategory, TemplateTokenCategory } from '@latchkey/types'
import type { Random } from '../kernel/runtime.js'

export const SESSION_TOKEN: SessionTokenCategory = 'cl_B7d4PD111AAA'
export const TEMPLATE_TOKEN: TemplateTokenCategory = 'cl_B7d4PD222AAA'
export const M2M_TOKEN: M2MTokenCategory = 'cl_B7d4PD333AAA'
/**
 * Of the token that identifies a browser to this server. Only this server reads it; its `sub` is the id of the client.
 */
export const CLIENT_TOKEN = 'latchkey_client'

/** Of the token that brings cookies to an application's server, in its claim `handshake`. */
export const HANDSHAKE_TOKEN = 'latchkey_handshake'

/** Of the token with which an application's server asks for a new session token; its `sub` is the id of the session. */
export const REFRESH_TOKEN = 'latchkey_refresh'

/** Milliseconds that a retired key opens what it has sealed: the longest that browsers keep a cookie. */
export const LONGEST_SEALED = 400 * 24 * 60 * 60 * 1000

/** For the claim `jti`. */
export function newTokenId(random: Random): string {
  return Buffer.from(random.bytes(10)).toString('hex')
}

/** The id of an API key or M2M token: the prefix, `_` and 32 hexadecimal characters, where other ids are KSUIDs. */
export function newHexId(prefix: string, random: Random): string {
  return `${prefix}_${Buffer.from(random.bytes(16)).toString('hex')}`
}
