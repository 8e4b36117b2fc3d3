import { errors } from '../../http/errors.js'
import type { User } from './user.js'

/**
 * A wallet or a connected account may go only while something else is left that the user can sign in with: an address
 * or number that nobody has claimed yet is not, nor is a number that serves as second factor.
 *
 * @throws {ApiError} 400 `last_required_identification_deletion_failed`
 */
export function requireIdentifierBeside(user: User, removedId: string): void {
  const others = [
    ...user.emailAddresses.filter(({ claimed }) => claimed),
    ...user.phoneNumbers.filter(({ claimed, reservedForSecondFactor }) => claimed && !reservedForSecondFactor),
    ...user.web3Wallets,
    ...user.externalAccounts,
  ].filter(({ id }) => id !== removedId)
  if (user.username === null && others.length === 0) throw errors.lastIdentification()
}
