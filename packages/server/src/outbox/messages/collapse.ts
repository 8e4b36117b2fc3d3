import { hash } from 'node:crypto'
import type { Metadata } from '../../kernel/metadata.js'
import type { MessageRecord } from './messages.table.js'
import { recipientKey } from './suppressed-recipients.js'

/** Milliseconds in which the same notice is sent once. */
const WINDOW = 10 * 60 * 1000
/** Values that differ each time and say nothing new. */
const MOMENTS = new Set(['requested_at', 'session_created_at', 'locked_date', 'unlock_time', 'revoke_session_url'])

interface Collapsible extends Pick<MessageRecord, 'channel'> {
  slug: string
  address: string
  data: Metadata
  now: number
}

/**
 * The same for notices that tell the same person of the same within ten minutes: not for those about another place or
 * device, which may be somebody else's doing.
 */
export function collapseKey({ channel, slug, address, data, now }: Collapsible): string {
  const facts = Object.entries(data).filter(([name]) => !MOMENTS.has(name))
  const content = JSON.stringify([channel, slug, recipientKey(address), Math.floor(now / WINDOW), facts])
  return hash('sha256', content, 'base64url')
}
