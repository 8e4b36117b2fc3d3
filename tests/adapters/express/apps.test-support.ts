import { createServer, request as send, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import * as official from '@clerk/express'
import * as ours from '@latchkey/express'
import express5 from 'express'

type Express = typeof express5

export const expressVersions: [string, Express][] = [
  ['Express 4', createRequire(import.meta.url)('express-4') as Express],
  ['Express 5', express5],
]

/** Either package: what is tested of one is asked of the other. */
export type Adapter = Pick<
  typeof ours,
  'clerkMiddleware' | 'getAuth' | 'requireAuth' | 'authenticateRequest' | 'createClerkClient' | 'clerkClient'
>

export const adapters = { ours: ours as Adapter, official: official as unknown as Adapter }

export interface RunningApp {
  url: string
  port: number
  close(): Promise<void>
}

export async function listen(listener: RequestListener): Promise<RunningApp> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await new Promise<void>((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export interface Visit {
  path?: string
  method?: string
  headers?: Record<string, string | string[]>
  cookies?: Record<string, string>
  body?: string | Buffer
}

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** Sends a request as it is written: `fetch` would mend its path and its host. */
export function visit(
  { port }: RunningApp,
  { path = '/', method = 'GET', headers = {}, cookies = {}, body }: Visit = {},
): Promise<Answer> {
  const cookie = Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
  const sent = { host: 'app.example.com', ...(cookie ? { cookie } : {}), ...headers }
  return new Promise((resolve, reject) => {
    const request = send({ port, host: '127.0.0.1', path, method, headers: sent, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, text: Buffer.concat(chunks).toString() }),
      )
      response.on('error', reject)
    })
    request.on('error', reject).end(body)
  })
}

/** Headers that say who was let in, or where to go; a message may be worded differently. */
const COMPARED = [
  'location',
  'set-cookie',
  'cache-control',
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'x-clerk-auth-status',
  'x-clerk-auth-reason',
]

/** What a client can tell of an answer, beside the wording. */
export function describeAnswer({ status, headers, text }: Answer): Record<string, unknown> {
  const compared = Object.fromEntries(COMPARED.filter((name) => name in headers).map((name) => [name, headers[name]]))
  return { status, headers: compared, body: isJson(headers) ? JSON.parse(text) : text }
}

function isJson(headers: IncomingHttpHeaders): boolean {
  return headers['content-type']?.startsWith('application/json') ?? false
}

/** Silences Express, which logs the errors it answers with. */
export function quietly(app: ReturnType<Express>): ReturnType<Express> {
  return app.set('env', 'test')
}
