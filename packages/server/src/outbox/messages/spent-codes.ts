import { sql } from 'kysely'
import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { expireEventsOf } from '../events.js'
import { messages } from './messages.table.js'
import { WITHOUT_CODE } from './without-code.js'

/** Why a message with a code was given up. */
const SPENT = 'The code was used or replaced before it was sent'

/**
 * Erases codes and links from the messages that have them; those that wait are not sent any more. Their events count as
 * expired from now on, so that nobody reads the code there, and the periodic job erases it.
 *
 * @param codeFor what they proved: as in `Notice.codeFor`
 */
export async function forgetSpent(codeFor: readonly string[], owner: Owner, tx: Tx): Promise<void> {
  if (codeFor.length === 0) return
  const now = owner.clock.now()
  const erased = await new Rows(messages, owner)
    .change(tx)
    .set({
      ...messages.encode(WITHOUT_CODE),
      last_error: sql`case when status = 'queued' then ${SPENT} else last_error end`,
      next_attempt_at: sql`case when status = 'queued' then null else next_attempt_at end`,
      status: sql`case when status = 'queued' then 'failed' else status end`,
      updated_at: now,
    })
    .where('code_for', 'in', codeFor)
    .where('expires_at', 'is not', null)
    .returning('id')
    .execute()
  const ids = erased.map(({ id }) => id)
  if (ids.length > 0) await expireEventsOf(ids, owner, tx)
}
