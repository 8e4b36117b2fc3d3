import type {
  ActClaim,
  OrganizationCustomPermissionKey,
  OrganizationCustomRoleKey,
  SessionClaims,
} from '@latchkey/types'

/** Who is signed in, from a session token of either version. */
export interface SessionFacts {
  userId: string
  sessionId: string
  /** Null if the token has no `sts`. */
  sessionStatus: 'active' | 'pending' | null
  /** Who acts as the user. */
  actor: ActClaim | undefined
  orgId: string | undefined
  /** Such as `org:admin`. */
  orgRole: OrganizationCustomRoleKey | undefined
  orgSlug: string | undefined
  /** Such as `org:invoices:create`. */
  orgPermissions: OrganizationCustomPermissionKey[] | undefined
  /** Minutes since the first and the second factor were verified; -1 if never. */
  factorVerificationAge: [number, number] | null
}

export function readSessionClaims(claims: SessionClaims): SessionFacts {
  const { sub, sid, act, fva, sts } = claims as SessionClaims & { sts?: SessionFacts['sessionStatus'] }
  return {
    userId: sub,
    sessionId: sid,
    sessionStatus: sts ?? null,
    actor: act,
    factorVerificationAge: fva ?? null,
    ...readOrganization(claims),
  }
}

type Organization = Pick<SessionFacts, 'orgId' | 'orgRole' | 'orgSlug' | 'orgPermissions'>

function readOrganization(claims: SessionClaims): Organization {
  if (claims.v !== 2) {
    const { org_id: orgId, org_role: orgRole, org_slug: orgSlug, org_permissions: orgPermissions } = claims
    return { orgId, orgRole, orgSlug, orgPermissions }
  }
  const { o, fea } = claims
  return {
    orgId: o?.id,
    orgRole: o?.rol ? (`org:${o.rol}` as OrganizationCustomRoleKey) : undefined,
    orgSlug: o?.slg,
    orgPermissions: o && (readPermissions(fea, o.per, o.fpm) as OrganizationCustomPermissionKey[]),
  }
}

/**
 * Expands the permissions. `fpm` has one number for each of the organization's features; its bits, lowest first, say
 * which permissions of `per` apply.
 */
function readPermissions(
  features: string | undefined,
  permissions: string | undefined,
  maps: string | undefined,
): string[] {
  const names = splitByScope(features).org
  if (!permissions || !maps) return []
  const actions = permissions.split(',').map((action) => action.trim())
  const bits = maps.split(',').map(toBits)
  return names.flatMap((feature, index) => {
    const map = bits[index] ?? 0n
    return actions.filter((_, action) => (map >> BigInt(action)) & 1n).map((action) => `org:${feature}:${action}`)
  })
}

function toBits(text: string): bigint {
  const digits = text.trim()
  return /^\d+$/.test(digits) ? BigInt(digits) : 0n
}

/**
 * Splits `o:widgets,u:search,ou:both` into the organization's and the user's.
 *
 * @throws {Error} when an element has no scope.
 */
export function splitByScope(list: string | undefined): { org: string[]; user: string[] } {
  const org: string[] = []
  const user: string[] = []
  for (const item of list ? list.split(',') : []) {
    const [, scope, name] = /^\s*([^:]*):(.*?)\s*$/s.exec(item) ?? []
    if (name === undefined) throw new Error(`Invalid claim element (missing colon): ${item}`)
    if (scope === 'o' || scope === 'ou' || scope === 'uo') org.push(name)
    if (scope === 'u' || scope === 'ou' || scope === 'uo') user.push(name)
  }
  return { org, user }
}
