import type { PageMessage, PagesServer } from '@latchkey/types'
import { htmlDocument } from '../document.js'
import { callInBrowser, markup } from '../html.js'
import { showInbox } from './inbox-script.js'
import { codeOf, linksOf, textOf } from './message-parts.js'
import { privateJson } from './private-json.js'
import { developmentStyle, NAVIGATION } from './style.js'

const LIMIT = 100

/** A message, as the page shows it. */
export interface InboxMessage {
  sequence: number
  to: string
  channel: PageMessage['channel']
  status: PageMessage['status']
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

export function inboxPage(): Response {
  return htmlDocument({
    title: 'Inbox · Latchkey',
    policy: { 'frame-src': ["'self'"] },
    headers: { 'cross-origin-resource-policy': 'same-origin' },
    head: (nonce) =>
      markup`<style nonce="${nonce}">
        ${developmentStyle}
      </style>`,
    body: (nonce) =>
      markup`${NAVIGATION}
        <main>
        <h1>Inbox</h1>
        <p class="dim">
          Mail and text messages of this server, newest first. They appear here as they are written, also those that
          nothing sends. Mail is shown as its recipient sees it, with its text beside it.
        </p>
        <p id="empty" class="dim">No messages yet.</p>
        <div id="messages" aria-live="polite"></div>
        </main>
        <script nonce="${nonce}">
          ${callInBrowser(showInbox, { url: '/inbox/messages', every: 1000 })}
        </script>`,
  })
}

/** @param after the place of the last message that the page has */
export async function inboxMessages(server: PagesServer, after: number | undefined): Promise<Response> {
  const messages = await server.messages({ after, limit: LIMIT })
  return privateJson({ messages: messages.map(toInboxMessage) })
}

function toInboxMessage(message: PageMessage): InboxMessage {
  const { sequence, toAddress: to, channel, status, subject, bodyPlain, lastError, createdAt } = message
  return {
    sequence,
    to,
    channel,
    status,
    subject,
    text: bodyPlain?.trim() || textOf(message),
    html: channel === 'email' && /<[a-z!]/i.test(message.body) ? `/inbox/mail?at=${sequence}` : null,
    lastError,
    code: codeOf(message),
    links: linksOf(message),
    createdAt,
  }
}
