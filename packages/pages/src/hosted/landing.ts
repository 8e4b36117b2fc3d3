import type { PageColors } from '@latchkey/types'
import { htmlDocument } from '../document.js'
import { markup, type Html } from '../html.js'
import { hostedStyle } from './style.js'

interface Landing {
  title: string
  colors: PageColors
  status?: number
  /** Where its form is posted to. */
  action: string
  /** Where the answer to the form may lead, beside the origin of `action`. */
  formLeadsTo?: readonly string[]
  body: (nonce: string) => Html
}

/** A page that a link in a mail opens. The link is in its address, and good until it is spent. */
export function landing({ title, colors, status = 200, action, formLeadsTo = [], body }: Landing): Response {
  const { origin } = new URL(action)
  return htmlDocument({
    title,
    status,
    policy: { 'form-action': [...new Set(["'self'", origin, ...formLeadsTo])] },
    // The token stays here; without a referrer the form would have no origin either, and be refused.
    headers: { 'referrer-policy': 'same-origin' },
    head: (nonce) =>
      markup`<style nonce="${nonce}">
        ${hostedStyle(colors)}
      </style>`,
    body,
  })
}

interface Seen {
  browser: string | null
  place: string | null
  /** Unix milliseconds. */
  at: number
}

/** A browser, for a person to recognize. @param when what it did at that time */
export function seenBrowser({ browser, place, at }: Seen, when: string): Html {
  return markup`<dl>
    <dt>Browser</dt>
    <dd>${browser ?? 'unknown'}</dd>
    <dt>Place</dt>
    <dd>${place ?? 'unknown'}</dd>
    <dt>${when}</dt>
    <dd>${new Date(at).toISOString().replace('T', ' ').slice(0, 16)} UTC</dd>
  </dl>`
}

export function hiddenFields(fields: Readonly<Record<string, string>>): Html[] {
  return Object.entries(fields).map(([name, value]) => markup`<input type="hidden" name="${name}" value="${value}" />`)
}
