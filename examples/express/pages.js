import { NOTE_LENGTH } from './notes.js'

export function welcomePage() {
  return layout(
    'Notes',
    html`
      <section class="hero">
        <h1>Notes that are yours</h1>
        <p>Everyone can read this page. Notes are shown only to their authors.</p>
        <p><a class="button" href="/notes">Open your notes</a></p>
      </section>
    `,
  )
}

/** Where there is nothing to see without a session: the form, which leads back to the same page. */
export function signInPage(clerk) {
  return layout(
    'Sign in',
    html`
      <section class="hero">
        <h1>Sign in first</h1>
        <div id="sign-in"></div>
      </section>
      ${clerkScripts(clerk)}
      <script type="module" src="/sign-in.js"></script>
    `,
  )
}

/** @param team notes of the organization; null for users who may not read them */
export function notesPage({ name, notes, team, clerk }) {
  return layout(
    'Your notes',
    html`
      <header class="person">
        <span class="initial" aria-hidden="true">${name[0].toUpperCase()}</span>
        <div>
          <h1>Hello, ${name}</h1>
          <p>${count(notes)}</p>
        </div>
        <div id="user-button"></div>
      </header>
      <form method="post" action="/notes">
        <label for="text">A new note</label>
        <textarea id="text" name="text" rows="3" maxlength="${NOTE_LENGTH}" required></textarea>
        <button class="button">Keep it</button>
      </form>
      ${list(notes, 'You have written nothing yet.')}
      ${
        team
          ? html`<h2>Notes of your team</h2>
              ${list(team, 'Nobody has written anything yet.')}`
          : ''
      }
      ${clerkScripts(clerk)}
      <script type="module" src="/user-button.js"></script>
    `,
  )
}

export function errorPage(message) {
  return layout(
    'Sorry',
    html`<section class="hero">
      <h1>Sorry</h1>
      <p>${message}</p>
      <p><a class="button" href="/">Back to the start</a></p>
    </section>`,
  )
}

/** The components, from the server that the publishable key or `proxyUrl` names. */
function clerkScripts({ publishableKey, proxyUrl }) {
  const base = proxyUrl || `https://${atob(publishableKey.split('_')[2]).slice(0, -1)}`
  return html`<script defer crossorigin="anonymous" src="${base}/npm/@clerk/ui@1/dist/ui.browser.js"></script>
    <script
      defer
      crossorigin="anonymous"
      data-clerk-publishable-key="${publishableKey}"
      data-clerk-proxy-url="${proxyUrl ?? ''}"
      src="${base}/npm/@clerk/clerk-js@6/dist/clerk.browser.js"
    ></script>`
}

function count({ length }) {
  return length === 1 ? '1 note' : `${length} notes`
}

function list(notes, otherwise) {
  if (notes.length === 0) return html`<p class="empty">${otherwise}</p>`
  return html`<ul class="notes">
    ${notes.map(
      ({ text, createdAt }) =>
        html`<li>
          <p>${text}</p>
          <time datetime="${new Date(createdAt).toISOString()}"
            >${new Date(createdAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}</time
          >
        </li>`,
    )}
  </ul>`
}

function layout(title, content) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="/style.css" />
        <link rel="icon" href="data:," />
      </head>
      <body>
        <nav><a href="/">Notes</a><a href="/notes">Yours</a></nav>
        <main>${content}</main>
      </body>
    </html>`.toString()
}

/** Markup. Inserted values are escaped, unless they are markup themselves. */
function html(parts, ...values) {
  const text = String.raw({ raw: parts }, ...values.map(toMarkup))
  return { isMarkup: true, toString: () => text }
}

function toMarkup(value) {
  if (Array.isArray(value)) return value.map(toMarkup).join('')
  return value.isMarkup ? value : String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
