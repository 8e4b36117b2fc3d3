import type { Database } from '../../storage/database.js'
import { removeInParts } from '../../storage/remove-in-parts.js'
import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { oneTimeTokens, type OneTimeTokenKind, type OneTimeTokenRecord } from './one-time-tokens.table.js'

export class OneTimeTokenStore extends Rows<typeof oneTimeTokens> {
  constructor(owner: Owner) {
    super(oneTimeTokens, owner)
  }

  /** @returns undefined if there is none, or somebody was faster */
  async take(kind: OneTimeTokenKind, hash: string, tx: Tx): Promise<OneTimeTokenRecord | undefined> {
    const row = await this.remove(tx)
      .where('hash', '=', hash)
      .where('kind', '=', kind)
      .returningAll()
      .executeTakeFirst()
    return row && this.decode(row)
  }
}

/** Of all instances. */
export async function removeExpiredTokens(database: Database, now: number): Promise<void> {
  await removeInParts(database, { table: 'one_time_tokens', by: 'expires_at', before: now })
}
