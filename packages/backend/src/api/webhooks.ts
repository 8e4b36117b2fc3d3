import type { WebhooksSvixJSON } from '@latchkey/types'
import { path } from '../core/path.js'
import { Api } from './api.js'

/** The instance's account at Svix. Answers are named as on the wire, because `@clerk/backend` returns them that way. */
export class WebhooksApi extends Api {
  /**
   * Creates the instance's account at Svix, which delivers its webhooks.
   *
   * @throws {ClerkAPIResponseError} With status 400.
   * @see https://clerk.com/docs/reference/backend-api/tag/webhooks/POST/webhooks/svix
   */
  async createSvixApp(): Promise<WebhooksSvixJSON> {
    return this.client.request('POST', path`/webhooks/svix`)
  }

  /**
   * Gets a URL that signs in to that account. It is valid for a short time.
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
