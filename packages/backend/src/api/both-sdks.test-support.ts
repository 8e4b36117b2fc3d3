import { vi } from 'vitest'
import type { ClerkClient as OfficialClient } from '@clerk/backend'
import { createClerkClient, type ClerkClient } from '../index.js'
import { createRecorder, type Answer, type RecordedRequest } from '../recorder.test-support.js'
import { callMethod, type Call } from './calls.test-support.js'

const options = { secretKey: 'sk_test_recorded', machineSecretKey: 'ak_recorded' }

const comparedHeaders = ['authorization', 'clerk-api-version', 'content-type', 'idempotency-key', 'x-from']

export interface Outcome {
  requests: RecordedRequest[]
  /** What a caller sees when looking at the fields: `_raw` and methods are not among them, a URL is its text. */
  result: unknown
  /** What the method threw instead, in words. */
  error?: string
}

export interface BothSDKs {
  ours: ClerkClient
  official: OfficialClient
  /** Makes both do the same call and get the same answers. */
  call(call: Call, ...answers: Answer[]): Promise<{ ours: Outcome; official: Outcome }>
}

export async function openBothSDKs(): Promise<BothSDKs> {
  const recorder = createRecorder()
  // It takes hold of fetch when it is loaded.
  vi.stubGlobal('fetch', recorder.fetch)
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { createClerkClient: createOfficially } = await import('@clerk/backend')
  const official = createOfficially({ ...options, telemetry: { disabled: true } } as Parameters<
    typeof createOfficially
  >[0])
  const ours = createClerkClient({ ...options, fetch: recorder.fetch, maxRetries: 0 })

  async function callOne(client: object, call: Call, answers: Answer[]): Promise<Outcome> {
    recorder.answer(...answers)
    const ended = await callMethod(client, call).then(
      (result) => ({ result: enumerable(result) }),
      (error: unknown) => ({ result: undefined, error: error instanceof Error ? error.message : String(error) }),
    )
    const requests = recorder.requests.map(({ headers, ...request }) => ({
      ...request,
      headers: Object.fromEntries(
        comparedHeaders.map((header) => [header, headers[header]?.replace(/boundary=.*/, '') ?? '']),
      ),
    }))
    return { ...ended, requests: requests.toSorted((a, b) => a.path.localeCompare(b.path)) }
  }

  return {
    ours,
    official,
    async call(call, ...answers) {
      return { official: await callOne(official, call, answers), ours: await callOne(ours, call, answers) }
    },
  }
}

function enumerable(value: unknown): unknown {
  return value === undefined
    ? undefined
    : JSON.parse(JSON.stringify(value, (key, field: unknown) => (key === '_raw' ? undefined : field)))
}

/** The official SDK lowers names by the rules of the process's language: in a Turkish one it sends `ıdentifications`. */
export function withDots<T>(requests: T): T {
  return JSON.parse(JSON.stringify(requests).replaceAll('ı', 'i')) as T
}
