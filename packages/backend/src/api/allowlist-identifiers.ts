import type { AllowlistIdentifierJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { DeletedObject } from './deleted-objects.js'
import type { Resource } from './resource.js'

/** Who may sign up while sign-ups are restricted: addresses, numbers, wallets and whole domains. */
export class AllowlistIdentifiersApi extends Api {
  /**
   * Lists the identifiers on the allowlist. While sign-ups are restricted, only they may sign up.
   *
   * @throws {ClerkAPIResponseError} With status 401 or 402.
   * @see https://clerk.com/docs/reference/backend-api/tag/allow-list--block-list/GET/allowlist_identifiers
   */
  async getAllowlistIdentifierList(params: PageParams = {}): Promise<Page<AllowlistIdentifier>> {
    return this.readPage(path`/allowlist_identifiers`, { ...params, paginated: true })
  }

  /**
   * Adds an identifier, and optionally sends an invitation to it.
   *
   * @throws {ClerkAPIResponseError} With status 400, 402 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/allow-list--block-list/POST/allowlist_identifiers
   */
  async createAllowlistIdentifier(params: AllowlistIdentifierCreateParams): Promise<AllowlistIdentifier> {
    return this.post(path`/allowlist_identifiers`, params)
  }

  /**
   * Removes an identifier from the list.
   *
   * @throws {ClerkAPIResponseError} With status 402 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/allow-list--block-list/DELETE/allowlist_identifiers/%7Bidentifier_id%7D
   */
  async deleteAllowlistIdentifier(allowlistIdentifierId: string): Promise<DeletedObject> {
    return this.remove(path`/allowlist_identifiers/${allowlistIdentifierId}`)
  }
}

export type AllowlistIdentifier = Resource<AllowlistIdentifierJSON>

export interface AllowlistIdentifierCreateParams {
  /** An e-mail address, phone number, wallet, or a domain as `*@example.com`. */
  identifier: string
  /** Also sends an invitation. */
  notify: boolean
}
