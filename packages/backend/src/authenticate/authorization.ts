import type { OrganizationCustomPermissionKey, OrganizationCustomRoleKey, SessionClaims } from '@latchkey/types'
import { splitByScope, type SessionFacts } from './session-claims.js'

export type VerificationLevel = 'first_factor' | 'second_factor' | 'multi_factor'

/** How recently the user must have verified their identity. */
export type ReverificationConfig =
  | 'strict_mfa'
  | 'strict'
  | 'moderate'
  | 'lax'
  | { level: VerificationLevel; /** Minutes. */ afterMinutes: number }

/** What a session is checked for; all conditions must hold. */
export interface AuthorizationParams {
  /** `org:admin`, or `admin`. */
  role?: OrganizationCustomRoleKey
  /** `org:invoices:create`, or without `org:`. */
  permission?: OrganizationCustomPermissionKey
  /** `widgets`, or `org:widgets` and `user:widgets`. */
  feature?: string
  /** `pro`, or `org:pro` and `user:pro`. */
  plan?: string
  reverification?: ReverificationConfig
}

export type CheckAuthorization = (params: AuthorizationParams) => boolean

/** Creates `has()`. A check that cannot be decided is denied. */
export function createCheckAuthorization(facts: SessionFacts, claims: SessionClaims): CheckAuthorization {
  const { fea, pla } = claims as { fea?: unknown; pla?: unknown }
  const checks: Record<keyof AuthorizationParams, (wanted: unknown) => boolean> = {
    role: (role) => hasRole(facts, role),
    permission: (permission) => hasPermission(facts, permission),
    feature: (feature) => hasInList(fea, feature),
    plan: (plan) => hasInList(pla, plan),
    reverification: (config) => isVerifiedLately(facts.factorVerificationAge, config),
  }
  return (params) => {
    if (!facts.userId || typeof params !== 'object' || params === null) return false
    const asked = (Object.keys(checks) as (keyof AuthorizationParams)[]).filter((name) => params[name] !== undefined)
    return asked.length > 0 && asked.every((name) => checks[name](params[name]))
  }
}

function hasRole({ orgId, orgRole }: SessionFacts, role: unknown): boolean {
  return (
    Boolean(orgId) &&
    typeof role === 'string' &&
    typeof orgRole === 'string' &&
    orgRole.length > 0 &&
    withOrg(orgRole) === withOrg(role)
  )
}

function hasPermission({ orgId, orgPermissions }: SessionFacts, permission: unknown): boolean {
  return (
    Boolean(orgId) &&
    typeof permission === 'string' &&
    Array.isArray(orgPermissions) &&
    (orgPermissions as string[]).includes(withOrg(permission))
  )
}

function withOrg(name: string): string {
  return name.replace(/^(org:)*/, 'org:')
}

const SCOPES: Record<string, 'org' | 'user'> = { o: 'org', org: 'org', organization: 'org', u: 'user', user: 'user' }

function hasInList(claim: unknown, wanted: unknown): boolean {
  if (typeof claim !== 'string' || typeof wanted !== 'string') return false
  try {
    const lists = splitByScope(claim)
    const [first, second] = wanted.split(':')
    if (second === undefined) return lists.org.includes(first!) || lists.user.includes(first!)
    return Object.hasOwn(SCOPES, first!) && lists[SCOPES[first!]!].includes(second || first!)
  } catch {
    return false
  }
}

const ALLOWED_LEVELS: unknown[] = ['first_factor', 'second_factor', 'multi_factor'] satisfies VerificationLevel[]

const LEVELS: Record<string, { level: VerificationLevel; afterMinutes: number }> = {
  strict_mfa: { level: 'multi_factor', afterMinutes: 10 },
  strict: { level: 'second_factor', afterMinutes: 10 },
  moderate: { level: 'second_factor', afterMinutes: 60 },
  lax: { level: 'second_factor', afterMinutes: 1440 },
}

function isVerifiedLately(ages: unknown, config: unknown): boolean {
  const { level, afterMinutes } = readConfig(config) ?? {}
  if (!ALLOWED_LEVELS.includes(level) || typeof afterMinutes !== 'number') return false
  if (
    !Array.isArray(ages) ||
    ages.length !== 2 ||
    !ages.every((age) => Number.isFinite(age) && (age === -1 || age >= 0))
  )
    return false
  const [first, second] = ages as [number, number]
  const fresh = (age: number) => age !== -1 && age < afterMinutes
  if (level === 'first_factor' || second === -1) return fresh(first)
  return fresh(second) && (level === 'second_factor' || fresh(first))
}

function readConfig(config: unknown): { level?: unknown; afterMinutes?: unknown } | undefined {
  if (typeof config === 'string') return Object.hasOwn(LEVELS, config) ? LEVELS[config] : undefined
  return typeof config === 'object' && config !== null ? config : undefined
}
