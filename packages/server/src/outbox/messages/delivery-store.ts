import { sql } from 'kysely'
import type { Database } from '../../storage/database.js'
import { databaseClock } from '../../storage/database-clock.js'
import { removeInParts } from '../../storage/remove-in-parts.js'
import { rowsOfInstance } from '../../storage/rows.js'
import { messages, type MessageRecord } from './messages.table.js'
import { recipientKey } from './suppressed-recipients.js'
import { suppressedRecipients } from './suppressed-recipients.table.js'
import { WITHOUT_CODE } from './without-code.js'

/** At most this many messages expire in one statement. */
const EXPIRED_AT_ONCE = 500

/** Written into the text of the statement: a partial index cannot serve a query whose value is a parameter. */
const QUEUED = sql.lit('queued' as const)

type Change = Partial<Pick<MessageRecord, 'status' | 'nextAttemptAt' | 'lastError' | 'deliveredAt'>>

/** The queue in the table of messages, of all instances. */
export class DeliveryStore {
  constructor(private readonly database: Database) {}

  /**
   * Claims the messages that are due, for each recipient only the oldest queued one, and keeps other nodes from
   * claiming them until the lease ends. Messages with a code queue separately, or a delayed newsletter could hold them
   * until they expire. If several nodes find the same message, one update wins.
   *
   * @param lease Milliseconds after which any node may claim a message again that is not settled; by the database's clock,
   *   as nodes' differ
   */
  async claim({
    channel,
    limit,
    now,
    lease,
  }: {
    channel: MessageRecord['channel']
    limit: number
    now: number
    lease: number
  }): Promise<MessageRecord[]> {
    const clock = databaseClock(this.database.dialect)
    const isFree = sql<boolean>`(leased_until is null or leased_until <= ${clock})`
    const due = await this.database.read
      .selectFrom('messages as message')
      .select('id')
      .where('status', '=', QUEUED)
      .where('channel', '=', channel)
      .where('next_attempt_at', '<=', now)
      .where(isFree)
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
        .set({
          attempts: sql`attempts + 1`,
          leased_until: sql`${clock} + ${sql.lit(lease)}`,
          // During an upgrade, for nodes of versions without leases.
          next_attempt_at: now + lease,
          updated_at: now,
        })
        .where('id', 'in', ids)
        .where('status', '=', 'queued')
        .where('next_attempt_at', '<=', now)
        .where(isFree)
        .returningAll()
        .execute(),
    )
    return rows.map((row) => messages.decode(row))
  }

  /** Recorded even if another node has claimed the message meanwhile, or it was given up. Also erases the code. */
  async delivered(message: MessageRecord, now: number): Promise<void> {
    await this.#settle(message, { status: 'delivered', nextAttemptAt: null, lastError: null, deliveredAt: now }, now)
  }

  /** Only while this node holds the claim: another node may already be trying again. */
  async retryAt(message: MessageRecord, nextAttemptAt: number, lastError: string, now: number): Promise<void> {
    await this.#settle(message, { nextAttemptAt, lastError }, now, { ofAttempt: message.attempts })
  }

  async failed(message: MessageRecord, lastError: string, now: number): Promise<void> {
    await this.#settle(message, { status: 'failed', nextAttemptAt: null, lastError }, now, {
      ofAttempt: message.attempts,
    })
  }

  /** Why nothing is sent to the recipient of a message; undefined if it is. */
  async suppressionOf(message: MessageRecord, now: number): Promise<{ reason: string } | undefined> {
    return rowsOfInstance('suppressed_recipients', { database: this.database, instanceId: message.instanceId })
      .select('reason')
      .where('channel', '=', message.channel)
      .where('address', '=', recipientKey(message.toAddress))
      .where('expires_at', '>', now)
      .executeTakeFirst()
  }

  /** Sends nothing to the recipient of a message until the given time. */
  async suppress(message: MessageRecord, reason: string, expiresAt: number, now: number): Promise<void> {
    const { instanceId, channel, toAddress } = message
    const fields = {
      id: `supp_${message.id}`,
      instanceId,
      channel,
      address: recipientKey(toAddress),
      reason,
      expiresAt,
    }
    const row = suppressedRecipients.toRow({ ...fields, createdAt: now, updatedAt: now })
    await this.database.transaction((tx) =>
      tx
        .insertInto('suppressed_recipients')
        .values(row)
        .onConflict((conflict) =>
          conflict
            .columns(['instance_id', 'channel', 'address'])
            .doUpdateSet({ reason, expires_at: expiresAt, updated_at: now }),
        )
        .execute(),
    )
  }

  async removeEndedSuppressions(now: number): Promise<void> {
    await removeInParts(this.database, { table: 'suppressed_recipients', by: 'expires_at', before: now })
  }

  /** Erases expired codes, and gives up the queued messages that carry them. */
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
        })
        .where('id', 'in', ids)
        .where('expires_at', '<=', before)
        .execute(),
    )
  }

  /**
   * Gives up whatever is queued, in all instances, and erases its codes.
   *
   * @returns how many messages
   */
  async giveUpAll(reason: string, now: number): Promise<number> {
    const given = {
      status: 'failed',
      nextAttemptAt: null,
      leasedUntil: null,
      lastError: reason,
      updatedAt: now,
    } as const
    return this.database.transaction(async (tx) => {
      const queued = (erased: Partial<typeof WITHOUT_CODE>) =>
        tx
          .updateTable('messages')
          .set(messages.encode({ ...given, ...erased }))
          .where('status', '=', QUEUED)
          .where('next_attempt_at', 'is not', null)
      const withCodes = await queued(WITHOUT_CODE).where('expires_at', 'is not', null).executeTakeFirst()
      const others = await queued({}).executeTakeFirst()
      return Number(withCodes.numUpdatedRows + others.numUpdatedRows)
    })
  }

  async #settle(
    { id, expiresAt }: MessageRecord,
    change: Change,
    now: number,
    { ofAttempt }: { ofAttempt?: number } = {},
  ): Promise<void> {
    const over = change.status !== undefined && expiresAt !== null
    const values = messages.encode({ ...change, leasedUntil: null, ...(over ? WITHOUT_CODE : {}), updatedAt: now })
    await this.database.transaction((tx) => {
      const update = tx.updateTable('messages').set(values).where('id', '=', id)
      if (ofAttempt === undefined) return update.execute()
      return update.where('status', '=', 'queued').where('attempts', '=', ofAttempt).execute()
    })
  }
}

/** Why a message with a code was given up. */
export const EXPIRED = 'The code expired before it was sent'
