import { createClerkClient } from '@latchkey/backend'
import { createPages } from '@latchkey/pages'
import { createServer, type CreatedInstance, type PageMessage, type Server } from '@latchkey/server'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { listen, type Listener } from '../../packages/cli/src/listen.js'
import { codeOf, linksOf } from '../../packages/pages/src/index.js'

export interface Latchkey {
  /** `http://localhost:<port>` */
  url: string
  instance: CreatedInstance
  client: ReturnType<typeof createClerkClient>
  server: Server
  /** All messages so far, oldest first. */
  messages: PageMessage[]
  /** The code in the newest message to an address or number, as soon as it is there, and not one that was taken before. */
  codeTo(address: string): Promise<string>
  /** The link in the newest message to an address, in the same way. */
  linkTo(address: string): Promise<string>
}

/** A server as `latchkey dev` runs it, for the tests of one file: on both loopbacks, with the clock of this machine. */
export function useLatchkey(settings: { seed?: unknown } = {}): Latchkey {
  const latchkey = { messages: [] as PageMessage[] } as Latchkey
  let listener: Listener | undefined
  const taken = new Set<number>()

  const take = async (address: string, what: (message: PageMessage) => string | null | undefined): Promise<string> => {
    const find = () =>
      latchkey.messages.findLast(({ toAddress, sequence }) => toAddress === address && !taken.has(sequence))
    await vi.waitFor(() => expect(find(), `a message to ${address}`).toBeDefined(), { timeout: 10_000 })
    const message = find()!
    const found = what(message)
    expect(found, `what the message to ${address} should bring: ${message.body}`).toBeTypeOf('string')
    for (const { sequence, toAddress } of latchkey.messages) if (toAddress === address) taken.add(sequence)
    return found!
  }

  beforeAll(async () => {
    listener = await listen(0, 'localhost')
    latchkey.url = listener.url
    latchkey.server = await createServer({
      publicUrl: listener.url,
      passwords: { memoryKib: 64, passes: 1 },
      pages: createPages({ development: { isExposed: false, token: 'unused' } }),
      onMessage: (message) => latchkey.messages.push(message),
    })
    listener.handle((request, connection) => latchkey.server.fetch(request, connection))
    latchkey.instance = await latchkey.server.createInstance({ name: 'Tea & Co', isDefault: true })
    if (settings.seed !== undefined) await latchkey.server.admin.seed(latchkey.instance.id, settings.seed)
    latchkey.client = createClerkClient({ secretKey: latchkey.instance.secretKey, apiUrl: latchkey.url })
  })
  afterAll(async () => {
    await listener?.drain(100)
    await latchkey.server?.close()
  })

  latchkey.codeTo = (address) => take(address, codeOf)
  latchkey.linkTo = (address) => take(address, (message) => linksOf(message)[0])
  return latchkey
}
