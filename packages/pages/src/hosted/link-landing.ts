import type { LinkLanding } from '@latchkey/types'
import { markup } from '../html.js'
import { hiddenFields, landing, seenBrowser } from './landing.js'

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
export function linkLanding(given: LinkLanding): Response {
  const { applicationName, colors, purpose, action, fields, redirectUrl, asked } = given
  return landing({
    title: `${BUTTONS[purpose]} · ${applicationName}`,
    colors,
    action,
    // The answer to the form redirects to the application, which may redirect further.
    formLeadsTo: ['https:', 'http:', new URL(redirectUrl).protocol],
    body: (nonce) =>
      markup`<main>
          <form class="card" id="link" method="post" action="${action}">
            <h1>${HEADINGS[purpose]} ${applicationName}</h1>
            ${
              asked === null
                ? markup`<p>One moment …</p>`
                : markup`<p>Another browser asked for this. Go on only if it was you.</p>
                    ${seenBrowser(asked, 'Asked at')}`
            }
            ${hiddenFields(fields)}
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
