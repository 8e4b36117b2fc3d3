import type { AllowlistIdentifierType } from '@latchkey/types'
import { errors } from '../../kernel/errors/errors.js'
import { domainName, emailAddress, foldText, phoneNumber, web3Wallet } from '../../lib/identifiers/index.js'

export type IdentifierType = AllowlistIdentifierType

/** An entry of the allow-list or block-list: one identifier, or all addresses of some domains. */
export interface IdentifierPattern {
  /** As it is shown: in lower case, but for Solana wallets, whose letters differ by case. */
  identifier: string
  identifierType: IdentifierType
  /** What is compared: the canonical identifier, `*@example.com`, or `*@*.example.com`. */
  pattern: string
}

const MAX_LENGTH = 1024

/**
 * Reads an entry: an e-mail address, `example.com` or `*@example.com` (a domain), `*@*.example.com` (its subdomains at
 * any depth, not the domain itself), a phone number in E.164 form, or a wallet. A `*` anywhere else in an address is a
 * character like any other.
 *
 * @throws {ApiError} 422 `form_param_format_invalid`
 */
export function parsePattern(input: string): IdentifierPattern {
  const text = input.trim()
  const parsed = text.length > MAX_LENGTH ? undefined : readPattern(text)
  if (parsed) return parsed
  throw errors.paramFormatInvalid(
    'identifier',
    'must be an email address, a domain such as *@example.com or *@*.example.com, a phone number such as +14155552671, or a wallet',
  )
}

function readPattern(text: string): IdentifierPattern | undefined {
  if (text.startsWith('*@*.')) return domainPattern('*@*.', domainOrSuffix(text.slice(4)))
  if (text.startsWith('*@')) return domainPattern('*@', domainName(text.slice(2)))
  if (text.includes('@')) {
    const email = emailAddress(text)
    return email.ok ? entry('email_address', email.canonical) : undefined
  }
  if (foldText(text).startsWith('+')) {
    const phone = phoneNumber(text)
    return phone.ok ? entry('phone_number', phone.number) : undefined
  }
  const wallet = web3Wallet(text)
  if (wallet.ok) return entry('web3_wallet', wallet.canonical)
  const domain = domainName(text)
  return domain === undefined ? undefined : entry('email_address', domain, `*@${domain}`)
}

function entry(identifierType: IdentifierType, identifier: string, pattern = identifier): IdentifierPattern {
  return { identifier, identifierType, pattern }
}

function domainPattern(prefix: string, domain: string | undefined): IdentifierPattern | undefined {
  return domain === undefined ? undefined : entry('email_address', `${prefix}${domain}`)
}

/** Whether the entry stands for all addresses of a domain, or of its subdomains. */
export function isDomain({ pattern }: Pick<IdentifierPattern, 'pattern'>): boolean {
  return pattern.startsWith('*@')
}

/** Subdomains of `edu` are domains too, though nobody has an address at `edu` itself. */
function domainOrSuffix(text: string): string | undefined {
  return domainName(`x.${text}`)?.slice(2)
}

/**
 * Every pattern that stands for an identifier. Few, so that a list is asked for them by its index, however long it is.
 *
 * @param canonical as stored with the user: folded, the domain in its ASCII form
 */
export function patternsFor(type: IdentifierType, canonical: string): string[] {
  if (type !== 'email_address') return [canonical]
  const domain = canonical.slice(canonical.lastIndexOf('@') + 1)
  const labels = domain.split('.')
  const parents = labels.slice(1).map((_, index) => `*@*.${labels.slice(index + 1).join('.')}`)
  return [canonical, `*@${domain}`, ...parents]
}
