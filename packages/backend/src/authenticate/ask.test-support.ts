import { vi } from 'vitest'
import { createAuthenticateRequest } from './authenticate-request.js'
import { toRequest, type Visit } from './asking.test-support.js'
import { createApi, jwtKey, productionKey } from './instance.test-support.js'
import type { AuthenticateRequestOptions } from './options.js'

/** Asks who makes a visit: what was answered, what the API was asked for that, and what was warned of. */
export async function ask(visit: Visit, options: AuthenticateRequestOptions = {}) {
  const api = createApi(visit.api)
  const onWarning = vi.fn<(error: Error) => void>()
  const client = {
    publishableKey: productionKey,
    secretKey: 'sk_test_x',
    jwtKey,
    maxRetries: 0,
    fetch: api.fetch,
    onWarning,
  }
  const { authenticateRequest } = createAuthenticateRequest({ options: client })
  const state = await authenticateRequest(toRequest(visit), { ...options, ...visit.options })
  return {
    state,
    requests: api.requests,
    warnings: onWarning.mock.calls.map(([error]) => error),
    location: state.headers.get('location'),
  }
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
