import { sql } from 'kysely'
import type { Database } from '../storage/database.js'
import { messages, type MessageRecord } from '../storage/tables.js'

/** Messages whose end is written in one statement at the most. */
const EXPIRED_AT_ONCE = 500

/** In the text of the statement: an index with a condition serves no query whose value is known only later. */
const QUEUED = sql.lit('queued' as const)

type Change = Partial<Pick<MessageRecord, 'status' | 'nextAttemptAt' | 'lastError' | 'deliveredAt'>>

/** The queue in the table of messages, of all instances. */
export class DeliveryStore {
  constructor(private readonly database: Database) {}

  /**
   * Takes messages that are due, of each recipient only the oldest that waits, and keeps them from other nodes until the
   * lease ends. Codes are a line of their own: they would expire behind a newsletter that is put off for hours. Several
   * nodes may find the same messages; of the updates one wins each.
   *
   * @param leaseUntil Unix milliseconds; who does not settle a message before loses it to whoever asks next
   */
  async claim({
    channel,
    limit,
    now,
    leaseUntil,
  }: {
    channel: MessageRecord['channel']
    limit: number
    now: number
    leaseUntil: number
  }): Promise<MessageRecord[]> {
    const due = await this.database.read
      .selectFrom('messages as message')
      .select('id')
      .where('status', '=', QUEUED)
      .where('channel', '=', channel)
      .where('next_attempt_at', '<=', now)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('messages as earlier')
              .select('earlier.id')
              .where('earlier.status', '=', QUEUED)
              .whereRef('earlier.instance_id', '=', 'message.instance_id')
              .whereRef('earlier.channel', '=', 'message.channel')
              .whereRef('earlier.to_address', '=', 'message.to_address')
              .whereRef('earlier.sequence', '<', 'message.sequence')
              .where(sql<boolean>`(earlier.expires_at is null) = (message.expires_at is null)`),
          ),
        ),
      )
      .orderBy('next_attempt_at')
      .orderBy('sequence')
      .limit(limit)
      .execute()
    if (due.length === 0) return []
    const ids = due.map(({ id }) => id)
    const rows = await this.database.transaction((tx) =>
      tx
        .updateTable('messages')
        .set({ attempts: sql`attempts + 1`, next_attempt_at: leaseUntil, updated_at: now })
        .where('id', 'in', ids)
        .where('status', '=', 'queued')
        .where('next_attempt_at', '<=', now)
        .returningAll()
        .execute(),
    )
    return rows.map((row) => messages.decode(row) as MessageRecord)
  }

  /** Once it is delivered it is, whoever may have claimed it meanwhile. A code goes from the database with that. */
  async delivered(message: MessageRecord, now: number): Promise<void> {
    await this.#settle(message, { status: 'delivered', nextAttemptAt: null, lastError: null, deliveredAt: now }, now)
  }

  /** Only while the claim is ours: another node may be at it again. */
  async retryAt(message: MessageRecord, nextAttemptAt: number, lastError: string, now: number): Promise<void> {
    await this.#settle(message, { nextAttemptAt, lastError }, now, { ofAttempt: message.attempts })
  }

  async failed(message: MessageRecord, lastError: string, now: number): Promise<void> {
    await this.#settle(message, { status: 'failed', nextAttemptAt: null, lastError }, now, {
      ofAttempt: message.attempts,
    })
  }

  /** Removes codes that are good for nothing any more, and gives up the messages that were to bring them. */
  async expire(before: number, now: number): Promise<void> {
    const expired = await this.database.read
      .selectFrom('messages')
      .select('id')
      .where('expires_at', '<=', before)
      .orderBy('expires_at')
      .limit(EXPIRED_AT_ONCE)
      .execute()
    if (expired.length === 0) return
    const ids = expired.map(({ id }) => id)
    await this.database.transaction((tx) =>
      tx
        .updateTable('messages')
        .set({
          ...messages.encode(WITHOUT_CODE),
          status: sql`case when status = 'queued' then 'failed' else status end`,
          last_error: sql`case when status = 'queued' then ${EXPIRED} else last_error end`,
          next_attempt_at: null,
          updated_at: now,
        } as never)
        .where('id', 'in', ids)
        .where('expires_at', '<=', before)
        .execute(),
    )
  }

  async #settle(
    { id, expiresAt }: MessageRecord,
    change: Change,
    now: number,
    { ofAttempt }: { ofAttempt?: number } = {},
  ): Promise<void> {
    const over = change.status !== undefined && expiresAt !== null
    const values = messages.encode({ ...change, ...(over ? WITHOUT_CODE : {}), updatedAt: now })
    await this.database.transaction((tx) => {
      const update = tx
        .updateTable('messages')
        .set(values as never)
        .where('id', '=', id)
        .where('status', '=', 'queued')
      return (ofAttempt === undefined ? update : update.where('attempts', '=', ofAttempt)).execute()
    })
  }
}

/** Why a message with a code was given up. */
export const EXPIRED = 'The code expired before it was sent'

/** The code stands in the subject, the body and the data: whoever steals the database shall find it in none. */
const WITHOUT_CODE = { subject: null, body: '', data: null, expiresAt: null } satisfies Partial<MessageRecord>
