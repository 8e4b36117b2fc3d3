import type { APIKeyJSON } from '@latchkey/types'
import type { Page, PageParams } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { DeletedObject } from './deleted-objects.js'
import type { Resource } from './resource.js'

/** These operations have no version in their URLs. */
const unversioned = true

/**
 * Keys that an application's users and organizations create for their own programs. Verifying a key returns the subject
 * it belongs to.
 */
export class APIKeysApi extends Api {
  /**
   * Lists the keys of a user, an organization or a machine.
   *
   * @throws {ClerkAPIResponseError} With status 400 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/api-keys/GET/api_keys
   */
  async list(params: GetAPIKeyListParams): Promise<Page<APIKey>> {
    return this.readPage(path`/api_keys`, params, { unversioned })
  }

  /**
   * Creates a key. The answer contains its secret; {@link getSecret} returns it later.
   *
   * @throws {ClerkAPIResponseError} With status 400 or 409.
   * @see https://clerk.com/docs/reference/backend-api/tag/api-keys/POST/api_keys
   */
  async create(params: CreateAPIKeyParams): Promise<APIKey> {
    return this.send('POST', path`/api_keys`, { body: params, unversioned })
  }

  /**
   * Gets a key by its id.
   *
   * @throws {ClerkAPIResponseError} With status 400 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/api-keys/GET/api_keys/%7BapiKeyID%7D
   */
  async get(apiKeyId: string): Promise<APIKey> {
    return this.send('GET', path`/api_keys/${apiKeyId}`, { unversioned })
  }

  /**
   * Changes a key.
   *
   * @throws {ClerkAPIResponseError} With status 400 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/api-keys/PATCH/api_keys/%7BapiKeyID%7D
   */
  async update({ apiKeyId, ...body }: UpdateAPIKeyParams): Promise<APIKey> {
    return this.send('PATCH', path`/api_keys/${apiKeyId}`, { body, unversioned })
  }

  /**
   * Deletes a key. It stops working.
   *
   * @throws {ClerkAPIResponseError} With status 400 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/api-keys/DELETE/api_keys/%7BapiKeyID%7D
   */
  async delete(apiKeyId: string): Promise<DeletedObject> {
    return this.send('DELETE', path`/api_keys/${apiKeyId}`, { unversioned })
  }

  /**
   * Revokes a key. It stops working, and stays listed as invalid.
   *
   * @throws {ClerkAPIResponseError} With status 400 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/api-keys/POST/api_keys/%7BapiKeyID%7D/revoke
   */
  async revoke({ apiKeyId, revocationReason = null }: RevokeAPIKeyParams): Promise<APIKey> {
    return this.send('POST', path`/api_keys/${apiKeyId}/revoke`, { body: { revocationReason }, unversioned })
  }

  /**
   * Gets the secret of a key.
   *
   * @throws {ClerkAPIResponseError} With status 400 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/api-keys/GET/api_keys/%7BapiKeyID%7D/secret
   */
  async getSecret(apiKeyId: string): Promise<{ secret: string }> {
    return this.send('GET', path`/api_keys/${apiKeyId}/secret`, { unversioned })
  }

  /**
   * Gets the key that a secret belongs to, if it is neither revoked nor expired.
   *
   * @throws {ClerkAPIResponseError} With status 400 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/api-keys/POST/api_keys/verify
   */
  async verify(secret: string): Promise<APIKey> {
    return this.send('POST', path`/api_keys/verify`, { body: { secret }, unversioned })
  }
}

export type APIKey = Resource<APIKeyJSON>

export interface GetAPIKeyListParams extends PageParams {
  /** Id of a user, an organization or a machine. */
  subject: string
  /** Lists revoked and expired keys too. Default is false. */
  includeInvalid?: boolean
  /** Part of a name. */
  query?: string
  /** 1 to 100. Default 10. */
  limit?: number
}

interface WritableAPIKeyParams {
  /** At most 255 characters. */
  description?: string | null
  /** Any data that the application wants to find in a verified key. */
  claims?: Record<string, unknown> | null
  scopes?: string[]
  /** Null means that it does not expire. */
  secondsUntilExpiration?: number | null
}

export interface CreateAPIKeyParams extends WritableAPIKeyParams {
  /** At least 3 characters, without spaces at its start or end. */
  name: string
  /** Id of a user, an organization or a machine. */
  subject: string
  /** Id of a user. */
  createdBy?: string | null
}

export interface UpdateAPIKeyParams extends WritableAPIKeyParams {
  apiKeyId: string
  subject: string
}

export interface RevokeAPIKeyParams {
  apiKeyId: string
  revocationReason?: string | null
}
