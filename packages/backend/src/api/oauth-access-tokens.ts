import type { ActClaim, IdPOAuthAccessTokenJSON } from '@latchkey/types'
import { path } from '../core/path.js'
import { TokenVerificationError } from '../tokens/token-errors.js'
import { Api } from './api.js'
import type { Resource } from './resource.js'

/** Access tokens of the applications that sign users in through this instance. */
export class IdPOAuthAccessTokensApi extends Api {
  /**
   * Verifies an access token of an OAuth application.
   *
   * @throws {TokenVerificationError} `token-verification-failed` when it is not for any of the given audiences.
   * @throws {ClerkAPIResponseError} With status 400 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/oauth-access-tokens/POST/oauth_applications/access_tokens/verify
   */
  async verify(accessToken: string, { audience }: VerifyOAuthAccessTokenOptions = {}): Promise<IdPOAuthAccessToken> {
    const parts = { body: { accessToken }, unversioned: true }
    const token = await this.send<IdPOAuthAccessToken>('POST', path`/oauth_applications/access_tokens/verify`, parts)
    checkAudience([token.aud ?? []].flat(), [audience ?? []].flat())
    return token
  }
}

/** An access token that an OAuth application holds for a user. */
export interface IdPOAuthAccessToken extends Resource<IdPOAuthAccessTokenJSON> {
  type: string
  aud?: string[]
  /** Who acts as the user. */
  act?: ActClaim
}

export interface VerifyOAuthAccessTokenOptions {
  /** One of these must be in `aud`. Default: not checked. */
  audience?: string | string[]
}

function checkAudience(found: string[], wanted: string[]): void {
  const asked = wanted.filter(Boolean)
  if (asked.length === 0 || found.some((audience) => asked.includes(audience))) return
  throw new TokenVerificationError({
    reason: 'token-verification-failed',
    message: `The access token is for ${JSON.stringify(found)}, not for any of ${JSON.stringify(asked)}.`,
  })
}
