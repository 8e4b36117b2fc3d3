import { sql } from 'kysely'
import { mailboxOf } from '../../lib/email-domains/index.js'
import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { emailAddresses } from './email-addresses.table.js'

export class EmailAddressStore extends Rows<typeof emailAddresses> {
  constructor(owner: Owner) {
    super(emailAddresses, owner)
  }

  /** Addresses of the same mailbox that other users have verified or reserved, however they are written. */
  async othersOfMailbox(canonical: string, userId: string | undefined, tx?: Tx): Promise<string[]> {
    const rows = await this.select(tx)
      .select('canonical')
      .where('mailbox', '=', mailboxOf(canonical))
      .where('claimed', '=', 1)
      .$if(userId !== undefined, (query) => query.where('user_id', '!=', userId!))
      .execute()
    return rows.map((row) => row.canonical)
  }

  /** Until the transaction ends, nobody else can give a user an address of the mailbox. SQLite has one writer anyway. */
  async lockMailbox(canonical: string, tx: Tx): Promise<void> {
    const { database, instanceId } = this.owner
    if (database.dialect !== 'postgres') return
    await sql`select pg_advisory_xact_lock(hashtextextended(${`${instanceId} ${mailboxOf(canonical)}`}, 0))`.execute(
      tx.queries,
    )
  }
}
