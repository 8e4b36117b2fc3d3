import type { InstanceContext } from '../../instances/instance-context.js'
import type { CallerOf } from '../../kernel/caller.js'
import type { Metadata } from '../../kernel/metadata.js'
import type { Me } from '../../resources/me/me.wire.js'
import type { MeService } from '../../resources/me/me.service.js'
import type { OrganizationMembershipService } from '../../resources/organization-memberships/organization-memberships.service.js'
import type { BrowserSessionService } from '../../resources/sessions/browser-sessions.service.js'
import type { UserImageService } from '../../resources/user-images/user-images.service.js'
import type { StepUp } from '../../resources/session-reverifications/step-up.service.js'
import { mayDeleteSelf } from '../../resources/user-records/user-records.rules.js'
import type { UserRecords } from '../../resources/user-records/user-records.service.js'
import type { UserService } from '../../resources/users/users.service.js'
import { accountErrors } from './account.errors.js'
import { isSensitive, readProfile, requireMutable, type ProfileInput } from './account.rules.js'
import type { UploadedImage } from './account.wire.js'

type Person = CallerOf<'session'>

interface AccountOptions {
  context: InstanceContext
  me: MeService
  users: UserService
  userRecords: UserRecords
  userImages: UserImageService
  organizationMemberships: OrganizationMembershipService
  browserSessions: BrowserSessionService
  stepUp: StepUp
}

/** What people change of their own account. Addresses and numbers are changed by `OwnIdentifierService`. */
export class AccountService {
  constructor(private readonly options: AccountOptions) {}

  /**
   * @param unsafeMetadata replaces what the user has, as earlier versions of the API had it
   * @throws {ApiError} 403 `immutable_attribute_modification_not_allowed`, 403 `resource_forbidden` for somebody who acts
   *   for the user, 422 for each parameter against the rules
   */
  async update(input: ProfileInput, unsafeMetadata: Metadata | undefined, caller: Person): Promise<Me> {
    const { context, me, users, stepUp } = this.options
    const { settings } = context.instance
    const profile = readProfile(input, settings)
    if (isSensitive(profile)) await stepUp.require(caller)
    const changes = { ...profile, unsafeMetadata, notifyPrimaryEmailAddressChanged: true }
    await users.update(caller.userId, changes, caller, (current) => requireMutable(current, profile, settings))
    return me.get(caller.userId)
  }

  /** @throws {ApiError} 422 `form_param_exceeds_allowed_size` */
  async mergeMetadata(unsafeMetadata: Metadata, caller: Person): Promise<Me> {
    await this.options.users.mergeMetadata(caller.userId, { unsafeMetadata }, caller)
    return this.options.me.get(caller.userId)
  }

  /**
   * @throws {ApiError} 403 `resource_forbidden`, 403 `user_delete_self_not_enabled`, 400
   *   `organization_minimum_permissions_needed` for the last one who can manage an organization
   */
  async delete(caller: Person): Promise<{ id: string }> {
    const { context, users, userRecords, organizationMemberships, browserSessions } = this.options
    const { userId, clientId } = caller
    await this.options.stepUp.require(caller)
    return context.transaction(caller, async (tx) => {
      const user = await userRecords.locked(userId, tx)
      if (!mayDeleteSelf(user, context.instance.settings)) throw accountErrors.deleteSelfNotEnabled()
      await organizationMemberships.requireKeepersBeside(userId, tx)
      await users.deleteIn(userId, tx)
      await browserSessions.sessionsEnded(clientId, tx)
      return { id: userId }
    })
  }

  async setImage(file: File | undefined, caller: Person): Promise<UploadedImage> {
    const { imageId } = await this.options.userImages.set(caller.userId, file, caller)
    return { id: imageId!, name: file!.name }
  }

  /** @throws {ApiError} 404 `image_not_found` */
  deleteImage(caller: Person): Promise<{ id: string }> {
    return this.options.userImages.delete(caller.userId, caller)
  }
}
