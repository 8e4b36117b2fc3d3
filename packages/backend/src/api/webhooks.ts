import type { WebhooksSvixJSON } from '@latchkey/types'
import { path } from '../core/path.js'
import { Api } from './api.js'

/** What Svix answers is named as on the wire: that is how `@clerk/backend` hands it out. */
export class WebhooksApi extends Api {
  /**
   * Makes the instance's account at Svix, which delivers its webhooks.
   *
   * @throws {ClerkAPIResponseError} With status 400.
   * @see https://clerk.com/docs/reference/backend-api/tag/webhooks/POST/webhooks/svix
   */
  async createSvixApp(): Promise<WebhooksSvixJSON> {
    return this.client.request('POST', path`/webhooks/svix`)
  }

  /**
   * Gets a URL that signs in to that account; it is good for a short while.
   *
   * @throws {ClerkAPIResponseError} With status 400.
   * @see https://clerk.com/docs/reference/backend-api/tag/webhooks/POST/webhooks/svix_url
   */
  async generateSvixAuthURL(): Promise<WebhooksSvixJSON> {
    return this.client.request('POST', path`/webhooks/svix_url`)
  }

  /**
   * Deletes that account, with its endpoints.
   *
   * @throws {ClerkAPIResponseError} With status 400.
   * @see https://clerk.com/docs/reference/backend-api/tag/webhooks/DELETE/webhooks/svix
   */
  async deleteSvixApp(): Promise<void> {
    return this.remove(path`/webhooks/svix`)
  }
}
