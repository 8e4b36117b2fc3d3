import { apiError } from '../../http/api-error.js'
import type { Page, PageRequest } from '../../http/pagination.js'
import type { ExternalAccountRecord } from '../../storage/tables.js'
import type { InstanceContext } from '../instances/instance-context.js'
import type { UserService } from '../users/users.service.js'
import type { ExternalAccountStore } from './external-accounts.store.js'
import { isProvider } from './providers.js'

/** An account with its tokens in plain text. */
export interface OpenedTokens {
  account: ExternalAccountRecord
  accessToken: string
  idToken: string | null
  tokenSecret: string | null
}

/** Hands out the tokens with which an application calls the providers of its users. */
export class ProviderTokenService {
  constructor(private readonly options: { context: InstanceContext; users: UserService; store: ExternalAccountStore }) {}

  /**
   * The tokens of the user's accounts at the provider; none when the user has no account there.
   *
   * @param provider with or without `oauth_` in front
   * @throws {ApiError} 404 for an unknown user, 404 `oauth_token_provider_not_enabled` for a provider that nobody can
   *   have an account at, 422 `oauth_missing_access_token`, and for an expired token 422 `oauth_missing_refresh_token` or
   *   400 `oauth_token_retrieval_error`
   */
  async list(userId: string, provider: string, { limit, offset }: PageRequest): Promise<Page<OpenedTokens>> {
    const { users, store } = this.options
    const name = provider.startsWith('oauth_') ? provider : `oauth_${provider}`
    await users.get(userId)
    const accounts = await store.listOfProvider(userId, name)
    if (accounts.length === 0 && !isProvider(name) && !(await store.hasProvider(name))) {
      throw apiError(404, 'oauth_token_provider_not_enabled', 'OAuth provider not enabled', `Signing in with ${JSON.stringify(provider)} is not enabled in this instance`)
    }
    return { data: accounts.slice(offset, offset + limit).map((account) => this.#open(account)), totalCount: accounts.length }
  }

  #open(account: ExternalAccountRecord): OpenedTokens {
    const { clock, vault } = this.options.context
    if (account.accessToken === null) {
      throw apiError(422, 'oauth_missing_access_token', 'Missing OAuth access token', `The provider has given no access token for the external account ${account.id}`)
    }
    if (account.tokenExpiresAt !== null && account.tokenExpiresAt <= clock.now()) throw expired(account)
    return {
      account,
      accessToken: vault.open(account.accessToken),
      idToken: account.idToken && vault.open(account.idToken),
      tokenSecret: account.tokenSecret && vault.open(account.tokenSecret),
    }
  }
}

function expired({ id, refreshToken }: ExternalAccountRecord) {
  return refreshToken === null
    ? apiError(
        422,
        'oauth_missing_refresh_token',
        'Cannot refresh OAuth access token',
        `The access token of the external account ${id} has expired, and there is no refresh token to get another. The user has to sign in with the provider again`,
      )
    : apiError(
        400,
        'oauth_token_retrieval_error',
        'Token retrieval failed',
        `The access token of the external account ${id} has expired, and this server knows no client id and secret to get another from the provider. The user has to sign in with the provider again`,
      )
}
