import { Rows, type Owner } from '../storage/rows.js'
import type { Tx } from '../storage/tx.js'
import { signingKeys, type SigningKeyRecord } from './instances.table.js'

/** The signing keys of one instance. */
export class SigningKeyStore extends Rows<typeof signingKeys> {
  constructor(owner: Owner) {
    super(signingKeys, owner)
  }

  /** Newest first. */
  async newest(tx?: Tx): Promise<SigningKeyRecord[]> {
    return (await this.list({}, tx)).toReversed()
  }

  /** The key in use signs until `retiredAt` and stays in the key set until `expiresAt`. */
  async retire({ retiredAt, expiresAt }: { retiredAt: number; expiresAt: number }, tx: Tx): Promise<void> {
    await this.change(tx)
      .set({ retired_at: retiredAt, expires_at: expiresAt })
      .where('retired_at', 'is', null)
      .execute()
  }

  /** Nothing that the keys of now have sealed is taken after that. Call it before there is another key. */
  async endSeals(sealsUntil: number, tx: Tx): Promise<void> {
    await this.change(tx)
      .set({ seals_until: sealsUntil })
      .where((eb) => eb.or([eb('seals_until', 'is', null), eb('seals_until', '>', sealsUntil)]))
      .execute()
  }

  /** No key that is being retired signs after `retiredAt`, or stays in the key set after `expiresAt`. */
  async hasten({ retiredAt, expiresAt }: { retiredAt: number; expiresAt: number }, tx: Tx): Promise<void> {
    await this.change(tx).set({ retired_at: retiredAt }).where('retired_at', '>', retiredAt).execute()
    await this.change(tx).set({ expires_at: expiresAt }).where('expires_at', '>', expiresAt).execute()
  }
}
