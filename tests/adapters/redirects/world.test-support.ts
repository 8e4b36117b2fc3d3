import { createServer, type CreatedInstance, type Server } from '@latchkey/server'
import { createClerkClient } from '@latchkey/backend'
import { afterAll, beforeAll, vi } from 'vitest'
import { listen, type Listener } from '../../../packages/cli/src/listen.js'
import { Visitor, type Network } from './visitor.test-support.js'

const PASSWORD = 'a quiet harbour at dusk'
const EMAIL = 'ada@example.com'

/** A server with an instance for development and one in production, which has a satellite. */
export interface World {
  apiUrl: string
  network: Network
  development: Place
  production: Place
  /** In milliseconds; added to this machine's clock. */
  clock: { ahead: number }
}

export interface Place {
  instance: CreatedInstance
  /** The base of the Frontend API for browsers. */
  frontendApiUrl: string
  userId: string
  /** In the query, it frees a call from the limits. */
  testingToken: string
}

export const PRODUCTION = 'primary.example'
export const SATELLITE = 'satellite.example'

export function useWorld(): World {
  const world = { network: new Map(), clock: { ahead: -600_000 } } as unknown as World
  let listener: Listener | undefined
  let server: Server | undefined

  beforeAll(async () => {
    listener = await listen(0, 'localhost')
    world.apiUrl = listener.url
    // Packages for Next read it once, when they are loaded.
    vi.stubEnv('CLERK_API_URL', world.apiUrl)
    vi.stubEnv('CLERK_TELEMETRY_DISABLED', '1')
    vi.stubEnv('NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED', '1')
    server = await createServer({
      publicUrl: listener.url,
      passwords: { memoryKib: 64, passes: 1 },
      clock: { now: () => Date.now() + world.clock.ahead },
    })
    const { fetch, createInstance } = server
    listener.handle((request, connection) => fetch(request, connection))
    const port = Number(new URL(listener.url).port)
    world.development = await place(await createInstance({ isDefault: true }), listener.url)
    const frontendHost = `clerk.${PRODUCTION}`
    const production = await createInstance({ environmentType: 'production', frontendHost })
    world.production = await place(production, `https://${frontendHost}`)
    await clientOf(production).domains.add({ name: SATELLITE, is_satellite: true })
    world.network.set(frontendHost, port)
    world.network.set(`clerk.${SATELLITE}`, port)
    world.clock.ahead = 0
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await listener?.drain(100)
    await server?.close()
  })

  const clientOf = ({ secretKey }: CreatedInstance) => createClerkClient({ secretKey, apiUrl: world.apiUrl })

  async function place(instance: CreatedInstance, frontendApiUrl: string): Promise<Place> {
    const client = clientOf(instance)
    const { id } = await client.users.createUser({ emailAddress: [EMAIL], password: PASSWORD })
    const { token } = await client.testingTokens.createTestingToken()
    return { instance, frontendApiUrl, userId: id, testingToken: token }
  }
  return world
}

/**
 * A visitor who has signed in at an application, with the cookies that its page has then.
 *
 * @param page of the application
 */
export async function signIn(world: World, { frontendApiUrl, testingToken }: Place, page: string): Promise<Visitor> {
  const visitor = new Visitor(world.network)
  const { origin, protocol } = new URL(page)
  let query = `?__clerk_testing_token=${testingToken}`
  if (protocol === 'http:') {
    const { id } = JSON.parse(await visitor.post(`${frontendApiUrl}/v1/dev_browser`, origin, {})) as { id: string }
    visitor.set(page, '__clerk_db_jwt', id)
    query += `&__clerk_db_jwt=${id}`
  }
  const form = { identifier: EMAIL, password: PASSWORD }
  const { client } = JSON.parse(await visitor.post(`${frontendApiUrl}/v1/client/sign_ins${query}`, origin, form)) as {
    client: { updated_at: number; sessions: { last_active_token: { jwt: string } }[] }
  }
  visitor.set(page, '__session', client.sessions[0]!.last_active_token.jwt)
  if (protocol === 'http:') visitor.set(page, '__client_uat', String(Math.floor(client.updated_at / 1000)))
  return visitor
}
