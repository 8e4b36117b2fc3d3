import type { TestingTokenJSON } from '@latchkey/types'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { Resource } from './resource.js'

/** Tokens that let end-to-end tests bypass the bot protection of the Frontend API. */
export class TestingTokensApi extends Api {
  /**
   * Creates a token that lets tests bypass the bot protection of the Frontend API.
   *
   * @see https://clerk.com/docs/reference/backend-api/tag/testing-tokens/POST/testing_tokens
   */
  async createTestingToken(): Promise<TestingToken> {
    return this.post(path`/testing_tokens`)
  }
}

export interface TestingToken extends Resource<TestingTokenJSON> {
  /** Unix seconds. */
  expiresAt: number
}
