import type { RequestListener } from 'node:http'
import { clerkMiddleware, getAuth } from '@clerk/express'
import express from 'express'
import { NONCE, plainPage, type PlainPageOptions } from './plain-app.test-support.js'

/** Pages with clerk-js, and `/me`, which tells who the server thinks is asking. */
export function productionApp(options: Parameters<typeof clerkMiddleware>[0], page: PlainPageOptions): RequestListener {
  const app = express()
  app.use(clerkMiddleware(options))
  app.get('/me', (request, response) => {
    const { userId, sessionClaims } = getAuth(request)
    response.json({ userId, page: sessionClaims?.azp ?? null })
  })
  app.use((request, response) => {
    response.setHeader('content-security-policy', policyOf(page))
    response.type('html').send(plainPage(new URL(request.url, 'https://localhost'), page))
  })
  return app
}

/** The lines of docs/production.md, and the plain page's own script. What they do not allow is an error on the console. */
export function policyOf({ proxyUrl, scripts }: Pick<PlainPageOptions, 'proxyUrl' | 'scripts'>): string {
  const server = proxyUrl ? '' : new URL(scripts).origin
  return [
    `default-src 'none'`,
    `script-src 'self' 'nonce-${NONCE}' ${server}`,
    `connect-src 'self' ${server}`,
    `img-src 'self' ${server} data: blob: https://img.clerk.com`,
    `worker-src 'self' blob:`,
    `style-src 'self' 'unsafe-inline'`,
    `form-action 'self'`,
    `frame-src 'self'`,
  ].join('; ')
}
