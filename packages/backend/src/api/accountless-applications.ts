import type { AccountlessApplicationJSON } from '@latchkey/types'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { Resource } from './resource.js'

/** Applications that run before anyone has an account. Their keys can be claimed later. */
export class AccountlessApplicationsApi extends Api {
  /**
   * Creates an application before anyone has an account; it needs no secret key.
   *
   * @throws {ClerkAPIResponseError} With status 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/accountless-applications/POST/accountless_applications
   */
  async createAccountlessApplication(params?: AccountlessApplicationParams): Promise<AccountlessApplication> {
    return this.send('POST', path`/accountless_applications`, toParts(params))
  }

  /**
   * Reports that the application has been claimed and set up.
   *
   * @throws {ClerkAPIResponseError} With status 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/accountless-applications/POST/accountless_applications/complete
   */
  async completeAccountlessApplicationOnboarding(
    params?: AccountlessApplicationParams,
  ): Promise<AccountlessApplication> {
    return this.send('POST', path`/accountless_applications/complete`, toParts(params))
  }
}

export type AccountlessApplication = Resource<AccountlessApplicationJSON>

export interface AccountlessApplicationParams {
  /** Sent with the request, to show where it came from. */
  requestHeaders?: Headers
  /** The caller, such as the name of a framework. */
  source?: string
}

function toParts({ requestHeaders, source }: AccountlessApplicationParams = {}) {
  return { query: { source }, headers: requestHeaders && Object.fromEntries(requestHeaders), keyless: true }
}
