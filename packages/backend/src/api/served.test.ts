import { describe, expect, it } from 'vitest'
import { backendEndpoints } from '../../../server/src/endpoints.js'
import { API_URL, useTestServer } from '../../../server/src/server.test-support.js'
import { ClerkAPIResponseError } from '../errors.js'
import { createClerkClient } from '../index.js'
import { createRecorder, type RecordedRequest } from '../recorder.test-support.js'
import { callMethod, furtherCalls, officialCalls, olderCalls, type Call } from './calls.test-support.js'

/** What `@clerk/backend` calls and no version of the contract describes: the server does not know that there is such a thing. */
const undescribed = ['emails.createBatch', 'emails.get', 'invitations.deleteInvitation']

const patterns = backendEndpoints.map(({ method, path }) => ({
  method,
  path: new RegExp(`^/v1${path.replaceAll(/:\w+/g, '[^/]+')}$`),
}))

const calls = await Promise.all([...officialCalls, ...furtherCalls, ...olderCalls].map(async (call) => ({ call, served: (await requestsOf(call)).every(isServed) })))
const served = calls.filter((each) => each.served).map(({ call }) => call)
const missing = calls.filter((each) => !each.served && !undescribed.includes(each.call[0])).map(({ call }) => call)

describe('against the server', () => {
  const server = useTestServer('sqlite')

  async function outcomeOf(call: Call): Promise<{ statuses: number[]; error?: unknown }> {
    const statuses: number[] = []
    const client = createClerkClient({
      secretKey: server.instance.secretKey,
      apiUrl: API_URL,
      maxRetries: 0,
      fetch: async (input, init) => {
        const response = await server.fetch(input, init)
        statuses.push(response.status)
        return response
      },
    })
    const error: unknown = await callMethod(client, call).then(() => undefined, (reason: unknown) => reason)
    return { statuses, error }
  }

  it.each(served)('%s is served', async (...call) => {
    const { statuses, error } = await outcomeOf(call)
    // Most ids are those of nobody, and so is the refresh token: that is an answer of the operation too.
    for (const status of statuses) expect([200, 202, 204, 400, 401, 403, 404, 409, 422]).toContain(status)
    if (error !== undefined) expect(error).toBeInstanceOf(ClerkAPIResponseError)
  })

  it.each(calls.filter(({ call: [name] }) => undescribed.includes(name)))('$call.0 is not described, and unknown', async ({ call }) => {
    expect((await outcomeOf(call)).statuses).toEqual([404])
  })

  it.each(missing)('%s is not served yet, and says so', async (...call) => {
    const { statuses, error } = await outcomeOf(call)
    expect(statuses).toContain(501)
    expect(error).toMatchObject({ status: 501, message: expect.stringContaining('does not serve this operation yet') as string })
  })
})

async function requestsOf(call: Call): Promise<RecordedRequest[]> {
  const recorder = createRecorder()
  recorder.answer({ body: { data: [], total_count: 0 } })
  await callMethod(createClerkClient({ secretKey: 'sk_test_recorded', fetch: recorder.fetch, maxRetries: 0 }), call).catch(() => {})
  return recorder.requests
}

function isServed({ method, path }: RecordedRequest): boolean {
  return patterns.some((pattern) => pattern.method === method && pattern.path.test(path))
}
