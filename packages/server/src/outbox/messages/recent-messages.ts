import type { PageMessage } from '@latchkey/types'
import type { Logger } from '../../kernel/runtime.js'
import type { Database } from '../../storage/database.js'
import { messages } from './messages.table.js'

/** Read at once at most. */
const MAX_LIMIT = 500

/** The messages of all instances, for the developer of this machine. */
export class RecentMessages {
  constructor(private readonly database: Database) {}

  /** The messages after the given place, oldest first; without one the newest. */
  async list({ after, limit }: { after?: number | undefined; limit: number }): Promise<PageMessage[]> {
    const query = this.database.read.selectFrom('messages').selectAll().limit(Math.min(limit, MAX_LIMIT))
    const rows =
      after === undefined
        ? (await query.orderBy('sequence', 'desc').execute()).reverse()
        : await query.where('sequence', '>', after).orderBy('sequence').execute()
    return rows.map((row) => toPageMessage(messages.decode(row)))
  }

  /**
   * Tells of each message that is written from now on, in order.
   *
   * @returns to call when messages were written
   */
  announce(tell: (message: PageMessage) => void, logger: Logger): () => void {
    let last: number | undefined
    let reading: Promise<void> = this.list({ limit: 1 }).then(([newest]) => {
      last = newest?.sequence ?? 0
    })
    let isDue = false
    const read = async () => {
      isDue = false
      for (const message of await this.list({ after: last, limit: MAX_LIMIT })) {
        last = message.sequence
        tell(message)
      }
    }
    return () => {
      if (isDue) return
      isDue = true
      reading = reading
        .then(read)
        .catch((error: unknown) => logger.warn({ err: error }, 'New messages could not be read'))
    }
  }
}

function toPageMessage(record: ReturnType<typeof messages.decode>): PageMessage {
  const { sequence, id, instanceId, channel, status, slug, toAddress, createdAt } = record
  const { subject, body, bodyPlain, data, lastError } = record
  return {
    sequence,
    id,
    instanceId,
    channel,
    status,
    slug,
    toAddress,
    createdAt,
    subject,
    body,
    bodyPlain,
    data,
    lastError,
  }
}
