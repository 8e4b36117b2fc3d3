import { NAVIGATION } from '../development/style.js'
import { htmlDocument } from '../document.js'
import { callInBrowser, markup } from '../html.js'
import { showWebhooks } from './webhooks-script.js'
import { webhooksStyle } from './webhooks-style.js'

interface WebhooksPageOptions {
  /** What opens it once; null where it stands in the address, behind `#key=`. */
  key: string | null
  isDevelopment: boolean
}

/** The endpoints of an instance, and what was sent to them. All it shows it asks the API for, as whoever opened it. */
export function webhooksPage({ key, isDevelopment }: WebhooksPageOptions): Response {
  return htmlDocument({
    title: 'Webhooks · Latchkey',
    // The address has the key in it.
    headers: { 'cross-origin-resource-policy': 'same-origin', 'referrer-policy': 'no-referrer' },
    head: (nonce) =>
      markup`<style nonce="${nonce}">
        ${webhooksStyle}
      </style>`,
    body: (nonce) =>
      markup`${isDevelopment ? NAVIGATION : null}
        <main>
        <h1>Webhooks</h1>
        <p class="dim">Where events of this application are sent, and what came of each attempt.</p>
        <p id="note" role="status">One moment</p>
        <noscript><p>This page needs JavaScript. Switch it on, then reload the page.</p></noscript>
        <div id="endpoints"></div>
        <details id="add" hidden>
          <summary>Add an endpoint</summary>
          <form>
            <label>URL <input name="url" type="url" required placeholder="https://example.com/webhooks" /></label>
            <label>Description <input name="description" maxlength="200" /></label>
            <label>Events, separated by commas; none for all <input name="types" placeholder="user.created" /></label>
            <button>Add</button>
          </form>
        </details>
        </main>
        <script nonce="${nonce}">
          ${callInBrowser(showWebhooks, { key })}
        </script>`,
  })
}
