import type { JwksJSON } from '@latchkey/types'
import { path } from '../core/path.js'
import { Api } from './api.js'

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
