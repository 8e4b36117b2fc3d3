import type { PagesServer } from '@latchkey/types'
import { plainText } from '../document.js'

/** Runs no script, sends no form, and is shown only in the inbox. */
const POLICY = [
  'sandbox',
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src https: data:',
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join('; ')

/** The HTML of a mail as its recipient sees it, for a frame of the inbox. */
export async function mailFrame(server: PagesServer, sequence: number | undefined): Promise<Response> {
  const [message] = sequence === undefined ? [] : await server.messages({ after: sequence - 1, limit: 1 })
  if (message?.sequence !== sequence || message?.channel !== 'email')
    return plainText(404, 'There is no such mail.', SAME)
  return new Response(message.body, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': POLICY,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
      ...SAME,
    },
  })
}

const SAME = { 'cross-origin-resource-policy': 'same-origin' }
