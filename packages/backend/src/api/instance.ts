import type {
  InstanceCommunicationJSON,
  InstanceJSON,
  InstanceProtectJSON,
  InstanceRestrictionsJSON,
  OAuthApplicationSettingsJSON,
  OrganizationSettingsJSON,
} from '@latchkey/types'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { Resource } from './resource.js'

/** The settings of the instance that the secret key belongs to. */
export class InstanceApi extends Api {
  /**
   * Gets the instance that the secret key belongs to.
   *
   * @see https://clerk.com/docs/reference/backend-api/tag/instance-settings/GET/instance
   */
  async get(): Promise<Instance> {
    return this.read(path`/instance`)
  }

  /**
   * Changes the instance's settings.
   *
   * @throws {ClerkAPIResponseError} With status 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/instance-settings/PATCH/instance
   */
  async update(params: UpdateInstanceParams): Promise<void> {
    return this.patch(path`/instance`, params)
  }

  /**
   * Changes who may sign up and sign in.
   *
   * @throws {ClerkAPIResponseError} With status 402 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/instance-settings/PATCH/instance/restrictions
   */
  async updateRestrictions(params: UpdateRestrictionsParams): Promise<InstanceRestrictions> {
    return this.patch(path`/instance/restrictions`, params)
  }

  /**
   * Gets the settings of organizations.
   *
   * @throws {ClerkAPIResponseError} With status 402, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/instance-settings/GET/instance/organization_settings
   */
  async getOrganizationSettings(): Promise<OrganizationSettings> {
    return this.read(path`/instance/organization_settings`)
  }

  /**
   * Changes the settings of organizations.
   *
   * @throws {ClerkAPIResponseError} With status 400, 402, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/instance-settings/PATCH/instance/organization_settings
   */
  async updateOrganizationSettings(params: UpdateOrganizationSettingsParams): Promise<OrganizationSettings> {
    return this.patch(path`/instance/organization_settings`, params)
  }

  /**
   * Moves a production instance to another domain, in the background; its DNS records must be changed too.
   *
   * @throws {ClerkAPIResponseError} With status 400 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/beta-features/POST/instance/change_domain
   */
  async changeDomain(params: ChangeDomainParams): Promise<void> {
    return this.post(path`/instance/change_domain`, params)
  }

  /**
   * Gets the countries to which no text message is sent.
   *
   * @see https://clerk.com/docs/reference/backend-api/tag/instance-settings/GET/instance/communication
   */
  async getCommunication(): Promise<InstanceCommunication> {
    return this.read(path`/instance/communication`)
  }

  /**
   * Sets the countries to which no text message is sent.
   *
   * @throws {ClerkAPIResponseError} With status 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/instance-settings/PATCH/instance/communication
   */
  async updateCommunication(params: UpdateCommunicationParams): Promise<InstanceCommunication> {
    return this.patch(path`/instance/communication`, params)
  }

  /**
   * Gets the settings of the protection against abuse.
   *
   * @see https://clerk.com/docs/reference/backend-api/tag/instance-settings/GET/instance/protect
   */
  async getProtect(): Promise<InstanceProtect> {
    return this.read(path`/instance/protect`)
  }

  /**
   * Changes the settings of the protection against abuse.
   *
   * @throws {ClerkAPIResponseError} With status 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/instance-settings/PATCH/instance/protect
   */
  async updateProtect(params: UpdateProtectParams): Promise<InstanceProtect> {
    return this.patch(path`/instance/protect`, params)
  }

  /**
   * Gets the settings of OAuth applications.
   *
   * @see https://clerk.com/docs/reference/backend-api/tag/instance-settings/GET/instance/oauth_application_settings
   */
  async getOAuthApplicationSettings(): Promise<OAuthApplicationSettings> {
    return this.read(path`/instance/oauth_application_settings`)
  }

  /**
   * Changes the settings of OAuth applications.
   *
   * @throws {ClerkAPIResponseError} With status 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/instance-settings/PATCH/instance/oauth_application_settings
   */
  async updateOAuthApplicationSettings(
    params: UpdateOAuthApplicationSettingsParams,
  ): Promise<OAuthApplicationSettings> {
    return this.patch(path`/instance/oauth_application_settings`, params)
  }
}

export type Instance = Resource<InstanceJSON>

export type InstanceRestrictions = Resource<InstanceRestrictionsJSON>

export interface OrganizationSettings extends Resource<OrganizationSettingsJSON> {
  slugDisabled: boolean
}

export type InstanceCommunication = Resource<InstanceCommunicationJSON>

export type InstanceProtect = Resource<InstanceProtectJSON>

export type OAuthApplicationSettings = Resource<OAuthApplicationSettingsJSON>

/** A field that is omitted or null is not changed. */
export interface UpdateInstanceParams {
  /** Accepts the test e-mail addresses and phone numbers. Default is true in development. */
  testMode?: boolean | null
  /** Refuses passwords known from breaches. */
  hibp?: boolean | null
  enhancedEmailDeliverability?: boolean | null
  supportEmail?: string | null
  clerkJsVersion?: string | null
  developmentOrigin?: string | null
  /** Origins of browser extensions and apps, in addition to the instance's own. */
  allowedOrigins?: string[]
  urlBasedSessionSyncing?: boolean | null
  /** An empty string clears it. */
  preferredSignInStrategyWhenPasswordRequired?: 'password' | 'otp' | '' | null
}

export interface UpdateRestrictionsParams {
  allowlist?: boolean | null
  blocklist?: boolean | null
  allowlistBlocklistDisabledOnSignIn?: boolean | null
  blockEmailSubaddresses?: boolean | null
  blockDisposableEmailDomains?: boolean | null
  ignoreDotsForGmailAddresses?: boolean | null
}

export interface UpdateOrganizationSettingsParams {
  enabled?: boolean | null
  /** 0 means no limit. */
  maxAllowedMemberships?: number | null
  adminDeleteEnabled?: boolean | null
  domainsEnabled?: boolean | null
  slugDisabled?: boolean | null
  domainsEnrollmentModes?: string[]
  creatorRoleId?: string | null
  domainsDefaultRoleId?: string | null
}

export interface ChangeDomainParams {
  /** Such as `https://www.example.com`. */
  homeUrl?: string
  /** The domain also belongs to another application, so this instance needs its own cookies. Default is false. */
  isSecondary?: boolean
}

export interface UpdateCommunicationParams {
  /** ISO 3166-1 alpha-2, upper case; at most 250, each once. Replaces the whole list. */
  blockedCountryCodes?: string[] | null
}

export interface UpdateProtectParams {
  rulesEnabled?: boolean | null
  specterEnabled?: boolean | null
}

export interface UpdateOAuthApplicationSettingsParams {
  dynamicOauthClientRegistration?: boolean | null
  /** Null restores the defaults. */
  defaultScopes?: string[] | null
  oauthJwtAccessTokens?: boolean | null
  clientIdMetadataDocumentsAdvertised?: boolean | null
  clientIdMetadataDocumentsOnlyAllowPreRegisteredClients?: boolean | null
  clientIdMetadataDocumentsBlockImplicitlyAllowedClients?: boolean | null
}
