import { createRequire } from 'node:module'
import type * as DisposableDomains from 'disposable-email-domains-js'

/**
 * Whether a provider of addresses for a few minutes has the domain, or one that it is part of.
 *
 * @param domain in its ASCII form, lower case
 */
export function isDisposableDomain(domain: string): boolean {
  const labels = domain.split('.')
  return labels.slice(1).some((_, index) => disposable().has(labels.slice(index).join('.')))
}

let domains: ReadonlySet<string> | undefined

/** Loaded with the first question. */
function disposable(): ReadonlySet<string> {
  const require = createRequire(import.meta.url)
  domains ??= (require('disposable-email-domains-js') as typeof DisposableDomains).disposableEmailBlocklistSet()
  return domains
}
