import type { PageInstance } from '@latchkey/types'
import { htmlDocument } from '../document.js'
import { markup } from '../html.js'
import { developmentStyle, NAVIGATION } from './style.js'

/** The page at the address that the terminal prints: where one is, and what to do next. */
export function startPage({ id, name, frontendApiUrl, publishableKey, hasOrganizations }: PageInstance): Response {
  return htmlDocument({
    title: `${name} · Latchkey`,
    headers: { 'cross-origin-resource-policy': 'same-origin' },
    head: (nonce) =>
      markup`<style nonce="${nonce}">
        ${developmentStyle}
      </style>`,
    body: () =>
      markup`${NAVIGATION}
        <main>
        <h1>${name}</h1>
        <p class="dim">
          Latchkey runs here, for development. Your application and its users talk to this address; this page is for
          you alone.
        </p>
        <article>
          <h2>What to do next</h2>
          <ul>
            <li>Put the lines that the terminal prints into your application. Its code stays as it is.</li>
            <li><a href="${frontendApiUrl}/sign-up">Sign up</a>, and read the code in the <a href="/inbox">inbox</a>.</li>
            <li>
              See in <a href="/explain">Explain</a> which cookies and tokens came with a request, and which rule decided.
            </li>
            <li>Receive events with <a href="/webhooks">webhooks</a>.</li>
          </ul>
        </article>
        <article>
          <h2>This instance</h2>
          <table>
            <tr><th>API URL, also of the hosted pages</th><td>${frontendApiUrl}</td></tr>
            <tr><th>Publishable key</th><td>${publishableKey}</td></tr>
            <tr><th>Id</th><td>${id}</td></tr>
            <tr><th>Organizations</th><td>${hasOrganizations ? 'on' : 'off'}</td></tr>
            <tr>
              <th>Operations, as OpenAPI</th>
              <td><a href="/v1/openapi.json">/v1/openapi.json</a></td>
            </tr>
          </table>
        </article>
        </main>`,
  })
}
