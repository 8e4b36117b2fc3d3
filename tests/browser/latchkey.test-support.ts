import { createClerkClient } from '@latchkey/backend'
import { createPages } from '@latchkey/pages'
import { createServer, type CreatedInstance, type PageMessage, type Server } from '@latchkey/server'
import { afterAll, beforeAll } from 'vitest'
import { listen, type Listener } from '../../packages/cli/src/listen.js'
import { createMailbox, type Mailbox } from './mailbox.test-support.js'

/** An instance, as an application's server sees it, and what it sends. */
export interface Place extends Mailbox {
  instance: CreatedInstance
  client: ReturnType<typeof createClerkClient>
  server: Server
}

export interface Latchkey extends Place {
  /** `http://localhost:<port>` */
  url: string
  /** All messages so far, oldest first. */
  messages: PageMessage[]
  /** Another instance. @param settings those of `instance` in a seed file */
  open(settings?: object): Promise<Place>
}

/** A server as `latchkey dev` runs it, for the tests of one file: on both loopbacks, with the clock of this machine. */
export function useLatchkey(settings: { seed?: unknown } = {}): Latchkey {
  const latchkey = { messages: [] as PageMessage[] } as Latchkey
  let listener: Listener | undefined

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

  latchkey.open = async (settings) => {
    const { server, url, messages } = latchkey
    const instance = await server.createInstance({ name: 'Tea & Co' })
    if (settings) await server.admin.seed(instance.id, { instance: settings })
    const client = createClerkClient({ secretKey: instance.secretKey, apiUrl: url })
    return { instance, client, server, ...createMailbox(messages, () => instance.id) }
  }
  return Object.assign(
    latchkey,
    createMailbox(latchkey.messages, () => latchkey.instance.id),
  )
}
