import { emailAddress } from '../../lib/identifiers/index.js'
import { Rows, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import type { MessageRecord } from './messages.table.js'
import { suppressedRecipients } from './suppressed-recipients.table.js'

/** The same for all spellings of an address. */
export function recipientKey(address: string): string {
  const read = emailAddress(address)
  return read.ok ? read.canonical : address.toLowerCase()
}

/** Sends to a recipient again: somebody has proved or knows that there is one. */
export async function endSuppression(
  { channel, toAddress }: Pick<MessageRecord, 'channel' | 'toAddress'>,
  owner: Owner,
  tx: Tx,
): Promise<void> {
  await new Rows(suppressedRecipients, owner)
    .remove(tx)
    .where('channel', '=', channel)
    .where('address', '=', recipientKey(toAddress))
    .execute()
}
