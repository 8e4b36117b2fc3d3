import { domainToASCII } from 'node:url'
import { foldText, hasIllegalText } from './text.js'

/** Octets, counted in UTF-8: RFC 5321 section 4.5.3.1 and RFC 3696 erratum 1690. */
const MAX_ADDRESS_BYTES = 254
const MAX_LOCAL_PART_BYTES = 64
/**
 * Limit before composition, whose time grows with the square of a run of accents: minutes for a megabyte. In UTF-16
 * units.
 */
const MAX_INPUT_LENGTH = 1024

export type EmailAddressResult =
  | {
      ok: true
      /** As entered, without surrounding white space, in Unicode's composed form. Mail goes here. */
      address: string
      /** What must be unique and what look-ups compare: local part folded, domain in its ASCII (punycode) form. */
      canonical: string
    }
  | { ok: false; reason: 'invalid' | 'invalid_local_part' | 'too_long' }

/**
 * Reads an e-mail address: `local@domain` with a dot-atom local part (RFC 5322, with the letters of RFC 6531) and a
 * host name of at least two labels. Quoted local parts, comments and address literals are refused: no mail provider
 * assigns them, and each is a way to smuggle a second address into a header.
 */
export function emailAddress(input: string): EmailAddressResult {
  if (input.trim().length > MAX_INPUT_LENGTH) return { ok: false, reason: 'too_long' }
  if (hasIllegalText(input)) return { ok: false, reason: 'invalid' }
  const address = input.trim().normalize('NFC')
  if (Buffer.byteLength(address) > MAX_ADDRESS_BYTES) return { ok: false, reason: 'too_long' }

  const at = address.lastIndexOf('@')
  if (at < 0) return { ok: false, reason: 'invalid' }
  const localPart = address.slice(0, at)
  const domain = domainName(address.slice(at + 1))
  if (!domain) return { ok: false, reason: 'invalid' }

  // Folding can turn one character into several (a full-width @, an ellipsis), so its result is checked too.
  const foldedLocalPart = foldText(localPart)
  if (!isLocalPart(localPart) || !isLocalPart(foldedLocalPart)) return { ok: false, reason: 'invalid_local_part' }
  const canonical = `${foldedLocalPart}@${domain}`
  if (Buffer.byteLength(localPart) > MAX_LOCAL_PART_BYTES || canonical.length > MAX_ADDRESS_BYTES) {
    return { ok: false, reason: 'too_long' }
  }
  return { ok: true, address, canonical }
}

function isLocalPart(text: string): boolean {
  return /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u.test(text)
}

/** The lower-case ASCII form of a host name, or undefined if mail cannot be sent to it. */
export function domainName(domain: string): string | undefined {
  if (domain.length > MAX_INPUT_LENGTH) return undefined
  // The URL parser behind domainToASCII would decode percent signs and stop at slashes: let only names reach it.
  if (!/^[\p{L}\p{M}\p{N}.。．｡-]+$/u.test(domain)) return undefined
  const ascii = domainToASCII(domain)
  const labels = ascii.split('.')
  const last = labels.at(-1)!
  const named = labels.length > 1 && labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label))
  // No top-level domain consists of digits alone, but the last part of an IPv4 address does.
  return named && last.length > 1 && !/^\d+$/.test(last) && ascii.length <= 253 ? ascii : undefined
}
