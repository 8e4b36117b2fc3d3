import { clerkClient, clerkMiddleware, getAuth } from '@latchkey/express'
import { verifyWebhook } from '@latchkey/express/webhooks'
import { fileURLToPath } from 'node:url'
import express from 'express'
import { createNotes, NOTE_LENGTH } from './notes.js'
import { errorPage, notesPage, signInPage, welcomePage } from './pages.js'

/** An application for taking notes: pages for browsers, an API for programs, a webhook for changes of users. */
export function createApp() {
  const notes = createNotes()
  const app = express()
  app.disable('x-powered-by')

  // For everyone, signed in or not.
  app.use(express.static(fileURLToPath(new URL('./public', import.meta.url))))
  app.get('/', (_request, response) => response.send(welcomePage()))

  // The signature covers the exact bytes of the body, so this route comes before any body parser.
  app.post('/webhooks', express.raw({ type: 'application/json' }), async (request, response) => {
    try {
      const event = await verifyWebhook(request)
      if (event.type === 'user.deleted') notes.removeAllOf(event.data.id)
      response.status(204).end()
    } catch {
      response.status(400).json({ error: 'This webhook was not signed with our secret.' })
    }
  })

  app.use(clerkMiddleware())
  app.use('/api', api(notes))
  app.use(pages(notes))
  app.use((request, response) => response.status(404).send(errorPage('There is nothing here.')))
  app.use(answerError)
  return app
}

/** For programs, which send `Authorization: Bearer <session token>`. */
function api(notes) {
  const router = express.Router()
  router.use((request, response, next) => {
    if (getAuth(request).isAuthenticated) return next()
    response.status(401).json({ error: 'Send a session token: Authorization: Bearer …' })
  })
  router.use(express.json())

  router.get('/me', async (request, response) => {
    const user = await clerkClient.users.getUser(getAuth(request).userId)
    response.json({ id: user.id, name: nameOf(user), email: user.primaryEmailAddress?.emailAddress ?? null })
  })

  router.get('/notes', (request, response) => response.json(notes.of(getAuth(request).userId)))

  router.post('/notes', (request, response) => {
    const { userId, orgId } = getAuth(request)
    const note = notes.add({ userId, orgId, text: request.body?.text })
    if (note) response.status(201).json(note)
    else response.status(422).json({ error: `"text" must have 1 to ${NOTE_LENGTH} characters.` })
  })

  router.get('/team/notes', (request, response) => {
    const { has, orgId } = getAuth(request)
    if (!has({ permission: 'org:notes:read' }))
      return response.status(403).json({ error: 'You may not read the notes of this team.' })
    response.json(notes.ofTeam(orgId))
  })

  return router
}

/** For browsers, which send the `__session` cookie. */
function pages(notes) {
  const router = express.Router()
  const clerk = { publishableKey: process.env.CLERK_PUBLISHABLE_KEY, proxyUrl: process.env.CLERK_PROXY_URL }
  router.use('/notes', (request, response, next) => {
    if (getAuth(request).isAuthenticated) return next()
    response.status(401).send(signInPage(clerk))
  })

  router.get('/notes', async (request, response) => {
    const { userId, orgId, has } = getAuth(request)
    const user = await clerkClient.users.getUser(userId)
    const team = has({ permission: 'org:notes:read' }) ? notes.ofTeam(orgId) : null
    response.send(notesPage({ name: nameOf(user), notes: notes.of(userId), team, clerk }))
  })

  router.post('/notes', express.urlencoded({ extended: false }), (request, response) => {
    const { userId, orgId } = getAuth(request)
    if (notes.add({ userId, orgId, text: request.body?.text })) response.redirect(303, '/notes')
    else response.status(422).send(errorPage(`A note must have 1 to ${NOTE_LENGTH} characters.`))
  })

  return router
}

function nameOf({ firstName, lastName, username, id }) {
  return [firstName, lastName].filter(Boolean).join(' ') || username || id
}

/** Logs the error. The visitor only learns whether the request or the server was at fault. */
function answerError(error, request, response, next) {
  if (response.headersSent) return next(error)
  const status = error.status >= 400 && error.status < 500 && error.expose ? error.status : 502
  if (status === 502) console.error(error.message)
  const message =
    status === 502 ? 'The users cannot be loaded at the moment. Try again later.' : 'This request cannot be read.'
  if (request.path.startsWith('/api/')) response.status(status).json({ error: message })
  else response.status(status).send(errorPage(message))
}
