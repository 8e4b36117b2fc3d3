import type { UpdateUserJSON } from '@latchkey/types'
import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { checkMetadata, mergeMetadata, type MetadataInput } from '../../kernel/metadata.js'
import type { Camelized } from '../../kernel/wire.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import { recipientOf } from '../email-addresses/email-addresses.rules.js'
import type { Tx } from '../../storage/tx.js'
import type { ImageService } from '../images/images.service.js'
import type { MembershipRecords } from '../organization-records/membership-records.service.js'
import type { SessionService } from '../sessions/sessions.service.js'
import { namesOf } from '../user-credentials/passwords.rules.js'
import type { UserCredentialService } from '../user-credentials/user-credentials.service.js'
import { requireIdentifierBeside } from '../user-records/user-identifiers.rules.js'
import type { User } from '../user-records/user-records.rules.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import type { UserChanges, UserRecord } from '../user-records/user-records.table.js'
import { primaryChanges, profileChanges } from './user-profile.rules.js'
import { refuseDisabled } from './users.rules.js'

interface UserServiceOptions {
  context: InstanceContext
  userRecords: UserRecords
  userCredentials: UserCredentialService
  membershipRecords: MembershipRecords
  sessions: SessionService
  images: ImageService
  messages: MessageOutbox
}

/** Changes and deletes users. `NewUserService` creates them, `UserRecords` reads and lists them. */
export class UserService {
  constructor(private readonly options: UserServiceOptions) {}

  /**
   * @param check is asked with the user as locked, and throws what stands against the change
   * @throws {ApiError} 404, and 422 for each parameter against the rules
   */
  async update(
    id: string,
    input: Camelized<UpdateUserJSON>,
    caller: Caller,
    check?: (current: User) => void,
  ): Promise<User> {
    const { context, userRecords, userCredentials, sessions, images, messages } = this.options
    const user = await userRecords.get(id)
    requirePasswordFor('skip_password_checks', input.skipPasswordChecks, input)
    requirePasswordFor('sign_out_of_other_sessions', input.signOutOfOtherSessions, input)
    if (typeof input.username === 'string' && input.username !== '') refuseDisabled('username', context.instance)
    const profile = profileChanges(input, context.instance, context.clock.now())
    const credentials = await userCredentials.changesOf(input, { names: namesOf(user) }, caller.signal?.())
    const metadata = checkMetadata(input)

    return context.transaction(caller, async (tx) => {
      const current = await userRecords.locked(id, tx)
      check?.(current)
      const primaries = primaryChanges(current, input)
      const imageId = input.profileImageId ? await images.adopt({ userId: id }, input.profileImageId, tx) : undefined
      const changes: UserChanges = { ...profile, ...metadata, ...credentials, ...primaries }
      if (imageId !== undefined) changes.imageId = imageId
      if (changes.username === null && current.username !== null) this.#requireWithoutUsername(current)
      const updated = await userRecords.change(id, changes, tx)
      if (input.signOutOfOtherSessions) await sessions.endAllOf(id, 'revoked', tx)
      const previous = current.emailAddresses.find((email) => email.id === current.primaryEmailAddressId)
      const { primaryEmailAddressId } = primaries
      const replaced = previous && primaryEmailAddressId && primaryEmailAddressId !== previous.id
      if (input.notifyPrimaryEmailAddressChanged && replaced) {
        const now = current.emailAddresses.find((email) => email.id === primaryEmailAddressId)
        await messages.primaryEmailAddressChanged(recipientOf(previous), now?.emailAddress, tx)
      }
      return updated
    })
  }

  /** Deletes the user and everything of theirs. Also the last member who can manage an organization is deleted. */
  delete(id: string, caller: Caller): Promise<UserRecord> {
    return this.options.context.transaction(caller, (tx) => this.deleteIn(id, tx))
  }

  /** As `delete`, in a transaction that is open. */
  async deleteIn(id: string, tx: Tx): Promise<UserRecord> {
    const { userRecords, membershipRecords, sessions } = this.options
    // Locked before the user's organizations, as everywhere.
    await userRecords.locked(id, tx)
    await membershipRecords.deleteAllOf({ userId: id }, tx)
    await sessions.endAllOf(id, 'removed', tx)
    return userRecords.delete(id, tx)
  }

  /** @throws {ApiError} 422 `form_param_exceeds_allowed_size` if a merged value is over 8 KB */
  mergeMetadata(id: string, input: MetadataInput, caller: Caller): Promise<User> {
    const { context, userRecords } = this.options
    return context.transaction(caller, async (tx) =>
      userRecords.change(id, checkMetadata(mergeMetadata(await userRecords.locked(id, tx), input)), tx),
    )
  }

  /** Replaces each given field as a whole; the others stay. */
  replaceMetadata(id: string, input: MetadataInput, caller: Caller): Promise<User> {
    const { context, userRecords } = this.options
    const replaced = checkMetadata(input)
    return context.transaction(caller, (tx) => userRecords.change(id, replaced, tx))
  }

  /** @throws {ApiError} 400 `last_required_identification_deletion_failed` if the username may not be removed */
  #requireWithoutUsername(user: User): void {
    if (this.options.context.instance.settings.identifiers.username.required) throw errors.lastIdentification()
    requireIdentifierBeside(user, 'username')
  }
}

/** @throws {ApiError} 422 `form_conditional_param_disallowed` */
function requirePasswordFor(
  param: string,
  value: boolean | null | undefined,
  { password }: { password?: string | null | undefined },
): void {
  if (value && !password) throw errors.conditionalParamDisallowed(param, 'can only be used with password')
}
