import { errors } from '../../http/errors.js'
import type { User } from './user.js'

/**
 * A username, a wallet or a connected account may go only while something else is left that the user can sign in with:
 * an address or number that nobody has claimed yet is not, nor is a number that serves as second factor.
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
