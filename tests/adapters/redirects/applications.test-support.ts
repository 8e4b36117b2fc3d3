import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { serve, type ServerType } from '@hono/node-server'
import * as officialExpress from '@clerk/express'
import * as officialFastify from '@clerk/fastify'
import * as express from '@latchkey/express'
import * as fastify from '@latchkey/fastify'
import * as hono from '@latchkey/hono'
import createExpress from 'express'
import Fastify from 'fastify'
import { Hono } from 'hono'
import { vi } from 'vitest'

const require = createRequire(import.meta.url)
// By name only, since the types of both declare the same, and those of Next declare more than this program has.
const officialHono = (await import('@clerk/hono' as string)) as typeof hono
const nextjs = (await import('@latchkey/nextjs/server' as string)) as NextPackage
const { NextRequest } = require('next/server') as { NextRequest: typeof Request }

/** What is used here of a package for Next. */
interface NextPackage {
  clerkMiddleware(
    handler: (auth: () => Promise<{ userId: string | null }>) => Promise<void>,
    options: ApplicationOptions,
  ): (request: Request, event: { waitUntil(): void }) => Promise<Response>
}

// Next has it for its middleware, whose keys the packages keep there during a request.
vi.stubGlobal('AsyncLocalStorage', AsyncLocalStorage)
// The middleware passes keys that it is given on to the pages.
vi.stubEnv('CLERK_ENCRYPTION_KEY', 'k'.repeat(32))

/** What an application passes to its package. */
export interface ApplicationOptions {
  publishableKey: string
  secretKey: string
  apiUrl: string
  proxyUrl?: string
  isSatellite?: boolean
  domain?: string
  signInUrl?: string
  satelliteAutoSync?: boolean
}

export interface Application {
  port: number
  close(): Promise<unknown>
}

/** An application whose pages answer the id of the user, or `nobody`. */
export type StartApplication = (options: ApplicationOptions) => Promise<Application>

/** Each package with which an application is made, ours beside the official one. */
export const frameworks: Record<string, StartApplication> = {
  '@clerk/express': ofExpress(officialExpress as unknown as typeof express),
  '@latchkey/express': ofExpress(express),
  '@clerk/fastify': ofFastify(officialFastify as unknown as typeof fastify),
  '@latchkey/fastify': ofFastify(fastify),
  '@clerk/hono': ofHono(officialHono),
  '@latchkey/hono': ofHono(hono),
  '@clerk/nextjs 7': ofNext((options) => loadNext('@clerk/nextjs', options)),
  '@clerk/nextjs 6': ofNext((options) => loadNext('clerk-nextjs-6', options)),
  '@latchkey/nextjs': ofNext(() => nextjs),
}

function ofExpress({ clerkMiddleware, getAuth, createClerkClient }: typeof express): StartApplication {
  return (options) => {
    const { publishableKey, secretKey, apiUrl } = options
    const clerkClient = createClerkClient({ publishableKey, secretKey, apiUrl })
    const app = createExpress()
    app.use(clerkMiddleware({ ...options, clerkClient } as Parameters<typeof clerkMiddleware>[0]))
    app.use((request, response) => void response.send(getAuth(request).userId ?? 'nobody'))
    return listen(app)
  }
}

function ofFastify({ clerkPlugin, getAuth }: typeof fastify): StartApplication {
  return async (options) => {
    const app = Fastify({ forceCloseConnections: true })
    await app.register(clerkPlugin, options as Parameters<typeof clerkPlugin>[1])
    app.get('/*', (request) => getAuth(request).userId ?? 'nobody')
    const port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
    return { port, close: () => app.close() }
  }
}

function ofHono({ clerkMiddleware, getAuth }: typeof hono): StartApplication {
  return async (options) => {
    const app = new Hono()
    app.use(clerkMiddleware(options as Parameters<typeof clerkMiddleware>[0]))
    app.get('*', (context) => context.text(getAuth(context).userId ?? 'nobody'))
    const { server, port } = await new Promise<{ server: ServerType; port: number }>((resolve) => {
      const server = serve({ fetch: withForwardedUrl(app.fetch), port: 0, hostname: '127.0.0.1' }, (info) =>
        resolve({ server, port: info.port }),
      )
    })
    return { port, close: () => new Promise((resolve) => server.close(resolve)) }
  }
}

/** The middleware alone, between the same request and answers as Next has it. */
function ofNext(load: (options: ApplicationOptions) => NextPackage): StartApplication {
  return (options) => {
    const { clerkMiddleware } = load(options)
    let userId: string | null = null
    const middleware = clerkMiddleware(async (auth) => void ({ userId } = await auth()), options)
    return listen((request, response) => {
      const { host = '', 'x-forwarded-proto': protocol = 'http' } = request.headers
      const asked = new NextRequest(`${String(protocol)}://${host}${request.url}`, { headers: headersOf(request) })
      userId = null
      middleware(asked, { waitUntil() {} }).then(
        ({ headers, status }) => {
          const location = headers.get('location')
          response.setHeader('set-cookie', headers.getSetCookie())
          if (location !== null) response.setHeader('location', location)
          response.writeHead(status).end(userId ?? 'nobody')
        },
        (error: unknown) => response.writeHead(500).end(String(error)),
      )
    })
  }
}

/** The official packages read their keys once, when they are loaded. */
function loadNext(name: string, { publishableKey, secretKey }: ApplicationOptions): NextPackage {
  vi.stubEnv('NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY', publishableKey)
  vi.stubEnv('CLERK_SECRET_KEY', secretKey)
  for (const path of Object.keys(require.cache)) if (path.includes(`/${name}/`)) delete require.cache[path]
  return require(`${name}/server`) as NextPackage
}

/** Behind a proxy that takes https off, an application of Hono has to say itself which URL was asked for. */
function withForwardedUrl(fetch: (request: Request) => Response | Promise<Response>) {
  return (request: Request) => {
    const url = new URL(request.url)
    if (request.headers.get('x-forwarded-proto') === 'https') url.protocol = 'https:'
    return fetch(new Request(url, request))
  }
}

function headersOf({ headers }: IncomingMessage): Headers {
  return new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}

async function listen(listener: RequestListener): Promise<Application> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}
