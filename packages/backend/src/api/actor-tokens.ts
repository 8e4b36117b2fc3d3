import type { ActorTokenJSON } from '@latchkey/types'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { Resource } from './resource.js'

/** Tokens that let somebody sign in as a user: impersonation, with the actor named in the session. */
export class ActorTokensApi extends Api {
  /**
   * Creates a token that lets an actor sign in as a user.
   *
   * @throws {ClerkAPIResponseError} With status 400, 402 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/actor-tokens/POST/actor_tokens
   */
  async create(params: CreateActorTokenParams): Promise<ActorToken> {
    return this.post(path`/actor_tokens`, params)
  }

  /**
   * Revokes a token that has not been used.
   *
   * @throws {ClerkAPIResponseError} With status 400 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/actor-tokens/POST/actor_tokens/%7Bactor_token_id%7D/revoke
   */
  async revoke(actorTokenId: string): Promise<ActorToken> {
    return this.post(path`/actor_tokens/${actorTokenId}/revoke`)
  }
}

export interface ActorToken extends Resource<ActorTokenJSON> {
  /** Only in the answer to its creation. */
  token: string
  /** Where the token is used. Only in the answer to its creation. */
  url: string
}

export interface CreateActorTokenParams {
  /** The user that the actor signs in as. */
  userId: string
  /** The actor: becomes the `act` claim of the session's tokens. */
  actor: { sub: string; additionalProperties?: Record<string, unknown>; [claim: string]: unknown }
  /** How long the token can be used, in seconds. Default is 3600. */
  expiresInSeconds?: number
  /** How long the session lasts, in seconds. Default is 1800. */
  sessionMaxDurationInSeconds?: number
}
