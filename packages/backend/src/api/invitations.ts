import type { InvitationJSON, InvitationStatus, Metadata } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { DeletedObject } from './deleted-objects.js'
import type { Resource } from './resource.js'

/** Invitations to sign up; those to an organization are under `organizations`. */
export class InvitationsApi extends Api {
  /**
   * Lists the invitations to the application.
   *
   * @see https://clerk.com/docs/reference/backend-api/tag/invitations/GET/invitations
   */
  async getInvitationList(params: GetInvitationListParams = {}): Promise<Page<Invitation>> {
    return this.readPage(path`/invitations`, { ...params, paginated: true })
  }

  /**
   * Invites an address to the application.
   *
   * @throws {ClerkAPIResponseError} With status 400 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/invitations/POST/invitations
   */
  async createInvitation(params: CreateInvitationParams): Promise<Invitation> {
    return this.post(path`/invitations`, params)
  }

  /**
   * Invites several addresses at once, all or none.
   *
   * @param params 1 to 10.
   * @throws {ClerkAPIResponseError} With status 400 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/invitations/POST/invitations/bulk
   */
  async createInvitationBulk(params: CreateInvitationParams[]): Promise<Invitation[]> {
    return this.post(path`/invitations/bulk`, params)
  }

  /**
   * Revokes an invitation. It stays listed as revoked.
   *
   * @throws {ClerkAPIResponseError} With status 400 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/invitations/POST/invitations/%7Binvitation_id%7D/revoke
   */
  async revokeInvitation(invitationId: string): Promise<Invitation> {
    return this.post(path`/invitations/${invitationId}/revoke`)
  }

  /**
   * Deletes an invitation.
   *
   * @see https://clerk.com/docs/reference/backend/overview
   */
  async deleteInvitation(invitationId: string): Promise<DeletedObject> {
    return this.remove(path`/invitations/${invitationId}`)
  }
}

export interface Invitation extends Resource<InvitationJSON> {
  publicMetadata: Metadata
}

export interface GetInvitationListParams extends PageParams {
  /** `-` sorts in descending order. Default is `-created_at`. */
  orderBy?: `${'' | '+' | '-'}${'created_at' | 'email_address' | 'expires_at'}`
  status?: InvitationStatus
  /** An id, or part of an address. */
  query?: string
}

export interface CreateInvitationParams {
  emailAddress: string
  /** 1 to 365. Default is 30. */
  expiresInDays?: number
  /** Invites an address even if it was invited before or belongs to a user. Default is false. */
  ignoreExisting?: boolean
  /** Sends a mail. Default is true. */
  notify?: boolean
  /** Becomes the public metadata of the user who accepts the invitation. */
  publicMetadata?: UserPublicMetadata
  /** Target of the link in the mail. */
  redirectUrl?: string
  /** Which mail is sent. Default is `invitation`. */
  templateSlug?: 'invitation' | 'waitlist_invitation'
}
