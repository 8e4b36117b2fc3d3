import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'

/** @returns a function that answers requests on a free port until the file's last test, and returns that */
export function useServers(): (listener: RequestListener) => Promise<number> {
  const servers: Server[] = []
  afterAll(() => {
    for (const server of servers) {
      server.close()
      server.closeAllConnections()
    }
  })
  return async (listener) => {
    // For browsers, `localhost` is both loopback addresses.
    const server = createServer(listener).listen(0, 'localhost')
    servers.push(server)
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
}
