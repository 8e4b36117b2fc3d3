import type { InstanceContext } from '../../instances/instance-context.js'
import type { Instance } from '../../instances/instance.js'
import { InstanceStore } from '../../instances/instances.store.js'
import type { ActionSettings } from '../../instances/settings/actions.js'
import type { ApiKeySettings } from '../../instances/settings/api-keys.js'
import { ATTRIBUTE_NAMES, type Attribute } from '../../instances/settings/attributes.js'
import type { AttackProtectionSettings, AuthSettings, SignInSettings } from '../../instances/settings/auth.js'
import type { DisplaySettings } from '../../instances/settings/display.js'
import type { LockoutSettings, PasskeySettings, PasswordSettings } from '../../instances/settings/factors.js'
import {
  IDENTIFIER_KINDS,
  type IdentifierKind,
  type IdentifierSettings,
  type UsernameSettings,
} from '../../instances/settings/identifiers.js'
import { isScope, knownScopes, type OAuthApplicationSettings } from '../../instances/settings/oauth-applications.js'
import type { OrganizationSettings } from '../../instances/settings/organizations.js'
import type { ProtectSettings } from '../../instances/settings/protect.js'
import type { RateLimitSettings } from '../../instances/settings/rate-limits.js'
import type { RestrictionSettings } from '../../instances/settings/restrictions.js'
import type { SessionSettings } from '../../instances/settings/sessions.js'
import type { SignUpSettings } from '../../instances/settings/sign-up.js'
import {
  defaultSettings,
  mergeSettings,
  type InstanceSettings,
  type SettingsChange,
} from '../../instances/settings/settings.js'
import type { Caller } from '../../kernel/caller.js'
import { camelCase } from '../../kernel/wire.js'
import type { Tx } from '../../storage/tx.js'
import { requireCreatorPermissions } from '../organization-role-records/organization-role-records.rules.js'
import type { OrganizationRoleRecords } from '../organization-role-records/organization-role-records.service.js'
import { errors, quote } from '../../kernel/errors/errors.js'
import { changedNames } from '../../storage/rows.js'
import { accessErrors } from '../access/access.errors.js'
import { parseLocale } from '../users/users.rules.js'
import { parseCountryCodes } from './communication.rules.js'
import { parseLocalPart, parseSupportEmail, type InstanceWithRoles } from './instance-settings.rules.js'
import { parseOrigin } from './origins.rules.js'

type Part<Settings> = { [Name in keyof Settings]?: Settings[Name] | undefined } | undefined

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
  rateLimits?: Part<RateLimitSettings>
  signUp?: Part<SignUpSettings>
  signIn?: Part<SignInSettings>
  auth?: Part<AuthSettings>
  actions?: Part<ActionSettings>
  attackProtection?: Part<AttackProtectionSettings>
  display?: Part<DisplaySettings>
  attributes?: AttributesInput
  username?: Part<UsernameSettings>
  password?: Part<PasswordSettings>
  lockout?: Part<LockoutSettings>
  passkey?: Part<PasskeySettings>
  session?: Part<SessionSettings>
  apiKeys?: Part<ApiKeySettings>
}

/** What a seed says of attributes, by names such as `emailAddress`. */
export type AttributesInput = { [Name in IdentifierKind]?: AttributeInput | undefined } & {
  [name: string]: AttributeInput | undefined
}

type AttributeInput = { [Name in keyof Attribute]?: Attribute[Name] | undefined } & Pick<
  Attribute,
  'enabled' | 'required'
>

export type RestrictionsInput = { [Name in keyof RestrictionSettings]?: boolean | null | undefined }

export type OrganizationSettingsInput = {
  [Name in keyof OrganizationSettings]?: OrganizationSettings[Name] | null | undefined
} & {
  creatorRoleId?: string | null | undefined
  domainsDefaultRoleId?: string | null | undefined
}

interface InstanceSettingsServiceOptions {
  context: InstanceContext
  organizationRoleRecords: OrganizationRoleRecords
}

export type ProtectInput = { [Name in keyof ProtectSettings]?: boolean | null | undefined }

export interface CommunicationInput {
  /** Replaces the whole list. */
  blockedCountryCodes?: string[] | null | undefined
  /** BCP 47. */
  defaultLocale?: string | undefined
}

/** Null leaves what is set, but for the scopes: there it restores the built-in ones. */
export type OAuthApplicationInput = {
  [Name in keyof OAuthApplicationSettings]?: OAuthApplicationSettings[Name] | null | undefined
}

/** The settings of the caller's instance. */
export class InstanceSettingsService {
  readonly #options: InstanceSettingsServiceOptions
  readonly #context: InstanceContext
  readonly #store: InstanceStore

  constructor(options: InstanceSettingsServiceOptions) {
    this.#options = options
    this.#context = options.context
    this.#store = new InstanceStore(options.context.database)
  }

  get(): Instance {
    return this.#context.instance
  }

  /** With the initial role set, whose roles of creators and of new members are shown as settings. */
  async getOrganizationSettings(): Promise<InstanceWithRoles> {
    const records = this.#options.organizationRoleRecords
    const [roleSet] = await records.withRoles([await records.initialSet()])
    return { ...this.#context.instance, initialRoleSet: roleSet! }
  }

  /**
   * @throws {ApiError} 422 `form_invalid_origin`, `form_param_format_invalid`, `form_param_value_invalid` for a length that
   *   nothing has, `sign_up_mode_restricted_invalid_value`
   */
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
      signUp,
      signIn,
      auth,
      actions,
      attackProtection,
      display,
      attributes,
      username,
      password,
      lockout,
      passkey,
      session,
      apiKeys,
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
      signUp: signUp && group(signUp),
      signIn: signIn && group(signIn),
      auth: auth && group(auth),
      actions: actions && group(actions),
      attackProtection: attackProtection && group(attackProtection),
      display: display && group(display),
      identifiers: attributes && group(identifiersOf(attributes)),
      attributes: attributes && group(attributesOf(attributes)),
      username: username && group(username),
      password: password && group(password),
      // Not without what is null: a lock without an end.
      lockout,
      passkey: passkey && group(passkey),
      session: session && group(session),
      apiKeys: apiKeys && group(apiKeys),
    }
    return this.#change(change as SettingsChange, caller, {
      param: restrictedToAllowlist ? 'restricted_to_allowlist' : 'sign_up',
    })
  }

  /** @throws {ApiError} 422 `sign_up_mode_restricted_invalid_value` for an allow-list in a mode where nobody would be asked for it */
  updateRestrictions(input: RestrictionsInput, caller: Caller): Promise<Instance> {
    return this.#change({ restrictions: group(input) } as SettingsChange, caller)
  }

  updateProtect(input: ProtectInput, caller: Caller): Promise<Instance> {
    return this.#change({ protect: group(input) } as SettingsChange, caller)
  }

  /** Codes that no number can be of are dropped. @throws {ApiError} 422 `form_param_duplicate` */
  async updateCommunication(
    { blockedCountryCodes, defaultLocale }: CommunicationInput,
    caller: Caller,
  ): Promise<Instance> {
    const communication = {
      ...(blockedCountryCodes == null ? {} : { blockedCountryCodes: parseCountryCodes(blockedCountryCodes) }),
      ...(defaultLocale === undefined ? {} : { defaultLocale: parseLocale(defaultLocale, 'default_locale') }),
    }
    return Object.keys(communication).length === 0 ? this.get() : this.#change({ communication }, caller)
  }

  /** @throws {ApiError} 422 for a scope that is not known or given twice, and for switches that need another */
  async updateOAuthApplications(
    { defaultScopes, ...switches }: OAuthApplicationInput,
    caller: Caller,
  ): Promise<Instance> {
    const invalid = switches.customScopes?.find((scope) => !isScope(scope))
    if (invalid !== undefined)
      throw errors.paramFormatInvalid('custom_scopes', `has ${quote(invalid)}, which is no scope`)
    if (defaultScopes) {
      const { oauthApplications } = this.#context.instance.settings
      const customScopes = switches.customScopes ?? oauthApplications.customScopes
      checkScopes(defaultScopes, knownScopes({ ...oauthApplications, customScopes }))
    }
    const oauthApplications = {
      ...withoutNull(switches),
      ...(defaultScopes === undefined ? {} : { defaultScopes }),
    }
    return this.#change({ oauthApplications } as SettingsChange, caller)
  }

  /**
   * Changes the roles of the initial role set with the rest. A role that is not in the set joins it.
   *
   * @throws {ApiError} 404 `resource_not_found` for an unknown role, 422 `organization_missing_creator_role_permissions`
   */
  async updateOrganizationSettings(
    { creatorRoleId, domainsDefaultRoleId, ...input }: OrganizationSettingsInput,
    caller: Caller,
  ): Promise<InstanceWithRoles> {
    const change = { organizations: group(input) } as SettingsChange
    const roles = withoutUndefined({ creatorRoleId, defaultRoleId: domainsDefaultRoleId })
    await this.#change(change, caller, { also: (tx) => this.#changeRoles(roles, tx) })
    return this.getOrganizationSettings()
  }

  async #changeRoles(roles: { creatorRoleId?: string; defaultRoleId?: string }, tx: Tx): Promise<void> {
    if (Object.keys(roles).length === 0) return
    const records = this.#options.organizationRoleRecords
    await records.lock(tx)
    const { creatorRoleId, defaultRoleId } = roles
    if (creatorRoleId !== undefined) {
      const creator = await records.withPermissionsOf(await records.roles.get(creatorRoleId, tx), tx)
      requireCreatorPermissions(creator.key, creator.permissions)
    }
    if (defaultRoleId !== undefined) await records.roles.get(defaultRoleId, tx)
    const before = await records.initialSet(tx)
    const param = creatorRoleId === undefined ? 'domains_default_role_id' : 'creator_role_id'
    await records.addToSet(before.id, Object.values(roles), param, tx)
    const after = await records.roleSets.update(before.id, roles, tx)
    await tx.audit('role_set.updated', before.id, records.changed(before, after!))
  }

  /**
   * Keeps changes that others make at the same time: the row is locked between reading and writing.
   *
   * @param param named in the error if the allow-list and the sign-up mode do not go together
   * @param also another change, in the same transaction
   */
  async #change(
    change: SettingsChange,
    caller: Caller,
    { param = 'allowlist', also }: { param?: string; also?: (tx: Tx) => Promise<void> } = {},
  ): Promise<Instance> {
    const { instanceId, instance, clock } = this.#context
    await this.#context.transaction(caller, async (tx) => {
      await also?.(tx)
      const changed = await this.#store.changedSettings(instanceId, tx.queries)
      const merged = mergeSettings(changed, change)
      const names = changedNames(changed, merged)
      if (names.length === 0) return
      checkTogether(mergeSettings(defaultSettings(instance.environmentType), merged), param)
      await this.#store.updateSettings(instanceId, merged, clock.now(), tx.queries)
      await tx.audit('instance.updated', instanceId, names)
    })
    await this.#context.refreshInstance()
    return this.#context.instance
  }
}

/** What the Backend API asks of attributes. */
function identifiersOf(attributes: AttributesInput): Partial<IdentifierSettings> {
  const given = IDENTIFIER_KINDS.flatMap((kind) => {
    const of = attributes[kind]
    return of ? [[kind, { enabled: of.enabled, required: of.required }] as const] : []
  })
  return Object.fromEntries(given)
}

/** The same by the names that browsers know. */
function attributesOf(attributes: AttributesInput): Record<string, AttributeInput> {
  const given = ATTRIBUTE_NAMES.flatMap((name) => {
    const of = attributes[camelCase(name)]
    return of ? [[name, of] as const] : []
  })
  return Object.fromEntries(given)
}

/** Settings that do not go together. @throws {ApiError} 422 */
function checkTogether(settings: InstanceSettings, param: string): void {
  const { signUp, restrictions, oauthApplications } = settings
  if (restrictions.allowlist && signUp.mode !== 'public') {
    throw accessErrors.allowlistNeedsPublicMode(param, signUp.mode)
  }
  for (const name of ['username', 'password'] as const) {
    const { minLength, maxLength } = settings[name]
    if (minLength > maxLength)
      throw errors.paramValueInvalid(name, `has a min_length of ${minLength}, above its max_length of ${maxLength}`)
  }
  const {
    clientIdMetadataDocumentsBlockImplicitlyAllowedClients: blockImplicit,
    clientIdMetadataDocumentsOnlyAllowPreRegisteredClients: onlyRegistered,
  } = oauthApplications
  if (blockImplicit && !onlyRegistered) {
    throw errors.conditionalParamDisallowed(
      'client_id_metadata_documents_block_implicitly_allowed_clients',
      'needs client_id_metadata_documents_only_allow_pre_registered_clients: other clients could connect anew',
    )
  }
}

function checkScopes(scopes: readonly string[], known: readonly string[]): void {
  if (new Set(scopes).size < scopes.length) throw errors.paramDuplicate('default_scopes')
  const unknown = scopes.find((scope) => !known.includes(scope))
  if (unknown !== undefined) {
    throw errors.paramValueInvalid(
      'default_scopes',
      `has an unknown scope, ${quote(unknown)}. Known are ${known.join(', ')}`,
    )
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

/** Without what is null too. */
function withoutUndefined<T extends Record<string, string | null | undefined>>(
  values: T,
): { [Name in keyof T]?: string } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'string')) as {
    [Name in keyof T]?: string
  }
}

function withoutNull<T extends object>(values: T): { [Name in keyof T]?: NonNullable<T[Name]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as {
    [Name in keyof T]?: NonNullable<T[Name]>
  }
}
