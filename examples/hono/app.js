import { clerkMiddleware, getAuth } from '@latchkey/hono'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createLinks, problemOf } from './links.js'

/** Short links: everybody can follow them, signed-in users create them. */
export function createApp() {
  const links = createLinks()
  const app = new Hono()

  // For everyone, without authentication.
  app.get('/', (c) => c.text('Short links. Make yours with POST /api/links.'))
  app.get('/to/:name', (c) => {
    const link = links.get(c.req.param('name'))
    if (!link) return c.json({ error: 'There is no such link.' }, 404)
    link.visits++
    return c.redirect(link.url, 302)
  })

  app.route('/api', api(links))
  app.notFound((c) => c.json({ error: 'There is nothing here.' }, 404))
  app.onError((error, c) => {
    if (error.getResponse) return error.getResponse()
    // Details belong in the log only.
    console.error(error.message)
    return c.json({ error: 'The users cannot be loaded at the moment. Try again later.' }, 502)
  })
  return app
}

/** For programs, which send `Authorization: Bearer <session token>`, and for pages of this domain with their cookies. */
function api(links) {
  const routes = new Hono()
  routes.use(clerkMiddleware())
  routes.use(async (c, next) => {
    if (!getAuth(c).userId) return c.json({ error: 'Send a session token: Authorization: Bearer …' }, 401)
    await next()
  })

  routes.get('/me', async (c) => {
    const { id, firstName, primaryEmailAddress } = await c.get('clerk').users.getUser(getAuth(c).userId)
    return c.json({ id, firstName, email: primaryEmailAddress?.emailAddress ?? null, links: links.of(id).length })
  })

  routes.get('/links', (c) => c.json(links.of(getAuth(c).userId)))

  routes.post('/links', bodyLimit({ maxSize: 10_000 }), async (c) => {
    const sent = await c.req.json().catch(() => null)
    const problem = problemOf(sent)
    if (problem) return c.json({ error: problem }, 422)
    const link = links.add({ name: sent.name, url: sent.url, userId: getAuth(c).userId })
    return link ? c.json(link, 201) : c.json({ error: 'This name is taken.' }, 409)
  })

  // Users remove their own links. Those of others require a permission in the organization.
  routes.delete('/links/:name', (c) => {
    const { userId, has } = getAuth(c)
    const link = links.get(c.req.param('name'))
    if (!link) return c.json({ error: 'There is no such link.' }, 404)
    if (link.userId !== userId && !has({ permission: 'org:links:moderate' }))
      return c.json({ error: 'This link is not yours.' }, 403)
    links.remove(link.name)
    return c.body(null, 204)
  })

  return routes
}
