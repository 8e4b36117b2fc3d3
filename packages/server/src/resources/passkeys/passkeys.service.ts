import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { apiError } from '../../kernel/errors/api-error.js'
import { errors } from '../../kernel/errors/errors.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import { Rows, type New } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { recipientOf } from '../email-addresses/email-addresses.rules.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { passkeys, type PasskeyRecord } from './passkeys.table.js'

/**
 * `signatureCounter` is 0 by default, as authenticators without a counter always send; `transports` is empty by
 * default.
 */
export type NewPasskey = Omit<New<typeof passkeys>, 'userId' | 'signatureCounter' | 'transports'> &
  Partial<Pick<PasskeyRecord, 'signatureCounter' | 'transports'>>

interface PasskeyOptions {
  context: InstanceContext
  userRecords: UserRecords
  messages: MessageOutbox
}

export class PasskeyService {
  readonly #rows: Rows<typeof passkeys>

  constructor(private readonly options: PasskeyOptions) {
    this.#rows = new Rows(passkeys, options.context)
  }

  /**
   * Gives the user a passkey whose registration was checked elsewhere.
   *
   * @throws {ApiError} 404 for an unknown user, 400 `passkey_registration_failure` if the id or the credential is taken
   */
  async insert(userId: string, fields: NewPasskey, tx: Tx): Promise<PasskeyRecord> {
    const { userRecords } = this.options
    await userRecords.locked(userId, tx)
    const passkey = await this.#rows.create({ signatureCounter: 0, transports: [], ...fields, userId }, tx)
    if (!passkey) {
      const message = 'This passkey is registered already'
      throw apiError(400, 'passkey_registration_failure', 'Passkey registration failed', message)
    }
    await userRecords.change(userId, {}, tx, ['passkeys'])
    return passkey
  }

  /** Also tells the user at the primary email address, if there is one. */
  delete(userId: string, id: string, caller: Caller): Promise<PasskeyRecord> {
    const { context, userRecords, messages } = this.options
    return context.transaction(caller, async (tx) => {
      const user = await userRecords.locked(userId, tx)
      if (!user.passkeys.some((own) => own.id === id)) throw errors.resourceNotFound('passkey', id)
      const passkey = await this.#rows.delete(id, tx)
      const emailAddress = user.emailAddresses.find((own) => own.id === user.primaryEmailAddressId)
      if (emailAddress) await messages.passkeyRemoved(recipientOf(emailAddress), passkey.name, tx)
      await userRecords.change(userId, {}, tx, ['passkeys'])
      return passkey
    })
  }
}
