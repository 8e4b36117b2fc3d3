import { sessions, SIGNED_IN, type SessionRecord } from '../../resources/sessions/sessions.table.js'
import { compiled, runCompiled } from '../../storage/compiled.js'
import type { Database } from '../../storage/database.js'
import { removeInParts } from '../../storage/remove-in-parts.js'
import { Rows, rowsOfInstance, type Changes, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import type { ReadIdentifier } from './sign-ins.rules.js'
import { signIns, type SignInRecord } from './sign-ins.table.js'

export interface FoundUser {
  userId: string
  /** The address or number; null for a username. */
  identificationId: string | null
}

export class SignInStore extends Rows<typeof signIns> {
  constructor(owner: Owner) {
    super(signIns, owner)
  }

  /** Whom an identifier finds: one that is verified or reserved, and no number that is a second factor. */
  async findUser({ type, canonical }: ReadIdentifier): Promise<FoundUser | undefined> {
    if (type === 'username') {
      const user = await rowsOfInstance('users', this.owner)
        .select('id')
        .where('username_canonical', '=', canonical)
        .executeTakeFirst()
      return user && { userId: user.id, identificationId: null }
    }
    const found =
      type === 'email_address'
        ? await rowsOfInstance('email_addresses', this.owner)
            .select(['id', 'user_id'])
            .where('canonical', '=', canonical)
            .where('claimed', '=', 1)
            .executeTakeFirst()
        : await rowsOfInstance('phone_numbers', this.owner)
            .select(['id', 'user_id'])
            .where('canonical', '=', canonical)
            .where('claimed', '=', 1)
            .where('reserved_for_second_factor', '=', 0)
            .executeTakeFirst()
    return found && { userId: found.user_id, identificationId: found.id }
  }

  /** Whether the user came to be by a sign-up, not by the Backend API. */
  async hasSignedUp(userId: string, tx: Tx): Promise<boolean> {
    const signUp = await rowsOfInstance('sign_ups', this.owner, tx)
      .select('id')
      .where('created_user_id', '=', userId)
      .limit(1)
      .executeTakeFirst()
    return signUp !== undefined
  }

  /** The client's active and pending sessions, oldest first. */
  async sessionsIn(clientId: string, now: number, tx?: Tx): Promise<SessionRecord[]> {
    const { database, instanceId } = this.owner
    const build = () =>
      rowsOfInstance('sessions', this.owner)
        .selectAll()
        .where('client_id', '=', clientId)
        .where('status', 'in', SIGNED_IN)
        .where('expire_at', '>', now)
        .where('abandon_at', '>', now)
        .orderBy('created_at')
        .orderBy('id')
    const query = compiled(database, 'sessions in client', build, [instanceId, clientId, ...SIGNED_IN, now, now])
    const rows = await runCompiled(query, database, tx)
    return rows.map((row) => sessions.decode(row))
  }

  /** Whether the user ever had a session in the client. */
  async isKnownClient(clientId: string, userId: string, tx: Tx): Promise<boolean> {
    const session = await rowsOfInstance('sessions', this.owner, tx)
      .select('id')
      .where('client_id', '=', clientId)
      .where('user_id', '=', userId)
      .limit(1)
      .executeTakeFirst()
    return session !== undefined
  }

  /** Writes what a step of the sign-in proved. */
  async step(id: string, changes: Changes<typeof signIns>, tx: Tx): Promise<SignInRecord> {
    return (await this.update(id, changes, tx))!
  }

  /** Takes what a sign-up continues with; one caller gets it. @returns undefined if there is nothing to take */
  async takeTransferable(id: string, clientId: string, now: number, tx: Tx): Promise<SignInRecord | undefined> {
    const row = await this.change(tx)
      .set({ is_transferable: 0, updated_at: now })
      .where('id', '=', id)
      .where('client_id', '=', clientId)
      .where('is_transferable', '=', 1)
      .where('abandon_at', '>', now)
      .returningAll()
      .executeTakeFirst()
    return row && this.decode(row)
  }
}

/** Removes the sign-ins of all instances that could not go on any more before then, Unix milliseconds; complete ones too. */
export async function removeOldSignIns(database: Database, before: number): Promise<void> {
  await removeInParts(database, { table: 'sign_ins', by: 'abandon_at', before })
}
