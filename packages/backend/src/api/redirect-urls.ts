import type { RedirectUrlJSON } from '@latchkey/types'
import type { Page } from '../core/pages.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { DeletedObject } from './deleted-objects.js'
import type { Resource } from './resource.js'

/** URLs to which a native application may be redirected after signing in with another provider. */
export class RedirectUrlsApi extends Api {
  /**
   * Lists the redirect URLs of native applications.
   *
   * @see https://clerk.com/docs/reference/backend-api/tag/redirect-urls/GET/redirect_urls
   */
  async getRedirectUrlList(): Promise<Page<RedirectUrl>> {
    return this.readPage(path`/redirect_urls`, { paginated: true })
  }

  /**
   * Gets a URL by its id.
   *
   * @throws {ClerkAPIResponseError} With status 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/redirect-urls/GET/redirect_urls/%7Bid%7D
   */
  async getRedirectUrl(redirectUrlId: string): Promise<RedirectUrl> {
    return this.read(path`/redirect_urls/${redirectUrlId}`)
  }

  /**
   * Adds a URL.
   *
   * @throws {ClerkAPIResponseError} With status 400 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/redirect-urls/POST/redirect_urls
   */
  async createRedirectUrl(params: CreateRedirectUrlParams): Promise<RedirectUrl> {
    return this.post(path`/redirect_urls`, params)
  }

  /**
   * Deletes a URL.
   *
   * @throws {ClerkAPIResponseError} With status 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/redirect-urls/DELETE/redirect_urls/%7Bid%7D
   */
  async deleteRedirectUrl(redirectUrlId: string): Promise<DeletedObject> {
    return this.remove(path`/redirect_urls/${redirectUrlId}`)
  }
}

export type RedirectUrl = Resource<RedirectUrlJSON>

export interface CreateRedirectUrlParams {
  /** With a scheme, such as `my-app://oauth-callback`. */
  url: string
}
