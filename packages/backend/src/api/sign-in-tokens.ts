import type { SignInTokenJSON } from '@latchkey/types'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { Resource } from './resource.js'

/** Tokens that sign a user in once, for links in mails and for sign-ins from other systems. */
export class SignInTokensApi extends Api {
  /**
   * Creates a token that signs its user in once.
   *
   * @throws {ClerkAPIResponseError} With status 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/sign-in-tokens/POST/sign_in_tokens
   */
  async createSignInToken(params: CreateSignInTokensParams): Promise<SignInToken> {
    return this.post(path`/sign_in_tokens`, params)
  }

  /**
   * Revokes a token that has not been used.
   *
   * @throws {ClerkAPIResponseError} With status 400 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/sign-in-tokens/POST/sign_in_tokens/%7Bsign_in_token_id%7D/revoke
   */
  async revokeSignInToken(signInTokenId: string): Promise<SignInToken> {
    return this.post(path`/sign_in_tokens/${signInTokenId}/revoke`)
  }
}

export type SignInToken = Resource<SignInTokenJSON>

export interface CreateSignInTokensParams {
  userId: string
  /** Id of the organization that becomes active. */
  orgId?: string
  /** How long the token can be used, in seconds. Default is 2592000, 30 days. */
  expiresInSeconds?: number
}
