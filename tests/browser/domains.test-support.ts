import { createClerkClient } from '@latchkey/backend'
import { createPages } from '@latchkey/pages'
import { createServer, type PageMessage } from '@latchkey/server'
import { afterAll, beforeAll } from 'vitest'
import { listen } from '../../packages/cli/src/listen.js'
import { useChromium } from './chromium.test-support.js'
import type { Place } from './latchkey.test-support.js'
import { createMailbox } from './mailbox.test-support.js'
import type { Stage } from './stage.test-support.js'
import { startTlsProxy, type TlsProxy } from './tls-proxy.test-support.js'

const DOMAIN = 'example.test'

/** An instance in production, in a domain where its server has one host and an application another. */
export interface Domain extends Place {
  /** Of the application, such as `https://app.tea-1.example.test`. */
  url: string
  /** Where the server is on this machine: `http://localhost:<port>`. */
  apiUrl: string
  /** Says where the application is on this machine. */
  leadTo(port: number): void
}

export interface Domains extends Pick<Stage, 'visit'> {
  /** A new instance, in a domain and with a server of its own. @param settings those of `instance` in a seed file */
  open(settings?: object): Promise<Domain>
}

/** Instances in production behind one proxy that speaks TLS, for the tests of one file. @param stage the name of its pictures */
export function useDomains(stage: string): Domains {
  const hosts: Record<string, string> = {}
  const closing: (() => Promise<void>)[] = []
  let proxy: TlsProxy | undefined
  beforeAll(async () => {
    proxy = await startTlsProxy(hosts, [`*.${DOMAIN}`])
  })
  const chromium = useChromium({ stage, args: () => proxy!.args, isOwn: (host) => host.endsWith(`.${DOMAIN}`) })
  afterAll(async () => {
    proxy?.close()
    for (const close of closing) await close()
  })

  return {
    visit: chromium.visit,
    async open(settings) {
      const domain = `tea-${closing.length + 1}.${DOMAIN}`
      const frontendHost = `clerk.${domain}`
      const host = `app.${domain}`
      const url = `https://${host}`
      const listener = await listen(0, 'localhost')
      const messages: PageMessage[] = []
      const server = await createServer({
        publicUrl: `https://${frontendHost}`,
        trustedProxies: ['loopback'],
        passwords: { memoryKib: 64, passes: 1 },
        pages: createPages(),
        onMessage: (message) => messages.push(message),
      })
      closing.push(async () => {
        await listener.drain(100)
        await server.close()
      })
      listener.handle((request, connection) => server.fetch(request, connection))
      hosts[frontendHost] = listener.url
      const options = { name: 'Tea & Co', environmentType: 'production', frontendHost, isDefault: true } as const
      const instance = await server.createInstance(options)
      await server.admin.seed(instance.id, { instance: { display: { home_url: url } } })
      if (settings) await server.admin.seed(instance.id, { instance: settings })
      return {
        url,
        apiUrl: listener.url,
        instance,
        server,
        client: createClerkClient({ secretKey: instance.secretKey, apiUrl: listener.url }),
        ...createMailbox(messages, () => instance.id),
        leadTo(port) {
          hosts[host] = `http://localhost:${port}`
        },
      }
    },
  }
}
