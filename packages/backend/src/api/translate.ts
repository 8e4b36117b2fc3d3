import { toCamelCase, toSnakeCase } from '../core/parameters.js'
import { withRaw } from '../core/raw.js'
import type { OpaqueField } from './resource.js'
import { User } from './user.js'

/** Converts names to wire names at every depth, for operations with nested parameters. Dates are not changed. */
export function toWireNames(params: object): object
export function toWireNames(params: unknown): unknown {
  if (Array.isArray(params)) return params.map((item) => toWireNames(item))
  if (typeof params !== 'object' || params === null || params instanceof Date) return params
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [toSnakeCase(name), toWireNames(value as object)]),
  )
}

type Fields = Record<string, unknown>

const OPAQUE = new Set<string>([
  'act',
  'actor',
  'claims',
  'data',
  'external_account',
  'mappings',
  'private_metadata',
  'public_metadata',
  'public_organization_data',
  'unsafe_metadata',
] satisfies OpaqueField[])

/** Default of a field that the answer omits or sets to null, by the kind of the resource. */
const ABSENT: Record<string, Record<string, unknown>> = {
  commerce_plan: { description: null, fee: null, annualFee: null, annualMonthlyFee: null, features: [] },
  commerce_subscription: {
    activeAt: null,
    pastDueAt: null,
    subscriptionItems: [],
    nextPayment: null,
    eligibleForFreeTrial: false,
  },
  commerce_subscription_item: { plan: null, planId: null, priceId: null },
  deleted: { id: null, slug: null },
  enterprise_connection: { organizationId: null, samlConnection: null, oauthConfig: null },
  external_account: { imageUrl: '', publicMetadata: {} },
  feature: { description: null, avatarUrl: null },
  machine: { scopedMachines: [] },
  oauth_access_token: { publicMetadata: {}, label: '' },
  organization: { imageUrl: '', publicMetadata: {}, privateMetadata: {} },
  organization_invitation: { publicMetadata: {}, privateMetadata: {} },
  organization_membership: { publicMetadata: {}, privateMetadata: {} },
  role: { permissions: [] },
  role_set: { roles: [], defaultRole: null, creatorRole: null, roleSetMigration: null },
  saml_connection: { idpCertificates: [] },
  session: { actor: null },
  sign_up_attempt: { verifications: null },
  trusted_device: { name: null, lastUsedAt: null, revokedAt: null },
  user: {
    publicMetadata: {},
    privateMetadata: {},
    unsafeMetadata: {},
    emailAddresses: [],
    phoneNumbers: [],
    web3Wallets: [],
    externalAccounts: [],
    enterpriseAccounts: [],
    createOrganizationsLimit: null,
    timezone: null,
    deprovisioned: false,
  },
  verification: {
    externalVerificationRedirectURL: null,
    attempts: null,
    expireAt: null,
    nonce: null,
    message: null,
    channel: null,
  },
}

/** Fields that have another name or form in `@clerk/backend`, by the kind of the resource. */
const CHANGED: Record<string, (fields: Fields) => Fields> = {
  agent_task: ({ agentTaskId, taskId }) => ({ agentTaskId: agentTaskId ?? taskId, taskId: agentTaskId ?? taskId }),
  enterprise_connection: ({ samlConnection }) => ({
    samlConnection: samlConnection && { idpCertificates: [], ...samlConnection },
  }),
  external_account: ({ providerUserId }) => ({ externalId: providerUserId }),
  oauth_application: ({ public: isPublic }) => ({ isPublic }),
  organization_domain: ({ verification }) => ({
    verification: verification && { expiresAt: (verification as Fields)['expireAt'], ...verification },
  }),
  verification: ({ externalVerificationRedirectURL: url }) => ({
    externalVerificationRedirectURL: url ? new URL(url as string) : null,
  }),
}

/**
 * Translates an answer, or part of one: names become camelCase, omitted fields get their defaults, and a count becomes
 * its number.
 */
export function translate<Result>(json: unknown): Result
export function translate(json: unknown): unknown {
  if (Array.isArray(json)) return json.map((item) => translate(item))
  if (typeof json !== 'object' || json === null) return json
  const wire = json as Fields
  const kind = kindOf(wire)
  if (kind === 'total_count') return wire['total_count']
  const fields = (kind === 'user' ? new User() : {}) as Fields
  for (const name in wire) {
    const value = wire[name]
    // Checked here, because most values are not objects: a call for each would take a fifth of the time.
    const isTranslated = typeof value === 'object' && value !== null && !isOpaque(name, kind)
    fields[toFieldName(name)] = isTranslated ? translate(value) : value
  }
  if (kind === undefined) return fields
  const absent = ABSENT[kind]
  for (const name in absent) fields[name] ??= fresh(absent[name])
  const change = CHANGED[kind]
  if (change) Object.assign(fields, change(fields))
  return withRaw(fields, wire)
}

/** A new copy, because the caller may change it. */
function fresh(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? (Array.isArray(value) ? [] : {}) : value
}

/**
 * The kind of a resource: usually its `object`. A deleted resource has the same `object` as before, so its kind is
 * `deleted`.
 */
function kindOf(wire: Fields): string | undefined {
  const tag = wire['object'] as string | undefined
  if (tag === undefined || 'deleted' in wire) return tag && 'deleted'
  if (tag.startsWith('verification_')) return 'verification'
  return tag === 'google_account' || tag === 'facebook_account' ? 'external_account' : tag
}

/**
 * Whether a field is not translated. `data` of an object without a kind holds the items of a list, so it is translated.
 */
function isOpaque(name: string, kind: string | undefined): boolean {
  return OPAQUE.has(name) && (kind !== undefined || name !== 'data')
}

/** How many translated names are kept: more than the API has. */
const KEPT_NAMES = 2000

const keptNames = new Map([['external_verification_redirect_url', 'externalVerificationRedirectURL']])

function toFieldName(name: string): string {
  let kept = keptNames.get(name)
  if (kept === undefined) {
    kept = toCamelCase(name)
    if (keptNames.size < KEPT_NAMES) keptNames.set(name, kept)
  }
  return kept
}
