import type { InstanceContext } from '../../instances/instance-context.js'
import { hashSecret } from '../../instances/secrets.js'
import type { SigningKeys } from '../../instances/signing-keys.js'
import type { Caller } from '../../kernel/caller.js'
import { oauthApplicationErrors } from '../oauth-applications/oauth-applications.errors.js'
import { parseScopes } from '../oauth-applications/oauth-applications.rules.js'
import type { OAuthApplicationService } from '../oauth-applications/oauth-applications.service.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import type { Tx } from '../../storage/tx.js'
import { ACCESS_TOKEN_TYPES, isJwt, newAccessTokenId, readClaims } from './oauth-access-tokens.rules.js'
import { OAuthAccessTokenStore } from './oauth-access-tokens.store.js'
import type { OAuthGrantRecord, OAuthTokenRecord } from './oauth-access-tokens.table.js'
import type { ValidAccessToken } from './oauth-access-tokens.wire.js'

interface OAuthAccessTokenServiceOptions {
  context: InstanceContext
  signingKeys: SigningKeys
  userRecords: UserRecords
  oauthApplications: OAuthApplicationService
}

/** Tokens as a seed gives them: whole, so that a test knows them beforehand. */
export interface GrantInput {
  applicationId: string
  userId: string
  /** Separated by spaces. Default is all that the application may ask for. */
  scopes?: string | undefined
  accessToken: string
  /** Unix milliseconds. Default is {@link ACCESS_TOKEN_LIFETIME} from now. */
  expiresAt?: number | undefined
  refreshToken?: string | undefined
}

/** Milliseconds that an access token is valid. */
export const ACCESS_TOKEN_LIFETIME = 24 * 60 * 60 * 1000

/** Access and refresh tokens of the applications that sign users in through the instance. */
export class OAuthAccessTokenService {
  readonly #store: OAuthAccessTokenStore

  constructor(private readonly options: OAuthAccessTokenServiceOptions) {
    this.#store = new OAuthAccessTokenStore(options.context)
  }

  /**
   * @param token opaque, or a JWT
   * @returns `expired` for a JWT that has expired
   * @throws {ApiError} 404 `resource_not_found` for every token that is not valid: an opaque one that is unknown, expired
   *   or revoked, a JWT that this instance did not sign, and one whose application or user is gone or banned
   */
  async verify(token: string): Promise<ValidAccessToken | 'expired'> {
    const valid = isJwt(token) ? await this.#verifyJwt(token) : await this.#verifyOpaque(token)
    if (!valid) throw oauthApplicationErrors.tokenNotFound()
    if (valid === 'expired') return valid
    const user = await this.options.userRecords.find(valid.userId)
    if (!user || user.banned) throw oauthApplicationErrors.tokenNotFound()
    return valid
  }

  async #verifyOpaque(token: string): Promise<ValidAccessToken | undefined> {
    const { context, oauthApplications } = this.options
    const found = await this.#store.find(hashSecret(token))
    if (!found || found.token.kind !== 'access' || found.grant.revokedAt !== null) return undefined
    const { id, expiresAt, createdAt, updatedAt } = found.token
    if (expiresAt !== null && expiresAt <= context.clock.now()) return undefined
    const { applicationId, userId, scopes } = found.grant
    const { clientId } = await oauthApplications.get(applicationId)
    return { id, clientId, userId, scopes, expiresAt, createdAt, updatedAt }
  }

  async #verifyJwt(token: string): Promise<ValidAccessToken | 'expired' | undefined> {
    const { context, signingKeys, oauthApplications } = this.options
    const claims = readClaims(await signingKeys.verify(token, { type: ACCESS_TOKEN_TYPES, expired: true }))
    if (!claims || !(await oauthApplications.findByClientId(claims.clientId))) return undefined
    const now = context.clock.now()
    if (claims.notBefore > now) return undefined
    return claims.expiresAt <= now ? 'expired' : claims
  }

  /**
   * Ends the grant that a token belongs to: the application's access and refresh tokens for this user. Revoking twice is
   * no error.
   *
   * @throws {ApiError} 404 `resource_not_found` for an unknown application, and a token that is not its own; 400 for a
   *   JWT
   */
  async revoke(applicationId: string, token: string, caller: Caller): Promise<void> {
    const { context, oauthApplications } = this.options
    await context.transaction(caller, async (tx) => {
      await oauthApplications.get(applicationId, tx)
      if (isJwt(token)) throw oauthApplicationErrors.jwtCannotBeRevoked()
      const found = await this.#store.find(hashSecret(token), tx)
      if (found?.grant.applicationId !== applicationId) throw oauthApplicationErrors.tokenNotFound()
      if (await this.#store.revoke(found.grant.id, context.clock.now(), tx)) {
        await tx.audit('oauth_grant.revoked', found.grant.id, ['revoked_at'])
      }
    })
  }

  /** Whether the access token exists. */
  async exists(accessToken: string): Promise<boolean> {
    return (await this.#store.find(hashSecret(accessToken))) !== undefined
  }

  /**
   * Lets an application act for a user.
   *
   * @throws {ApiError} 400 `oauth_invalid_scope` for a scope that is not the application's, `duplicate_record` for a
   *   token that exists; 404 `resource_not_found`
   */
  grant(input: GrantInput, caller: Caller): Promise<OAuthGrantRecord> {
    const { context, oauthApplications, userRecords } = this.options
    return context.transaction(caller, async (tx) => {
      const application = await oauthApplications.get(input.applicationId, tx)
      const { id: userId } = await userRecords.get(input.userId, tx)
      const scopes = input.scopes === undefined ? application.scopes : parseScopes(input.scopes, application.scopes)
      const grant = await this.#store.createGrant({ applicationId: application.id, userId, scopes }, tx)
      const expiresAt = input.expiresAt ?? context.clock.now() + ACCESS_TOKEN_LIFETIME
      await this.#addToken({ grantId: grant.id, kind: 'access', expiresAt }, input.accessToken, tx)
      if (input.refreshToken !== undefined) {
        await this.#addToken({ grantId: grant.id, kind: 'refresh', expiresAt: null }, input.refreshToken, tx)
      }
      await tx.audit('oauth_grant.created', grant.id)
      return grant
    })
  }

  async #addToken(
    fields: Pick<OAuthTokenRecord, 'grantId' | 'kind' | 'expiresAt'>,
    token: string,
    tx: Tx,
  ): Promise<void> {
    const id = newAccessTokenId(this.options.context.random)
    if (!(await this.#store.createToken({ id, hash: hashSecret(token), ...fields }, tx))) {
      throw oauthApplicationErrors.tokenTaken()
    }
  }
}
