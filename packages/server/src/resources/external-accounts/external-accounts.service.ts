import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { emailAddress as readEmailAddress } from '../../lib/identifiers/index.js'
import { Rows, type New } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import type { EmailAddressService } from '../email-addresses/email-addresses.service.js'
import { requireIdentifierBeside } from '../user-records/user-identifiers.rules.js'
import type { User } from '../user-records/user-records.rules.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { externalAccountErrors } from './external-accounts.errors.js'
import { externalAccounts, type ExternalAccountRecord } from './external-accounts.table.js'
import { toStrategy } from './providers.rules.js'

type Fields = New<typeof externalAccounts>
type Sealed = 'accessToken' | 'refreshToken' | 'idToken' | 'tokenSecret' | 'tokenExpiresAt'
type Verified = 'verificationStatus' | 'verificationStrategy' | 'verificationAttempts' | 'verificationExpireAt'

/** A field that is not given is empty: the provider did not send it. `provider` may omit the `oauth_` in front. */
export type NewExternalAccount = Partial<Omit<Fields, 'userId' | 'provider' | 'providerUserId' | Sealed | Verified>> &
  Pick<Fields, 'provider' | 'providerUserId'> & {
    /** In plain text; they are sealed before they are stored. */
    tokens?: ProviderTokens | undefined
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

interface ExternalAccountOptions {
  context: InstanceContext
  userRecords: UserRecords
  emailAddresses: EmailAddressService
}

/** The accounts of users at other providers. */
export class ExternalAccountService {
  readonly #rows: Rows<typeof externalAccounts>

  constructor(private readonly options: ExternalAccountOptions) {
    this.#rows = new Rows(externalAccounts, options.context)
  }

  /** The user's accounts at a provider, oldest first. */
  listOfProvider(userId: string, provider: string): Promise<ExternalAccountRecord[]> {
    return this.#rows.list({ userId, provider })
  }

  /** Whether somebody in the instance has an account at the provider. */
  async hasProvider(provider: string): Promise<boolean> {
    return (await this.#rows.findBy({ provider })) !== undefined
  }

  /**
   * Connects an account to the user. A verified address of the account that is also the user's is linked to it.
   *
   * @throws {ApiError} 404 for an unknown user, 422 `form_identifier_exists` if the account or the id is taken
   */
  async insert(userId: string, { tokens, ...given }: NewExternalAccount, tx: Tx): Promise<ExternalAccountRecord> {
    const { context, userRecords } = this.options
    const user = await userRecords.locked(userId, tx)
    const strategy = toStrategy(given.provider)
    const account = await this.#rows.create(
      {
        identificationId: context.ids.next('idn'),
        emailAddress: '',
        firstName: '',
        lastName: '',
        approvedScopes: '',
        publicMetadata: {},
        ...given,
        userId,
        provider: strategy,
        ...this.#seal(tokens),
        verificationStatus: 'verified',
        verificationStrategy: strategy,
      },
      tx,
    )
    if (!account) throw errors.identifierExists('external_account')
    await this.#link(user, account, tx)
    await userRecords.change(user.id, {}, tx, ['external_accounts'])
    return account
  }

  /** @throws {ApiError} 404, or 400 `last_required_identification_deletion_failed` if the user has no other identifier */
  delete(userId: string, id: string, caller: Caller): Promise<ExternalAccountRecord> {
    const { context, userRecords, emailAddresses } = this.options
    return context.transaction(caller, async (tx) => {
      const user = await userRecords.locked(userId, tx)
      if (!user.externalAccounts.some((own) => own.id === id)) throw externalAccountErrors.notFound(id)
      requireIdentifierBeside(user, id)
      const account = await this.#rows.delete(id, tx)
      for (const emailAddress of user.emailAddresses) {
        const links = emailAddress.linkedTo.filter((link) => link.id !== account.identificationId)
        if (links.length < emailAddress.linkedTo.length) await emailAddresses.setLinks(emailAddress.id, links, tx)
      }
      await userRecords.change(userId, {}, tx, ['external_accounts'])
      return account
    })
  }

  #seal(tokens: ProviderTokens | undefined): Pick<ExternalAccountRecord, Sealed> {
    const seal = (token: string | undefined) => (token === undefined ? null : this.options.context.vault.seal(token))
    return {
      accessToken: seal(tokens?.accessToken),
      refreshToken: seal(tokens?.refreshToken),
      idToken: seal(tokens?.idToken),
      tokenSecret: seal(tokens?.tokenSecret),
      tokenExpiresAt: tokens?.expiresAt ?? null,
    }
  }

  async #link(user: User, account: ExternalAccountRecord, tx: Tx): Promise<void> {
    const parsed = readEmailAddress(account.emailAddress)
    if (!parsed.ok || account.emailAddressVerified !== true) return
    const emailAddress = user.emailAddresses.find(({ canonical }) => canonical === parsed.canonical)
    if (!emailAddress) return
    const link = { type: account.provider, id: account.identificationId }
    await this.options.emailAddresses.setLinks(emailAddress.id, [...emailAddress.linkedTo, link], tx)
  }
}
