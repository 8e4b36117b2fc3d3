import { createHash } from 'node:crypto'
import { errors } from '../../kernel/errors/errors.js'
import { KSUID_EPOCH, ksuid } from '../../kernel/runtime.js'
import { emailAddress, phoneNumber } from '../../lib/identifiers/index.js'
import { readUrl } from '../../lib/urls.js'

export interface OnBehalfOf {
  userId?: string | undefined
  identifier?: string | undefined
}

/** @throws {ApiError} 422 unless exactly one of the two is given */
export function checkSubject({ userId, identifier }: OnBehalfOf): void {
  const [param, other] = ['on_behalf_of.identifier', 'on_behalf_of.user_id'] as const
  if (userId !== undefined && identifier !== undefined) {
    throw errors.conditionalParamDisallowed(param, `cannot be combined with ${other}`)
  }
  if (userId === undefined && identifier === undefined) {
    throw errors.conditionalParamMissing(other, 'an agent task, unless on_behalf_of.identifier is given')
  }
}

/**
 * The same agent has the same id within an instance.
 *
 * @param digest of the instance and the agent's name
 */
export function agentIdOf(digest: string): string {
  const bytes = createHash('sha256').update(digest).digest()
  // Where an id has the second of its creation this one has four more bytes of the digest.
  return `agt_${ksuid(KSUID_EPOCH + bytes.readUInt32BE(16), bytes.subarray(0, 16))}`
}

/** @throws {ApiError} 422 `form_param_format_invalid` */
export function checkRedirectUrl(text: string, environmentType: 'development' | 'production'): void {
  const protocols = environmentType === 'development' ? ['https:', 'http:'] : ['https:']
  const url = readUrl(text)
  if (!url || !protocols.includes(url.protocol) || !url.hostname) {
    const schemes = protocols.map((protocol) => protocol.slice(0, -1)).join(' or ')
    throw errors.paramFormatInvalid('redirect_url', `must be an absolute URL with the scheme ${schemes}`)
  }
}

/** The canonical forms of an identifier, as each kind has it; null where it cannot be of that kind. */
export function identifierForms(identifier: string) {
  const email = emailAddress(identifier)
  const phone = phoneNumber(identifier)
  return {
    emailAddress: email.ok ? email.canonical : null,
    phoneNumber: phone.ok ? phone.number : null,
    username: identifier.toLowerCase(),
  }
}
