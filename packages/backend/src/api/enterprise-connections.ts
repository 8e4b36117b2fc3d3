import type { EnterpriseConnectionTestRunJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { DeletedObject } from './deleted-objects.js'
import type { IdpCertificate, SamlProvider } from './saml-connections.js'
import type { Translated } from './resource.js'
import { toWireNames } from './translate.js'

/** Connections to the identity providers of enterprises, by SAML or OpenID Connect. */
export class EnterpriseConnectionsApi extends Api {
  /**
   * Creates a connection to the identity provider of an enterprise.
   *
   * @throws {ClerkAPIResponseError} With status 402, 403, 404, 409 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/enterprise-connections/POST/enterprise_connections
   */
  async createEnterpriseConnection(params: CreateEnterpriseConnectionParams): Promise<EnterpriseConnection> {
    return this.post(path`/enterprise_connections`, toWireNames(params))
  }

  /**
   * Changes a connection.
   *
   * @throws {ClerkAPIResponseError} With status 400, 402, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/enterprise-connections/PATCH/enterprise_connections/%7Benterprise_connection_id%7D
   */
  async updateEnterpriseConnection(
    enterpriseConnectionId: string,
    params: UpdateEnterpriseConnectionParams,
  ): Promise<EnterpriseConnection> {
    return this.patch(path`/enterprise_connections/${enterpriseConnectionId}`, toWireNames(params))
  }

  /**
   * Lists the connections.
   *
   * @throws {ClerkAPIResponseError} With status 402, 403 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/enterprise-connections/GET/enterprise_connections
   */
  async getEnterpriseConnectionList(params: EnterpriseConnectionListParams = {}): Promise<Page<EnterpriseConnection>> {
    return this.readPage(path`/enterprise_connections`, params)
  }

  /**
   * Gets a connection by its id.
   *
   * @throws {ClerkAPIResponseError} With status 402, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/enterprise-connections/GET/enterprise_connections/%7Benterprise_connection_id%7D
   */
  async getEnterpriseConnection(enterpriseConnectionId: string): Promise<EnterpriseConnection> {
    return this.read(path`/enterprise_connections/${enterpriseConnectionId}`)
  }

  /**
   * Deletes a connection.
   *
   * @throws {ClerkAPIResponseError} With status 402, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/enterprise-connections/DELETE/enterprise_connections/%7Benterprise_connection_id%7D
   */
  async deleteEnterpriseConnection(enterpriseConnectionId: string): Promise<DeletedObject> {
    return this.remove(path`/enterprise_connections/${enterpriseConnectionId}`)
  }

  /**
   * Gets a URL that tests a connection with a sign-in. The URL is valid for a short time.
   *
   * @throws {ClerkAPIResponseError} With status 402, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/enterprise-connections/POST/enterprise_connections/%7Benterprise_connection_id%7D/test_runs
   */
  async createEnterpriseConnectionTestRun(enterpriseConnectionId: string): Promise<{ url: string }> {
    return this.post(path`/enterprise_connections/${enterpriseConnectionId}/test_runs`)
  }

  /**
   * Lists the results of a connection's test runs.
   *
   * @throws {ClerkAPIResponseError} With status 402, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/enterprise-connections/GET/enterprise_connections/%7Benterprise_connection_id%7D/test_runs
   */
  async getEnterpriseConnectionTestRunList(
    params: GetEnterpriseConnectionTestRunListParams,
  ): Promise<Page<EnterpriseConnectionTestRun>> {
    const { enterpriseConnectionId, ...query } = params
    return this.readPage(path`/enterprise_connections/${enterpriseConnectionId}/test_runs`, query)
  }
}

export interface EnterpriseConnection {
  object: 'enterprise_connection'
  id: string
  name: string
  /** Such as `saml_okta` or `oidc_custom`. */
  provider: string
  domains: string[]
  organizationId: string | null
  active: boolean
  logoPublicUrl: string
  syncUserAttributes: boolean
  allowSubdomains: boolean
  disableAdditionalIdentifications: boolean
  allowOrganizationAccountLinking: boolean
  authenticatable: boolean
  disableJitProvisioning: boolean
  customAttributes: EnterpriseConnectionCustomAttribute[] | undefined
  samlConnection: EnterpriseConnectionSamlConnection | null
  oauthConfig: EnterpriseConnectionOauthConfig | null
  /** Unix milliseconds. */
  createdAt: number
  /** Unix milliseconds. */
  updatedAt: number
  /** The unchanged answer. Not enumerable. */
  readonly raw: object
}

/** An attribute of the identity provider that is copied to the user's public metadata. */
export interface EnterpriseConnectionCustomAttribute {
  name: string
  key: string
  ssoPath: string
  scimPath: string
  directoryPath?: string
  multiValued: boolean
}

export interface EnterpriseConnectionSamlConnection {
  id: string
  name: string
  idpEntityId: string | undefined
  idpSsoUrl: string | undefined
  /** PEM without its first and last line. */
  idpCertificate: string | undefined
  /** Unix milliseconds. */
  idpCertificateIssuedAt: number | undefined
  /** Unix milliseconds. */
  idpCertificateExpiresAt: number | undefined
  idpCertificates: IdpCertificate[]
  idpMetadataUrl: string | undefined
  idpMetadata: string | undefined
  acsUrl: string | undefined
  spEntityId: string | undefined
  spMetadataUrl: string | undefined
  syncUserAttributes: boolean | undefined
  allowSubdomains: boolean
  allowIdpInitiated: boolean
  active: boolean
  forceAuthn: boolean
  /** What the identity provider is told about the person who signs in. */
  loginHint: { mode: 'email_address' | 'custom_attribute' | 'off'; source?: string }
}

export interface EnterpriseConnectionOauthConfig {
  id: string
  name: string
  providerKey: string
  clientId: string | undefined
  discoveryUrl: string | undefined
  authUrl: string | undefined
  tokenUrl: string | undefined
  userInfoUrl: string | undefined
  requiresPkce: boolean
  logoPublicUrl: string | undefined
  /** Unix milliseconds. */
  createdAt: number
  /** Unix milliseconds. */
  updatedAt: number
}

/** The result of a connection's test run. */
export type EnterpriseConnectionTestRun = Translated<EnterpriseConnectionTestRunJSON>

export interface EnterpriseConnectionListParams extends PageParams {
  organizationId?: string
  active?: boolean
}

export interface GetEnterpriseConnectionTestRunListParams extends PageParams {
  enterpriseConnectionId: string
  status?: EnterpriseConnectionTestRun['status'][]
}

interface WritableEnterpriseConnectionParams {
  organizationId?: string
  active?: boolean
  syncUserAttributes?: boolean
  allowOrganizationAccountLinking?: boolean
  customAttributes?: (Partial<EnterpriseConnectionCustomAttribute> & { name: string; key: string })[]
  authenticatable?: boolean
  disableJitProvisioning?: boolean
  oidc?: EnterpriseConnectionOidcParams
  saml?: EnterpriseConnectionSamlParams
}

export interface CreateEnterpriseConnectionParams extends WritableEnterpriseConnectionParams {
  name: string
  /** At least one. */
  domains: string[]
  provider: SamlProvider | 'oidc_custom' | 'oidc_github_enterprise' | 'oidc_gitlab'
}

export interface UpdateEnterpriseConnectionParams extends WritableEnterpriseConnectionParams {
  name?: string
  domains?: string[]
  provider?: string
  disableAdditionalIdentifications?: boolean
}

export interface EnterpriseConnectionOidcParams {
  authUrl?: string
  clientId?: string
  clientSecret?: string
  discoveryUrl?: string
  requiresPkce?: boolean
  tokenUrl?: string
  userInfoUrl?: string
}

export interface EnterpriseConnectionSamlParams {
  allowIdpInitiated?: boolean
  allowSubdomains?: boolean
  /** Maps attributes of the identity provider to fields of the user. */
  attributeMapping?: {
    userId?: string | null
    emailAddress?: string | null
    firstName?: string | null
    lastName?: string | null
  }
  forceAuthn?: boolean
  /** PEM. */
  idpCertificate?: string
  /** PEM. Replaces the whole list. */
  idpCertificates?: string[]
  idpEntityId?: string
  idpMetadata?: string
  idpMetadataUrl?: string
  idpSsoUrl?: string
  loginHint?: { mode: 'custom_attribute'; source: string } | { mode: 'email_address' | 'off'; source?: never }
}
