import { errors } from '../../kernel/errors/errors.js'
import type { User } from './user-records.rules.js'

/**
 * A username, a wallet or a connected account may be removed only while the user can still sign in with something else.
 * An address or number that the user has not claimed yet does not count, nor does a number that serves as second factor.
 *
 * @param removed an id, or `username`
 * @throws {ApiError} 400 `last_required_identification_deletion_failed`
 */
export function requireIdentifierBeside(user: User, removed: string): void {
  const others = [
    ...user.emailAddresses.filter(({ claimed }) => claimed),
    ...user.phoneNumbers.filter(({ claimed, reservedForSecondFactor }) => claimed && !reservedForSecondFactor),
    ...user.web3Wallets,
    ...user.externalAccounts,
  ].filter(({ id }) => id !== removed)
  const hasName = user.username !== null && removed !== 'username'
  if (!hasName && others.length === 0) throw errors.lastIdentification()
}
