import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { CommandError } from './command-error.js'

export type Handler = (request: Request, connection: { remoteAddress?: string }) => Promise<Response>

export interface Listener {
  /** `http://host:port`, with the actual port. */
  url: string
  /** Starts to answer. Requests that arrived earlier were kept waiting. */
  handle(handler: Handler): void
  /** Accepts no new requests, waits for those in progress, and cuts off the rest after `timeout` milliseconds. */
  drain(timeout: number): Promise<void>
}

/** Opens the port before anything else, so that a second start fails before it touches the database. */
export async function listen(port: number, host: string): Promise<Listener> {
  let handle!: (handler: Handler) => void
  const handler = new Promise<Handler>((resolve) => (handle = resolve))
  const answer = getRequestListener(
    async (request, env) => {
      const { remoteAddress } = (env as HttpBindings).incoming.socket
      return (await handler)(request, remoteAddress === undefined ? {} : { remoteAddress })
    },
    { overrideGlobalObjects: true },
  )
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing))
  await takePort(server, port, host)
  const address = server.address() as AddressInfo
  return {
    url: `http://${reachableHost(host)}:${address.port}`,
    handle,
    drain: (timeout) => drain(server, timeout),
  }
}

function takePort(server: HttpServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, port, host)))
    server.listen(port, host, resolve)
  })
}

function explain(error: NodeJS.ErrnoException, port: number, host: string): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new CommandError(
        `Port ${port} on ${host} is in use by another process. Stop it, or choose another port: --port ${port + 1}, or --port 0 for a free one.`,
      )
    case 'EACCES':
      return new CommandError(
        `Port ${port} needs rights that this user lacks. Choose one above 1023, for example --port 4400.`,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CommandError(`"--host" must be an address of this machine, got ${host}`)
    default:
      return error
  }
}

/** Clients cannot connect to an address that means "all addresses". */
function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

async function drain(server: HttpServer, timeout: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // A keep-alive connection becomes idle only once its current request is answered.
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  const cutOff = setTimeout(() => server.closeAllConnections(), timeout)
  await closed
  clearInterval(idle)
  clearTimeout(cutOff)
}
