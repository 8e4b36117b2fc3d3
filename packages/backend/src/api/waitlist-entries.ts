import type { WaitlistEntryJSON, WaitlistEntryStatus } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { DeletedObject } from './deleted-objects.js'
import type { Invitation } from './invitations.js'
import type { Resource } from './resource.js'

/** People who wait for an invitation, while sign-ups are by waitlist. */
export class WaitlistEntriesApi extends Api {
  /**
   * Lists the entries of the waitlist.
   *
   * @see https://clerk.com/docs/reference/backend-api/tag/waitlist-entries/GET/waitlist_entries
   */
  async list(params: WaitlistEntryListParams = {}): Promise<Page<WaitlistEntry>> {
    return this.readPage(path`/waitlist_entries`, params)
  }

  /**
   * Puts an address on the waitlist.
   *
   * @throws {ClerkAPIResponseError} With status 400 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/waitlist-entries/POST/waitlist_entries
   */
  async create(params: WaitlistEntryCreateParams): Promise<WaitlistEntry> {
    return this.post(path`/waitlist_entries`, params)
  }

  /**
   * Puts several addresses on the waitlist.
   *
   * @param params 1 to 50.
   * @throws {ClerkAPIResponseError} With status 400 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/waitlist-entries/POST/waitlist_entries/bulk
   */
  async createBulk(params: WaitlistEntryCreateParams[]): Promise<WaitlistEntry[]> {
    return this.post(path`/waitlist_entries/bulk`, params)
  }

  /**
   * Invites the person of an entry.
   *
   * @throws {ClerkAPIResponseError} With status 400, 404, 409 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/waitlist-entries/POST/waitlist_entries/%7Bwaitlist_entry_id%7D/invite
   */
  async invite(id: string, params: WaitlistEntryInviteParams = {}): Promise<WaitlistEntry> {
    return this.post(path`/waitlist_entries/${id}/invite`, params)
  }

  /**
   * Rejects an entry. The person can still be invited later.
   *
   * @throws {ClerkAPIResponseError} With status 400, 404, 409 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/waitlist-entries/POST/waitlist_entries/%7Bwaitlist_entry_id%7D/reject
   */
  async reject(id: string): Promise<WaitlistEntry> {
    return this.post(path`/waitlist_entries/${id}/reject`)
  }

  /**
   * Removes an entry that has not been invited.
   *
   * @throws {ClerkAPIResponseError} With status 400, 404, 409 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/waitlist-entries/DELETE/waitlist_entries/%7Bwaitlist_entry_id%7D
   */
  async delete(id: string): Promise<DeletedObject> {
    return this.remove(path`/waitlist_entries/${id}`)
  }
}

export interface WaitlistEntry extends Resource<WaitlistEntryJSON> {
  invitation: Invitation | null
}

export interface WaitlistEntryListParams extends PageParams {
  /** An id, or part of an address. */
  query?: string
  status?: WaitlistEntryStatus
  /** `-` sorts in descending order. Default is `-created_at`. */
  orderBy?: `${'' | '+' | '-'}${'created_at' | 'invited_at' | 'email_address'}`
}

export interface WaitlistEntryCreateParams {
  emailAddress: string
  /** Sends a mail. Default is true. */
  notify?: boolean
}

export interface WaitlistEntryInviteParams {
  /** Invites an address even if it was invited before. Default is false. */
  ignoreExisting?: boolean
}
