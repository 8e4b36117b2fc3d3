import { createClerkClient as createOfficialClient } from '@clerk/express'
import { afterAll, vi } from 'vitest'
import { useDomains } from './domains.test-support.js'
import { plainPages, type PlainStageOptions } from './plain-app.test-support.js'
import { productionApp } from './production-app.test-support.js'
import { useServers } from './servers.test-support.js'
import type { Stage } from './stage.test-support.js'

export interface PlainProductionOptions extends PlainStageOptions {
  /** Whether browsers call the Frontend API through the application, below `/__clerk`. */
  isProxied?: boolean
}

/** The plain page on instances in production. */
export function usePlainProduction({ isProxied = false, ...options }: PlainProductionOptions): Stage {
  const domains = useDomains(options.name)
  const serve = useServers()
  afterAll(() => {
    vi.unstubAllEnvs()
  })
  return {
    visit: domains.visit,
    async open(settings) {
      const domain = await domains.open(settings)
      const { publishableKey, secretKey, frontendApiUrl } = domain.instance
      const keys = { secretKey, publishableKey, apiUrl: domain.apiUrl }
      const middleware = { ...keys, clerkClient: createOfficialClient(keys) }
      if (isProxied) vi.stubEnv('CLERK_FAPI_URL', domain.apiUrl)
      const app = isProxied
        ? productionApp(
            { ...middleware, frontendApiProxy: { enabled: true } },
            { ...options, publishableKey, proxyUrl: '/__clerk', scripts: '/__clerk/npm' },
          )
        : productionApp(middleware, { ...options, publishableKey, scripts: `${frontendApiUrl}/npm` })
      domain.leadTo(await serve(app))
      return { ...domain, ...plainPages(domain.url, domain.instance, options) }
    },
  }
}
