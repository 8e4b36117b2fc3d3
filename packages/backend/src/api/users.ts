import type { UserIdJSON, VerifiedPasswordJSON, VerifiedTOTPJSON } from '@latchkey/types'
import type { Page } from '../core/pages.js'
import { matchesNothing } from '../core/parameters.js'
import { path } from '../core/path.js'
import { Api } from './api.js'
import type { DeletedObject } from './deleted-objects.js'
import type { EmailAddress } from './email-address.js'
import type { OauthAccessToken } from './external-accounts.js'
import type { OrganizationInvitation, OrganizationMembership } from './organization.js'
import type { PhoneNumber } from './phone-number.js'
import type { Translated } from './resource.js'
import type { TrustedDevice } from './trusted-devices.js'
import type {
  CreateUserParams,
  DeleteUserExternalAccountParams,
  DeleteUserPasskeyParams,
  DeleteWeb3WalletParams,
  GetOrganizationInvitationListParams,
  GetOrganizationMembershipListParams,
  RemovePasswordParams,
  ReplaceUserEmailAddressParams,
  ReplaceUserPhoneNumberParams,
  RevokeUserTrustedDeviceParams,
  SetPasswordCompromisedParams,
  UpdateUserParams,
  UserCountParams,
  UserListParams,
  UserMetadataParams,
  VerifyPasswordParams,
  VerifyTOTPParams,
} from './user-params.js'
import type { User } from './user.js'

/** Users, with everything that belongs to them: addresses, passwords, factors, metadata, locks. */
export class UsersApi extends Api {
  /**
   * Lists users. Sends two requests in parallel: one for the page, one for the total number.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/GET/users
   */
  async getUserList(params: UserListParams = {}): Promise<Page<User>> {
    const { limit: _limit, offset: _offset, orderBy: _order, startingAfter: _after, ...filters } = params
    return this.readPage(path`/users`, params, { count: () => this.getCount(filters), cursor: true })
  }

  /**
   * Gets a user by their id.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/GET/users/%7Buser_id%7D
   */
  async getUser(userId: string): Promise<User> {
    return this.read(path`/users/${userId}`)
  }

  /**
   * Creates a user. The requirements of a sign-up apply here too, unless they are skipped.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 402, 403 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/POST/users
   */
  async createUser(params: CreateUserParams): Promise<User> {
    return this.post(path`/users`, params)
  }

  /**
   * Changes a user. Metadata replaces the existing, in a second request; prefer {@link updateUserMetadata}.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 404, 409 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/PATCH/users/%7Buser_id%7D
   */
  async updateUser(userId: string, params: UpdateUserParams = {}): Promise<User> {
    const { publicMetadata, privateMetadata, unsafeMetadata, ...rest } = params
    const metadata = { publicMetadata, privateMetadata, unsafeMetadata }
    const hasMetadata = Object.values(metadata).some((value) => value !== undefined)
    if (!hasMetadata) return this.patch(path`/users/${userId}`, rest)
    if (Object.keys(rest).length > 0) await this.patch(path`/users/${userId}`, rest)
    return this.replaceUserMetadata(userId, metadata)
  }

  /**
   * Adds an address to a user and removes all others.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/email-addresses/PUT/users/%7Buser_id%7D/email_address
   */
  async replaceUserEmailAddress(userId: string, params: ReplaceUserEmailAddressParams): Promise<EmailAddress> {
    return this.put(path`/users/${userId}/email_address`, params)
  }

  /**
   * Adds a number to a user and removes all others.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/phone-numbers/PUT/users/%7Buser_id%7D/phone_number
   */
  async replaceUserPhoneNumber(userId: string, params: ReplaceUserPhoneNumberParams): Promise<PhoneNumber> {
    return this.put(path`/users/${userId}/phone_number`, params)
  }

  /**
   * Sets a user's picture.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/POST/users/%7Buser_id%7D/profile_image
   */
  async updateUserProfileImage(userId: string, params: { file: Blob | File }): Promise<User> {
    return this.upload('POST', path`/users/${userId}/profile_image`, params)
  }

  /**
   * Merges metadata deeply into the existing metadata. A key set to null is deleted.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/PATCH/users/%7Buser_id%7D/metadata
   */
  async updateUserMetadata(userId: string, params: UserMetadataParams): Promise<User> {
    return this.patch(path`/users/${userId}/metadata`, params)
  }

  /**
   * Replaces each given kind of metadata completely. The others are not changed.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/PUT/users/%7Buser_id%7D/metadata
   */
  async replaceUserMetadata(userId: string, params: UserMetadataParams): Promise<User> {
    return this.put(path`/users/${userId}/metadata`, params)
  }

  /**
   * Deletes a user and everything that belongs to them.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/DELETE/users/%7Buser_id%7D
   */
  async deleteUser(userId: string): Promise<DeletedObject> {
    return this.remove(path`/users/${userId}`)
  }

  /**
   * Counts users.
   *
   * @throws {ClerkAPIResponseError} With status 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/GET/users/count
   */
  async getCount(params: UserCountParams = {}): Promise<number> {
    return matchesNothing(params) ? 0 : this.read(path`/users/count`, params)
  }

  /**
   * Lists the access tokens of a user's accounts at another provider.
   *
   * @param provider Such as `google`.
   * @throws {ClerkAPIResponseError} With status 400, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/GET/users/%7Buser_id%7D/oauth_access_tokens/%7Bprovider%7D
   */
  async getUserOauthAccessToken(userId: string, provider: string): Promise<Page<OauthAccessToken>> {
    const strategy = provider.startsWith('oauth_') ? provider : `oauth_${provider}`
    return this.readPage(path`/users/${userId}/oauth_access_tokens/${strategy}`, { paginated: true })
  }

  /**
   * Lists the organizations that a user is a member of, with their role there.
   *
   * @throws {ClerkAPIResponseError} With status 403.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/GET/users/%7Buser_id%7D/organization_memberships
   */
  async getOrganizationMembershipList({
    userId,
    limit,
    offset,
  }: GetOrganizationMembershipListParams): Promise<Page<OrganizationMembership>> {
    return this.readPage(path`/users/${userId}/organization_memberships`, { limit, offset })
  }

  /**
   * Lists the invitations to organizations that a user has.
   *
   * @throws {ClerkAPIResponseError} With status 400, 403 or 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/GET/users/%7Buser_id%7D/organization_invitations
   */
  async getOrganizationInvitationList({
    userId,
    ...query
  }: GetOrganizationInvitationListParams): Promise<Page<OrganizationInvitation>> {
    return this.readPage(path`/users/${userId}/organization_invitations`, query)
  }

  /**
   * Lists the devices that sign a user in.
   *
   * @throws {ClerkAPIResponseError} With status 403, 404 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/GET/users/%7Buser_id%7D/trusted_devices
   */
  async getUserTrustedDeviceList(userId: string): Promise<Page<TrustedDevice>> {
    return this.readPage(path`/users/${userId}/trusted_devices`)
  }

  /**
   * Stops a device from signing its user in.
   *
   * @throws {ClerkAPIResponseError} With status 403, 404 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/DELETE/users/%7Buser_id%7D/trusted_devices/%7Btrusted_device_id%7D
   */
  async revokeUserTrustedDevice({ userId, trustedDeviceId }: RevokeUserTrustedDeviceParams): Promise<TrustedDevice> {
    return this.remove(path`/users/${userId}/trusted_devices/${trustedDeviceId}`)
  }

  /**
   * Checks a user's password.
   *
   * @throws {ClerkAPIResponseError} 422 `incorrect_password`, or 400 `no_password_set`.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/POST/users/%7Buser_id%7D/verify_password
   */
  async verifyPassword({ userId, password }: VerifyPasswordParams): Promise<VerifiedPasswordJSON & { verified: true }> {
    return this.post(path`/users/${userId}/verify_password`, { password })
  }

  /**
   * Checks a code of a user's authenticator app, or a backup code. A backup code is used up by a successful check.
   *
   * @throws {ClerkAPIResponseError} 422 `totp_incorrect_code`, or 400 `totp_disabled`.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/POST/users/%7Buser_id%7D/verify_totp
   */
  async verifyTOTP({ userId, code }: VerifyTOTPParams): Promise<VerifiedTOTPJSON> {
    return this.client.request('POST', path`/users/${userId}/verify_totp`, { body: { code } })
  }

  /**
   * Removes a user's password.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/POST/users/%7Buser_id%7D/remove_password
   */
  async removePassword(userId: string, params: RemovePasswordParams = {}): Promise<User> {
    return this.post(path`/users/${userId}/remove_password`, params)
  }

  /**
   * Makes a user choose another password at the next sign-in.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/POST/users/%7Buser_id%7D/password/set_compromised
   */
  async setPasswordCompromised(
    userId: string,
    params: SetPasswordCompromisedParams = { revokeAllSessions: false },
  ): Promise<User> {
    return this.post(path`/users/${userId}/password/set_compromised`, params)
  }

  /**
   * Lets a user keep the password that was set as compromised.
   *
   * @throws {ClerkAPIResponseError} With status 400, 401, 403, 404 or 422.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/POST/users/%7Buser_id%7D/password/unset_compromised
   */
  async unsetPasswordCompromised(userId: string): Promise<User> {
    return this.post(path`/users/${userId}/password/unset_compromised`)
  }

  /**
   * Bans a user: ends all their sessions and blocks sign-in.
   *
   * @throws {ClerkAPIResponseError} With status 402.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/POST/users/%7Buser_id%7D/ban
   */
  async banUser(userId: string): Promise<User> {
    return this.post(path`/users/${userId}/ban`)
  }

  /**
   * Lets a banned user sign in again.
   *
   * @throws {ClerkAPIResponseError} With status 402.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/POST/users/%7Buser_id%7D/unban
   */
  async unbanUser(userId: string): Promise<User> {
    return this.post(path`/users/${userId}/unban`)
  }

  /**
   * Bans several users at once.
   *
   * @param userIds 1 to 50.
   * @throws {ClerkAPIResponseError} With status 400 or 402.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/POST/users/ban
   */
  async banUsers(userIds: string[]): Promise<User[]> {
    return this.post(path`/users/ban`, { userIds })
  }

  /**
   * Lets several banned users sign in again.
   *
   * @param userIds 1 to 50.
   * @throws {ClerkAPIResponseError} With status 400 or 402.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/POST/users/unban
   */
  async unbanUsers(userIds: string[]): Promise<User[]> {
    return this.post(path`/users/unban`, { userIds })
  }

  /**
   * Locks a user: blocks sign-in for the instance's lock-out time.
   *
   * @throws {ClerkAPIResponseError} With status 403.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/POST/users/%7Buser_id%7D/lock
   */
  async lockUser(userId: string): Promise<User> {
    return this.post(path`/users/${userId}/lock`)
  }

  /**
   * Ends the lock of a user.
   *
   * @throws {ClerkAPIResponseError} With status 403.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/POST/users/%7Buser_id%7D/unlock
   */
  async unlockUser(userId: string): Promise<User> {
    return this.post(path`/users/${userId}/unlock`)
  }

  /**
   * Deletes a user's picture.
   *
   * @throws {ClerkAPIResponseError} With status 404.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/DELETE/users/%7Buser_id%7D/profile_image
   */
  async deleteUserProfileImage(userId: string): Promise<User> {
    return this.remove(path`/users/${userId}/profile_image`)
  }

  /**
   * Deletes a passkey of a user.
   *
   * @throws {ClerkAPIResponseError} With status 403, 404 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/DELETE/users/%7Buser_id%7D/passkeys/%7Bpasskey_identification_id%7D
   */
  async deleteUserPasskey({ userId, passkeyIdentificationId }: DeleteUserPasskeyParams): Promise<DeletedObject> {
    return this.remove(path`/users/${userId}/passkeys/${passkeyIdentificationId}`)
  }

  /**
   * Deletes a wallet of a user.
   *
   * @throws {ClerkAPIResponseError} With status 400, 403, 404 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/DELETE/users/%7Buser_id%7D/web3_wallets/%7Bweb3_wallet_identification_id%7D
   */
  async deleteUserWeb3Wallet({ userId, web3WalletIdentificationId }: DeleteWeb3WalletParams): Promise<DeletedObject> {
    return this.remove(path`/users/${userId}/web3_wallets/${web3WalletIdentificationId}`)
  }

  /**
   * Deletes a user's account at another provider.
   *
   * @throws {ClerkAPIResponseError} With status 400, 403, 404 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/DELETE/users/%7Buser_id%7D/external_accounts/%7Bexternal_account_id%7D
   */
  async deleteUserExternalAccount({
    userId,
    externalAccountId,
  }: DeleteUserExternalAccountParams): Promise<DeletedObject> {
    return this.remove(path`/users/${userId}/external_accounts/${externalAccountId}`)
  }

  /**
   * Removes all second factors of a user.
   *
   * @throws {ClerkAPIResponseError} With status 404 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/DELETE/users/%7Buser_id%7D/mfa
   */
  async disableUserMFA(userId: string): Promise<UserID> {
    return this.remove(path`/users/${userId}/mfa`)
  }

  /**
   * Deletes the backup codes of a user.
   *
   * @throws {ClerkAPIResponseError} With status 404 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/DELETE/users/%7Buser_id%7D/backup_code
   */
  async deleteUserBackupCodes(userId: string): Promise<UserID> {
    return this.remove(path`/users/${userId}/backup_code`)
  }

  /**
   * Removes the authenticator app of a user.
   *
   * @throws {ClerkAPIResponseError} With status 404 or 500.
   * @see https://clerk.com/docs/reference/backend-api/tag/users/DELETE/users/%7Buser_id%7D/totp
   */
  async deleteUserTOTP(userId: string): Promise<UserID> {
    return this.remove(path`/users/${userId}/totp`)
  }
}

export type UserID = Translated<UserIdJSON>
