const GMAIL = new Set(['gmail.com', 'googlemail.com'])

/** Domains whose provider separates with `-` too. */
const YAHOO = /^(?:yahoo\.(?:com|[a-z]{2}|com?\.[a-z]{2})|myyahoo\.com|rocketmail\.com|ymail\.com)$/

/**
 * The address without what follows `+`, `=` or `#` before its `@` (at Yahoo also `-`): signs by which providers let one
 * mailbox have many addresses.
 *
 * @param canonical folded, with the domain in its ASCII form
 */
export function baseAddress(canonical: string): string {
  const [localPart, domain] = splitAddress(canonical)
  const at = localPart.search(YAHOO.test(domain) ? /[+=#-]/ : /[+=#]/)
  return at > 0 ? `${localPart.slice(0, at)}@${domain}` : canonical
}

/** The address without the dots before its `@` where the provider ignores them: at Gmail, which has two domains. */
export function withoutGmailDots(canonical: string): string {
  const [localPart, domain] = splitAddress(canonical)
  return GMAIL.has(domain) ? `${localPart.replaceAll('.', '')}@gmail.com` : canonical
}

/** The same for all addresses that may be one mailbox: for look-ups, as every narrower comparison needs it too. */
export function mailboxOf(canonical: string): string {
  return withoutGmailDots(baseAddress(canonical))
}

export function splitAddress(canonical: string): [localPart: string, domain: string] {
  const at = canonical.lastIndexOf('@')
  return [canonical.slice(0, at), canonical.slice(at + 1)]
}
