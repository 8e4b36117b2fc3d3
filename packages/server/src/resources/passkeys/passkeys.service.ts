import { apiError } from '../../http/api-error.js'
import { errors } from '../../http/errors.js'
import type { Queries } from '../../storage/database.js'
import { InstanceRows } from '../../storage/queries.js'
import { passkeys, type PasskeyRecord } from '../../storage/tables.js'
import type { InstanceContext } from '../instances/instance-context.js'
import type { UserChanges } from '../users/user-changes.js'

export interface NewPasskey {
  /** Default is a new one. */
  id?: string | undefined
  name: string
  /** As the authenticator names it, base64url. Unique in the instance. */
  credentialId: string
  /** COSE key, base64url. */
  publicKey: string
  /** Default is 0, which authenticators that do not count always say. */
  signatureCounter?: number | undefined
  /** Such as `internal` and `hybrid`. Default is none. */
  transports?: string[] | undefined
  /** Unix milliseconds. Default is never. */
  lastUsedAt?: number | null | undefined
  /** Unix milliseconds. Default is now. */
  createdAt?: number | undefined
}

export class PasskeyService {
  readonly store: InstanceRows<typeof passkeys>

  constructor(private readonly options: { context: InstanceContext; users: UserChanges }) {
    const { database, instanceId } = options.context
    this.store = new InstanceRows(database.read, 'passkeys', passkeys, instanceId)
  }

  /**
   * Gives the user a passkey whose registration was checked elsewhere.
   *
   * @throws {ApiError} 404 for an unknown user, 400 `passkey_registration_failure` when the id or the credential is somebody's
   */
  async add(userId: string, passkey: NewPasskey, tx: Queries): Promise<PasskeyRecord> {
    const { context, users } = this.options
    const now = context.clock.now()
    const record: PasskeyRecord = {
      id: passkey.id ?? context.ids.next('idn'),
      instanceId: context.instanceId,
      userId,
      name: passkey.name,
      credentialId: passkey.credentialId,
      publicKey: passkey.publicKey,
      signatureCounter: passkey.signatureCounter ?? 0,
      transports: passkey.transports ?? [],
      lastUsedAt: passkey.lastUsedAt ?? null,
      createdAt: passkey.createdAt ?? now,
      updatedAt: now,
    }
    await users.locked(userId, tx)
    if (!(await this.store.insertUnlessTaken(record, tx))) {
      throw apiError(
        400,
        'passkey_registration_failure',
        'Passkey registration failed',
        'This passkey is registered already',
      )
    }
    await users.change(userId, {}, tx)
    return record
  }

  /** Takes the passkey away and tells the user at the primary email address, if there is one. */
  async delete(userId: string, id: string): Promise<void> {
    const { context, users } = this.options
    await context.database.transaction(async (tx) => {
      const user = await users.locked(userId, tx)
      const passkey = user.passkeys.find((own) => own.id === id)
      if (!passkey) throw errors.resourceNotFound('passkey', id)
      await this.store.delete(id, tx)
      const emailAddress = user.emailAddresses.find((own) => own.id === user.primaryEmailAddressId)
      if (emailAddress) await context.messages.passkeyRemoved(emailAddress, passkey.name, tx)
      await users.change(userId, {}, tx)
    })
  }
}
