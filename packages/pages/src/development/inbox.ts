import type { PageMessage, PagesServer } from '@latchkey/types'
import { htmlDocument } from '../document.js'
import { callInBrowser, markup } from '../html.js'
import type { InboxMessage } from './inbox-message.js'
import { showInbox } from './inbox-script.js'
import { codeOf, linksOf, textOf } from './message-parts.js'
import { privateJson } from './private-json.js'
import { developmentStyle, NAVIGATION } from './style.js'

const LIMIT = 100

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
  const { sequence, toAddress: to, channel, status, slug, subject, bodyPlain, lastError, createdAt } = message
  return {
    sequence,
    to,
    channel,
    status,
    kind: slug?.replaceAll('_', ' ') ?? null,
    subject,
    text: bodyPlain?.trim() || textOf(message),
    html: channel === 'email' && /<[a-z!]/i.test(message.body) ? `/inbox/mail?at=${sequence}` : null,
    lastError,
    code: codeOf(message),
    links: linksOf(message),
    createdAt,
  }
}
