import { readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { jwk, jwtKey, mint, NOW, productionKey } from './authenticate/instance.test-support.js'
import { createClerkClient, verifyToken } from './index.js'
import { verifyMachineAuthToken } from './internal.js'
import { createRecorder, type Answer } from './recorder.test-support.js'
import { verifyWebhook } from './webhooks.js'

/** What is compared of either SDK. */
interface Sdk {
  createClerkClient: typeof createClerkClient
  verifyToken: typeof verifyToken
  verifyMachineAuthToken: typeof verifyMachineAuthToken
  verifyWebhook: typeof verifyWebhook
}

interface Failure extends Error {
  reason?: string
  code?: string
  status?: number
  action?: string
  [field: string]: unknown
}

const recorder = createRecorder()
const own = { createClerkClient, verifyToken, verifyMachineAuthToken, verifyWebhook }
let official: Sdk

beforeAll(async () => {
  // It takes hold of fetch when it is loaded.
  vi.stubGlobal('fetch', recorder.fetch)
  const modules = [import('@clerk/backend'), import('@clerk/backend/internal'), import('@clerk/backend/webhooks')]
  official = Object.assign({}, ...(await Promise.all(modules))) as Sdk
})
beforeEach(() => void vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date', 'setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())
afterAll(() => vi.unstubAllGlobals())

/** What the work of each SDK fails with, the official one first; undefined where it succeeds. */
async function failures(work: (sdk: Sdk) => Promise<unknown>, answer: Answer = {}): Promise<(Failure | undefined)[]> {
  const found: (Failure | undefined)[] = []
  for (const sdk of [official, own]) {
    recorder.answer(answer)
    const failed = work(sdk).then(
      () => undefined,
      (error: Failure) => error,
    )
    let isOver = false
    void failed.then(() => (isOver = true))
    while (!isOver) {
      await vi.runAllTimersAsync()
      await setImmediate()
    }
    found.push(await failed)
  }
  return found
}

let instances = 0
/** Of an instance that nobody has asked about before. */
const remote = () => ({ secretKey: `sk_test_wording_${++instances}`, skipJwksCache: true })
const refused = (status: number, code: string): Answer => ({ status, body: { errors: [{ code, message: 'no' }] } })

type Proof = (cells: readonly string[]) => Promise<void>

/** Each field that a row names is the same in both. */
function same(work: (sdk: Sdk) => Promise<unknown>, answer?: Answer): Proof {
  return async ([fields]) => {
    const [theirs, ours] = await failures(work, answer)
    const read = (failure: Failure) =>
      [...fields!.matchAll(/`([^`]+)`/g)].map(([, field]) => {
        const [list, name] = field!.split('[].')
        const value = name ? (failure[list!] as Record<string, unknown>[]).map((one) => one[name]) : failure[field!]
        expect([field, value]).not.toEqual([field, undefined])
        return [field, value]
      })
    expect(read(ours!)).toEqual(read(theirs!))
  }
}

/** What each says is as in its cell, where … stands for anything. */
function worded(work: (sdk: Sdk) => Promise<unknown>, answer?: Answer, field: 'message' | 'action' = 'message'): Proof {
  return async (cells) => {
    const texts = (await failures(work, answer)).map((error) => error?.[field])
    expect(cells).toHaveLength(2)
    for (const [index, cell] of cells.entries()) expect(texts[index]).toMatch(patternOf(cell))
  }
}

function patternOf(cell: string): RegExp {
  const parts = cell.replace(/^`(.*)`$/, '$1').split('…')
  return new RegExp(`^${parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`)
}

function reasoned(work: (sdk: Sdk) => Promise<unknown>, answer?: Answer): Proof {
  return async (cells) => {
    const reasons = (await failures(work, answer)).map((error) => (error ? `\`${error.reason}\`` : 'is accepted'))
    expect(reasons).toEqual(cells.slice(0, 2))
  }
}

const error = { code: 'form_param_invalid', message: 'm', long_message: 'l', meta: { param_name: 'username' } }
const created = (sdk: Sdk) => sdk.createClerkClient({ secretKey: 'sk_test_x' }).users.createUser({ username: 'ada' })
const withAzp = async (sdk: Sdk) =>
  sdk.verifyToken(await mint({ azp: 'https://b.example' }), { jwtKey, authorizedParties: ['https://a.example'] })

/** One for each row of the page, by its first cell. */
const proofs: Record<string, Proof> = {
  '`ClerkAPIResponseError`': same(created, {
    status: 429,
    headers: { 'retry-after': '7' },
    body: { errors: [error], clerk_trace_id: 'trace' },
  }),
  '`TokenVerificationError`': same(async (sdk) => sdk.verifyToken(await mint({ exp: NOW - 60 }), { jwtKey })),
  '`MachineTokenVerificationError`': same(
    async (sdk) => {
      const { errors } = await sdk.verifyMachineAuthToken('ak_1', { secretKey: 'sk_test_x' })
      throw errors![0]
    },
    refused(404, 'resource_not_found'),
  ),
  '`WebhookVerificationError`': async () => {
    const request = () => new Request('http://localhost', { method: 'POST', body: '{}' })
    const [theirs, ours] = await failures((sdk) => sdk.verifyWebhook(request(), { signingSecret: 'whsec_c2VjcmV0' }))
    expect([theirs!.name, theirs!.code, ours!.code]).toEqual(['Error', undefined, 'headers_missing'])
  },
  'a request that is signed out': same(async (sdk) => {
    const client = sdk.createClerkClient({ secretKey: 'sk_live_x', publishableKey: productionKey, jwtKey })
    const headers = { authorization: `Bearer ${await mint({ exp: NOW - 60 })}` }
    const { reason, headers: answered } = await client.authenticateRequest(
      new Request('https://app.example.com', { headers }),
    )
    throw { reason, 'x-clerk-auth-reason': answered.get('x-clerk-auth-reason') }
  }),
  'no secret key at a call': worded((sdk) => sdk.createClerkClient({}).users.getUser('user_1')),
  '`azp` is no authorized party': worded(withAzp),
  'a key set without keys': worded(async (sdk) => sdk.verifyToken(await mint(), remote()), { body: { keys: [] } }),
  '`action`, where the key set has no such key': worded(
    async (sdk) => sdk.verifyToken(await mint({}, { keyId: 'ins_9' }), remote()),
    { body: { keys: [jwk] } },
    'action',
  ),
  'the API answers 403 for the key set': reasoned(
    async (sdk) => sdk.verifyToken(await mint(), remote()),
    refused(403, 'forbidden'),
  ),
  'a key set of more than 100 keys': reasoned(async (sdk) => sdk.verifyToken(await mint(), remote()), {
    body: { keys: Array.from({ length: 101 }, () => jwk) },
  }),
  '`jwtKey` is no key': reasoned(async (sdk) => sdk.verifyToken(await mint(), { jwtKey: 'no key' })),
  'the JWT of a machine at `verifyToken`': reasoned(async (sdk) =>
    sdk.verifyToken(await mint({ sub: 'mch_1' }, { category: undefined }), { jwtKey }),
  ),
}

/** The rows of all tables of the page, without their heads. */
const rows = readFileSync(new URL('../../../docs/wording.md', import.meta.url), 'utf8')
  .split(/\n\|[-|]+\|\n/)
  .slice(1)
  .flatMap((part) => part.split('\n\n')[0]!.trim().split('\n'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )

describe('the page of wording', () => {
  it('has a proof of each of its rows', () => {
    expect(rows.map(([name]) => name)).toEqual(Object.keys(proofs))
  })

  it.each(rows)('tells the truth of %s', async (name, ...cells) => {
    await proofs[name!]!(cells)
  })
})
