import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { API_URL, type TestServer } from '../../server.test-support.js'

export interface Received {
  path: string
  headers: IncomingHttpHeaders
  body: string
  // oxlint-disable-next-line no-explicit-any
  event: any
}

/** Answers a delivery: a status, or anything else by hand. */
type Answer = (received: Received, response: ServerResponse) => number | void

/** An application that takes webhooks, on a port of its own. */
export interface Receiver {
  url: string
  received: Received[]
  /** Default is 204 to everything. */
  answer: Answer
  /** Waits until so many were received, and fails after a minute. */
  until(count: number): Promise<Received[]>
}

export function useReceiver(): Receiver {
  const receiver = { received: [] as Received[], answer: () => 204 } as unknown as Receiver
  let server: Server
  let base = ''
  let test = 0

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString()
        // Endpoints of the tests before still get their retries.
        if (!request.url!.startsWith(`${base}/`)) return void response.writeHead(204).end()
        const received = {
          path: request.url!.slice(base.length),
          headers: request.headers,
          body,
          event: JSON.parse(body) as unknown,
        }
        receiver.received.push(received)
        const status = receiver.answer(received, response)
        if (status !== undefined) response.writeHead(status).end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  beforeEach(() => {
    base = `/test-${++test}`
    receiver.received.length = 0
    receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}/hooks`
  })
  afterEach(() => {
    receiver.answer = () => 204
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  receiver.until = async (count) => {
    await eventually(() => receiver.received.length >= count)
    return receiver.received
  }
  return receiver
}

/** Waits until the condition holds. A minute is long enough for a busy machine. */
export async function eventually(condition: () => boolean | Promise<boolean>, within = 60_000): Promise<void> {
  const end = performance.now() + within
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`It did not come true within ${within} ms: ${String(condition)}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Calls the API of endpoints as its clients do. */
export function svixOf(server: TestServer) {
  const app = () => `/app/app_${server.instance.id.slice(4)}`
  // oxlint-disable-next-line no-explicit-any
  return async <T = any>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await server.server.fetch(
      new Request(`${API_URL}/api/v1${path.startsWith('/event-type') ? path : app() + path}`, {
        method,
        headers: {
          authorization: `Bearer ${server.instance.secretKey}`,
          'content-type': 'application/json',
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
    const text = await response.text()
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T }
  }
}
