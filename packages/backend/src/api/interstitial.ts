import { path } from '../core/path.js'
import { Api } from './api.js'

/** A page for old SDKs. */
export class InterstitialApi extends Api {
  /**
   * Gets the HTML page that loads clerk.js. Older SDKs sent it when a browser's state was unknown.
   *
   * @deprecated Current SDKs use the handshake.
   * @throws {ClerkAPIResponseError} With status 400 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/miscellaneous/GET/public/interstitial
   */
  async get(params: GetInterstitialParams = {}): Promise<string> {
    return this.client.request('GET', path`/public/interstitial`, { query: params, answer: 'text' })
  }
}

export interface GetInterstitialParams {
  /** Host of the Frontend API. */
  frontendApi?: string
  /** `pk_test_…` or `pk_live_…`. */
  publishableKey?: string
  proxyUrl?: string
  domain?: string
  signInUrl?: string
  /** Loads clerk.js from `domain`. */
  useDomainForScript?: boolean
}
