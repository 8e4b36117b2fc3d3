import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener, type HttpBindings } from '@hono/node-server'

export type Answer = (request: Request, connection: { remoteAddress?: string }) => Promise<Response>

export interface OpenPort {
  /** `http://127.0.0.1:<port>` */
  url: string
  /** Requests that came earlier have waited. */
  answerWith(answer: Answer): void
  /** Cuts off what is under way. */
  close(): Promise<void>
}

/** @param port 0 takes a free one */
export async function openPort(port: number): Promise<OpenPort> {
  let answerWith!: (answer: Answer) => void
  const answer = new Promise<Answer>((resolve) => (answerWith = resolve))
  const listener = getRequestListener(
    async (request, env) => {
      const { remoteAddress } = (env as HttpBindings).incoming.socket
      return (await answer)(request, remoteAddress === undefined ? {} : { remoteAddress })
    },
    { overrideGlobalObjects: false },
  )
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing)).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answerWith,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
