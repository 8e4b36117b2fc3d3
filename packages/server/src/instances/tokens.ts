import type { SessionTokenCategory, TemplateTokenCategory } from '@latchkey/types'
import type { Random } from '../kernel/runtime.js'

export const SESSION_TOKEN: SessionTokenCategory = 'cl_B7d4PD111AAA'
export const TEMPLATE_TOKEN: TemplateTokenCategory = 'cl_B7d4PD222AAA'
/**
 * Of the token that identifies a browser to this server. Only this server reads it; its `sub` is the id of the client.
 */
export const CLIENT_TOKEN = 'latchkey_client'

/** Of the token that brings cookies to an application's server, in its claim `handshake`. */
export const HANDSHAKE_TOKEN = 'latchkey_handshake'

/** For the claim `jti`. */
export function newTokenId(random: Random): string {
  return Buffer.from(random.bytes(10)).toString('hex')
}
