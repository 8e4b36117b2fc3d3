import type { AdminPortalLinkTokenJSON } from '@latchkey/types'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { Resource } from './resource.js'

/** Links that let an organization's administrator set up its enterprise connections. */
export class AdminPortalLinkTokensApi extends Api {
  /**
   * Creates a token for a link that lets an organization's administrator set up its enterprise connections.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403 or 409.
   * @see https://clerk.com/docs/reference/backend-api/tag/admin-portal-link-tokens/POST/admin_portal_link_tokens
   */
  async create(params: CreateAdminPortalLinkTokenParams = {}): Promise<AdminPortalLinkToken> {
    return this.post(path`/admin_portal_link_tokens`, params)
  }

  /**
   * Revokes a token.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/admin-portal-link-tokens/POST/admin_portal_link_tokens/%7BadminPortalLinkTokenID%7D/revoke
   */
  async revoke({ adminPortalLinkTokenId, ...body }: RevokeAdminPortalLinkTokenParams): Promise<AdminPortalLinkToken> {
    return this.post(path`/admin_portal_link_tokens/${adminPortalLinkTokenId}/revoke`, body)
  }
}

export type AdminPortalLinkToken = Resource<AdminPortalLinkTokenJSON>

export interface CreateAdminPortalLinkTokenParams {
  organizationId?: string
  /** Who the link is for. */
  itContactId?: string
  /** What the link lets its holder do. */
  scopes?: string[]
  /** 0 to 86400. Default is 3600. */
  secondsUntilExpiration?: number
}

export interface RevokeAdminPortalLinkTokenParams {
  adminPortalLinkTokenId: string
  revocationReason?: string | null
}
