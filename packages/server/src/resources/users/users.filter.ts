import { errors } from '../../http/errors.js'

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

const orderColumns = {
  created_at: 'created_at',
  updated_at: 'updated_at',
  email_address: 'primary_email_address',
  web3wallet: 'primary_web3_wallet',
  first_name: 'first_name',
  last_name: 'last_name',
  phone_number: 'primary_phone_number',
  username: 'username_canonical',
  last_active_at: 'last_active_at',
  last_sign_in_at: 'last_sign_in_at',
} as const

export interface UserOrder {
  column: (typeof orderColumns)[keyof typeof orderColumns]
  direction: 'asc' | 'desc'
}

/**
 * Reads `order_by`: a column, with `-` in front for descending order. A `+` may have become a space on its way.
 *
 * @throws {ApiError} 422 `form_param_value_invalid`
 */
export function parseOrder(text = '-created_at'): UserOrder {
  const [, sign, name] = /^([+\s-]?)(.*)$/.exec(text) ?? []
  if (!Object.hasOwn(orderColumns, name ?? ''))
    throw errors.paramValueInvalid(
      'order_by',
      `must be one of ${Object.keys(orderColumns).join(', ')}, with + or - in front`,
    )
  return { column: orderColumns[name as keyof typeof orderColumns], direction: sign === '-' ? 'desc' : 'asc' }
}

/** Splits values with `+` and `-` in front into those to include and those to leave out. A `+` may have become a space. */
export function splitSigns(values: readonly string[]): { included: string[]; excluded: string[] } {
  const included: string[] = []
  const excluded: string[] = []
  for (const value of values) {
    if (value.startsWith('-')) excluded.push(value.slice(1))
    else included.push(value.replace(/^[+ ]/, ''))
  }
  return { included, excluded }
}
