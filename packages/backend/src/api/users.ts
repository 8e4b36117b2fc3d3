import type {
  DeletedObjectJSON,
  TotalCountJSON,
  UserIdJSON,
  UserJSON,
  VerifiedTOTPJSON,
} from '@latchkey/types'
import { emptyPage, type Page } from '../core/pages.js'
import { matchesNothing } from '../core/parameters.js'
import { path } from '../core/path.js'
import type { ApiClient } from '../core/request.js'
import { toDeletedObject, type DeletedObject } from './deleted-objects.js'
import { toEmailAddress, type EmailAddress } from './email-addresses.js'
import { toOauthAccessToken, type OauthAccessToken } from './external-accounts.js'
import {
  toOrganizationInvitation,
  toOrganizationMembership,
  type OrganizationInvitation,
  type OrganizationMembership,
} from './organizations.js'
import { toPhoneNumber, type PhoneNumber } from './phone-numbers.js'
import { toTrustedDevice, type TrustedDevice } from './trusted-devices.js'
import { toUser, type User } from './user.js'
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

export class UsersApi {
  private readonly client: ApiClient

  constructor(client: ApiClient) {
    this.client = client
  }

  /** Two requests at once: the API answers a page of users and their number separately. */
  async getUserList(params: UserListParams = {}): Promise<Page<User>> {
    if (matchesNothing(params)) return emptyPage()
    const { limit: _limit, offset: _offset, orderBy: _order, startingAfter: _after, ...filters } = params
    const [users, totalCount] = await Promise.all([
      this.client.request<UserJSON[]>('GET', path`/users`, { query: params }),
      this.getCount(filters),
    ])
    return { data: users.map(toUser), totalCount }
  }

  async getUser(userId: string): Promise<User> {
    return toUser(await this.client.request('GET', path`/users/${userId}`))
  }

  async createUser(params: CreateUserParams): Promise<User> {
    return toUser(await this.client.request('POST', path`/users`, { body: params }))
  }

  /** Metadata given here replaces what was there, in a second request; prefer {@link updateUserMetadata}. */
  async updateUser(userId: string, params: UpdateUserParams = {}): Promise<User> {
    const { publicMetadata, privateMetadata, unsafeMetadata, ...rest } = params
    const metadata = { publicMetadata, privateMetadata, unsafeMetadata }
    const hasMetadata = Object.values(metadata).some((value) => value !== undefined)
    if (!hasMetadata) return this.patchUser(userId, rest)
    if (Object.keys(rest).length > 0) await this.patchUser(userId, rest)
    return this.replaceUserMetadata(userId, metadata)
  }

  /** Makes this the user's only address. */
  async replaceUserEmailAddress(userId: string, params: ReplaceUserEmailAddressParams): Promise<EmailAddress> {
    return toEmailAddress(await this.client.request('PUT', path`/users/${userId}/email_address`, { body: params }))
  }

  /** Makes this the user's only number. */
  async replaceUserPhoneNumber(userId: string, params: ReplaceUserPhoneNumberParams): Promise<PhoneNumber> {
    return toPhoneNumber(await this.client.request('PUT', path`/users/${userId}/phone_number`, { body: params }))
  }

  async updateUserProfileImage(userId: string, params: { file: Blob | File }): Promise<User> {
    const form = new FormData()
    form.append('file', params.file)
    return toUser(await this.client.request('POST', path`/users/${userId}/profile_image`, { form }))
  }

  /** Merges deeply; a key set to null is deleted. */
  async updateUserMetadata(userId: string, params: UserMetadataParams): Promise<User> {
    return toUser(await this.client.request('PATCH', path`/users/${userId}/metadata`, { body: params }))
  }

  /** Replaces each given kind of metadata whole; the others stay. */
  async replaceUserMetadata(userId: string, params: UserMetadataParams): Promise<User> {
    return toUser(await this.client.request('PUT', path`/users/${userId}/metadata`, { body: params }))
  }

  async deleteUser(userId: string): Promise<DeletedObject> {
    return toDeletedObject(await this.client.request<DeletedObjectJSON>('DELETE', path`/users/${userId}`))
  }

  async getCount(params: UserCountParams = {}): Promise<number> {
    if (matchesNothing(params)) return 0
    return (await this.client.request<TotalCountJSON>('GET', path`/users/count`, { query: params })).total_count
  }

  /** @param provider Such as `google`. */
  async getUserOauthAccessToken(userId: string, provider: string): Promise<Page<OauthAccessToken>> {
    const strategy = provider.startsWith('oauth_') ? provider : `oauth_${provider}`
    const target = path`/users/${userId}/oauth_access_tokens/${strategy}`
    return this.client.list(target, toOauthAccessToken, { paginated: true })
  }

  async getOrganizationMembershipList(params: GetOrganizationMembershipListParams): Promise<Page<OrganizationMembership>> {
    const { userId, limit, offset } = params
    return this.client.list(path`/users/${userId}/organization_memberships`, toOrganizationMembership, { limit, offset })
  }

  async getOrganizationInvitationList(params: GetOrganizationInvitationListParams): Promise<Page<OrganizationInvitation>> {
    const { userId, ...query } = params
    return this.client.list(path`/users/${userId}/organization_invitations`, toOrganizationInvitation, query)
  }

  async getUserTrustedDeviceList(userId: string): Promise<Page<TrustedDevice>> {
    return this.client.list(path`/users/${userId}/trusted_devices`, toTrustedDevice)
  }

  async revokeUserTrustedDevice({ userId, trustedDeviceId }: RevokeUserTrustedDeviceParams): Promise<TrustedDevice> {
    return toTrustedDevice(await this.client.request('DELETE', path`/users/${userId}/trusted_devices/${trustedDeviceId}`))
  }

  /** @throws {ClerkAPIResponseError} 422 `incorrect_password`, or 400 `no_password_set`. */
  async verifyPassword({ userId, password }: VerifyPasswordParams): Promise<{ verified: true }> {
    return this.client.request('POST', path`/users/${userId}/verify_password`, { body: { password } })
  }

  /** A backup code is spent by it. @throws {ClerkAPIResponseError} 422 `totp_incorrect_code`, or 400 `totp_disabled`. */
  async verifyTOTP({ userId, code }: VerifyTOTPParams): Promise<VerifiedTOTPJSON> {
    return this.client.request('POST', path`/users/${userId}/verify_totp`, { body: { code } })
  }

  async removePassword(userId: string, params: RemovePasswordParams = {}): Promise<User> {
    return toUser(await this.client.request('POST', path`/users/${userId}/remove_password`, { body: params }))
  }

  /** The user must choose another password at the next sign-in. */
  async setPasswordCompromised(
    userId: string,
    params: SetPasswordCompromisedParams = { revokeAllSessions: false },
  ): Promise<User> {
    return toUser(await this.client.request('POST', path`/users/${userId}/password/set_compromised`, { body: params }))
  }

  async unsetPasswordCompromised(userId: string): Promise<User> {
    return toUser(await this.client.request('POST', path`/users/${userId}/password/unset_compromised`))
  }

  async banUser(userId: string): Promise<User> {
    return toUser(await this.client.request('POST', path`/users/${userId}/ban`))
  }

  async unbanUser(userId: string): Promise<User> {
    return toUser(await this.client.request('POST', path`/users/${userId}/unban`))
  }

  /** @param userIds 1 to 50. */
  async banUsers(userIds: string[]): Promise<User[]> {
    return (await this.client.request<UserJSON[]>('POST', path`/users/ban`, { body: { userIds } })).map(toUser)
  }

  /** @param userIds 1 to 50. */
  async unbanUsers(userIds: string[]): Promise<User[]> {
    return (await this.client.request<UserJSON[]>('POST', path`/users/unban`, { body: { userIds } })).map(toUser)
  }

  async lockUser(userId: string): Promise<User> {
    return toUser(await this.client.request('POST', path`/users/${userId}/lock`))
  }

  async unlockUser(userId: string): Promise<User> {
    return toUser(await this.client.request('POST', path`/users/${userId}/unlock`))
  }

  async deleteUserProfileImage(userId: string): Promise<User> {
    return toUser(await this.client.request('DELETE', path`/users/${userId}/profile_image`))
  }

  async deleteUserPasskey({ userId, passkeyIdentificationId: id }: DeleteUserPasskeyParams): Promise<DeletedObject> {
    return toDeletedObject(await this.client.request<DeletedObjectJSON>('DELETE', path`/users/${userId}/passkeys/${id}`))
  }

  async deleteUserWeb3Wallet({ userId, web3WalletIdentificationId: id }: DeleteWeb3WalletParams): Promise<DeletedObject> {
    return toDeletedObject(await this.client.request<DeletedObjectJSON>('DELETE', path`/users/${userId}/web3_wallets/${id}`))
  }

  async deleteUserExternalAccount({ userId, externalAccountId: id }: DeleteUserExternalAccountParams): Promise<DeletedObject> {
    return toDeletedObject(
      await this.client.request<DeletedObjectJSON>('DELETE', path`/users/${userId}/external_accounts/${id}`),
    )
  }

  /** Takes all second factors away. */
  async disableUserMFA(userId: string): Promise<UserID> {
    return toUserID(await this.client.request('DELETE', path`/users/${userId}/mfa`))
  }

  async deleteUserBackupCodes(userId: string): Promise<UserID> {
    return toUserID(await this.client.request('DELETE', path`/users/${userId}/backup_code`))
  }

  async deleteUserTOTP(userId: string): Promise<UserID> {
    return toUserID(await this.client.request('DELETE', path`/users/${userId}/totp`))
  }

  private async patchUser(userId: string, params: UpdateUserParams): Promise<User> {
    return toUser(await this.client.request('PATCH', path`/users/${userId}`, { body: params }))
  }
}

export interface UserID {
  userId: string
}

function toUserID({ user_id: userId }: UserIdJSON): UserID {
  return { userId }
}
