import type { LinkLanding } from '@latchkey/types'
import { htmlDocument } from '../document.js'
import { markup } from '../html.js'
import { hostedStyle } from './style.js'

const HEADINGS = {
  sign_in: 'Sign in to',
  sign_up: 'Sign up to',
  verification: 'Confirm your e-mail address for',
} satisfies Record<LinkLanding['purpose'], string>

const BUTTONS = {
  sign_in: 'Sign in',
  sign_up: 'Sign up',
  verification: 'Confirm',
} satisfies Record<LinkLanding['purpose'], string>

/**
 * What a link in a mail opens. A mail scanner that follows the link spends nothing: it takes a form to do that. If
 * another browser asked for the link, the page says which, and a person has to press the button.
 */
export function linkLanding({ applicationName, purpose, action, fields, asked }: LinkLanding): Response {
  const { origin } = new URL(action)
  return htmlDocument({
    title: `${BUTTONS[purpose]} · ${applicationName}`,
    // The answer to the form redirects to the application.
    policy: { 'form-action': ["'self'", origin, 'https:', 'http:'] },
    // The token stays here; without a referrer the form would have no origin either, and be refused.
    headers: { 'referrer-policy': 'same-origin' },
    head: (nonce) =>
      markup`<style nonce="${nonce}">
        ${hostedStyle}
      </style>`,
    body: (nonce) =>
      markup`<main>
          <form class="card" id="link" method="post" action="${action}">
            <h1>${HEADINGS[purpose]} ${applicationName}</h1>
            ${
              asked === null
                ? markup`<p>One moment …</p>`
                : markup`<p>Another browser asked for this. Go on only if it was you.</p>
                    <dl>
                      <dt>Browser</dt>
                      <dd>${asked.browser ?? 'unknown'}</dd>
                      <dt>Place</dt>
                      <dd>${asked.place ?? 'unknown'}</dd>
                      <dt>Asked at</dt>
                      <dd>${new Date(asked.at).toISOString().replace('T', ' ').slice(0, 16)} UTC</dd>
                    </dl>`
            }
            ${Object.entries(fields).map(([name, value]) => markup`<input type="hidden" name="${name}" value="${value}" />`)}
            <button>${BUTTONS[purpose]}</button>
          </form>
        </main>
        ${
          asked === null
            ? markup`<script nonce="${nonce}">
                document.getElementById('link').submit()
              </script>`
            : null
        }`,
  })
}
