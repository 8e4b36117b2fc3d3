import type { JwksJSON } from '@latchkey/types'
import { path } from '../core/path.js'
import type { ApiClient } from '../core/request.js'

export class JwksApi {
  private readonly client: ApiClient

  constructor(client: ApiClient) {
    this.client = client
  }

  /** The public keys that session tokens are signed with, as RFC 7517 spells them. */
  async getJwks(): Promise<JwksJSON> {
    return this.client.request('GET', path`/jwks`)
  }
}
