import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { DeletedObject } from './deleted-objects.js'
import type { OrganizationDomain } from './organization-domains.js'
import type {
  CreateOrganizationDomainParams,
  CreateOrganizationInvitationParams,
  CreateOrganizationMembershipParams,
  CreateOrganizationParams,
  GetInstanceOrganizationDomainListParams,
  GetInstanceOrganizationInvitationListParams,
  GetInstanceOrganizationMembershipListParams,
  GetInvitationsOfOrganizationParams,
  GetMembersParams,
  GetOrganizationDomainListParams,
  GetOrganizationInvitationParams,
  GetOrganizationListParams,
  GetOrganizationParams,
  OrganizationDomainParams,
  OrganizationInvitationParams,
  OrganizationMembershipParams,
  OrganizationMetadataParams,
  RevokeOrganizationInvitationParams,
  UpdateOrganizationDomainParams,
  UpdateOrganizationLogoParams,
  UpdateOrganizationMembershipMetadataParams,
  UpdateOrganizationParams,
} from './organization-params.js'
import type { Organization, OrganizationInvitation, OrganizationMembership } from './organization.js'

/** Organizations, their members, invitations and domains. */
export class OrganizationsApi extends Api {
  /**
   * Lists organizations.
   *
   * @throws {ClerkAPIResponseError} With status 400, 403 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organizations/GET/organizations
   */
  async getOrganizationList(params?: GetOrganizationListParams): Promise<Page<Organization>> {
    return this.readPage(path`/organizations`, params)
  }

  /**
   * Creates an organization.
   *
   * @throws {ClerkAPIResponseError} With status 400, 402, 403 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organizations/POST/organizations
   */
  async createOrganization(params: CreateOrganizationParams): Promise<Organization> {
    return this.post(path`/organizations`, params)
  }

  /**
   * Gets an organization by its id or its slug.
   *
   * @throws {ClerkAPIResponseError} With status 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/organizations/GET/organizations/%7Borganization_id%7D
   */
  async getOrganization(params: GetOrganizationParams): Promise<Organization> {
    const { includeMembersCount, includeMissingMemberWithElevatedPermissions } = params
    const idOrSlug = 'organizationId' in params ? params.organizationId : params.slug
    return this.read(path`/organizations/${idOrSlug}`, {
      includeMembersCount,
      includeMissingMemberWithElevatedPermissions,
    })
  }

  /**
   * Changes an organization. Metadata given here replaces the existing metadata, in a second request; prefer
   * {@link updateOrganizationMetadata}.
   *
   * @throws {ClerkAPIResponseError} With status 400, 402, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organizations/PATCH/organizations/%7Borganization_id%7D
   */
  async updateOrganization(organizationId: string, params: UpdateOrganizationParams): Promise<Organization> {
    const { publicMetadata, privateMetadata, ...rest } = params
    const hasMetadata = publicMetadata !== undefined || privateMetadata !== undefined
    if (!hasMetadata) return this.patch(path`/organizations/${organizationId}`, rest)
    if (Object.keys(rest).length > 0) await this.patch(path`/organizations/${organizationId}`, rest)
    return this.replaceOrganizationMetadata(organizationId, { publicMetadata, privateMetadata })
  }

  /**
   * Sets the picture of an organization: PNG, JPEG, GIF or WebP, at most 10 MB.
   *
   * @throws {ClerkAPIResponseError} With status 400, 403, 404 or 413.
   * @see https://clerk.com/docs/reference/backend-api/tag/organizations/PUT/organizations/%7Borganization_id%7D/logo
   */
  async updateOrganizationLogo(organizationId: string, params: UpdateOrganizationLogoParams): Promise<Organization> {
    return this.upload('PUT', path`/organizations/${organizationId}/logo`, { ...params })
  }

  /**
   * Deletes the picture of an organization.
   *
   * @throws {ClerkAPIResponseError} With status 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/organizations/DELETE/organizations/%7Borganization_id%7D/logo
   */
  async deleteOrganizationLogo(organizationId: string): Promise<Organization> {
    return this.remove(path`/organizations/${organizationId}/logo`)
  }

  /**
   * Merges metadata deeply into the existing metadata. A key set to null is deleted.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organizations/PATCH/organizations/%7Borganization_id%7D/metadata
   */
  async updateOrganizationMetadata(organizationId: string, params: OrganizationMetadataParams): Promise<Organization> {
    return this.patch(path`/organizations/${organizationId}/metadata`, params)
  }

  /**
   * Replaces each given kind of metadata completely. The other kind is not changed.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organizations/PUT/organizations/%7Borganization_id%7D/metadata
   */
  async replaceOrganizationMetadata(organizationId: string, params: OrganizationMetadataParams): Promise<Organization> {
    return this.put(path`/organizations/${organizationId}/metadata`, params)
  }

  /**
   * Deletes an organization with its memberships and invitations.
   *
   * @throws {ClerkAPIResponseError} With status 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/organizations/DELETE/organizations/%7Borganization_id%7D
   */
  async deleteOrganization(organizationId: string): Promise<DeletedObject> {
    return this.remove(path`/organizations/${organizationId}`)
  }

  /**
   * Lists the members of an organization.
   *
   * @throws {ClerkAPIResponseError} With status 401 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-memberships/GET/organizations/%7Borganization_id%7D/memberships
   */
  async getOrganizationMembershipList({
    organizationId,
    ...query
  }: GetMembersParams): Promise<Page<OrganizationMembership>> {
    return this.readPage(path`/organizations/${organizationId}/memberships`, query)
  }

  /**
   * Lists the members of all organizations.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-memberships/GET/organization_memberships
   */
  async getInstanceOrganizationMembershipList(
    params: GetInstanceOrganizationMembershipListParams,
  ): Promise<Page<OrganizationMembership>> {
    return this.readPage(path`/organization_memberships`, params)
  }

  /**
   * Makes a user a member of an organization.
   *
   * @throws {ClerkAPIResponseError} With status 400, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-memberships/POST/organizations/%7Borganization_id%7D/memberships
   */
  async createOrganizationMembership(params: CreateOrganizationMembershipParams): Promise<OrganizationMembership> {
    const { organizationId, ...body } = params
    return this.post(path`/organizations/${organizationId}/memberships`, body)
  }

  /**
   * Changes the role of a member.
   *
   * @throws {ClerkAPIResponseError} With status 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-memberships/PATCH/organizations/%7Borganization_id%7D/memberships/%7Buser_id%7D
   */
  async updateOrganizationMembership(params: CreateOrganizationMembershipParams): Promise<OrganizationMembership> {
    const { organizationId, userId, ...body } = params
    return this.patch(path`/organizations/${organizationId}/memberships/${userId}`, body)
  }

  /**
   * Merges metadata deeply into a membership's metadata. A key set to null is deleted.
   *
   * @throws {ClerkAPIResponseError} With status 400, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-memberships/PATCH/organizations/%7Borganization_id%7D/memberships/%7Buser_id%7D/metadata
   */
  async updateOrganizationMembershipMetadata(
    params: UpdateOrganizationMembershipMetadataParams,
  ): Promise<OrganizationMembership> {
    const { organizationId, userId, ...body } = params
    return this.patch(path`/organizations/${organizationId}/memberships/${userId}/metadata`, body)
  }

  /**
   * Removes a member from an organization.
   *
   * @throws {ClerkAPIResponseError} With status 401, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-memberships/DELETE/organizations/%7Borganization_id%7D/memberships/%7Buser_id%7D
   */
  async deleteOrganizationMembership(params: OrganizationMembershipParams): Promise<OrganizationMembership> {
    return this.remove(path`/organizations/${params.organizationId}/memberships/${params.userId}`)
  }

  /**
   * Lists the invitations of an organization.
   *
   * @throws {ClerkAPIResponseError} With status 400, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-invitations/GET/organizations/%7Borganization_id%7D/invitations
   */
  async getOrganizationInvitationList(
    params: GetInvitationsOfOrganizationParams,
  ): Promise<Page<OrganizationInvitation>> {
    const { organizationId, ...query } = params
    return this.readPage(path`/organizations/${organizationId}/invitations`, query)
  }

  /**
   * Lists the invitations of an organization that can still be accepted.
   *
   * @deprecated Use {@link getOrganizationInvitationList} with the status `pending`.
   * @throws {ClerkAPIResponseError} With status 400 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-invitations/GET/organizations/%7Borganization_id%7D/invitations/pending
   */
  async getPendingOrganizationInvitationList(
    params: PageParams & { organizationId: string },
  ): Promise<Page<OrganizationInvitation>> {
    const { organizationId, ...query } = params
    return this.readPage(path`/organizations/${organizationId}/invitations/pending`, query)
  }

  /**
   * Lists the invitations of all organizations.
   *
   * @throws {ClerkAPIResponseError} With status 400, 404, 422 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-invitations/GET/organization_invitations
   */
  async getInstanceOrganizationInvitationList(
    params: GetInstanceOrganizationInvitationListParams = {},
  ): Promise<Page<OrganizationInvitation>> {
    return this.readPage(path`/organization_invitations`, params)
  }

  /**
   * Invites an address to an organization.
   *
   * @throws {ClerkAPIResponseError} With status 400, 402, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-invitations/POST/organizations/%7Borganization_id%7D/invitations
   */
  async createOrganizationInvitation(params: CreateOrganizationInvitationParams): Promise<OrganizationInvitation> {
    const { organizationId, ...body } = params
    return this.post(path`/organizations/${organizationId}/invitations`, body)
  }

  /**
   * Invites several addresses to an organization at once, all or none.
   *
   * @param params 1 to 10.
   * @throws {ClerkAPIResponseError} With status 400, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-invitations/POST/organizations/%7Borganization_id%7D/invitations/bulk
   */
  async createOrganizationInvitationBulk(
    organizationId: string,
    params: OrganizationInvitationParams[],
  ): Promise<Page<OrganizationInvitation>> {
    return this.post(path`/organizations/${organizationId}/invitations/bulk`, params)
  }

  /**
   * Gets an invitation of an organization by its id.
   *
   * @throws {ClerkAPIResponseError} With status 400, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-invitations/GET/organizations/%7Borganization_id%7D/invitations/%7Binvitation_id%7D
   */
  async getOrganizationInvitation(params: GetOrganizationInvitationParams): Promise<OrganizationInvitation> {
    return this.read(path`/organizations/${params.organizationId}/invitations/${params.invitationId}`)
  }

  /**
   * Revokes an invitation.
   *
   * @throws {ClerkAPIResponseError} With status 400, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-invitations/POST/organizations/%7Borganization_id%7D/invitations/%7Binvitation_id%7D/revoke
   */
  async revokeOrganizationInvitation(params: RevokeOrganizationInvitationParams): Promise<OrganizationInvitation> {
    const { organizationId, invitationId, ...body } = params
    return this.post(path`/organizations/${organizationId}/invitations/${invitationId}/revoke`, body)
  }

  /**
   * Lists the domains of an organization.
   *
   * @throws {ClerkAPIResponseError} With status 401 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-domains/GET/organizations/%7Borganization_id%7D/domains
   */
  async getOrganizationDomainList(params: GetOrganizationDomainListParams): Promise<Page<OrganizationDomain>> {
    const { organizationId, ...query } = params
    return this.readPage(path`/organizations/${organizationId}/domains`, query)
  }

  /**
   * Lists the domains of all organizations.
   *
   * @throws {ClerkAPIResponseError} With status 401, 403 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-domains/GET/organization_domains
   */
  async getInstanceOrganizationDomainList(
    params: GetInstanceOrganizationDomainListParams = {},
  ): Promise<Page<OrganizationDomain>> {
    return this.readPage(path`/organization_domains`, params)
  }

  /**
   * Adds a domain to an organization.
   *
   * @throws {ClerkAPIResponseError} With status 400, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-domains/POST/organizations/%7Borganization_id%7D/domains
   */
  async createOrganizationDomain(params: CreateOrganizationDomainParams): Promise<OrganizationDomain> {
    const { organizationId, ...body } = params
    return this.post(path`/organizations/${organizationId}/domains`, { ...body, verified: body.verified ?? true })
  }

  /**
   * Changes a domain of an organization.
   *
   * @throws {ClerkAPIResponseError} With status 400, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-domains/PATCH/organizations/%7Borganization_id%7D/domains/%7Bdomain_id%7D
   */
  async updateOrganizationDomain(params: UpdateOrganizationDomainParams): Promise<OrganizationDomain> {
    const { organizationId, domainId, ...body } = params
    return this.patch(path`/organizations/${organizationId}/domains/${domainId}`, body)
  }

  /**
   * Declares that an organization owns a domain, without the DNS record that usually proves it.
   *
   * @throws {ClerkAPIResponseError} With status 401, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-domains/POST/organizations/%7Borganization_id%7D/domains/%7Bdomain_id%7D/verify_ownership
   */
  async verifyOrganizationDomainOwnership(params: OrganizationDomainParams): Promise<OrganizationDomain> {
    return this.post(path`/organizations/${params.organizationId}/domains/${params.domainId}/verify_ownership`)
  }

  /**
   * Deletes a domain of an organization.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/organization-domains/DELETE/organizations/%7Borganization_id%7D/domains/%7Bdomain_id%7D
   */
  async deleteOrganizationDomain(params: OrganizationDomainParams): Promise<DeletedObject> {
    return this.remove(path`/organizations/${params.organizationId}/domains/${params.domainId}`)
  }
}
