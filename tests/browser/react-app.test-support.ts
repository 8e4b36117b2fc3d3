import { mkdtempSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { afterAll, beforeAll } from 'vitest'
import { useChromium } from './chromium.test-support.js'
import { openApplication } from './clerk-js.test-support.js'
import { useLatchkey, type Latchkey, type Place } from './latchkey.test-support.js'
import { useServers } from './servers.test-support.js'
import type { Stage } from './stage.test-support.js'

const TYPES: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8' }

export interface ReactApp extends Place {
  /** `http://localhost:<port>` */
  url: string
}

/**
 * Builds the application of `react-app/` once. Each call opens it on a port of its own, for a new instance of the server.
 *
 * @returns a function that takes the instance's settings, as a seed file has them
 */
export function useReactApp(latchkey: Latchkey): (settings?: object) => Promise<ReactApp> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-react-'))
  const serve = useServers()
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
  afterAll(() => rm(folder, { recursive: true }))

  return async (settings) => {
    const place = await latchkey.open(settings)
    const { publishableKey, frontendApiUrl } = place.instance
    const config = { publishableKey, frontendApiUrl, scripts: `${latchkey.url}/npm` }
    const port = await serve((request, response) => {
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
    })
    return { ...place, url: `http://localhost:${port}` }
  }
}

/** The application of `react-app/` on an instance in development. */
export function useReactDevelopment(): Stage {
  const chromium = useChromium()
  const latchkey = useLatchkey()
  const open = useReactApp(latchkey)
  return {
    visit: chromium.visit,
    async open(settings) {
      const app = await open(settings)
      return { ...app, go: ({ page }, path) => openApplication(page, app.url + path) }
    },
  }
}
