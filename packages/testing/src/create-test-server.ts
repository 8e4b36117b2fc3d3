import { type ClerkClient, createClerkClient } from '@latchkey/backend'
import {
  type CreatedInstance,
  type CreateInstanceOptions,
  createIds,
  createServer,
  type Server,
  type ServerOptions,
} from '@latchkey/server'
import { countingRandom } from './counting-random.js'
import { openPort, type Answer } from './open-port.js'
import { readEvents, readMessages, type TestEvent, type TestMessage } from './outbox.js'
import { StillClock } from './still-clock.js'

/** Where the server is when it has no port: its own `fetch` answers for it. */
const URL_WITHOUT_PORT = 'http://latchkey.test'

export interface TestServerOptions extends Omit<ServerOptions, 'clock' | 'ids' | 'publicUrl'> {
  /** Opens this port on 127.0.0.1, 0 a free one, for clients in other processes. Default is none. */
  port?: number
  /** The base of every URL that is handed out. Default is `url` of {@link TestServer}. */
  publicUrl?: string
  /** Where the clock stands, in Unix milliseconds. Default is the present. */
  now?: number
}

/** An instance with users, settings and keys of its own. */
export interface TestInstance extends CreatedInstance {
  /** The SDK with the instance's secret key, answered by the server in this process. */
  client: ClerkClient
  /** The public key of its session tokens, PEM. Made when it is first asked for. */
  jwtKey(): Promise<string>
  /** What it has sent, oldest first. Nothing leaves the process. */
  messages(): Promise<TestMessage[]>
  /** The webhook events of what has happened, oldest first. */
  events(): Promise<TestEvent[]>
}

export interface TestServer extends Pick<
  TestInstance,
  'client' | 'jwtKey' | 'messages' | 'events' | 'secretKey' | 'publishableKey'
> {
  /** What `apiUrl` of any SDK is set to. `http://latchkey.test`, which only `fetch` can reach, until a port is open. */
  readonly url: string
  /** Answers requests below `url` without a network; any SDK that takes a `fetch` can use it. */
  fetch: typeof globalThis.fetch
  clock: StillClock
  /** The default instance, which `client`, `messages` and the others are short for. */
  instance: TestInstance
  /** Another one, for example one for each test. */
  createInstance(options?: CreateInstanceOptions): Promise<TestInstance>
  /**
   * Opens a port on 127.0.0.1, unless one is open. From then on links in answers, such as `image_url`, lead to it.
   *
   * @param port Default is 0, a free one.
   * @returns The port's URL, which is `url` then unless `publicUrl` is given.
   */
  listen(port?: number): Promise<string>
  close(): Promise<void>
}

/**
 * A server inside your tests. Its data is in memory unless `database` says otherwise, its clock stands still until it is
 * told to advance, its ids count up, and passwords are hashed cheaply.
 */
export async function createTestServer({
  port,
  now = Date.now(),
  ...options
}: TestServerOptions = {}): Promise<TestServer> {
  const clock = new StillClock(now)
  let opening = port === undefined ? undefined : openPort(port)
  let url = options.publicUrl ?? (await opening)?.url ?? URL_WITHOUT_PORT
  const server = await createServer({
    passwords: { memoryKib: 64, passes: 1 },
    ...options,
    publicUrl: () => url,
    clock,
    ids: createIds(clock, countingRandom()),
  })
  const answer: Answer = (request, connection) => server.fetch(request, connection)
  ;(await opening)?.answerWith(answer)

  const listen = async (wanted = 0): Promise<string> => {
    opening ??= openPort(wanted)
    try {
      const opened = await opening
      opened.answerWith(answer)
      url = options.publicUrl ?? opened.url
      return opened.url
    } catch (error) {
      // So that it can be tried again, and closed.
      opening = undefined
      throw error
    }
  }

  const fetch: typeof globalThis.fetch = (input, init) => server.fetch(new Request(input, init))
  const createInstance = async (instance?: CreateInstanceOptions) =>
    toTestInstance(await server.createInstance(instance), server, fetch)
  const instance = await createInstance({ isDefault: true })
  const { client, jwtKey, messages, events, secretKey, publishableKey } = instance
  return {
    get url() {
      return url
    },
    fetch,
    clock,
    instance,
    client,
    jwtKey,
    messages,
    events,
    secretKey,
    publishableKey,
    createInstance,
    listen,
    async close() {
      await (await opening)?.close()
      await server.close()
    },
  }
}

function toTestInstance(instance: CreatedInstance, server: Server, fetch: typeof globalThis.fetch): TestInstance {
  const { id, secretKey, apiUrl } = instance
  return {
    ...instance,
    get apiUrl() {
      return server.admin.urls(instance).apiUrl
    },
    get frontendApiUrl() {
      return server.admin.urls(instance).frontendApiUrl
    },
    client: createClerkClient({ secretKey, apiUrl, fetch }),
    jwtKey: () => server.admin.jwtKey(id),
    messages: () => readMessages(server, id),
    events: () => readEvents(server, id),
  }
}
