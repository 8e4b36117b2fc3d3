import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { MessageOutbox } from '../../outbox/messages/message-outbox.js'
import { Rows, type New } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { contactOf } from '../user-records/contact.rules.js'
import type { User } from '../user-records/user-records.rules.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { passkeyErrors } from './passkeys.errors.js'
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
    if (!passkey) throw passkeyErrors.registrationFailed('This passkey is registered already')
    await userRecords.change(userId, {}, tx, ['passkeys'])
    return passkey
  }

  /** The passkey with a credential, whoever's. */
  findByCredential(credentialId: string, tx?: Tx): Promise<PasskeyRecord | undefined> {
    return this.#rows.findBy({ credentialId }, tx)
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async rename(userId: string, id: string, name: string, tx: Tx): Promise<PasskeyRecord> {
    const { userRecords } = this.options
    const user = await userRecords.locked(userId, tx)
    if (!user.passkeys.some((own) => own.id === id)) throw errors.resourceNotFound('passkey', id)
    const renamed = (await this.#rows.update(id, { name }, tx))!
    await userRecords.change(userId, {}, tx, ['passkeys'])
    return renamed
  }

  /**
   * Writes that the passkey was used. A device's counter only rises: one that does not is a copy's. Devices that do not
   * count say 0 each time.
   *
   * @returns whether the counter is right
   */
  async use(id: string, signatureCounter: number, tx: Tx): Promise<boolean> {
    const used = await this.#rows
      .change(tx)
      .set({ signature_counter: signatureCounter, last_used_at: this.options.context.clock.now() })
      .where('id', '=', id)
      .where((eb) =>
        eb.or([
          eb('signature_counter', '<', signatureCounter),
          eb.and([eb('signature_counter', '=', 0), eb.val(signatureCounter === 0)]),
        ]),
      )
      .returning('id')
      .executeTakeFirst()
    return used !== undefined
  }

  /**
   * Also tells the user, where the user can be reached.
   *
   * @param check throws what forbids it
   */
  delete(
    userId: string,
    id: string,
    caller: Caller,
    check: (user: User, passkey: PasskeyRecord) => void = () => {},
  ): Promise<PasskeyRecord> {
    const { context, userRecords, messages } = this.options
    return context.transaction(caller, async (tx) => {
      const user = await userRecords.locked(userId, tx)
      const own = user.passkeys.find((one) => one.id === id)
      if (!own) throw errors.resourceNotFound('passkey', id)
      check(user, own)
      const passkey = await this.#rows.delete(id, tx)
      const to = contactOf(user)
      if (to) await messages.passkeyRemoved(to, passkey.name, tx)
      await userRecords.change(userId, {}, tx, ['passkeys'])
      return passkey
    })
  }
}
