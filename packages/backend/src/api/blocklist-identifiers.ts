import type { BlocklistIdentifierJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { DeletedObject } from './deleted-objects.js'
import type { Resource } from './resource.js'

/** Who may not sign up or in: addresses, numbers, wallets and whole domains. */
export class BlocklistIdentifiersApi extends Api {
  /**
   * Lists the identifiers that may not sign up.
   *
   * @throws {ClerkAPIResponseError} With status 401 or 402.
   * @see https://clerk.com/docs/reference/backend-api/tag/allow-list--block-list/GET/blocklist_identifiers
   */
  async getBlocklistIdentifierList(params: PageParams = {}): Promise<Page<BlocklistIdentifier>> {
    return this.readPage(path`/blocklist_identifiers`, params)
  }

  /**
   * Adds an identifier. Existing users stay.
   *
   * @throws {ClerkAPIResponseError} With status 400, 402 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/allow-list--block-list/POST/blocklist_identifiers
   */
  async createBlocklistIdentifier(params: BlocklistIdentifierCreateParams): Promise<BlocklistIdentifier> {
    return this.post(path`/blocklist_identifiers`, params)
  }

  /**
   * Removes an identifier from the list.
   *
   * @throws {ClerkAPIResponseError} With status 402 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/allow-list--block-list/DELETE/blocklist_identifiers/%7Bidentifier_id%7D
   */
  async deleteBlocklistIdentifier(blocklistIdentifierId: string): Promise<DeletedObject> {
    return this.remove(path`/blocklist_identifiers/${blocklistIdentifierId}`)
  }
}

export type BlocklistIdentifier = Resource<BlocklistIdentifierJSON>

export interface BlocklistIdentifierCreateParams {
  /** An e-mail address, phone number, wallet, or a domain as `*@example.com`. */
  identifier: string
}
