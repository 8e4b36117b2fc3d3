import { sql, type SqlBool } from 'kysely'
import type { Page, PageRequest } from '../../kernel/page.js'
import { searchText } from '../../lib/identifiers/text.js'
import { NEWEST_FIRST } from '../../storage/lists.js'
import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { apiKeys, type APIKeyRecord } from './api-keys.table.js'

export interface APIKeyFilter {
  subject: string
  type: string
  /** Whether revoked and expired ones are listed too. */
  includeInvalid: boolean
  /** Exact on the id, partial and case-insensitive on the name. */
  query?: string | undefined
}

/** How often the last use of a key is recorded, in milliseconds. */
const TOUCH_EVERY = 60_000

export class APIKeyStore extends Rows<typeof apiKeys> {
  constructor(owner: Owner) {
    super(apiKeys, owner)
  }

  /** Newest first. */
  async search({ query, ...filter }: APIKeyFilter, page: PageRequest): Promise<Page<APIKeyRecord>> {
    const now = this.owner.clock.now()
    let rows = this.select().where('subject', '=', filter.subject).where('type', '=', filter.type)
    if (!filter.includeInvalid) {
      rows = rows
        .where('revoked_at', 'is', null)
        .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    }
    if (query) {
      const term = searchText(query)
      // Other than `like`, these know no wildcards.
      const position =
        this.owner.database.dialect === 'postgres' ? sql`strpos(search, ${term})` : sql`instr(search, ${term})`
      rows = rows.where((eb) => eb.or([eb('id', '=', query), sql<SqlBool>`${position} > 0`]))
    }
    return this.readPage(rows, NEWEST_FIRST, { ...page, parts: undefined })
  }

  /** Frees the name of a subject's key that has expired, so that another key can have it. */
  async releaseExpired({ subject, name }: { subject: string; name: string }, tx: Tx): Promise<void> {
    await this.change(tx)
      .set({ holds_name: 0 })
      .where('subject', '=', subject)
      .where('name', '=', name)
      .where('holds_name', '=', 1)
      .where('expires_at', '<=', this.owner.clock.now())
      .execute()
  }

  /** @returns undefined if it is revoked already, or does not exist */
  async revoke(id: string, reason: string | null, tx: Tx): Promise<APIKeyRecord | undefined> {
    const now = this.owner.clock.now()
    const row = await this.change(tx)
      .set({ revoked_at: now, revocation_reason: reason, holds_name: 0, updated_at: now })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    return row && this.decode(row)
  }

  needsTouch({ lastUsedAt }: APIKeyRecord): boolean {
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
