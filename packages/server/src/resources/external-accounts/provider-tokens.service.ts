import type { Page, PageRequest } from '../../http/pagination.js'
import type { ExternalAccountRecord } from '../../storage/tables.js'
import type { InstanceContext } from '../instances/instance-context.js'
import type { UserChanges } from '../users/user-changes.js'
import { externalAccountErrors } from './external-account-errors.js'
import type { ExternalAccountStore } from './external-accounts.store.js'
import { isProvider, toStrategy } from './providers.js'

/** An account with its tokens in plain text. */
export interface OpenedTokens {
  account: ExternalAccountRecord
  accessToken: string
  idToken: string | null
  tokenSecret: string | null
}

/** Hands out the tokens with which an application calls the providers of its users. */
export class ProviderTokenService {
  constructor(
    private readonly options: { context: InstanceContext; users: UserChanges; store: ExternalAccountStore },
  ) {}

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
    const name = toStrategy(provider)
    await users.get(userId)
    const accounts = await store.listOfProvider(userId, name)
    if (accounts.length === 0 && !isProvider(name) && !(await store.hasProvider(name))) {
      throw externalAccountErrors.providerNotEnabled(provider)
    }
    return {
      data: accounts.slice(offset, offset + limit).map((account) => this.#open(account)),
      totalCount: accounts.length,
    }
  }

  #open(account: ExternalAccountRecord): OpenedTokens {
    const { clock, vault } = this.options.context
    if (account.accessToken === null) throw externalAccountErrors.missingAccessToken(account.id)
    if (account.tokenExpiresAt !== null && account.tokenExpiresAt <= clock.now()) {
      throw account.refreshToken === null
        ? externalAccountErrors.missingRefreshToken(account.id)
        : externalAccountErrors.retrievalFailed(account.id)
    }
    return {
      account,
      accessToken: vault.open(account.accessToken),
      idToken: account.idToken && vault.open(account.idToken),
      tokenSecret: account.tokenSecret && vault.open(account.tokenSecret),
    }
  }
}
