import { errors } from '../../http/errors.js'
import { emailAddress } from '../../identifiers/index.js'
import type { Instance } from '../instances/instance.js'
import type { InstanceContext } from '../instances/instance-context.js'
import { mergeSettings, type InstanceSettings, type SettingsChange } from '../instances/instance-settings.js'
import { InstanceStore } from '../instances/instances.store.js'
import { parseOrigin } from './origins.js'

/** What the Backend API can set; absent and null fields stay as they are, an empty text clears. */
export interface InstanceInput {
  testMode?: boolean | null | undefined
  hibp?: boolean | null | undefined
  supportEmail?: string | null | undefined
  clerkJsVersion?: string | null | undefined
  developmentOrigin?: string | null | undefined
  allowedOrigins?: string[] | undefined
  urlBasedSessionSyncing?: boolean | null | undefined
  preferredSignInStrategyWhenPasswordRequired?: 'password' | 'otp' | '' | null | undefined
  enhancedEmailDeliverability?: boolean | null | undefined
  progressiveSignUp?: boolean | null | undefined
  fromEmailName?: string | null | undefined
  /** The `allowlist` restriction by another name. */
  restrictedToAllowlist?: boolean | null | undefined
}

type Restrictions = InstanceSettings['restrictions']
type Organizations = InstanceSettings['organizations']

export type RestrictionsInput = { [Name in keyof Restrictions]?: boolean | null | undefined }

export type OrganizationSettingsInput = {
  [Name in keyof Omit<Organizations, 'creatorRole' | 'domainsDefaultRole'>]?: Organizations[Name] | null | undefined
} & {
  creatorRoleId?: string | null | undefined
  domainsDefaultRoleId?: string | null | undefined
}

/** The settings of the caller's instance. */
export class InstanceService {
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
  update(input: InstanceInput): Promise<Instance> {
    const {
      supportEmail,
      developmentOrigin,
      allowedOrigins,
      preferredSignInStrategyWhenPasswordRequired: strategy,
      fromEmailName,
      clerkJsVersion,
      restrictedToAllowlist,
      ...switches
    } = input
    const change = {
      ...withoutNull(switches),
      fromEmailName: fromEmailName ? parseLocalPart(fromEmailName, 'from_email_address') : undefined,
      supportEmail: orCleared(supportEmail, parseSupportEmail),
      clerkJsVersion: orCleared(clerkJsVersion, (version) => version),
      developmentOrigin: orCleared(developmentOrigin, (origin) => parseOrigin(origin, 'development_origin')),
      allowedOrigins: allowedOrigins?.map((origin) => parseOrigin(origin, 'allowed_origins')),
      preferredSignInStrategyWhenPasswordRequired: orCleared(strategy, (name) => name),
      restrictions: withoutNull({ allowlist: restrictedToAllowlist }),
    }
    return this.#change(change as SettingsChange)
  }

  updateRestrictions(input: RestrictionsInput): Promise<Instance> {
    return this.#change({ restrictions: withoutNull(input) })
  }

  /** @throws {ApiError} 404 `resource_not_found` for a role: there are none yet that an id could name */
  async updateOrganizationSettings({
    creatorRoleId,
    domainsDefaultRoleId,
    ...input
  }: OrganizationSettingsInput): Promise<Instance> {
    const roleId = creatorRoleId ?? domainsDefaultRoleId
    if (typeof roleId === 'string') throw errors.resourceNotFound('organization role', roleId)
    return this.#change({ organizations: withoutNull(input) })
  }

  /** What others change at the same time is kept: the row is locked between reading and writing. */
  async #change(change: SettingsChange): Promise<Instance> {
    const { database, instanceId, clock } = this.#context
    await database.transaction(async (tx) => {
      const changed = (await this.#store.changedSettings(instanceId, tx)) as unknown as InstanceSettings
      const merged = mergeSettings(changed, change)
      if (JSON.stringify(merged) === JSON.stringify(changed)) return
      await this.#store.updateSettings(instanceId, merged as unknown as Record<string, unknown>, clock.now(), tx)
    })
    await this.#context.refreshInstance()
    return this.#context.instance
  }
}

/**
 * The part of a sender's address before the `@`.
 *
 * @throws {ApiError} 422 `form_param_format_invalid`
 */
export function parseLocalPart(text: string, param: string): string {
  if (!/^[a-z0-9]{1,64}$/i.test(text))
    throw errors.paramFormatInvalid(
      param,
      'must have only letters and digits: it is what stands before the @ of an address',
    )
  return text
}

function parseSupportEmail(text: string): string {
  const result = emailAddress(text)
  if (!result.ok)
    throw errors.paramFormatInvalid('support_email', 'must be a valid email address, such as support@example.com')
  return result.address
}

/** Null for an empty text, undefined for null: the one clears, the other leaves. */
function orCleared<T>(text: string | null | undefined, parse: (text: string) => T): T | null | undefined {
  if (text === null || text === undefined) return undefined
  return text === '' ? null : parse(text)
}

function withoutNull<T extends object>(values: T): { [Name in keyof T]?: NonNullable<T[Name]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as {
    [Name in keyof T]?: NonNullable<T[Name]>
  }
}
