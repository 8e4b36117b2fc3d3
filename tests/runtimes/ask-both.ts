/** Bundled for edge-runtime; the bundle defines `askBoth`. Both SDKs are those that an edge runtime gets. */
import { current } from './current-fetch.js'
import { createClerkClient } from '@clerk/backend'
import { createAuthenticateRequest } from '@latchkey/backend/internal'
import {
  ask,
  createApi,
  type Answered,
  type Visit,
} from '../../packages/backend/src/authenticate/asking.test-support.js'

export interface Question {
  visit: Visit
  /** Unix milliseconds. */
  now: number
  keys: { publishableKey: string; secretKey: string; jwtKey: string }
  jwk: object
}

async function askBoth({ visit, now, keys, jwk }: Question): Promise<{ ours: Answered; official: Answered }> {
  Date.now = () => now
  const [ourApi, officialApi] = [createApi(visit.api, jwk), createApi(visit.api, jwk)]
  const { authenticateRequest } = createAuthenticateRequest({
    options: { ...keys, maxRetries: 0, fetch: ourApi.fetch },
  })
  const client = createClerkClient({ ...keys, telemetry: { disabled: true } })
  current.fetch = officialApi.fetch
  return {
    ours: { outcome: await ask(authenticateRequest, visit), requests: ourApi.requests },
    official: { outcome: await ask(client.authenticateRequest, visit), requests: officialApi.requests },
  }
}

// Text, because objects of another realm equal none of the test's.
Object.assign(globalThis, { askBoth: async (question: Question) => JSON.stringify(await askBoth(question)) })
for (const method of ['log', 'warn', 'error'] as const) console[method] = () => undefined
