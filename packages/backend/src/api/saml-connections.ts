import type { AttributeMappingJSON, SamlConnectionJSON, SamlLoginHintJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { DeletedObject } from './deleted-objects.js'
import type { Resource, Translated } from './resource.js'
import { toWireNames } from './translate.js'

/** @deprecated Use `enterpriseConnections`. */
export class SamlConnectionsApi extends Api {
  /**
   * Lists the SAML connections to identity providers.
   *
   * @throws {ClerkAPIResponseError} With status 402, 403 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/saml-connections/GET/saml_connections
   */
  async getSamlConnectionList(params: SamlConnectionListParams = {}): Promise<Page<SamlConnection>> {
    return this.readPage(path`/saml_connections`, params)
  }

  /**
   * Creates a connection.
   *
   * @throws {ClerkAPIResponseError} With status 402, 403, 404, 409 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/saml-connections/POST/saml_connections
   */
  async createSamlConnection(params: CreateSamlConnectionParams): Promise<SamlConnection> {
    return this.post(path`/saml_connections`, toWireNames(params))
  }

  /**
   * Gets a connection by its id.
   *
   * @throws {ClerkAPIResponseError} With status 402, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/saml-connections/GET/saml_connections/%7Bsaml_connection_id%7D
   */
  async getSamlConnection(samlConnectionId: string): Promise<SamlConnection> {
    return this.read(path`/saml_connections/${samlConnectionId}`)
  }

  /**
   * Changes a connection.
   *
   * @throws {ClerkAPIResponseError} With status 402, 403, 404, 409 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/saml-connections/PATCH/saml_connections/%7Bsaml_connection_id%7D
   */
  async updateSamlConnection(
    samlConnectionId: string,
    params: UpdateSamlConnectionParams = {},
  ): Promise<SamlConnection> {
    return this.patch(path`/saml_connections/${samlConnectionId}`, toWireNames(params))
  }

  /**
   * Deletes a connection.
   *
   * @throws {ClerkAPIResponseError} With status 402, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/saml-connections/DELETE/saml_connections/%7Bsaml_connection_id%7D
   */
  async deleteSamlConnection(samlConnectionId: string): Promise<DeletedObject> {
    return this.remove(path`/saml_connections/${samlConnectionId}`)
  }
}

export interface SamlConnection extends Omit<
  Resource<SamlConnectionJSON>,
  'idpCertificateIssuedAt' | 'idpCertificateExpiresAt'
> {
  /** Unix milliseconds. */
  idpCertificateIssuedAt: number
  /** Unix milliseconds. */
  idpCertificateExpiresAt: number
  idpCertificates: IdpCertificate[]
}

export interface IdpCertificate {
  /** PEM without its first and last line. */
  certificate: string
  /** Unix milliseconds. */
  issuedAt: number | null
  /** Unix milliseconds. */
  expiresAt: number | null
}

export interface SamlConnectionListParams extends PageParams {
  /** An id, or part of a name or domain. */
  query?: string
  /** `-` sorts in descending order. Default is `-created_at`. */
  orderBy?: `${'' | '+' | '-'}${'phone_number' | 'email_address' | 'created_at' | 'first_name' | 'last_name' | 'username'}`
  /** Prefix `-` to exclude one. */
  organizationId?: string[]
}

interface WritableSamlConnectionParams {
  /** Instead of `domain`, for several. */
  domains?: string[]
  organizationId?: string
  idpEntityId?: string
  idpSsoUrl?: string
  /** PEM. */
  idpCertificate?: string
  /** PEM. Replaces the whole list. */
  idpCertificates?: string[]
  /** Overrides the fields that it also contains. */
  idpMetadataUrl?: string
  /** Overrides the fields that it also contains. */
  idpMetadata?: string
  /** Maps attributes of the identity provider to fields of the user. */
  attributeMapping?: Partial<Translated<AttributeMappingJSON>>
  forceAuthn?: boolean
  /** What the identity provider is told about the person who signs in. */
  loginHint?: Translated<SamlLoginHintJSON>
}

export interface CreateSamlConnectionParams extends WritableSamlConnectionParams {
  name: string
  provider: SamlProvider
  /** Or `domains`. */
  domain?: string
}

export interface UpdateSamlConnectionParams extends WritableSamlConnectionParams {
  name?: string
  provider?: SamlProvider
  domain?: string
  active?: boolean
  syncUserAttributes?: boolean
  allowSubdomains?: boolean
  allowIdpInitiated?: boolean
  disableAdditionalIdentifications?: boolean
  allowOrganizationAccountLinking?: boolean
  /**
   * Allows the change even if it removes a domain that an organization has verified. Otherwise the change is refused.
   */
  consentVerifiedDomainsDeletion?: boolean
}

export type SamlProvider = 'saml_okta' | 'saml_google' | 'saml_microsoft' | 'saml_custom'
