import { createHash } from 'node:crypto'
import { beforeAll, beforeEach } from 'vitest'
import { backendEndpoints } from '../../packages/server/src/compose/endpoints.js'
import { tables } from '../../packages/server/src/compose/tables.js'
import type { Endpoint } from '../../packages/server/src/http/endpoint.js'
import {
  API_URL,
  useTestServer,
  type Answer,
  type TestServer,
  type TestServerOptions,
} from '../../packages/server/src/server.test-support.js'
import type { CreatedInstance } from '../../packages/server/src/index.js'
import type { Dialect } from '../../packages/server/src/storage/database.js'
import { ownIds, PIXEL } from '../../packages/server/src/transfer/seed/everything.test-support.js'
import { fill, pathToRow } from '../properties/path-parameters.test-support.js'
import { goodBodies } from './good-bodies.test-support.js'

export type AnyEndpoint = Pick<Endpoint, 'operationId' | 'method' | 'path' | 'file'>

/** An instance with one of everything. */
export interface Filled {
  instance: CreatedInstance
  own(id: string): string
  /** The path of an endpoint, with this instance's rows in place of its parameters. */
  pathOf(endpoint: Pick<AnyEndpoint, 'path'>): Promise<string>
}

export interface World {
  server: TestServer
  /** What is attacked. Requests that name no instance go to it. */
  victim: Filled
  /** Another instance of the same server, with the same in it. */
  other: Filled
  fill(): Promise<Filled>
}

/** One server for all tests of a file, with two instances that stay as they are: what is refused changes nothing. */
export function useWorld(dialect: Dialect, options: TestServerOptions = {}): World {
  const server = useTestServer(dialect, options)
  const world = { server } as World

  world.fill = async () => filled(server, await server.newInstance())

  beforeAll(async () => {
    world.victim = await filled(server, await server.newInstance({ isDefault: true }))
    world.other = await world.fill()
    // What is attacked is made before anyone looks at what an attack changes.
    for (const one of [world.victim, world.other]) for (const endpoint of backendEndpoints) await one.pathOf(endpoint)
  })
  beforeEach(() => {
    server.instance = world.victim.instance
  })
  return world
}

async function filled(server: TestServer, instance: CreatedInstance): Promise<Filled> {
  await fill({ ...server, instance })
  const made = new Map<string, string>()
  return {
    instance,
    own: ownIds(instance.id),
    pathOf: async ({ path }) => {
      const known = made.get(path)
      if (known !== undefined) return known
      const before = server.instance
      server.instance = instance
      const found = await pathToRow(server, path)
      server.instance = before
      made.set(path, found)
      return found
    },
  }
}

/** What an operation is asked for when all is well. */
export function goodBody({ operationId, method, file }: AnyEndpoint, { own }: Filled): unknown {
  if (file) {
    const form = new FormData()
    form.append('file', new File([PIXEL], 'pixel.png', { type: 'image/png' }))
    return form
  }
  return method === 'GET' ? undefined : (goodBodies[operationId]?.(own) ?? {})
}

/** A request of the Backend API as it goes over the wire, without looking at what the contract says of its answer. */
export async function send(
  { server }: World,
  { method }: AnyEndpoint,
  path: string,
  { authorization, body, type }: { authorization?: string | undefined; body?: unknown; type?: string } = {},
): Promise<Answer<string>> {
  const isRaw = body instanceof FormData || body instanceof ReadableStream
  const response = await server.server.fetch(
    new Request(`${API_URL}/v1${path}`, {
      method,
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(isRaw ? (type === undefined ? {} : { 'content-type': type }) : { 'content-type': 'application/json' }),
        'clerk-api-version': '2026-05-12',
      },
      ...(body === undefined || method === 'GET' ? {} : { body: isRaw ? body : JSON.stringify(body) }),
      ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
    } as RequestInit),
  )
  return { status: response.status, headers: response.headers, body: await response.text() }
}

/** The code of an answer's first error; null of a good answer. */
export function codeOf({ status, body }: { status: number; body: string }): string | null {
  return status < 400 ? null : (JSON.parse(body) as { errors: { code: string }[] }).errors[0]!.code
}

/** When a key was last used says nothing of what was done with it. */
const IGNORED = new Set(['last_used_at'])

/** A digest of all rows of an instance, by table. */
export async function rowsOf(
  { server }: Pick<World, 'server'>,
  { instance }: Pick<Filled, 'instance'>,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (const { name } of tables.filter(({ names }) => names.includes('instance_id'))) {
    const rows = await server.server.database.read
      .selectFrom(name as 'users')
      .selectAll()
      .where('instance_id', '=', instance.id)
      .execute()
    const lines = rows.map((row) => JSON.stringify(row, (key, value: unknown) => (IGNORED.has(key) ? null : value)))
    found.set(name, createHash('sha256').update(lines.sort().join('\n')).digest('hex'))
  }
  return found
}

/** The tables whose rows are no longer the same. */
export function changedIn(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...before.keys()].filter((name) => before.get(name) !== after.get(name))
}
