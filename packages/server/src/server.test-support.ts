import { createClerkClient } from '@latchkey/backend'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { contractFolder, openContract, type Contract } from '../../../tests/contract/contract.test-support.js'
import type { JsonObject } from '../../../tests/contract/json-schema.test-support.js'
import {
  createServer,
  type CreatedInstance,
  type CreateInstanceOptions,
  type Server,
  type ServerOptions,
} from './index.js'
import { backendEndpoints } from './compose/endpoints.js'
import { newMigratedDatabase } from './databases.test-support.js'
import { createOpenApi } from './http/openapi.js'
import { createIds, type Clock, type Logger, type Random } from './kernel/runtime.js'
import { operations, type OperationApi } from './http/operations.js'
import { giveSigningKey } from './instances/signing-key.test-support.js'
import { ENCRYPTION_KEY } from './instances/tokens.test-support.js'
import type { Dialect } from './storage/database.js'
import { useTestedOperations } from './tested-operations.test-support.js'
import { VERSION } from './kernel/version.js'
import { events, type EventRecord } from './outbox/events.table.js'
import { messages, type MessageRecord } from './outbox/messages/messages.table.js'

export { newDatabase, newMigratedDatabase } from './databases.test-support.js'

/** The databases that tests run on; `DIALECTS=sqlite` leaves PostgreSQL out. */
export const dialects = (process.env['DIALECTS']?.split(',') ?? ['sqlite', 'postgres']) as Dialect[]

/** A clock that stands still until it is told to go on. */
export class StillClock implements Clock {
  constructor(private time: number) {}

  now(): number {
    return this.time
  }

  /** @param milliseconds how far to go */
  advance(milliseconds: number): void {
    this.time += milliseconds
  }
}

export interface CallOptions {
  /** Default is the instance's secret key; null sends none. */
  key?: string | null
  version?: string | null
  headers?: Record<string, string>
}

export interface Answer<T = Record<string, unknown>> {
  status: number
  headers: Headers
  body: T
}

/** A server for the tests of one file, with a new instance for each test. Every answer is compared with the contract. */
export interface TestServer {
  server: Server
  clock: StillClock
  instance: CreatedInstance
  /** Makes an instance as each test has one. */
  newInstance(options?: CreateInstanceOptions): Promise<CreatedInstance>
  /** Our SDK, in process, as the instance's owner. */
  client: ReturnType<typeof createClerkClient>
  /** What the server logged at level error: a request that answers 500 leaves its reason here. */
  logged: { fields: object; message: string }[]
  /** A request as it goes over the wire, for what an SDK would not send. */
  // oxlint-disable-next-line no-explicit-any
  call<T = any>(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer<T>>
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>
  /** The instance's events, oldest first. */
  events(): Promise<EventRecord[]>
  messages(): Promise<MessageRecord[]>
}

export interface TestServerOptions extends Partial<ServerOptions> {
  /** Whether instances have a signing key from the start, which saves making one. Default is true. */
  withSigningKey?: boolean
}

export const API_URL = 'http://api.test'

export function useTestServer(dialect: Dialect, options: TestServerOptions = {}): TestServer {
  const { withSigningKey = true, encryptionKey = ENCRYPTION_KEY } = options
  const noteAnswer = useTestedOperations()
  const test = { logged: [] } as unknown as TestServer
  let dropDatabase = async () => {}

  beforeAll(async () => {
    const { location, drop } = await newMigratedDatabase(dialect)
    dropDatabase = drop
    test.clock = new StillClock(Date.now())
    const logger: Logger = {
      debug() {},
      info() {},
      warn() {},
      error: (fields, message) => test.logged.push({ fields, message }),
    }
    // Read here, as late as the tests' own set-up: a gateway may have its address only now.
    const { withSigningKey: _, ...serverOptions } = options
    test.server = await createServer({
      database: location,
      publicUrl: API_URL,
      clock: test.clock,
      ids: createIds(test.clock, countingRandom()),
      logger,
      passwords: { memoryKib: 64, passes: 1 },
      // Tests compare rows of events, which numbering them would change at any moment.
      webhooks: { deliver: false },
      // What comes due when the clock is turned is looked for in real time.
      messagesPollEvery: 20,
      ...serverOptions,
      encryptionKey,
    })
  })

  afterAll(async () => {
    await test.server?.close()
    await dropDatabase()
  })

  beforeEach(async () => {
    test.logged.length = 0
    test.instance = await test.newInstance()
    test.client = createClerkClient({ secretKey: test.instance.secretKey, apiUrl: API_URL, fetch: test.fetch })
  })

  // No test expects a fault of ours: what was logged as one is what the test should show.
  afterEach(() => {
    const [first] = test.logged
    if (first) throw new Error(first.message, { cause: (first.fields as { err?: unknown }).err })
  })

  test.newInstance = async (options) => {
    const instance = await test.server.createInstance(options)
    // Older than a key that the test makes, though the clock stands still.
    const createdAt = test.clock.now() - 1
    if (withSigningKey) await giveSigningKey(test.server, { instanceId: instance.id, encryptionKey, createdAt })
    return instance
  }

  test.fetch = async (input, init) => {
    const request = new Request(input, init)
    const response = await test.server.fetch(request)
    const url = new URL(request.url)
    const operation = operationOf(request, url)
    if (operation === undefined || (await isNotImplemented(response))) return response
    if (isUndescribed(operation)) return response
    const { api, operationId } = operation
    const described = contractOf(api)
    if (!described) return response
    const paginated = url.searchParams.has('paginated')
      ? { paginated: url.searchParams.get('paginated') === 'true' }
      : {}
    const type = response.headers.get('content-type')
    const isJson = type === 'application/json'
    // Of pages the contract says no more than their status.
    const isPage = api === 'backend' && type?.startsWith('text/html') === true
    described.validateResponse(
      operationId,
      response.status,
      isPage ? '' : isJson ? await response.clone().json() : await response.clone().text(),
      paginated,
    )
    noteAnswer(api === 'backend' ? operationId : `${api} ${operationId}`, response.status)
    return response
  }

  test.call = async (
    method,
    path,
    body,
    { key = test.instance.secretKey, version = '2026-05-12', headers = {} } = {},
  ) => {
    const isText =
      typeof body === 'string' ||
      body instanceof FormData ||
      body instanceof Uint8Array ||
      body instanceof URLSearchParams
    const response = await test.fetch(`${API_URL}/v1${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(version === null ? {} : { 'clerk-api-version': version }),
        ...(isText ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: (isText ? body : JSON.stringify(body)) as BodyInit }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: response.headers.get('content-type') === 'application/json' ? JSON.parse(text) : text,
    }
  }

  test.events = async () => {
    const rows = await test.server.database.read
      .selectFrom('events')
      .selectAll()
      .where('instance_id', '=', test.instance.id)
      .orderBy('sequence')
      .execute()
    return rows.map((row) => events.decode(row))
  }

  test.messages = async () => {
    const rows = await test.server.database.read
      .selectFrom('messages')
      .selectAll()
      .where('instance_id', '=', test.instance.id)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map((row) => messages.decode(row))
  }

  return test
}

/** Browsers' packages call it, and no description contains it. */
function isUndescribed({ api, operationId }: { api: OperationApi; operationId: string }): boolean {
  return api === 'frontend' && undescribed.has(operationId)
}

const undescribed = new Set(
  operations
    .filter(({ api, source }) => api === 'frontend' && source !== 'contract')
    .map(({ operationId }) => operationId),
)

async function isNotImplemented(response: Response): Promise<boolean> {
  return response.status === 400 && (await response.clone().text()).includes('"code":"not_implemented"')
}

const opened: Partial<Record<OperationApi, Contract>> = {}

/**
 * Our own description says what the contract of the Backend API leaves out, and everything where the contract is not at
 * hand. The Frontend API has none of its own.
 */
function contractOf(api: OperationApi): Contract | undefined {
  if (api === 'frontend') return contractFolder === undefined ? undefined : (opened.frontend ??= openContract(api))
  const own = () => JSON.stringify(createOpenApi(backendEndpoints, { publicUrl: API_URL, version: VERSION }))
  return (opened.backend ??= openContract(api, JSON.parse(own()) as JsonObject))
}

/** Random to no one, but never twice the same: ids made with it count up. */
function countingRandom(): Random {
  let count = process.pid * 1_000_000
  return {
    bytes(length) {
      const bytes = Buffer.alloc(length)
      bytes.writeUIntBE(++count, length - 6, 6)
      return bytes
    },
  }
}

const patterns = operations
  .flatMap(({ api, method, path, alsoAt, operationId }) =>
    (alsoAt ? [path, alsoAt] : [path]).map((at) => ({
      api,
      method,
      operationId,
      params: at.split(':').length,
      pattern: new RegExp(`^${at.replace(/:\w+/g, '[^/]+')}$`),
    })),
  )
  .sort((a, b) => a.params - b.params)

/** A path that begins with an instance, and a request without a key, are the Frontend API's. */
function operationOf(request: Request, url: URL): { api: OperationApi; operationId: string } | undefined {
  const path = url.pathname.replace(/^\/i\/[\w-]+/, '').replace(/(?<=.)\/$/, '')
  const method = (request.method === 'POST' && url.searchParams.get('_method')) || request.method
  const isBackend = path === url.pathname && request.headers.has('authorization')
  const found = patterns.filter((candidate) => candidate.method === method && candidate.pattern.test(path))
  return found.find(({ api }) => (api === 'backend') === isBackend) ?? found[0]
}
