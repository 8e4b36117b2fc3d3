import { type ClerkClient, createClerkClient } from '@latchkey/backend'
import { createPages } from '@latchkey/pages'
import {
  type CreatedInstance,
  type CreateInstanceOptions,
  createServer,
  type Server,
  type ServerOptions,
} from '@latchkey/server'
import { cookiesOf, type BrowserCookie, type BrowserPage } from './browser.js'
import { countingIds } from './counting-ids.js'
import { openPort, type Answer } from './open-port.js'
import { readEvents, readMessages, type TestEvent, type TestMessage } from './outbox.js'
import { RunningClock, StillClock } from './still-clock.js'

/** URL of the server while it has no port. Only its own `fetch` reaches it. */
const URL_WITHOUT_PORT = 'http://latchkey.test'

export interface TestServerOptions extends Omit<ServerOptions, 'clock' | 'ids' | 'publicUrl'> {
  /** Opens this port on 127.0.0.1 for clients in other processes; 0 picks a free port. Default: no port. */
  port?: number
  /** Base of every URL the server returns. Default is `url` of {@link TestServer}. */
  publicUrl?: string
  /** The time at which the clock stands, in Unix milliseconds. Default is the current time. */
  now?: number
  /**
   * `running` lets the clock go on with the machine's: for tests with a browser, whose own clock goes on too. It can still
   * be advanced. Default is `still`.
   */
  clock?: 'still' | 'running'
}

/** An instance with its own users, settings and keys. */
export interface TestInstance extends CreatedInstance {
  /** The SDK with the instance's secret key, answered by the server in this process. */
  client: ClerkClient
  /** The public key of its session tokens, PEM. Created on the first call. */
  jwtKey(): Promise<string>
  /** The messages it would have sent, oldest first. Nothing leaves the process. */
  messages(): Promise<TestMessage[]>
  /** The webhook events so far, oldest first. */
  events(): Promise<TestEvent[]>
  /**
   * The cookies of a new browser in which the user has just signed in, for requests to your application.
   *
   * @param url a page of the application, such as `http://localhost:3000`
   */
  cookies(user: SignedInUser, url: string): Promise<BrowserCookie[]>
  /**
   * Signs a user in in a Playwright page, without forms. The page, and others of its context, are signed in from the next
   * time they load.
   *
   * @param url a page of the application. Default is where the page is.
   */
  signIn(page: BrowserPage, user: SignedInUser, url?: string): Promise<void>
}

/** A user, or the id of one. */
export type SignedInUser = string | { id: string }

export interface TestServer extends Pick<
  TestInstance,
  'client' | 'jwtKey' | 'messages' | 'events' | 'secretKey' | 'publishableKey' | 'cookies' | 'signIn'
> {
  /** The `apiUrl` for any SDK. Until a port is open, it is `http://latchkey.test`, which only `fetch` can reach. */
  readonly url: string
  /** Answers requests below `url` without a network; any SDK that takes a `fetch` can use it. */
  fetch: typeof globalThis.fetch
  clock: StillClock
  /** The default instance. `client`, `messages` and the others are shortcuts to it. */
  instance: TestInstance
  /** Creates another instance, for example one for each test. */
  createInstance(options?: CreateInstanceOptions): Promise<TestInstance>
  /**
   * Opens a port on 127.0.0.1, unless one is open. From then on, links in answers, such as `image_url`, use it.
   *
   * @param port Default is 0, which picks a free port.
   * @returns The port's URL. It also becomes `url`, unless `publicUrl` is given.
   */
  listen(port?: number): Promise<string>
  close(): Promise<void>
}

/**
 * A server inside your tests. Its data is in memory unless `database` says otherwise, its clock stands still until you
 * advance it, its ids count up, and passwords are hashed cheaply.
 */
export async function createTestServer({
  port,
  now = Date.now(),
  clock: kind = 'still',
  ...options
}: TestServerOptions = {}): Promise<TestServer> {
  const clock = kind === 'running' ? new RunningClock(now) : new StillClock(now)
  let opening = port === undefined ? undefined : openPort(port)
  let url = options.publicUrl ?? (await opening)?.url ?? URL_WITHOUT_PORT
  const server = await createServer({
    passwords: { memoryKib: 64, passes: 1 },
    pages: createPages(),
    ...options,
    publicUrl: () => url,
    clock,
    ids: countingIds(),
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
      // Allows a retry, and `close()`.
      opening = undefined
      throw error
    }
  }

  const fetch: typeof globalThis.fetch = (input, init) => server.fetch(new Request(input, init))
  const createInstance = async (instance?: CreateInstanceOptions) =>
    toTestInstance(await server.createInstance(instance), server, fetch)
  const instance = await createInstance({ isDefault: true })
  const { client, jwtKey, messages, events, secretKey, publishableKey, cookies, signIn } = instance
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
    cookies,
    signIn,
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
  const client = createClerkClient({ secretKey, apiUrl, fetch })
  const cookies: TestInstance['cookies'] = (user, url) => {
    const { frontendApiUrl } = server.admin.urls(instance)
    const userId = typeof user === 'string' ? user : user.id
    return cookiesOf(userId, url, { instance: { ...instance, frontendApiUrl }, client, fetch })
  }
  return {
    ...instance,
    get apiUrl() {
      return server.admin.urls(instance).apiUrl
    },
    get frontendApiUrl() {
      return server.admin.urls(instance).frontendApiUrl
    },
    client,
    cookies,
    async signIn(page, user, url = page.url()) {
      await page.context().addCookies(await cookies(user, url))
    },
    jwtKey: () => server.admin.jwtKey(id),
    messages: () => readMessages(server, id),
    events: () => readEvents(server, id),
  }
}
