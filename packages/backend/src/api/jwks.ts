import type { JwksJSON } from '@latchkey/types'
import { path } from '../core/path.js'
import { Api } from './api.js'

/** The public keys that session tokens are verified with. `verifyToken` fetches and keeps them by itself. */
export class JwksApi extends Api {
  /**
   * Gets the public keys that the instance's tokens are verified with.
   *
   * @see https://clerk.com/docs/reference/backend-api/tag/jwks/GET/jwks
   */
  async getJwks(): Promise<JwksJSON> {
    return this.read(path`/jwks`)
  }
}
