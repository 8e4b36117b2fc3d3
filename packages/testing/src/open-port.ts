import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener, type HttpBindings } from '@hono/node-server'

export type Answer = (request: Request, connection: { remoteAddress?: string }) => Promise<Response>

export interface OpenPort {
  /** `http://127.0.0.1:<port>` */
  url: string
  /** Sets the function that answers requests. Earlier requests have waited for it. */
  answerWith(answer: Answer): void
  /** Closes the port and cuts off open connections. */
  close(): Promise<void>
}

/** @param port 0 picks a free port */
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
