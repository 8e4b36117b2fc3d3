import { errors } from '../../http/errors.js'
import type { Queries } from '../../storage/database.js'
import { unlessTaken } from '../../storage/queries.js'
import type { UserRecord } from '../../storage/tables.js'
import type { EmailAddressService } from '../email-addresses/email-addresses.service.js'
import type { ImageService } from '../images/images.service.js'
import type { InstanceContext } from '../instances/instance-context.js'
import type { PhoneNumberService } from '../phone-numbers/phone-numbers.service.js'
import type { SessionService } from '../sessions/sessions.service.js'
import type { Web3WalletService } from '../web3-wallets/web3-wallets.service.js'
import { credentialChanges } from './credentials.js'
import { checkMetadata, mergeMetadata, type MetadataInput } from './metadata.js'
import type { UserChanges } from './user-changes.js'
import type { User } from './user.js'
import { requireIdentifierBeside } from './user-identifiers.js'
import { prepareUser, type CreateUserInput, type PreparedUser, type ProfileInput } from './prepare-user.js'
import type { UserFilter, UserOrder } from './users.filter.js'
import { UserList } from './users.list.js'
import { parseLocale, parsePastTime, parseUsername, refuseDisabled } from './users.rules.js'
import { toUserJSON } from './users.serializer.js'
import { UserStore } from './users.store.js'

export interface UpdateUserInput extends ProfileInput {
  primaryEmailAddressId?: string | null | undefined
  notifyPrimaryEmailAddressChanged?: boolean | null | undefined
  primaryPhoneNumberId?: string | null | undefined
  primaryWeb3WalletId?: string | null | undefined
  profileImageId?: string | null | undefined
  signOutOfOtherSessions?: boolean | null | undefined
}

interface UserServiceOptions {
  context: InstanceContext
  emailAddresses: EmailAddressService
  phoneNumbers: PhoneNumberService
  web3Wallets: Web3WalletService
  sessions: SessionService
  images: ImageService
}

export class UserService implements UserChanges {
  readonly store: UserStore
  readonly #list: UserList
  readonly #options: UserServiceOptions

  constructor(options: UserServiceOptions) {
    this.#options = options
    const { database, instanceId } = options.context
    this.store = new UserStore(database, instanceId)
    this.#list = new UserList(database, instanceId)
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(id: string, queries?: Queries): Promise<User> {
    const user = await this.store.findUser(id, queries)
    if (!user) throw errors.resourceNotFound('user', id)
    return user
  }

  list(
    filter: UserFilter,
    order: UserOrder,
    page: { limit: number; offset: number; startingAfter?: string | undefined },
  ): Promise<User[]> {
    return this.#list.page(filter, order, page)
  }

  count(filter: UserFilter): Promise<number> {
    return this.#list.count(filter)
  }

  async create(input: CreateUserInput): Promise<User> {
    const prepared = await this.prepare(input)
    return this.#options.context.database.transaction((tx) => this.insert(prepared, tx))
  }

  /** Checks and hashes what a new user comes with; `insert` then writes it. */
  prepare(input: CreateUserInput): Promise<PreparedUser> {
    return prepareUser(input, this.#profileChanges(input), this.#options)
  }

  /** @throws {ApiError} 422 `form_identifier_exists` */
  async insert(prepared: PreparedUser, tx: Queries): Promise<User> {
    const { context, emailAddresses, phoneNumbers, web3Wallets } = this.#options
    const { record } = prepared
    const { id } = record
    if (!(await this.store.insertUnlessTaken(record, tx))) throw await this.#takenBy(record, { isNew: true }, tx)
    const added = { emails: [] as { id: string }[], phones: [] as { id: string }[], wallets: [] as { id: string }[] }
    for (const email of prepared.emails)
      added.emails.push(await emailAddresses.addTo(id, email.parsed, email.status, tx, email.id))
    for (const phone of prepared.phones)
      added.phones.push(await phoneNumbers.addTo(id, phone.parsed, phone.status, tx, phone.id))
    for (const wallet of prepared.wallets) added.wallets.push(await web3Wallets.addTo(id, wallet.parsed, tx, wallet.id))
    const primary = {
      primaryEmailAddressId: added.emails[0]?.id ?? null,
      primaryPhoneNumberId: added.phones[0]?.id ?? null,
      primaryWeb3WalletId: added.wallets[0]?.id ?? null,
    }
    await this.store.update(id, primary, tx)
    await this.store.changeCount(1, tx)
    const user = await this.refresh(id, tx)
    await context.events.emit('user.created', id, toUserJSON(user, context), tx)
    return user
  }

  async update(id: string, input: UpdateUserInput): Promise<User> {
    const { context, sessions, images } = this.#options
    const user = await this.get(id)
    if (input.skipPasswordChecks && !input.password)
      throw errors.conditionalParamDisallowed('skip_password_checks', 'can only be used with password')
    if (input.signOutOfOtherSessions && !input.password)
      throw errors.conditionalParamDisallowed('sign_out_of_other_sessions', 'can only be used with password')
    if (typeof input.username === 'string' && input.username !== '') refuseDisabled('username', context.instance)
    const profile = this.#profileChanges(input)
    const identifiers = [
      ...user.emailAddresses.map(({ emailAddress }) => emailAddress),
      ...user.phoneNumbers.map(({ phoneNumber }) => phoneNumber),
      ...(user.username ? [user.username] : []),
    ]
    const credentials = await credentialChanges(input, identifiers, context)
    const metadata = checkMetadata(input)

    return context.database.transaction(async (tx) => {
      const current = await this.locked(id, tx)
      const primaries = primaryChanges(current, input)
      const image = input.profileImageId ? { imageId: await images.adopt(id, input.profileImageId, tx) } : {}
      const changes: Partial<UserRecord> = { ...profile, ...metadata, ...credentials, ...primaries, ...image }
      if (changes.username === null && current.username !== null) this.#requireWithoutUsername(current)
      if (!(await unlessTaken(tx, () => this.store.update(id, changes, tx))))
        throw await this.#takenBy({ id, usernameCanonical: changes.usernameCanonical ?? null }, { isNew: false }, tx)
      if (input.signOutOfOtherSessions) await sessions.endAllOf(id, 'revoked', tx)
      const previous = current.emailAddresses.find((email) => email.id === current.primaryEmailAddressId)
      if (
        input.notifyPrimaryEmailAddressChanged &&
        previous &&
        primaries.primaryEmailAddressId &&
        primaries.primaryEmailAddressId !== previous.id
      ) {
        await context.messages.primaryEmailAddressChanged(previous, tx)
      }
      return this.change(id, {}, tx)
    })
  }

  /** Changes the row, tells of it in an event and returns the user. */
  async change(id: string, changes: Partial<UserRecord>, tx: Queries): Promise<User> {
    const { context } = this.#options
    if (!(await this.store.update(id, { ...changes, updatedAt: context.clock.now() }, tx)))
      throw errors.resourceNotFound('user', id)
    return this.changed(id, tx)
  }

  /** To be called when something that is shown with a user has changed: keeps searches and sorting right and emits `user.updated`. */
  async changed(id: string, tx: Queries): Promise<User> {
    const { context } = this.#options
    const user = await this.refresh(id, tx)
    await context.events.emit('user.updated', id, toUserJSON(user, context), tx)
    return user
  }

  async refresh(id: string, tx: Queries): Promise<User> {
    const user = await this.get(id, tx)
    await this.store.refreshDerived(user, tx)
    return user
  }

  /** Deletes the user and everything of theirs. */
  async delete(id: string): Promise<UserRecord> {
    const { context, sessions } = this.#options
    return context.database.transaction(async (tx) => {
      await sessions.endAllOf(id, 'removed', tx)
      const user = await this.store.delete(id, tx)
      if (!user) throw errors.resourceNotFound('user', id)
      await this.store.changeCount(-1, tx)
      await context.events.emit(
        'user.deleted',
        id,
        { id, object: 'user', deleted: true, ...(user.externalId === null ? {} : { external_id: user.externalId }) },
        tx,
      )
      return user
    })
  }

  /** @throws {ApiError} 422 `form_param_exceeds_allowed_size` when a merged value is over 8 KB */
  async mergeMetadata(id: string, input: MetadataInput): Promise<User> {
    return this.#options.context.database.transaction(async (tx) => {
      const user = await this.locked(id, tx)
      const merged = checkMetadata({
        publicMetadata: input.publicMetadata && mergeMetadata(user.publicMetadata, input.publicMetadata),
        privateMetadata: input.privateMetadata && mergeMetadata(user.privateMetadata, input.privateMetadata),
        unsafeMetadata: input.unsafeMetadata && mergeMetadata(user.unsafeMetadata, input.unsafeMetadata),
      })
      return this.change(id, merged, tx)
    })
  }

  /** Each given field whole; the others stay. */
  async replaceMetadata(id: string, input: MetadataInput): Promise<User> {
    const replaced = checkMetadata(input)
    return this.#options.context.database.transaction((tx) => this.change(id, replaced, tx))
  }

  /** The user, kept from other writers until the transaction ends. */
  async locked(id: string, tx: Queries): Promise<User> {
    const { database, instanceId } = this.#options.context
    if (database.dialect === 'postgres')
      await tx
        .selectFrom('users')
        .select('id')
        .where('instance_id', '=', instanceId)
        .where('id', '=', id)
        .forUpdate()
        .execute()
    return this.get(id, tx)
  }

  #profileChanges(input: ProfileInput): Partial<UserRecord> {
    const { instance, clock } = this.#options.context
    const now = clock.now()
    const changes: Partial<UserRecord> = {}
    if (input.externalId !== undefined) changes.externalId = input.externalId === '' ? null : input.externalId
    if (input.firstName !== undefined) changes.firstName = input.firstName
    if (input.lastName !== undefined) changes.lastName = input.lastName
    if (input.locale !== undefined)
      changes.locale = input.locale === null || input.locale === '' ? null : parseLocale(input.locale)
    if (input.username !== undefined) {
      const username = input.username ? parseUsername(input.username, instance) : null
      changes.username = username?.username ?? null
      changes.usernameCanonical = username?.canonical ?? null
    }
    if (typeof input.deleteSelfEnabled === 'boolean') changes.deleteSelfEnabled = input.deleteSelfEnabled
    if (typeof input.createOrganizationEnabled === 'boolean')
      changes.createOrganizationEnabled = input.createOrganizationEnabled
    if (input.createOrganizationsLimit !== undefined) changes.createOrganizationsLimit = input.createOrganizationsLimit
    if (typeof input.bypassClientTrust === 'boolean') changes.bypassClientTrust = input.bypassClientTrust
    if (input.legalAcceptedAt !== undefined)
      changes.legalAcceptedAt =
        input.legalAcceptedAt === null ? null : parsePastTime(input.legalAcceptedAt, 'legal_accepted_at', now)
    if (typeof input.createdAt === 'string') changes.createdAt = parsePastTime(input.createdAt, 'created_at', now)
    return changes
  }

  /** @throws {ApiError} 400 `last_required_identification_deletion_failed` when the username may not go */
  #requireWithoutUsername(user: User): void {
    if (this.#options.context.instance.settings.identifiers.username.required) throw errors.lastIdentification()
    requireIdentifierBeside(user, 'username')
  }

  /** Which of the unique columns stood against the row. */
  async #takenBy(
    { id, usernameCanonical }: Pick<UserRecord, 'id' | 'usernameCanonical'>,
    { isNew }: { isNew: boolean },
    tx: Queries,
  ) {
    if (isNew && (await tx.selectFrom('users').select('id').where('id', '=', id).executeTakeFirst()))
      return errors.identifierExists('id')
    if (usernameCanonical !== null) {
      const other = await tx
        .selectFrom('users')
        .select('id')
        .where('instance_id', '=', this.#options.context.instanceId)
        .where('username_canonical', '=', usernameCanonical)
        .where('id', '!=', id)
        .executeTakeFirst()
      if (other) return errors.identifierExists('username')
    }
    return errors.identifierExists('external_id')
  }
}

/**
 * The primary identifiers that are asked for, each verified and the user's own.
 *
 * @throws {ApiError} 422 `form_resource_not_found` or `form_verification_needed`
 */
function primaryChanges(user: User, input: UpdateUserInput): Partial<UserRecord> {
  const changes: Partial<UserRecord> = {}
  const own = [
    ['primaryEmailAddressId', 'primary_email_address_id', user.emailAddresses],
    ['primaryPhoneNumberId', 'primary_phone_number_id', user.phoneNumbers],
    ['primaryWeb3WalletId', 'primary_web3_wallet_id', user.web3Wallets],
  ] as const
  for (const [name, param, identifiers] of own) {
    const id = input[name]
    if (!id) continue
    const identifier = identifiers.find((row) => row.id === id)
    if (!identifier) throw errors.formResourceNotFound(param, id)
    if (identifier.verificationStatus !== 'verified') throw errors.verificationNeeded(param)
    changes[name] = id
  }
  return changes
}
