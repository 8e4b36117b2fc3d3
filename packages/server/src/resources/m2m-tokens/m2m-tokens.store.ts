import type { Page, PageRequest } from '../../kernel/page.js'
import type { Database } from '../../storage/database.js'
import { NEWEST_FIRST } from '../../storage/lists.js'
import { removeInParts } from '../../storage/remove-in-parts.js'
import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { m2mTokens, type M2MTokenRecord } from './m2m-tokens.table.js'

export interface M2MTokenFilter {
  machineId: string
  /** Whether revoked ones are listed too. */
  revoked: boolean
  /** Whether expired ones are listed too. */
  expired: boolean
}

/** How often the last use of a token is recorded, in milliseconds. */
const TOUCH_EVERY = 60_000

export class M2MTokenStore extends Rows<typeof m2mTokens> {
  constructor(owner: Owner) {
    super(m2mTokens, owner)
  }

  /** Newest first. */
  async search({ machineId, revoked, expired }: M2MTokenFilter, page: PageRequest): Promise<Page<M2MTokenRecord>> {
    const now = this.owner.clock.now()
    let rows = this.select().where('machine_id', '=', machineId)
    if (!revoked) rows = rows.where('revoked_at', 'is', null)
    if (!expired) rows = rows.where('expires_at', '>', now)
    return this.readPage(rows, NEWEST_FIRST, { ...page, parts: undefined })
  }

  /** Of the interchangeable tokens that are good until then, the one that lives longest. */
  async reusable(
    { machineId, fingerprint, until }: { machineId: string; fingerprint: string; until: number },
    tx: Tx,
  ): Promise<M2MTokenRecord | undefined> {
    const row = await this.select(tx)
      .selectAll()
      .where('machine_id', '=', machineId)
      .where('fingerprint', '=', fingerprint)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>=', until)
      .where('expires_at', '>', this.owner.clock.now())
      .orderBy('expires_at', 'desc')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row && this.decode(row)
  }

  /** @returns undefined if it is revoked already, or does not exist */
  async revoke(id: string, reason: string | null, tx: Tx): Promise<M2MTokenRecord | undefined> {
    const now = this.owner.clock.now()
    const row = await this.change(tx)
      .set({ revoked_at: now, revocation_reason: reason, updated_at: now })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    return row && this.decode(row)
  }

  needsTouch({ lastUsedAt }: M2MTokenRecord): boolean {
    return lastUsedAt === null || lastUsedAt <= this.owner.clock.now() - TOUCH_EVERY
  }

  /** Of several uses at once, one is recorded. */
  async touch(id: string, tx: Tx): Promise<void> {
    const now = this.owner.clock.now()
    await this.change(tx)
      .set({ last_used_at: now })
      .where('id', '=', id)
      .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<=', now - TOUCH_EVERY)]))
      .execute()
  }
}

/** Removes the tokens of all instances that expired before then, Unix milliseconds. */
export async function removeExpiredM2MTokens(database: Database, before: number): Promise<void> {
  await removeInParts(database, { table: 'm2m_tokens', by: 'expires_at', before })
}
