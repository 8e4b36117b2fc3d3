import type { SessionLanding } from '@latchkey/types'
import { markup, type Html } from '../html.js'
import { hiddenFields, landing, seenBrowser } from './landing.js'

const OUTCOMES = {
  revoked: { status: 200, heading: 'The device is signed out', says: 'It has no access to your account any longer.' },
  over: { status: 200, heading: 'The device is signed out already', says: 'There is nothing more to end.' },
  expired: {
    status: 410,
    heading: 'The link has expired',
    says: 'You can sign the device out in your account, where you see all that are signed in.',
  },
} satisfies Record<Exclude<SessionLanding['state'], 'open'>, { status: number; heading: string; says: string }>

/** What the link in a notice about a new device opens. Nothing ends before a person presses the button. */
export function sessionLanding({ state, ...given }: SessionLanding): Response {
  const { applicationName, colors, action } = given
  const { status, title, card } = state === 'open' ? question(given) : outcome(OUTCOMES[state], given)
  return landing({
    title: `${title} · ${applicationName}`,
    colors,
    status,
    action,
    body: () =>
      markup`<main>
        ${card}
      </main>`,
  })
}

interface Card {
  status: number
  title: string
  card: Html
}

function question({ applicationName, action, fields, session }: Omit<SessionLanding, 'state'>): Card {
  const title = 'Sign the device out'
  const card = markup`<form class="card" method="post" action="${action}">
    <h1>Sign this device out of ${applicationName}?</h1>
    <p>Somebody signed in to your account there.</p>
    ${session ? seenBrowser(session, 'Signed in at') : null} ${hiddenFields(fields)}
    <button>${title}</button>
  </form>`
  return { status: 200, title, card }
}

function outcome(
  { status, heading, says }: (typeof OUTCOMES)[keyof typeof OUTCOMES],
  { securityPage }: Omit<SessionLanding, 'state'>,
): Card {
  const card = markup`<div class="card">
    <h1>${heading}</h1>
    <p>${says}</p>
    <p>If it was not you who signed in there, <a href="${securityPage}">change your password</a>.</p>
  </div>`
  return { status, title: heading, card }
}
