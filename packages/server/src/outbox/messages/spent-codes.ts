import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { expireEventsOf } from '../events.js'
import { messages } from './messages.table.js'
import { WITHOUT_CODE } from './without-code.js'

/** A code or a link that was used. */
export interface Spent {
  /** What it was sent to, or the verification of a link: as in `Notice.codeFor`. */
  codeFor: string
  /** Only messages with this code. Absent for a link, which has a `codeFor` of its own. */
  code?: string
}

/**
 * Erases a code from the messages that have it. Their events count as expired from now on, so that nobody reads the code
 * there, and the periodic job erases it.
 */
export async function forgetSpent({ codeFor, code }: Spent, owner: Owner, tx: Tx): Promise<void> {
  const rows = new Rows(messages, owner)
  const found = await rows
    .select(tx)
    .select(['id', 'data'])
    .where('code_for', '=', codeFor)
    .where('expires_at', 'is not', null)
    .execute()
  const ids = found.filter(({ data }) => code === undefined || codeIn(data) === code).map(({ id }) => id)
  if (ids.length === 0) return
  const now = owner.clock.now()
  await rows
    .change(tx)
    .set({ ...messages.encode(WITHOUT_CODE), updated_at: now })
    .where('id', 'in', ids)
    .execute()
  await expireEventsOf(ids, owner, tx)
}

function codeIn(data: string | null): unknown {
  return data === null ? undefined : (JSON.parse(data) as { otp_code?: unknown }).otp_code
}
