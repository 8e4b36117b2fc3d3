import { mkdtempSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { afterAll, beforeAll } from 'vitest'
import { useChromium } from './chromium.test-support.js'
import { useDomains } from './domains.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'
import { policyOf } from './production-app.test-support.js'
import { useServers } from './servers.test-support.js'
import { pagesBelow, type Stage } from './stage.test-support.js'

const TYPES: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8' }

/** What the application is told: see `react-app/main.jsx`. */
interface ReactConfig {
  publishableKey: string
  frontendApiUrl?: string
  scripts?: string
}

/**
 * Builds the application of `react-app/` once.
 *
 * @returns a function that serves it on a port of its own, which it returns; with a content security policy, if one is given
 */
function useReactApp(): (config: ReactConfig, policy?: string) => Promise<number> {
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

  return (config, policy) =>
    serve((request, response) => {
      if (policy) response.setHeader('content-security-policy', policy)
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
}

/** The application of `react-app/` on instances in development. */
export function useReactDevelopment(): Stage {
  const chromium = useChromium({ stage: 'react-development' })
  const latchkey = useLatchkey()
  const serve = useReactApp()
  return {
    visit: chromium.visit,
    async open(settings) {
      const place = await latchkey.open(settings)
      const { publishableKey, frontendApiUrl } = place.instance
      const port = await serve({ publishableKey, frontendApiUrl, scripts: `${latchkey.url}/npm` })
      const url = `http://localhost:${port}`
      return { ...place, url, ...pagesBelow(url) }
    },
  }
}

/** The application of `react-app/` on instances in production. */
export function useReactProduction(): Stage {
  const domains = useDomains('react-production')
  const serve = useReactApp()
  return {
    visit: domains.visit,
    async open(settings) {
      const domain = await domains.open(settings)
      const { publishableKey, frontendApiUrl } = domain.instance
      domain.leadTo(await serve({ publishableKey }, policyOf({ scripts: frontendApiUrl })))
      return { ...domain, ...pagesBelow(domain.url) }
    },
  }
}
