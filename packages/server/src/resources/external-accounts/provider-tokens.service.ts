import type { InstanceContext } from '../../instances/instance-context.js'
import type { Page, PageRequest } from '../../kernel/page.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { externalAccountErrors } from './external-accounts.errors.js'
import type { ExternalAccountService } from './external-accounts.service.js'
import type { ExternalAccountRecord } from './external-accounts.table.js'
import type { OpenedTokens } from './external-accounts.wire.js'
import { isProvider, toStrategy } from './providers.rules.js'

interface ProviderTokenOptions {
  context: InstanceContext
  userRecords: UserRecords
  externalAccounts: ExternalAccountService
}

/** Returns the tokens with which an application calls the providers of its users. */
export class ProviderTokenService {
  constructor(private readonly options: ProviderTokenOptions) {}

  /**
   * The tokens of the user's accounts at the provider; empty if the user has no account there.
   *
   * @param provider with or without `oauth_` in front
   * @throws {ApiError} 404 for an unknown user, 404 `oauth_token_provider_not_enabled` for a provider that no user can
   *   have an account at, 422 `oauth_missing_access_token`, and for an expired token 422 `oauth_missing_refresh_token`
   *   or 400 `oauth_token_retrieval_error`
   */
  async list(userId: string, provider: string, { limit, offset }: PageRequest): Promise<Page<OpenedTokens>> {
    const { userRecords, externalAccounts } = this.options
    const name = toStrategy(provider)
    await userRecords.get(userId)
    const accounts = await externalAccounts.listOfProvider(userId, name)
    if (accounts.length === 0 && !isProvider(name) && !(await externalAccounts.hasProvider(name))) {
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
