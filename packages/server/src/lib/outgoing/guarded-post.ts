import type { lookup } from 'node:dns'
import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import type { Socket } from 'node:net'
import { LRUCache } from 'lru-cache'
import { checkAddress, checkUrl, guardedLookup, type DestinationRules } from './destination.js'

/** Bytes of an answer that are read. */
export const ANSWER_LIMIT = 20 * 1024
/** Destinations whose connections are kept. */
const AGENTS = 500
/** Connections to one destination. */
const SOCKETS = 64
/** Milliseconds to connect in. */
const CONNECT_WITHIN = 10_000
/** Milliseconds for which an idle connection is kept. */
const KEPT_FOR = 20_000

export interface PostRequest extends GuardedRequest {
  body: string
}

export interface GuardedRequest {
  url: string
  headers: Record<string, string>
  rules: DestinationRules
  /** Milliseconds until the answer must be there, whole or its first {@link ANSWER_LIMIT} bytes. */
  timeout: number
  /** Connections are shared by requests of one group. */
  group: string
}

export interface PostAnswer {
  status: number
  headers: IncomingMessage['headers']
  /** At most {@link ANSWER_LIMIT} bytes. */
  text: string
}

/** No answer came in time. */
export class PostTimeout extends Error {
  override readonly name = 'PostTimeout'
}

export interface PosterOptions {
  /** Resolves names. Default is the system's resolver. */
  lookup?: typeof lookup
}

/**
 * Sends requests to URLs that others chose. A name is resolved once for each connection, every address it has is judged,
 * and the address of the socket again before anything is written. No redirect is followed, no proxy of the environment
 * used.
 */
export class GuardedPoster {
  readonly #agents = new LRUCache<string, HttpAgent>({ max: AGENTS, dispose: (agent) => agent.destroy() })

  constructor(private readonly options: PosterOptions = {}) {}

  /**
   * @throws {DestinationRefused} for a URL or an address that requests must not go to
   * @throws {PostTimeout}
   */
  post(request: PostRequest): Promise<PostAnswer> {
    return this.#ask('POST', request, Buffer.from(request.body))
  }

  /** @throws as `post` does */
  get(request: GuardedRequest): Promise<PostAnswer> {
    return this.#ask('GET', request)
  }

  async #ask(method: 'GET' | 'POST', request: GuardedRequest, body?: Buffer): Promise<PostAnswer> {
    const url = checkUrl(request.url, request.rules)
    const deadline = performance.now() + request.timeout
    const send = () => this.#send(url, { ...request, method, body }, deadline)
    const first = await send()
    if (first !== 'closed') return first
    // The receiver closed a kept connection while the request was on its way: nothing was wrong with the request.
    const second = await send()
    if (second === 'closed') throw new Error('The receiver closed the connection')
    return second
  }

  close(): void {
    this.#agents.clear()
  }

  #send(
    url: URL,
    { method, body, ...request }: GuardedRequest & { method: string; body: Buffer | undefined },
    deadline: number,
  ): Promise<PostAnswer | 'closed'> {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp
    const length = body ? { 'content-length': String(body.length) } : {}
    return new Promise((resolve, reject) => {
      const sent = send(url, {
        method,
        agent: this.#agentOf(url, request),
        headers: { 'accept-encoding': 'identity', ...request.headers, ...length },
      })
      const giveUp = () => {
        reject(new PostTimeout(`No answer within ${request.timeout / 1000} seconds`))
        sent.destroy()
      }
      const timer = setTimeout(giveUp, Math.max(0, deadline - performance.now()))
      const settle = (act: () => void) => {
        clearTimeout(timer)
        act()
      }
      sent.on('error', (error: NodeJS.ErrnoException) => {
        const stale = sent.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')
        settle(() => (stale ? resolve('closed') : reject(error)))
      })
      sent.on('response', (response) => {
        const { statusCode: status = 0, headers } = response
        readText(response).then(
          (text) => settle(() => resolve({ status, headers, text })),
          (error: unknown) => settle(() => reject(error as Error)),
        )
      })
      sent.end(body)
    })
  }

  #agentOf(url: URL, { group, rules }: GuardedRequest): HttpAgent {
    const key = `${group} ${url.origin} ${rules.allowPrivate}`
    let agent = this.#agents.get(key)
    if (!agent) {
      agent = guardedAgent(url, rules, this.options.lookup)
      this.#agents.set(key, agent)
    }
    return agent
  }
}

type CreateConnection = (options: object, callback?: (error: Error | null, socket: Socket) => void) => Socket

function guardedAgent(url: URL, rules: DestinationRules, resolver: PosterOptions['lookup']): HttpAgent {
  const secure = url.protocol === 'https:'
  const options = { keepAlive: true, maxSockets: SOCKETS, maxFreeSockets: SOCKETS, timeout: KEPT_FOR }
  const agent = secure ? new HttpsAgent(options) : new HttpAgent(options)
  const guarded = agent as unknown as { createConnection: CreateConnection }
  const connect = guarded.createConnection.bind(agent)
  guarded.createConnection = (given, callback) => {
    // Connects without `callback`: the request gets the socket only once its address is judged.
    const socket = connect({ ...given, timeout: undefined, lookup: guardedLookup(url, rules, resolver) })
    const timer = setTimeout(
      () => socket.destroy(new PostTimeout('The receiver did not accept the connection')),
      CONNECT_WITHIN,
    )
    const fail = (error: Error) => callback?.(error, socket)
    socket.once('error', fail)
    socket.once('close', () => clearTimeout(timer))
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      try {
        checkAddress(socket.remoteAddress ?? '', url, rules)
      } catch (error) {
        socket.destroy(error as Error)
        return
      }
      clearTimeout(timer)
      socket.off('error', fail)
      callback?.(null, socket)
    })
    return undefined as unknown as Socket
  }
  return agent
}

/** Reads an answer up to the limit; the rest is not received. */
async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length > ANSWER_LIMIT) break
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, ANSWER_LIMIT))
}
