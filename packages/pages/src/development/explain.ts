import { htmlDocument } from '../document.js'
import { callInBrowser, markup } from '../html.js'
import { showExplanations } from './explain-script.js'
import { privateJson } from './private-json.js'
import type { Recorder } from './recorder.js'
import { developmentStyle, NAVIGATION } from './style.js'

export function explainPage(): Response {
  return htmlDocument({
    title: 'Explain · Latchkey',
    headers: { 'cross-origin-resource-policy': 'same-origin' },
    head: (nonce) =>
      markup`<style nonce="${nonce}">
        ${developmentStyle}
      </style>`,
    body: (nonce) =>
      markup`${NAVIGATION}
        <main>
        <h1>Explain</h1>
        <p class="dim">
          The last requests that reached this server, newest first: which cookies and tokens came, and which rule
          decided. Secrets are shortened.
        </p>
        <p id="empty" class="dim">No requests yet.</p>
        <div id="requests"></div>
        </main>
        <script nonce="${nonce}">
          ${callInBrowser(showExplanations, { url: '/explain/requests', every: 1000 })}
        </script>`,
  })
}

/** @param after the place of the last request that the page has */
export function explainRequests(recorder: Recorder, after: number): Response {
  return privateJson({ requests: recorder.after(after) })
}
