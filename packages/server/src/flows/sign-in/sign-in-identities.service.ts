import type { InstanceContext } from '../../instances/instance-context.js'
import { errors } from '../../kernel/errors/errors.js'
import type { AccessIdentifier, AccessService } from '../../resources/access/access.service.js'
import type { User } from '../../resources/user-records/user-records.rules.js'
import type { UserRecords } from '../../resources/user-records/user-records.service.js'
import type { Tx } from '../../storage/tx.js'
import { readIdentifier, type ReadIdentifier } from './sign-ins.rules.js'
import { SignInStore } from './sign-ins.store.js'

interface SignInIdentitiesOptions {
  context: InstanceContext
  userRecords: UserRecords
  access: AccessService
}

/** Whom an identifier stands for. */
export interface Identified {
  read: ReadIdentifier
  /** Undefined if it is nobody's. */
  user: User | undefined
  /** The address or number that was typed. */
  identificationId: string | null
}

/** Finds users by what people type, and asks whether they may come in. */
export class SignInIdentities {
  readonly #store: SignInStore

  constructor(private readonly options: SignInIdentitiesOptions) {
    this.#store = new SignInStore(options.context)
  }

  /** @throws {ApiError} 422 `form_param_format_invalid` for what no identifier of the instance can look like */
  async identify(identifier: string): Promise<Identified> {
    const read = readIdentifier(identifier, this.options.context.instance.settings)
    if (!read) throw errors.paramFormatInvalid('identifier', 'is not an identifier of this instance')
    const found = await this.#store.findUser(read)
    const user = found && (await this.options.userRecords.find(found.userId))
    return { read, user, identificationId: (user && found.identificationId) ?? null }
  }

  /**
   * Asks the allow-list and the block-list. Who comes with a username is known by the primary address and number.
   *
   * @throws {ApiError} 403 `not_allowed_access`
   */
  async check(user: User, identifier: string | null, tx: Tx): Promise<void> {
    const { context, access } = this.options
    const { settings } = context.instance
    if (!settings.restrictions.allowlist && !settings.restrictions.blocklist) return
    const read = identifier === null ? undefined : readIdentifier(identifier, settings)
    const identifiers = read && read.type !== 'username' ? [read] : primaryOf(user)
    const madeByBackend = !(await this.#store.hasSignedUp(user.id, tx))
    await access.check({ act: 'sign_in', by: 'person', madeByBackend }, identifiers, { userId: user.id, tx })
  }
}

function primaryOf(user: User): AccessIdentifier[] {
  const email = user.emailAddresses.find(({ id }) => id === user.primaryEmailAddressId)
  const phone = user.phoneNumbers.find(({ id }) => id === user.primaryPhoneNumberId)
  return [
    ...(email ? [{ type: 'email_address' as const, identifier: email.emailAddress, canonical: email.canonical }] : []),
    ...(phone ? [{ type: 'phone_number' as const, identifier: phone.phoneNumber, canonical: phone.canonical }] : []),
    ...(user.username === null
      ? []
      : [{ type: 'username' as const, identifier: user.username, canonical: user.username.toLowerCase() }]),
  ]
}
