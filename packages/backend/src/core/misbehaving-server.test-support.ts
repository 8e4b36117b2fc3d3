import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { user } from '../samples.test-support.js'

export type Behaviour = (response: ServerResponse, request: IncomingMessage) => void

export interface SeenRequest {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** Answers as the API does. */
export function answer(status: number, body?: unknown, headers: Record<string, string> = {}): Behaviour {
  return (response) =>
    response.writeHead(status, { ...JSON_TYPE, ...headers }).end(typeof body === 'string' ? body : JSON.stringify(body))
}

export const goodAnswer = answer(200, user)

/** Closes the connection with a reset instead of an answer. */
export const reset: Behaviour = (response) => void response.socket?.resetAndDestroy()

/** Never answers. */
export const stall: Behaviour = () => {}

/** Answers, and stops in the middle of the body. */
export const stallInBody: Behaviour = (response) =>
  void response.writeHead(200, { ...JSON_TYPE, 'content-length': '1000' }).write('{"id":')

/** Closes the connection in the middle of the body. */
export const halfBody: Behaviour = (response) => {
  response.writeHead(200, { ...JSON_TYPE, 'content-length': '1000' }).write('{"id":', () => response.socket?.destroy())
}

/** A real server that does what it is told, one request after the other, the last thing again and again. */
export function useMisbehavingServer() {
  const requests: SeenRequest[] = []
  let behaviours: Behaviour[] = []
  let connections = 0
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      requests.push({ method: request.method!, url: request.url!, headers: request.headers, body })
      const behave = behaviours.length > 1 ? behaviours.shift()! : behaviours[0]!
      behave(response, request)
    })
  }).on('connection', () => connections++)

  beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)))
  beforeEach(() => {
    requests.length = 0
    behaviours = [goodAnswer]
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  return {
    requests,
    get url() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
    /** How many connections were ever opened. */
    get connections() {
      return connections
    },
    behave(...next: Behaviour[]): void {
      behaviours = next
    },
  }
}
