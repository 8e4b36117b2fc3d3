import type { OrganizationClaim, SessionClaimsV1, SessionClaimsV2 } from '@latchkey/types'
import { boundedCache } from '../../kernel/bounded-cache.js'

/** Sets of permissions whose claims are kept: a few hundred bytes each. */
const MOST_REMEMBERED = 500

/** How the permissions of the system begin. */
const SYSTEM = 'org:sys_'

/** The organization that a session is active in, and what the user may do there. */
export interface ActiveOrganization {
  id: string
  /** Null where slugs are switched off. */
  slug: string | null
  /** Such as `org:admin`. */
  roleKey: string
  /** Keys, such as `org:invoices:create`, in any order. Tokens leave out those of the system. */
  permissionKeys: readonly string[]
}

/** Slugs of the features that plans grant. */
export interface PlanFeatures {
  organization: readonly string[]
  user: readonly string[]
}

/** Of tokens up to version 2025-03-12 of the API. */
export function organizationClaimsV1({
  id,
  slug,
  roleKey,
  permissionKeys,
}: ActiveOrganization): Pick<SessionClaimsV1, 'org_id' | 'org_role' | 'org_slug' | 'org_permissions'> {
  return {
    org_id: id,
    org_role: roleKey as `org:${string}`,
    ...(slug === null ? {} : { org_slug: slug }),
    // Also when there are none: SDKs answer no to every question about roles if it is missing.
    org_permissions: customOf(permissionKeys) as `org:${string}:${string}`[],
  }
}

/**
 * Of tokens from version 2025-04-10 on. `per` has every action once; `fpm` has one number for each of the organization's
 * features in `fea`, in the same order, whose lowest bit stands for the first action of `per`.
 *
 * @param features what the plans grant; permissions of other features are left out. Default, for an instance without
 *   plans, are the features of the permissions.
 * @see https://clerk.com/docs/guides/sessions/session-tokens
 */
export function organizationClaimsV2(
  { id, slug, roleKey, permissionKeys }: ActiveOrganization,
  features?: PlanFeatures,
): Pick<SessionClaimsV2, 'o' | 'fea'> {
  const { held, per, fpm, granted } = summaryOf(permissionKeys, features?.organization)
  const fea = [...granted, ...sorted(features?.user ?? []).map((slug) => `u:${slug}`)]
  const o: OrganizationClaim = {
    id,
    ...(slug === null ? {} : { slg: slug }),
    rol: roleKey.replace(/^org:/, ''),
    ...(held ? { per, fpm } : {}),
  }
  return { o, ...(fea.length === 0 ? {} : { fea: fea.join(',') }) }
}

/** What is not the system's, in order. */
const customOf = remembered((keys: readonly string[]) => sorted(keys).filter((key) => !key.startsWith(SYSTEM)))

interface Summary {
  /** Whether there is any permission. */
  held: boolean
  per: string
  fpm: string
  /** The features of the organization, as `fea` has them. */
  granted: readonly string[]
}

const summaryOf = remembered((keys: readonly string[], features: readonly string[] | undefined): Summary => {
  const custom = customOf(keys).map((key) => {
    const [, feature = '', action = ''] = key.split(':')
    return { key, feature, action }
  })
  const granted = sorted(features ?? custom.map(({ feature }) => feature))
  const usable = custom.filter(({ feature }) => granted.includes(feature))
  const actions = sorted(usable.map(({ action }) => action))
  const held = new Set(usable.map(({ key }) => key))
  const maps = granted.map((feature) => bitsOf(actions.map((action) => held.has(`org:${feature}:${action}`))))
  return {
    held: actions.length > 0,
    per: actions.join(','),
    fpm: maps.join(','),
    granted: granted.map((feature) => `o:${feature}`),
  }
})

/**
 * Works out once what follows from a set of permissions: tokens are made all the time, and roles seldom change. Looked up by
 * the permissions themselves, so that a change takes effect at once.
 */
function remembered<T extends object>(
  work: (keys: readonly string[], features: readonly string[] | undefined) => T,
): (keys: readonly string[], features?: readonly string[]) => T {
  const known = boundedCache<T>(MOST_REMEMBERED)
  return (keys, features) => {
    const text = features ? `${keys.join(' ')}|${features.join(' ')}` : keys.join(' ')
    let found = known.get(text)
    if (!found) known.set(text, (found = work(keys, features)))
    return found
  }
}

/** In decimal. A number of JavaScript holds 53 bits; there may be more actions. */
function bitsOf(flags: readonly boolean[]): string {
  return flags.reduce((bits, flag, index) => (flag ? bits | (1n << BigInt(index)) : bits), 0n).toString()
}

/** Each once, in the order of its characters. */
function sorted(words: readonly string[]): string[] {
  return [...new Set(words)].sort()
}
