import { clerkMiddleware, getAuth } from '@latchkey/express'
import express from 'express'

/** The invoices of companies: each is an organization, and what a member may do is in the token. */
export function createApp() {
  /** By organization. */
  const invoices = new Map()
  const app = express()
  app.disable('x-powered-by')
  app.use(clerkMiddleware())
  app.use(express.json())

  app.get('/invoices', allow({ permission: 'org:invoices:read' }), (request, response) => {
    response.json(invoices.get(getAuth(request).orgId) ?? [])
  })

  app.post('/invoices', allow({ permission: 'org:invoices:create' }), (request, response) => {
    const { orgId, userId } = getAuth(request)
    const amount = request.body?.amount
    if (!Number.isSafeInteger(amount) || amount <= 0)
      return response.status(422).json({ error: '"amount" must be a number of cents above 0.' })
    const invoice = { amount, by: userId }
    invoices.set(orgId, [...(invoices.get(orgId) ?? []), invoice])
    response.status(201).json(invoice)
  })

  app.get('/settings', allow({ role: 'org:admin' }), (request, response) => {
    response.json({ organization: getAuth(request).orgSlug })
  })

  return app
}

/** 401 for whoever is not signed in, 403 for whoever lacks the permission or the role in the active organization. */
function allow(needed) {
  return (request, response, next) => {
    const { isAuthenticated, has } = getAuth(request)
    if (!isAuthenticated) return response.status(401).json({ error: 'Send a session token: Authorization: Bearer …' })
    if (has(needed)) return next()
    response.status(403).json({ error: `This needs ${needed.permission ?? needed.role} in the organization.` })
  }
}
