import {
  isCommonProvider,
  isDisposableDomain,
  publicSuffix,
  registrableDomain,
  splitAddress,
} from '../../lib/email-domains/index.js'
import { slugOf } from '../organization-records/organization-records.rules.js'

/** What a form for a new organization begins with. */
export interface CreationDefaults {
  name: string | null
  slug: string | null
  /** An organization that has verified the domain of the person's address already. */
  existing: { organizationName: string; domain: string } | null
}

/** The domain of an address, unless anybody can have an address there. */
export function workDomain(canonical: string): string | undefined {
  const [, domain] = splitAddress(canonical)
  const isOpen = isCommonProvider(domain) || isDisposableDomain(domain)
  return isOpen || registrableDomain(domain) === undefined ? undefined : domain
}

/** `mail.acme-tools.co.uk` is Acme Tools. */
export function nameOfDomain(domain: string): string {
  const registered = registrableDomain(domain) ?? domain
  const suffix = publicSuffix(registered)
  const label = suffix === undefined ? registered : registered.slice(0, -suffix.length - 1)
  const words = label.split('-').filter((word) => word !== '')
  return words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join(' ')
}

export function creationDefaults(domain: string | undefined, existing: CreationDefaults['existing']): CreationDefaults {
  const name = domain === undefined ? null : nameOfDomain(domain)
  return { name, slug: name === null ? null : slugOf(name), existing }
}
