import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { afterAll, beforeAll } from 'vitest'
import type { TestServer } from '../../packages/server/src/server.test-support.js'

/** Opens a port for a test's server, for clients that need one. */
export function useListening(test: TestServer): { url: string } {
  const listening = { url: '' }
  let close = () => {}

  beforeAll(async () => {
    const server = createAdaptorServer({ fetch: (request) => test.fetch(request) })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    listening.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    close = () => server.close()
  })
  afterAll(() => close())
  return listening
}
