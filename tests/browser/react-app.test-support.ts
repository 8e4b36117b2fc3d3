import { once } from 'node:events'
import { readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClerkClient } from '@latchkey/backend'
import type { CreatedInstance } from '@latchkey/server'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { afterAll, beforeAll } from 'vitest'
import type { Latchkey } from './latchkey.test-support.js'

const TYPES: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8' }

export interface ReactApp {
  /** `http://localhost:<port>` */
  url: string
  instance: CreatedInstance
  client: ReturnType<typeof createClerkClient>
}

/**
 * Builds the application of `react-app/` once. Each call opens it on a port of its own, for a new instance of the server.
 *
 * @returns a function that takes the instance's settings, as a seed file has them
 */
export function useReactApp(latchkey: Latchkey): (settings?: object) => Promise<ReactApp> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-react-'))
  const servers: Server[] = []
  beforeAll(async () => {
    const root = fileURLToPath(new URL('./react-app', import.meta.url))
    await build({
      root,
      configFile: false,
      logLevel: 'error',
      plugins: [react()],
      build: {
        outDir: folder,
        emptyOutDir: true,
        minify: false,
        rolldownOptions: { input: ['index.html', 'older.html'].map((name) => join(root, name)) },
      },
    })
  })
  afterAll(async () => {
    for (const server of servers) {
      server.close()
      server.closeAllConnections()
    }
    await rm(folder, { recursive: true })
  })

  return async (settings) => {
    const instance = await latchkey.server.createInstance({ name: 'Tea & Co' })
    if (settings) await latchkey.server.admin.seed(instance.id, { instance: settings })
    const { publishableKey, frontendApiUrl, secretKey } = instance
    const config = { publishableKey, frontendApiUrl, scripts: `${latchkey.url}/npm` }
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost')
      if (pathname === '/config.js') {
        return void response.setHeader('content-type', TYPES['.js']!).end(`window.config = ${JSON.stringify(config)}`)
      }
      // A path without a file is one that the application knows.
      const file = TYPES[extname(pathname)] ? pathname : '/index.html'
      readFile(join(folder, file)).then(
        (content) => response.setHeader('content-type', TYPES[extname(file)]!).end(content),
        () => response.writeHead(404).end(),
      )
    }).listen(0, 'localhost')
    servers.push(server)
    await once(server, 'listening')
    return {
      url: `http://localhost:${(server.address() as AddressInfo).port}`,
      instance,
      client: createClerkClient({ secretKey, apiUrl: latchkey.url }),
    }
  }
}
