import type { MessageRecord } from './messages.table.js'

/** Erases the code from what a message says and was filled with, so that a stolen database holds no codes. */
export const WITHOUT_CODE = {
  subject: null,
  body: '',
  bodyPlain: null,
  data: null,
  expiresAt: null,
  codeFor: null,
} satisfies Partial<MessageRecord>
