import { errors } from '../../http/errors.js'
import { emailAddress as readEmailAddress } from '../../identifiers/index.js'
import type { Queries } from '../../storage/database.js'
import type { ExternalAccountRecord, Metadata } from '../../storage/tables.js'
import type { InstanceContext } from '../instances/instance-context.js'
import type { User } from '../users/user.js'
import { requireIdentifierBeside } from '../users/user-identifiers.js'
import type { UserChanges } from '../users/user-changes.js'
import { externalAccountErrors } from './external-account-errors.js'
import { ExternalAccountStore } from './external-accounts.store.js'
import { toStrategy } from './providers.js'

export interface NewExternalAccount {
  /** Default is a new one. */
  id?: string | undefined
  /** Default is a new one. */
  identificationId?: string | undefined
  /** With or without `oauth_` in front. */
  provider: string
  /** The user's id there. Unique for the provider. */
  providerUserId: string
  /** Default is an empty text: the provider told none. */
  emailAddress?: string | undefined
  emailAddressVerified?: boolean | null | undefined
  firstName?: string | undefined
  lastName?: string | undefined
  username?: string | null | undefined
  phoneNumber?: string | null | undefined
  imageUrl?: string | null | undefined
  /** Separated by spaces. */
  approvedScopes?: string | undefined
  label?: string | null | undefined
  publicMetadata?: Metadata | undefined
  /** The provider's tokens, in plain text; they are sealed before they are stored. */
  tokens?: ProviderTokens | undefined
  /** Unix milliseconds. Default is now. */
  createdAt?: number | undefined
}

export interface ProviderTokens {
  accessToken: string
  refreshToken?: string | undefined
  idToken?: string | undefined
  /** OAuth 1.0 only. */
  tokenSecret?: string | undefined
  /** Unix milliseconds. Default is null: the token does not expire. */
  expiresAt?: number | null | undefined
}

/** The accounts of users at other providers. */
export class ExternalAccountService {
  readonly store: ExternalAccountStore

  constructor(private readonly options: { context: InstanceContext; users: UserChanges }) {
    const { database, instanceId } = options.context
    this.store = new ExternalAccountStore(database.read, instanceId)
  }

  /**
   * Connects an account to the user. A verified address of the account that is also the user's is linked to it.
   *
   * @throws {ApiError} 404 for an unknown user, 422 `form_identifier_exists` when the account or the id is somebody's
   */
  async add(userId: string, account: NewExternalAccount, tx: Queries): Promise<ExternalAccountRecord> {
    const { users } = this.options
    const user = await users.locked(userId, tx)
    const record = this.#toRecord(userId, account)
    if (!(await this.store.insertUnlessTaken(record, tx))) throw errors.identifierExists('external_account')
    await this.#link(user, record, tx)
    await users.change(user.id, {}, tx)
    return record
  }

  /** @throws {ApiError} 404, or 400 `last_required_identification_deletion_failed` when the user has no other identifier */
  async delete(userId: string, id: string): Promise<void> {
    const { context, users } = this.options
    await context.database.transaction(async (tx) => {
      const user = await users.locked(userId, tx)
      const account = user.externalAccounts.find((own) => own.id === id)
      if (!account) throw externalAccountErrors.notFound(id)
      requireIdentifierBeside(user, id)
      await this.store.delete(id, tx)
      for (const emailAddress of user.emailAddresses) {
        const links = emailAddress.linkedTo.filter((link) => link.id !== account.identificationId)
        if (links.length < emailAddress.linkedTo.length)
          await this.store.setLinks(emailAddress.id, links, context.clock.now(), tx)
      }
      await users.change(userId, {}, tx)
    })
  }

  #toRecord(userId: string, account: NewExternalAccount): ExternalAccountRecord {
    const { clock, ids, instanceId } = this.options.context
    const now = clock.now()
    return {
      id: account.id ?? ids.next('eac'),
      instanceId,
      userId,
      identificationId: account.identificationId ?? ids.next('idn'),
      provider: toStrategy(account.provider),
      providerUserId: account.providerUserId,
      emailAddress: account.emailAddress ?? '',
      emailAddressVerified: account.emailAddressVerified ?? null,
      firstName: account.firstName ?? '',
      lastName: account.lastName ?? '',
      username: account.username ?? null,
      phoneNumber: account.phoneNumber ?? null,
      imageUrl: account.imageUrl ?? null,
      approvedScopes: account.approvedScopes ?? '',
      label: account.label ?? null,
      publicMetadata: account.publicMetadata ?? {},
      ...this.#seal(account.tokens),
      verificationStatus: 'verified',
      verificationStrategy: toStrategy(account.provider),
      verificationAttempts: null,
      verificationExpireAt: null,
      createdAt: account.createdAt ?? now,
      updatedAt: now,
    }
  }

  #seal(tokens: ProviderTokens | undefined) {
    const seal = (token: string | undefined) => (token === undefined ? null : this.options.context.vault.seal(token))
    return {
      accessToken: seal(tokens?.accessToken),
      refreshToken: seal(tokens?.refreshToken),
      idToken: seal(tokens?.idToken),
      tokenSecret: seal(tokens?.tokenSecret),
      tokenExpiresAt: tokens?.expiresAt ?? null,
    }
  }

  async #link(user: User, account: ExternalAccountRecord, tx: Queries): Promise<void> {
    const parsed = readEmailAddress(account.emailAddress)
    if (!parsed.ok || account.emailAddressVerified !== true) return
    const emailAddress = user.emailAddresses.find(({ canonical }) => canonical === parsed.canonical)
    if (!emailAddress) return
    const links = [...emailAddress.linkedTo, { type: account.provider, id: account.identificationId }]
    await this.store.setLinks(emailAddress.id, links, this.options.context.clock.now(), tx)
  }
}
