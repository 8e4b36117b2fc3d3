import { createClerkClient as createOfficialClient } from '@clerk/express'
import { createClerkClient } from '@latchkey/backend'
import { createPages } from '@latchkey/pages'
import { createServer, type PageMessage } from '@latchkey/server'
import { afterAll, beforeAll, vi } from 'vitest'
import { listen } from '../../packages/cli/src/listen.js'
import { useChromium } from './chromium.test-support.js'
import { createMailbox } from './mailbox.test-support.js'
import { addressOf, openPlainPage, type ClerkJs } from './plain-app.test-support.js'
import { productionApp } from './production-app.test-support.js'
import { useServers } from './servers.test-support.js'
import type { Stage } from './stage.test-support.js'
import { startTlsProxy, type TlsProxy } from './tls-proxy.test-support.js'

const DOMAIN = 'example.test'

export interface PlainProductionOptions {
  clerkJs?: ClerkJs
  /** Whether browsers call the Frontend API through the application, below `/__clerk`. */
  isProxied?: boolean
}

/** The plain page on instances in production: each has a domain of its own, with the application and the server in it. */
export function usePlainProduction({ clerkJs, isProxied = false }: PlainProductionOptions = {}): Stage {
  const hosts: Record<string, string> = {}
  const closing: (() => Promise<void>)[] = []
  let proxy: TlsProxy | undefined
  beforeAll(async () => {
    proxy = await startTlsProxy(hosts, [`*.${DOMAIN}`])
  })
  const chromium = useChromium({ args: () => proxy!.args, isOwn: (host) => host.endsWith(`.${DOMAIN}`) })
  const serve = useServers()
  afterAll(async () => {
    vi.unstubAllEnvs()
    proxy?.close()
    for (const close of closing) await close()
  })

  return {
    visit: chromium.visit,
    async open(settings) {
      const domain = `tea-${closing.length + 1}.${DOMAIN}`
      const frontendHost = `clerk.${domain}`
      const url = `https://app.${domain}`
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
      const options = { name: 'Tea & Co', environmentType: 'production', frontendHost, isDefault: true } as const
      const instance = await server.createInstance(options)
      await server.admin.seed(instance.id, { instance: { display: { home_url: url }, ...settings } })

      const { secretKey, publishableKey } = instance
      const keys = { secretKey, publishableKey, apiUrl: listener.url }
      const middleware = { ...keys, clerkClient: createOfficialClient(keys) }
      if (isProxied) vi.stubEnv('CLERK_FAPI_URL', listener.url)
      const app = isProxied
        ? productionApp(
            { ...middleware, frontendApiProxy: { enabled: true } },
            { publishableKey, proxyUrl: '/__clerk', scripts: '/__clerk/npm' },
          )
        : productionApp(middleware, { publishableKey, scripts: `https://${frontendHost}/npm` })
      hosts[frontendHost] = listener.url
      hosts[new URL(url).host] = `http://localhost:${await serve(app)}`
      return {
        url,
        instance,
        server,
        client: createClerkClient({ secretKey, apiUrl: listener.url }),
        ...createMailbox(messages, () => instance.id),
        go: ({ page }, path) => openPlainPage(page, addressOf(url, path, clerkJs)),
      }
    },
  }
}
