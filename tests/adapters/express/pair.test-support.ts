import type { ClerkMiddlewareOptions, ClerkMiddlewareOptionsCallback } from '@latchkey/express'
import type { NextFunction, Request, Response } from 'express'
import { expect } from 'vitest'
import {
  adapters,
  describeAnswer,
  expressVersions,
  listen,
  quietly,
  visit,
  type Adapter,
  type Visit,
} from './apps.test-support.js'
import type { FakeApiServer } from './fake-api.test-support.js'

type Options = ClerkMiddlewareOptions | ClerkMiddlewareOptionsCallback

/** An application that tells whoever asks what it knows of them; the query says how it asks. */
function createApp(
  express: (typeof expressVersions)[number][1],
  { clerkMiddleware, getAuth, requireAuth }: Adapter,
  options: Options,
) {
  const app = quietly(express())
  app.get(
    '/guarded',
    requireAuth(options as ClerkMiddlewareOptions),
    (_request, response) => void response.send('come in'),
  )
  app.use(clerkMiddleware(options))
  app.use(async (request, response) => {
    const { debug: _debug, getToken, has, ...facts } = getAuth(request, questionOf(request) as { acceptsToken: 'any' })
    response.json({
      ...facts,
      token: await getToken(),
      isAdmin: has({ role: 'org:admin' }),
      mayRead: has({ permission: 'org:invoices:read' }),
    })
  })
  app.use(
    (error: Error, _request: Request, response: Response, _next: NextFunction) =>
      void response.status(500).json({ error: error.message }),
  )
  return app
}

function questionOf({ query }: Request): object {
  const accepts = query['accepts'] as string | undefined
  return {
    ...(accepts ? { acceptsToken: accepts.includes(',') ? accepts.split(',') : accepts } : {}),
    ...(query['pending'] === 'yes' ? { treatPendingAsSignedOut: false } : {}),
  }
}

/** Sends one request to the official package and to ours, on each version of Express, and returns the one answer. */
export function compare(
  options: Options,
  request: Visit,
  api?: FakeApiServer,
): Promise<ReturnType<typeof describeAnswer>> {
  return compareWith(() => options, request, api)
}

/** The same for options that are made with the package. */
export async function compareWith(
  optionsFor: (adapter: Adapter) => Options,
  request: Visit,
  api?: FakeApiServer,
): Promise<ReturnType<typeof describeAnswer>> {
  const outcomes: { asked: unknown; answer: ReturnType<typeof describeAnswer> }[] = []
  for (const [, express] of expressVersions) {
    for (const adapter of [adapters.official, adapters.ours]) {
      const app = await listen(createApp(express, adapter, optionsFor(adapter)))
      try {
        const answer = describeAnswer(await visit(app, request))
        outcomes.push({ asked: api?.takeRequests(), answer })
      } finally {
        await app.close()
      }
    }
  }
  for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0])
  return outcomes[0]!.answer
}
