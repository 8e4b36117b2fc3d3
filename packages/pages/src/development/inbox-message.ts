import type { PageMessage } from '@latchkey/types'

/** A message, as the page shows it. */
export interface InboxMessage {
  sequence: number
  to: string
  channel: PageMessage['channel']
  status: PageMessage['status']
  /** Null for one that an application wrote itself. */
  kind: string | null
  subject: string | null
  text: string
  /** Where its HTML is; null for a text message, and for mail that is only text. */
  html: string | null
  lastError: string | null
  code: string | null
  links: string[]
  /** Unix milliseconds. */
  createdAt: number
}
