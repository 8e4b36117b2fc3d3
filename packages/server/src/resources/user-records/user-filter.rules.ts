import { errors } from '../../kernel/errors/errors.js'

/** Which users a list or a count is about. Each field narrows it; an absent one does not. Lists of values mean "one of these". */
export interface UserFilter {
  emailAddress?: string[] | undefined
  phoneNumber?: string[] | undefined
  username?: string[] | undefined
  web3Wallet?: string[] | undefined
  /** Each may begin with `+` (included, also without a sign) or `-` (left out). */
  externalId?: string[] | undefined
  userId?: string[] | undefined
  organizationId?: string[] | undefined
  /** Part of any identifier, name or id. */
  query?: string | undefined
  emailAddressQuery?: string | undefined
  phoneNumberQuery?: string | undefined
  usernameQuery?: string | undefined
  nameQuery?: string | undefined
  banned?: boolean | undefined
  /** Unix milliseconds, as all that follow. */
  lastActiveAtBefore?: number | undefined
  lastActiveAtAfter?: number | undefined
  lastActiveAtSince?: number | undefined
  createdAtBefore?: number | undefined
  createdAtAfter?: number | undefined
  lastSignInAtBefore?: number | undefined
  lastSignInAtAfter?: number | undefined
  /** Only together with `providerUserId`. */
  provider?: string | undefined
  providerUserId?: string[] | undefined
}

/** @throws {ApiError} 422 if one of `provider` and `provider_user_id` comes without the other */
export function checkFilter(filter: UserFilter): UserFilter {
  const { provider, providerUserId } = filter
  if (provider !== undefined && providerUserId === undefined) {
    throw errors.conditionalParamMissing('provider_user_id', 'provider')
  }
  if (provider === undefined && providerUserId !== undefined) {
    throw errors.conditionalParamMissing('provider', 'provider_user_id')
  }
  return filter
}
