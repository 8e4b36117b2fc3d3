import type { OrganizationClaim, SessionClaimsV1, SessionClaimsV2 } from '@latchkey/types'

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
    org_permissions: customPermissions(permissionKeys).map(({ key }) => key as `org:${string}:${string}`),
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
  const custom = customPermissions(permissionKeys)
  const granted = sorted(features?.organization ?? custom.map(({ feature }) => feature))
  const usable = custom.filter(({ feature }) => granted.includes(feature))
  const actions = sorted(usable.map(({ action }) => action))
  const held = new Set(usable.map(({ key }) => key))
  const maps = granted.map((feature) => bitsOf(actions.map((action) => held.has(`org:${feature}:${action}`))))
  const fea = [...granted.map((feature) => `o:${feature}`), ...sorted(features?.user ?? []).map((slug) => `u:${slug}`)]
  const o: OrganizationClaim = {
    id,
    ...(slug === null ? {} : { slg: slug }),
    rol: roleKey.replace(/^org:/, ''),
    ...(actions.length === 0 ? {} : { per: actions.join(','), fpm: maps.join(',') }),
  }
  return { o, ...(fea.length === 0 ? {} : { fea: fea.join(',') }) }
}

function customPermissions(keys: readonly string[]): { key: string; feature: string; action: string }[] {
  return sorted(keys)
    .filter((key) => !key.startsWith('org:sys_'))
    .map((key) => {
      const [, feature = '', action = ''] = key.split(':')
      return { key, feature, action }
    })
}

/** In decimal. A number of JavaScript holds 53 bits; there may be more actions. */
function bitsOf(flags: readonly boolean[]): string {
  return flags.reduce((bits, flag, index) => (flag ? bits | (1n << BigInt(index)) : bits), 0n).toString()
}

/** Each once, in the order of its characters. */
function sorted(words: readonly string[]): string[] {
  return [...new Set(words)].sort()
}
