import type { InstanceContext } from '../../instances/instance-context.js'
import type { Instance } from '../../instances/instance.js'
import { InstanceStore } from '../../instances/instances.store.js'
import type { OrganizationSettings } from '../../instances/settings/organizations.js'
import type { RateLimitSettings } from '../../instances/settings/rate-limits.js'
import type { RestrictionSettings } from '../../instances/settings/restrictions.js'
import { mergeSettings, type SettingsChange } from '../../instances/settings/settings.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { changedNames } from '../../storage/rows.js'
import { parseLocalPart, parseSupportEmail } from './instance-settings.rules.js'
import { parseOrigin } from './origins.rules.js'

/** What the Backend API or a seed can set; absent and null fields stay as they are, an empty text clears. */
export interface InstanceInput {
  testMode?: boolean | null | undefined
  hibp?: boolean | null | undefined
  supportEmail?: string | null | undefined
  clerkJsVersion?: string | null | undefined
  developmentOrigin?: string | null | undefined
  allowedOrigins?: string[] | undefined
  urlBasedSessionSyncing?: boolean | null | undefined
  /** The same as `urlBasedSessionSyncing` by an older name. */
  cookielessDev?: boolean | null | undefined
  preferredSignInStrategyWhenPasswordRequired?: 'password' | 'otp' | '' | null | undefined
  enhancedEmailDeliverability?: boolean | null | undefined
  progressiveSignUp?: boolean | null | undefined
  fromEmailName?: string | null | undefined
  /** The `allowlist` restriction by another name. */
  restrictedToAllowlist?: boolean | null | undefined
  /** No operation sets them; a seed does. */
  rateLimits?: { [Name in keyof RateLimitSettings]?: RateLimitSettings[Name] | undefined } | undefined
}

export type RestrictionsInput = { [Name in keyof RestrictionSettings]?: boolean | null | undefined }

export type OrganizationSettingsInput = {
  [Name in keyof Omit<OrganizationSettings, 'creatorRole' | 'domainsDefaultRole'>]?:
    | OrganizationSettings[Name]
    | null
    | undefined
} & {
  creatorRoleId?: string | null | undefined
  domainsDefaultRoleId?: string | null | undefined
}

/** The settings of the caller's instance. */
export class InstanceSettingsService {
  readonly #context: InstanceContext
  readonly #store: InstanceStore

  constructor(context: InstanceContext) {
    this.#context = context
    this.#store = new InstanceStore(context.database)
  }

  get(): Instance {
    return this.#context.instance
  }

  /** @throws {ApiError} 422 `form_invalid_origin`, `form_param_format_invalid` */
  update(input: InstanceInput, caller: Caller): Promise<Instance> {
    const {
      supportEmail,
      developmentOrigin,
      allowedOrigins,
      preferredSignInStrategyWhenPasswordRequired: strategy,
      fromEmailName,
      clerkJsVersion,
      restrictedToAllowlist,
      cookielessDev,
      urlBasedSessionSyncing,
      rateLimits,
      ...switches
    } = input
    const change = {
      ...withoutNull({ ...switches, urlBasedSessionSyncing: urlBasedSessionSyncing ?? cookielessDev }),
      fromEmailName: fromEmailName ? parseLocalPart(fromEmailName, 'from_email_address') : undefined,
      supportEmail: orCleared(supportEmail, parseSupportEmail),
      clerkJsVersion: orCleared(clerkJsVersion, (version) => version),
      developmentOrigin: orCleared(developmentOrigin, (origin) => parseOrigin(origin, 'development_origin')),
      allowedOrigins: allowedOrigins?.map((origin) => parseOrigin(origin, 'allowed_origins')),
      preferredSignInStrategyWhenPasswordRequired: orCleared(strategy, (name) => name),
      restrictions: group({ allowlist: restrictedToAllowlist }),
      rateLimits: rateLimits && group(rateLimits),
    }
    return this.#change(change as SettingsChange, caller)
  }

  updateRestrictions(input: RestrictionsInput, caller: Caller): Promise<Instance> {
    return this.#change({ restrictions: group(input) } as SettingsChange, caller)
  }

  /** @throws {ApiError} 404 `resource_not_found` for any role id: there are no roles yet */
  async updateOrganizationSettings(
    { creatorRoleId, domainsDefaultRoleId, ...input }: OrganizationSettingsInput,
    caller: Caller,
  ): Promise<Instance> {
    const roleId = creatorRoleId ?? domainsDefaultRoleId
    if (typeof roleId === 'string') throw errors.resourceNotFound('organization role', roleId)
    return this.#change({ organizations: group(input) } as SettingsChange, caller)
  }

  /** Keeps changes that others make at the same time: the row is locked between reading and writing. */
  async #change(change: SettingsChange, caller: Caller): Promise<Instance> {
    const { instanceId, clock } = this.#context
    await this.#context.transaction(caller, async (tx) => {
      const changed = await this.#store.changedSettings(instanceId, tx.queries)
      const merged = mergeSettings(changed, change)
      const names = changedNames(changed, merged)
      if (names.length === 0) return
      await this.#store.updateSettings(instanceId, merged, clock.now(), tx.queries)
      await tx.audit('instance.updated', instanceId, names)
    })
    await this.#context.refreshInstance()
    return this.#context.instance
  }
}

/** Null for an empty text, which clears the setting; undefined for null, which leaves it. */
function orCleared<T>(text: string | null | undefined, parse: (text: string) => T): T | null | undefined {
  if (text === null || text === undefined) return undefined
  return text === '' ? null : parse(text)
}

/** Settings that are changed together; undefined where none of them is given. */
function group<T extends object>(values: T) {
  const given = withoutNull(values)
  return Object.values(given).some((value) => value !== undefined) ? given : undefined
}

function withoutNull<T extends object>(values: T): { [Name in keyof T]?: NonNullable<T[Name]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as {
    [Name in keyof T]?: NonNullable<T[Name]>
  }
}
