import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface ReceivedSms {
  path: string
  authorization: string | undefined
  contentType: string | undefined
  form: Record<string, string>
}

export const ACCOUNT = `AC${'0'.repeat(32)}`
export const AUTH_TOKEN = 'an-auth-token'

/** Stands in for Twilio's API. */
export class TestSmsGateway {
  readonly received: ReceivedSms[] = []
  /** What it answers next; a 201 when there is nothing in it. */
  readonly answers: { status: number; body?: unknown; headers?: Record<string, string> }[] = []
  readonly #server = createServer((request, response) => {
    void this.#receive(request).then(({ status, body = {}, headers = {} }) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    })
  })

  get url(): string {
    return `http://${ACCOUNT}:${AUTH_TOKEN}@127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async start(): Promise<void> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening')
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #receive(
    request: IncomingMessage,
  ): Promise<{ status: number; body?: unknown; headers?: Record<string, string> }> {
    const form = Object.fromEntries(new URLSearchParams(await text(request)))
    this.received.push({
      path: request.url!,
      authorization: request.headers.authorization,
      contentType: request.headers['content-type'],
      form,
    })
    return this.answers.shift() ?? { status: 201, body: { sid: `SM${'0'.repeat(32)}`, status: 'queued' } }
  }
}
