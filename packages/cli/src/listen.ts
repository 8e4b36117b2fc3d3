import { createServer, type IncomingMessage, type Server as HttpServer, type ServerOptions } from 'node:http'
import { Server as NetServer, type AddressInfo } from 'node:net'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { CommandError } from './command-error.js'
import { Connections, type Bounds } from './connections.js'

export type Handler = (request: Request, connection: { remoteAddress?: string }) => Promise<Response>

export interface Listener {
  /** `http://host:port`, with the actual port. */
  url: string
  /** Whether other machines can reach the port. */
  isExposed: boolean
  /** Starts to answer. Requests that arrived earlier were kept waiting. */
  handle(handler: Handler): void
  /** Accepts no new requests, waits for those in progress, and cuts off the rest after `timeout` milliseconds. */
  drain(timeout: number): Promise<void>
}

export interface ListenOptions {
  bounds?: Partial<Bounds>
  /** Default is {@link deadlines}. */
  deadlines?: Pick<ServerOptions, keyof typeof deadlines>
}

/** In milliseconds. */
const deadlines = {
  /** For the head of a request, also from the moment a connection opens. */
  headersTimeout: 15_000,
  /** For a whole request: time for a picture of 10 MB over a slow line. */
  requestTimeout: 120_000,
  /** Between requests. Longer than the minute after which load balancers give up a connection. */
  keepAliveTimeout: 65_000,
  /** How often the first two are looked at. */
  connectionsCheckingInterval: 2000,
} satisfies ServerOptions

const MAX_CONNECTIONS = 4096

/** What `localhost` is: browsers try the second first. */
const LOOPBACKS = ['127.0.0.1', '::1']
/** How often a free port is looked for that is free on both. */
const ATTEMPTS = 10

/**
 * Opens the port before anything else, so that a second start fails before it touches the database.
 *
 * @param host an address or a name; `localhost` is both loopback addresses, as far as the machine has them
 */
export async function listen(port: number, host: string, options: ListenOptions = {}): Promise<Listener> {
  let handle!: (handler: Handler) => void
  const handler = new Promise<Handler>((resolve) => (handle = resolve))
  const answer = getRequestListener(
    async (request, env) => {
      const { incoming } = env as HttpBindings
      sayWhereEmpty(incoming)
      const { remoteAddress } = incoming.socket
      return (await handler)(request, remoteAddress === undefined ? {} : { remoteAddress })
    },
    // HTTP/1.0 knows no Host header; Node refuses later versions without one.
    { overrideGlobalObjects: true, hostname: 'localhost' },
  )
  const connections = new Connections(answer, options.bounds)
  const open = async (at: number, address: string) => {
    const server = createServer({ ...deadlines, ...options.deadlines }, (...exchange) =>
      connections.request(...exchange),
    )
    server.maxConnections = MAX_CONNECTIONS
    server.on('connection', (socket) => connections.opened(socket))
    // The next one finds room, unless all are busy.
    server.on('drop', () => server.closeIdleConnections())
    await takePort(server, at, address)
    return server
  }
  const servers = host === 'localhost' ? await openBoth(port, open) : [await open(port, host)]
  const { port: taken, address } = servers[0]!.address() as AddressInfo
  return {
    url: `http://${reachableHost(host)}:${taken}`,
    isExposed: !/^(127\.|::1$)/.test(address),
    handle,
    drain: (timeout) => drain(servers, connections, timeout),
  }
}

/**
 * A request that announces no body has none (RFC 9112, section 6.3). Said in its head, nobody waits for one: to look would
 * cost more than many an answer.
 */
function sayWhereEmpty({ headers, rawHeaders }: IncomingMessage): void {
  if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) return
  rawHeaders.push('Content-Length', '0')
}

async function openBoth(
  port: number,
  open: (port: number, address: string) => Promise<HttpServer>,
): Promise<HttpServer[]> {
  for (let attempt = 1; ; attempt++) {
    const first = await open(port, LOOPBACKS[0]!)
    const { port: taken } = first.address() as AddressInfo
    try {
      return [first, await open(taken, LOOPBACKS[1]!)]
    } catch (error) {
      if (error instanceof MissingAddress) return [first]
      first.close()
      // Where a port of any number will do, another may be free on both.
      if (port !== 0 || attempt === ATTEMPTS) throw error
    }
  }
}

class MissingAddress extends CommandError {}

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
        `Port ${port} on ${host} is in use by another process. Stop it, or choose another port: --port ${port + 1} (under npm: npm start -- --port ${port + 1}), or --port 0 for a free one.`,
      )
    case 'EACCES':
      return new CommandError(
        `Port ${port} needs rights that this user lacks. Choose one above 1023, for example --port 4400.`,
      )
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'ENOTFOUND':
      return new MissingAddress(`"--host" must be an address of this machine, got ${host}`)
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

async function drain(servers: HttpServer[], connections: Connections, timeout: number): Promise<void> {
  // The HTTP server's own `close` would reset connections that seem idle while a request is on its way.
  const closed = servers.map(
    (server) => new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve())),
  )
  connections.drain()
  const cutOff = setTimeout(() => connections.cutOff(), timeout)
  await Promise.all(closed)
  clearTimeout(cutOff)
  // Stops their look at the deadlines.
  for (const server of servers) server.close()
  connections.stop()
}
