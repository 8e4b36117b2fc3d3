import type { WebhooksSvixJSON } from '@latchkey/types'
import { path } from '../core/path.js'
import { Api } from './api.js'

/**
 * The instance's application for webhooks: at Svix, or on a Latchkey server, which delivers them itself. Answers are
 * named as on the wire, because `@clerk/backend` returns them that way.
 */
export class WebhooksApi extends Api {
  /**
   * Creates the instance's application for webhooks.
   *
   * @throws {ClerkAPIResponseError} With status 400.
   * @see https://clerk.com/docs/reference/backend-api/tag/webhooks/POST/webhooks/svix
   */
  async createSvixApp(): Promise<WebhooksSvixJSON> {
    return this.client.request('POST', path`/webhooks/svix`)
  }

  /**
   * Gets the URL of a page with its endpoints and attempts. It is valid for a short time.
   *
   * @throws {ClerkAPIResponseError} With status 400.
   * @see https://clerk.com/docs/reference/backend-api/tag/webhooks/POST/webhooks/svix_url
   */
  async generateSvixAuthURL(): Promise<WebhooksSvixJSON> {
    return this.client.request('POST', path`/webhooks/svix_url`)
  }

  /**
   * Deletes that application, with its endpoints.
   *
   * @throws {ClerkAPIResponseError} With status 400.
   * @see https://clerk.com/docs/reference/backend-api/tag/webhooks/DELETE/webhooks/svix
   */
  async deleteSvixApp(): Promise<void> {
    return this.remove(path`/webhooks/svix`)
  }
}
