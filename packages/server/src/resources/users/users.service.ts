import { errors } from '../../http/errors.js'
import type { Queries } from '../../storage/database.js'
import { unlessTaken } from '../../storage/queries.js'
import type { UserRecord } from '../../storage/tables.js'
import type { EmailAddressService, IdentificationStatus } from '../email-addresses/email-addresses.service.js'
import type { InstanceContext } from '../instances/instance-context.js'
import type { PhoneNumberService } from '../phone-numbers/phone-numbers.service.js'
import type { SessionService } from '../sessions/sessions.service.js'
import type { Web3WalletService } from '../web3-wallets/web3-wallets.service.js'
import { credentialChanges, type CredentialsInput } from './credentials.js'
import { checkMetadata, mergeMetadata, type MetadataInput } from './metadata.js'
import type { User } from './user.js'
import type { UserFilter, UserOrder } from './users.filter.js'
import { UserList } from './users.list.js'
import { dataMissing, parseLocale, parsePastTime, parseUsername, refuseDisabled, requireIdentifiers, type IdentifierKind } from './users.rules.js'
import { toUserJSON } from './users.serializer.js'
import { UserStore } from './users.store.js'

/** The parameters that creating and updating a user share. */
export interface ProfileInput extends CredentialsInput, MetadataInput {
  externalId?: string | null | undefined
  firstName?: string | null | undefined
  lastName?: string | null | undefined
  locale?: string | null | undefined
  username?: string | null | undefined
  deleteSelfEnabled?: boolean | null | undefined
  createOrganizationEnabled?: boolean | null | undefined
  createOrganizationsLimit?: number | null | undefined
  bypassClientTrust?: boolean | null | undefined
  /** RFC 3339. */
  legalAcceptedAt?: string | null | undefined
  /** RFC 3339. */
  createdAt?: string | null | undefined
}

export interface CreateUserInput extends ProfileInput {
  emailAddresses?: string[] | undefined
  /** One for each address; none at all means all are verified. */
  emailAddressStatuses?: IdentificationStatus[] | undefined
  phoneNumbers?: string[] | undefined
  phoneNumberStatuses?: IdentificationStatus[] | undefined
  web3Wallets?: string[] | undefined
  skipPasswordRequirement?: boolean | null | undefined
  skipUserRequirement?: boolean | null | undefined
  banned?: boolean | null | undefined
  locked?: boolean | null | undefined
}

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
}

export class UserService {
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

  list(filter: UserFilter, order: UserOrder, page: { limit: number; offset: number; startingAfter?: string | undefined }): Promise<User[]> {
    return this.#list.page(filter, order, page)
  }

  count(filter: UserFilter): Promise<number> {
    return this.#list.count(filter)
  }

  async create(input: CreateUserInput): Promise<User> {
    const { context, emailAddresses, phoneNumbers, web3Wallets } = this.#options
    const { instance, clock, ids, database } = context
    const now = clock.now()
    const statusesOfEmails = statusesOf(input.emailAddresses, input.emailAddressStatuses, 'email_address')
    const statusesOfPhones = statusesOf(input.phoneNumbers, input.phoneNumberStatuses, 'phone_number')
    const emails = distinct((input.emailAddresses ?? []).map((address) => emailAddresses.parse(address)), ({ canonical }) => canonical, 'email_address')
    const phones = distinct((input.phoneNumbers ?? []).map((number) => phoneNumbers.parse(number)), (number) => number, 'phone_number')
    const wallets = distinct((input.web3Wallets ?? []).map((wallet) => web3Wallets.parse(wallet)), ({ canonical }) => canonical, 'web3_wallet')
    const { username = null, usernameCanonical = null, ...profile } = this.#profileChanges(input)

    const given = new Set<IdentifierKind>()
    if (emails.length > 0) given.add('emailAddress')
    if (phones.length > 0) given.add('phoneNumber')
    if (wallets.length > 0) given.add('web3Wallet')
    if (username !== null) given.add('username')
    for (const kind of given) refuseDisabled(kind, instance)
    requireIdentifiers(given, instance, input.skipUserRequirement === true)
    const { password, lockout } = instance.settings
    if (password.enabled && password.required && !input.password && !input.passwordDigest && !input.skipPasswordRequirement) throw dataMissing(['password'])

    const identifiers = [...emails.map(({ address }) => address), ...phones, ...(username ? [username] : [])]
    const credentials = await credentialChanges(input, identifiers, context)
    const id = ids.next('user')
    const record: UserRecord = {
      ...newUser,
      id,
      instanceId: instance.id,
      username,
      usernameCanonical,
      ...profile,
      ...checkMetadata(input),
      ...credentials,
      banned: input.banned === true,
      locked: input.locked === true,
      lockoutExpiresAt: input.locked && lockout.durationSeconds !== null ? now + lockout.durationSeconds * 1000 : null,
      createdAt: profile.createdAt ?? now,
      updatedAt: now,
    }

    return database.transaction(async (tx) => {
      if (!(await this.store.insertUnlessTaken(record, tx))) throw await this.#takenBy(record, tx)
      const addedEmails = []
      for (const [index, email] of emails.entries()) addedEmails.push(await emailAddresses.addTo(id, email, statusesOfEmails[index]!, tx))
      const addedPhones = []
      for (const [index, phone] of phones.entries()) addedPhones.push(await phoneNumbers.addTo(id, phone, statusesOfPhones[index]!, tx))
      const addedWallets = []
      for (const wallet of wallets) addedWallets.push(await web3Wallets.addTo(id, wallet, tx))
      const primary = {
        primaryEmailAddressId: addedEmails[0]?.id ?? null,
        primaryPhoneNumberId: addedPhones[0]?.id ?? null,
        primaryWeb3WalletId: addedWallets[0]?.id ?? null,
      }
      await this.store.update(id, primary, tx)
      await this.store.changeCount(1, tx)
      const user = await this.refresh(id, tx)
      await context.events.emit('user.created', id, toUserJSON(user, context), tx)
      return user
    })
  }

  async update(id: string, input: UpdateUserInput): Promise<User> {
    const { context, sessions } = this.#options
    const user = await this.get(id)
    if (input.skipPasswordChecks && !input.password) throw errors.conditionalParamDisallowed('skip_password_checks', 'can only be used with password')
    if (input.signOutOfOtherSessions && !input.password) throw errors.conditionalParamDisallowed('sign_out_of_other_sessions', 'can only be used with password')
    if (typeof input.username === 'string' && input.username !== '') refuseDisabled('username', context.instance)
    const profile = this.#profileChanges(input)
    const identifiers = [...user.emailAddresses.map(({ emailAddress }) => emailAddress), ...user.phoneNumbers.map(({ phoneNumber }) => phoneNumber), ...(user.username ? [user.username] : [])]
    const credentials = await credentialChanges(input, identifiers, context)
    const metadata = checkMetadata(input)

    return context.database.transaction(async (tx) => {
      const current = await this.locked(id, tx)
      const primaries = primaryChanges(current, input)
      if (input.profileImageId) await this.#requireImage(input.profileImageId, tx)
      const changes: Partial<UserRecord> = { ...profile, ...metadata, ...credentials, ...primaries, ...(input.profileImageId ? { imageId: input.profileImageId } : {}) }
      if (changes.username === null) requireAnotherIdentifier(current)
      if (!(await unlessTaken(tx, () => this.store.update(id, changes, tx)))) throw await this.#takenBy({ id, usernameCanonical: changes.usernameCanonical ?? null }, tx)
      if (input.signOutOfOtherSessions) await sessions.endAllOf(id, 'revoked', tx)
      const previous = current.emailAddresses.find((email) => email.id === current.primaryEmailAddressId)
      if (input.notifyPrimaryEmailAddressChanged && previous && primaries.primaryEmailAddressId && primaries.primaryEmailAddressId !== previous.id) {
        await context.messages.primaryEmailAddressChanged(previous, tx)
      }
      return this.change(id, {}, tx)
    })
  }

  /** Changes the row, tells of it in an event and returns the user. */
  async change(id: string, changes: Partial<UserRecord>, tx: Queries): Promise<User> {
    const { context } = this.#options
    if (!(await this.store.update(id, { ...changes, updatedAt: context.clock.now() }, tx))) throw errors.resourceNotFound('user', id)
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
      await context.events.emit('user.deleted', id, { id, object: 'user', deleted: true, ...(user.externalId === null ? {} : { external_id: user.externalId }) }, tx)
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
    if (this.#options.context.database.dialect === 'postgres') await tx.selectFrom('users').select('id').where('id', '=', id).forUpdate().execute()
    return this.get(id, tx)
  }

  #profileChanges(input: ProfileInput): Partial<UserRecord> {
    const { instance, clock } = this.#options.context
    const now = clock.now()
    const changes: Partial<UserRecord> = {}
    if (input.externalId !== undefined) changes.externalId = input.externalId === '' ? null : input.externalId
    if (input.firstName !== undefined) changes.firstName = input.firstName
    if (input.lastName !== undefined) changes.lastName = input.lastName
    if (input.locale !== undefined) changes.locale = input.locale === null || input.locale === '' ? null : parseLocale(input.locale)
    if (input.username !== undefined) {
      const username = input.username ? parseUsername(input.username, instance) : null
      changes.username = username?.username ?? null
      changes.usernameCanonical = username?.canonical ?? null
    }
    if (typeof input.deleteSelfEnabled === 'boolean') changes.deleteSelfEnabled = input.deleteSelfEnabled
    if (typeof input.createOrganizationEnabled === 'boolean') changes.createOrganizationEnabled = input.createOrganizationEnabled
    if (input.createOrganizationsLimit !== undefined) changes.createOrganizationsLimit = input.createOrganizationsLimit
    if (typeof input.bypassClientTrust === 'boolean') changes.bypassClientTrust = input.bypassClientTrust
    if (input.legalAcceptedAt !== undefined) changes.legalAcceptedAt = input.legalAcceptedAt === null ? null : parsePastTime(input.legalAcceptedAt, 'legal_accepted_at', now)
    if (typeof input.createdAt === 'string') changes.createdAt = parsePastTime(input.createdAt, 'created_at', now)
    return changes
  }

  async #requireImage(id: string, tx: Queries): Promise<void> {
    const image = await tx.selectFrom('images').select('id').where('instance_id', '=', this.#options.context.instanceId).where('id', '=', id).executeTakeFirst()
    if (!image) throw errors.formResourceNotFound('profile_image_id', id)
  }

  /** Which of the unique columns stood against the row. */
  async #takenBy({ id, usernameCanonical }: Pick<UserRecord, 'id' | 'usernameCanonical'>, tx: Queries) {
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

/** What nobody has set yet. */
const newUser = {
  externalId: null,
  firstName: null,
  lastName: null,
  locale: null,
  primaryEmailAddressId: null,
  primaryPhoneNumberId: null,
  primaryWeb3WalletId: null,
  imageId: null,
  passwordDigest: null,
  passwordHasher: null,
  passwordUpdatedAt: null,
  passwordCompromised: false,
  totpSecret: null,
  totpUsedStep: null,
  backupCodes: null,
  mfaEnabledAt: null,
  mfaDisabledAt: null,
  publicMetadata: {},
  privateMetadata: {},
  unsafeMetadata: {},
  failedAttempts: 0,
  deleteSelfEnabled: true,
  createOrganizationEnabled: true,
  createOrganizationsLimit: null,
  bypassClientTrust: false,
  legalAcceptedAt: null,
  lastSignInAt: null,
  lastActiveAt: null,
  primaryEmailAddress: null,
  primaryPhoneNumber: null,
  primaryWeb3Wallet: null,
} satisfies Partial<UserRecord>

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

/** @throws {ApiError} 400 when the username is all that identifies the user */
function requireAnotherIdentifier(user: User): void {
  const others = user.emailAddresses.length + user.phoneNumbers.length + user.web3Wallets.length + user.externalAccounts.length
  if (user.username !== null && others === 0) throw errors.lastIdentification()
}

function statusesOf(values: string[] | undefined, statuses: IdentificationStatus[] | undefined, param: string): IdentificationStatus[] {
  if (!statuses || statuses.length === 0) return (values ?? []).map(() => 'verified')
  if (statuses.length !== (values ?? []).length) throw errors.paramArrayLengthMismatch(`${param}_identification_status`, param)
  return statuses
}

/** @throws {ApiError} 422 `form_param_duplicate` */
function distinct<T>(values: T[], key: (value: T) => string, param: string): T[] {
  if (new Set(values.map(key)).size !== values.length) throw errors.paramDuplicate(param)
  return values
}
