import { createRequire } from 'node:module'
import type * as Tldts from 'tldts'

/** Suffixes under which a provider lets strangers have names (`github.io`) count as public ones too. */
const OPTIONS = { allowPrivateDomains: true, extractHostname: false } as const

/**
 * What people can register names under: `com`, `co.uk`, `github.io`.
 *
 * @param domain in its ASCII form, lower case
 * @returns undefined where no suffix is known: a single label, an IP address
 */
export function publicSuffix(domain: string): string | undefined {
  const { publicSuffix: suffix, isIp } = tldts().parse(domain, OPTIONS)
  return isIp ? undefined : (suffix ?? undefined)
}

/** Whether names below it belong to others: `com`, `co.uk`, `github.io`. */
export function isPublicSuffix(domain: string): boolean {
  return publicSuffix(domain) === domain
}

/**
 * The part of a domain that somebody registered: `example.co.uk` of `mail.example.co.uk`.
 *
 * @returns undefined for a public suffix itself, a single label, an IP address
 */
export function registrableDomain(domain: string): string | undefined {
  return tldts().getDomain(domain, OPTIONS) ?? undefined
}

/** Whether the domain is a name that a hosting provider gives away, or the provider's own: `my-app.vercel.app`. */
export function isHostingDomain(domain: string): boolean {
  return tldts().parse(domain, OPTIONS).isPrivate === true
}

let library: typeof Tldts | undefined

/** Loaded with the first domain: the list takes a while to read. */
function tldts(): typeof Tldts {
  library ??= createRequire(import.meta.url)('tldts') as typeof Tldts
  return library
}
