import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

export interface Bounds {
  /** Requests that handlers work on at a time. Those beyond are answered 503. */
  underWay: number
  /** Requests that may wait behind another one of their connection. A connection that sends more is closed. */
  pipelined: number
  /** Bytes of answers that clients have not read yet, in all. Beyond, the connection that waits longest is closed. */
  unreadBytes: number
  /** Milliseconds in which a client must read at least something of an answer. */
  stalled: number
  /** Milliseconds in which a client must have read an answer to its end. */
  unread: number
}

export const defaultBounds: Bounds = {
  underWay: 1000,
  pipelined: 64,
  unreadBytes: 128 * 1024 * 1024,
  stalled: 20_000,
  unread: 120_000,
}

type Exchange = [incoming: IncomingMessage, outgoing: ServerResponse]
type Answer = (...exchange: Exchange) => Promise<void>

/** Milliseconds that a client gets to close its side of a connection that has ended. */
const CLOSING = 1000
/** Answers of fewer bytes are watched only if they are not read within one to two seconds, as nearly all are at once. */
const SMALL = 65_536
const SWEEP = 1000

/**
 * Keeps what clients can make the process hold within bounds. A connection has one request under way: the next is
 * started when the client has taken the answer to the one before, so that whoever does not read is not worked for.
 */
export class Connections {
  readonly #answer: Answer
  readonly #bounds: Bounds
  readonly #open = new Set<Socket>()
  /** Of each connection with a request under way, the requests behind it. */
  readonly #lines = new Map<Socket, Exchange[]>()
  /** The answers of all lines' first requests, with how far each is. */
  readonly #current = new Map<ServerResponse, 'under way' | 'handed over' | 'slow' | 'watched'>()
  /** Bytes not read yet, of the connections that have some; the one that waits longest is first. */
  readonly #unread = new Map<Socket, number>()
  #unreadBytes = 0
  #underWay = 0
  #draining = false
  readonly #sweeper: NodeJS.Timeout

  constructor(answer: Answer, bounds: Partial<Bounds> = {}) {
    this.#answer = answer
    this.#bounds = { ...defaultBounds, ...bounds }
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP).unref()
  }

  opened(socket: Socket): void {
    this.#open.add(socket)
    socket.once('close', () => {
      this.#open.delete(socket)
      this.#lines.delete(socket)
    })
  }

  request(...exchange: Exchange): void {
    const { socket } = exchange[0]
    const line = this.#lines.get(socket)
    if (!line) {
      this.#lines.set(socket, [])
      this.#start(exchange)
    } else if (line.length < this.#bounds.pipelined) line.push(exchange)
    else socket.destroy()
  }

  /** Ends idle connections, and every other one after the answer that is under way. */
  drain(): void {
    this.#draining = true
    for (const outgoing of this.#current.keys()) outgoing.shouldKeepAlive = false
    for (const socket of this.#open) {
      if (this.#lines.has(socket)) continue
      // A reset could destroy what the client has not read yet: it closes first, if it does so soon.
      socket.end()
      setTimeout(() => socket.destroy(), CLOSING).unref()
    }
  }

  /** Call it once all connections are closed. */
  stop(): void {
    clearInterval(this.#sweeper)
  }

  cutOff(): void {
    for (const socket of this.#open) socket.destroy()
  }

  #start([incoming, outgoing]: Exchange): void {
    const { socket } = incoming
    // Without an address, too, the client has gone: whoever hangs up at once is not worked for.
    if (!socket.writable || socket.remoteAddress === undefined) return void socket.destroy()
    if (this.#draining) outgoing.shouldKeepAlive = false
    this.#current.set(outgoing, 'under way')
    outgoing.once('close', () => {
      this.#current.delete(outgoing)
      this.#next(socket)
    })
    const fault = faultOf(incoming)
    if (fault) return refuse(outgoing, 400, 'bad_request', fault)
    // Whoever restarts a process that does not answer here would make an overload worse.
    if (this.#underWay >= this.#bounds.underWay && incoming.url !== '/livez')
      return refuse(outgoing, 503, 'service_unavailable', 'Too many requests are under way. Try again in a second')
    this.#underWay += 1
    // Settles when the whole answer was handed over, not when it was sent.
    void this.#answer(incoming, outgoing).finally(() => {
      this.#underWay -= 1
      if (!this.#current.has(outgoing)) return
      if (socket.writableLength > SMALL) this.#watch(socket, outgoing)
      else this.#current.set(outgoing, 'handed over')
    })
  }

  #sweep(): void {
    for (const [outgoing, state] of this.#current) {
      if (state === 'handed over') this.#current.set(outgoing, 'slow')
      else if (state === 'slow' && outgoing.socket) this.#watch(outgoing.socket, outgoing)
    }
  }

  #next(socket: Socket): void {
    const line = this.#lines.get(socket)
    const exchange = line?.shift()
    if (exchange) this.#start(exchange)
    else this.#lines.delete(socket)
  }

  /** Ends the connection of a client that does not read its answer. */
  #watch(socket: Socket, outgoing: ServerResponse): void {
    this.#current.set(outgoing, 'watched')
    const bytes = socket.writableLength
    this.#unread.set(socket, bytes)
    this.#unreadBytes += bytes
    // Fires only if nothing at all was sent meanwhile; Node sets its own for idle connections afterwards.
    socket.setTimeout(this.#bounds.stalled)
    const deadline = setTimeout(() => socket.destroy(), this.#bounds.unread).unref()
    outgoing.once('close', () => {
      clearTimeout(deadline)
      this.#forget(socket)
    })
    while (this.#unreadBytes > this.#bounds.unreadBytes) {
      const [longest] = this.#unread.keys()
      this.#forget(longest!)
      longest!.destroy()
    }
  }

  #forget(socket: Socket): void {
    this.#unreadBytes -= this.#unread.get(socket) ?? 0
    this.#unread.delete(socket)
  }
}

/** A segment of dots, plain or encoded: a proxy and this server could read such a path differently. */
const DOT_SEGMENT = /\/(?:\.|%2e){1,2}(?:[/?#]|$)/i

function faultOf({ url = '', rawHeaders }: IncomingMessage): string | undefined {
  const query = url.indexOf('?')
  if (DOT_SEGMENT.test(query < 0 ? url : url.slice(0, query + 1))) return 'The path must have no . and .. in it'
  let hosts = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  return hosts > 1 ? 'There must be one Host header' : undefined
}

/** Answers without the server, in the form of its errors. */
export function refuse(outgoing: ServerResponse, status: 400 | 503, code: string, why: string): void {
  // What is still to come of the request is not waited for.
  outgoing.shouldKeepAlive = false
  outgoing
    .writeHead(status, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      // The mark of the server's own refusals before anything was done.
      ...(status === 503 ? { 'retry-after': '1', 'x-should-retry': 'true' } : {}),
    })
    .end(
      JSON.stringify({ errors: [{ code, message: status === 503 ? 'Too busy' : 'Bad request', long_message: why }] }),
    )
}
