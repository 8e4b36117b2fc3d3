import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClerkClient as createOfficialClient } from '@clerk/express'
import { createClerkClient } from '@latchkey/backend'
import type { CreatedInstance } from '@latchkey/server'
import { afterAll, beforeAll, vi } from 'vitest'
import { type Summary, useLatchkey as useProgram } from '../../packages/cli/src/latchkey.test-support.js'
import { TestSmtpServer } from '../../packages/server/src/outbox/messages/smtp-server.test-support.js'
import { productionApp } from './production-app.test-support.js'
import { useServers } from './servers.test-support.js'
import { startTlsProxy, type TlsProxy } from './tls-proxy.test-support.js'

export const FRONTEND_HOST = 'clerk.example.test'
/** An application whose browsers call the Frontend API at its own host. */
export const APP = 'https://app.example.test'
/** One whose browsers call it through the application, below `/__clerk`. */
export const PROXIED = 'https://proxied.example.test'

export interface Production {
  instance: CreatedInstance
  /** What `latchkey start` prints. */
  summary: Summary
  client: ReturnType<typeof createClerkClient>
  /** The code in the newest mail to an address, as soon as it is there, and not one that was taken before. */
  codeTo(address: string): Promise<string>
  /** The arguments with which a browser reaches all of this. */
  args(): string[]
}

/** `latchkey start` behind a proxy that speaks TLS, beside two applications in the same domain. */
export function useProduction(): Production {
  const production = {} as Production
  const program = useProgram({ lasting: true })
  const smtp = new TestSmtpServer()
  const serve = useServers()
  const taken = new Set<object>()
  let proxy: TlsProxy | undefined

  beforeAll(async () => {
    await smtp.start()
    const environment = {
      LATCHKEY_DATABASE: join(program.folder, 'production.db'),
      LATCHKEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      LATCHKEY_SMTP_URL: smtp.url,
      LATCHKEY_MAIL_FROM: 'example.test',
    }
    const migrated = await program.run(['migrate'], environment)
    if (migrated.code !== 0) throw new Error(migrated.stderr)
    const create = ['instances', 'create', '--environment', 'production', '--frontend-host', FRONTEND_HOST]
    production.instance = await program.json<CreatedInstance>([...create, '--name', 'Tea & Co'], environment)
    const seed = join(program.folder, 'seed.json')
    writeFileSync(seed, JSON.stringify({ instance: { display: { home_url: APP } } }))
    const started = [
      'start',
      '--seed',
      seed,
      '--public-url',
      `https://${FRONTEND_HOST}`,
      '--trusted-proxies',
      'loopback',
    ]
    const { port } = await freePort()
    production.summary = await program.serve([...started, '--port', String(port)], environment)
    const local = `http://localhost:${port}`
    const { secretKey, publishableKey } = production.instance
    production.client = createClerkClient({ secretKey, apiUrl: local })
    const keys = { secretKey, publishableKey, apiUrl: local }
    const clerkClient = createOfficialClient(keys)
    const direct = productionApp({ ...keys, clerkClient }, { publishableKey, scripts: `https://${FRONTEND_HOST}/npm` })
    vi.stubEnv('CLERK_FAPI_URL', local)
    const proxied = productionApp(
      { ...keys, clerkClient, frontendApiProxy: { enabled: true } },
      { publishableKey, proxyUrl: '/__clerk', scripts: '/__clerk/npm' },
    )
    proxy = await startTlsProxy({
      [FRONTEND_HOST]: local,
      [new URL(APP).host]: `http://localhost:${await serve(direct)}`,
      [new URL(PROXIED).host]: `http://localhost:${await serve(proxied)}`,
    })
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    proxy?.close()
    await smtp.stop()
  })

  production.args = () => proxy!.args
  production.codeTo = async (address) => {
    const find = () => smtp.to(address).findLast((mail) => !taken.has(mail))
    const mail = await vi.waitFor(
      () => {
        const found = find()
        if (!found) throw new Error(`No mail to ${address}`)
        return found
      },
      { timeout: 60_000 },
    )
    for (const old of smtp.to(address)) taken.add(old)
    return /\b\d{6}\b/.exec(mail.text)![0]
  }
  return production
}

async function freePort(): Promise<AddressInfo> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  server.close()
  return address
}
