import { createClerkClient as createOfficialClient } from '@clerk/backend'
import { expect, vi } from 'vitest'
import { ask, type Answered, type Outcome, type Visit } from './asking.test-support.js'
import { createAuthenticateRequest } from './authenticate-request.js'
import { createApi, jwtKey, NOW, productionKey } from './instance.test-support.js'

export * from './instance.test-support.js'

export const shared = { publishableKey: productionKey, secretKey: 'sk_test_x', jwtKey }

export async function askOurs(visit: Visit): Promise<Answered> {
  const api = createApi(visit.api)
  const { authenticateRequest } = createAuthenticateRequest({ options: { ...shared, maxRetries: 0, fetch: api.fetch } })
  return { outcome: await ask(authenticateRequest, visit), requests: api.requests }
}

export async function askOfficial(visit: Visit): Promise<Answered> {
  const api = createApi(visit.api)
  vi.stubGlobal('fetch', api.fetch)
  for (const method of ['log', 'warn', 'error'] as const) vi.spyOn(console, method).mockImplementation(() => undefined)
  try {
    const client = createOfficialClient({ ...shared, telemetry: { disabled: true } })
    return { outcome: await ask(client.authenticateRequest, visit), requests: api.requests }
  } finally {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  }
}

/** Asks both SDKs and compares everything but the wording. */
export async function compare(visit: Visit): Promise<Outcome> {
  vi.useFakeTimers({ now: (visit.now ?? NOW) * 1000, toFake: ['Date'] })
  try {
    const official = await askOfficial(visit)
    const ours = await askOurs(visit)
    expect(ours).toEqual(official)
    return ours.outcome
  } finally {
    vi.useRealTimers()
  }
}
