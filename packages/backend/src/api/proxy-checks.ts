import type { ProxyCheckJSON } from '@latchkey/types'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { Resource } from './resource.js'

/** Checks of a proxy of the Frontend API. */
export class ProxyChecksApi extends Api {
  /**
   * Checks that a proxy of the Frontend API works. A domain can only use a proxy that passed this check.
   *
   * @throws {ClerkAPIResponseError} 422 when the proxy does not work.
   * @see https://clerk.com/docs/reference/backend-api/tag/proxy-checks/POST/proxy_checks
   */
  async verify(params: VerifyProxyParams): Promise<ProxyCheck> {
    return this.post(path`/proxy_checks`, params)
  }
}

export type ProxyCheck = Resource<ProxyCheckJSON>

export interface VerifyProxyParams {
  domainId: string
  /** Such as `https://app.example.com/__clerk`. */
  proxyUrl: string
}
