// node transports.mjs CASE: asks for a user twice with the client, then once with fetch, in an application that did what the
// case says. Prints what the application's own part saw, and whether this version of Node knows what the case is about.
import * as http from 'node:http'
import { createRequire } from 'node:module'

const { API_URL, UNDICI, PROXY_URL, TRANSPORT } = process.env
const [major, minor] = process.versions.node.split('.').map(Number)
/** Loaded only where the case says so: it sets an agent of its own. */
const undici = () => createRequire(import.meta.url)(UNDICI)
const nodesFetch = globalThis.fetch
let seen = 0
let knows = true

const cases = {
  'did nothing'() {},
  async 'used fetch before'() {
    await (await fetch(`${API_URL}/v1/users/user_1`)).text()
  },
  'loaded the package undici'() {
    undici()
  },
  'replaced fetch'() {
    globalThis.fetch = function fetch(...request) {
      seen++
      return nodesFetch(...request)
    }
  },
  'replaced fetch before it loaded the client'() {
    cases['replaced fetch']()
  },
  'set a proxy agent'() {
    const { ProxyAgent, setGlobalDispatcher } = undici()
    setGlobalDispatcher(new ProxyAgent(PROXY_URL))
  },
  'set an agent with a connector of its own'() {
    const { Agent, buildConnector, setGlobalDispatcher } = undici()
    const connect = buildConnector({})
    const counting = (...parameters) => {
      seen++
      return connect(...parameters)
    }
    setGlobalDispatcher(new Agent({ connect: counting }))
  },
  'set an agent with an interceptor'() {
    const { Agent, setGlobalDispatcher } = undici()
    const counting = (dispatch) => (options, handler) => {
      seen++
      return dispatch(options, handler)
    }
    setGlobalDispatcher(new Agent().compose(counting))
  },
  async "put an interceptor into Node's own agent"() {
    await cases['used fetch before']()
    for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
      const dispatcher = globalThis[symbol]
      if (typeof dispatcher?.compose !== 'function') continue
      globalThis[symbol] = dispatcher.compose((dispatch) => (options, handler) => {
        seen++
        return dispatch(options, handler)
      })
    }
  },
  'set a mock'() {
    const { MockAgent, setGlobalDispatcher } = undici()
    const agent = new MockAgent()
    agent.disableNetConnect()
    agent
      .get(API_URL)
      .intercept({ path: () => true })
      .reply(200, () => (seen++, { id: 'user_1', object: 'user' }), { headers: { 'content-type': 'application/json' } })
      .persist()
    setGlobalDispatcher(agent)
  },
  /** Stated to Node in its environment. */
  'uses a proxy of the environment'() {
    knows = major >= 24 || (major === 22 && minor >= 21)
  },
  'uses a proxy of the environment later'() {
    knows = 'setGlobalProxyFromEnv' in http
    if (knows) http.setGlobalProxyFromEnv({ HTTP_PROXY: PROXY_URL })
  },
}

const what = process.argv[2]
if (what.endsWith('before it loaded the client')) cases[what]()
const { createClerkClient } = await import('@latchkey/backend')
const client = createClerkClient({ secretKey: 'sk_test_1', apiUrl: API_URL, maxRetries: 0, transport: TRANSPORT })
if (!what.endsWith('before it loaded the client')) await cases[what]()
const users = [await client.users.getUser('user_1'), await client.users.getUser('user_1')]
users.push(await (await fetch(`${API_URL}/v1/users/user_1`)).json())
console.log(JSON.stringify({ ids: users.map(({ id }) => id), seen, knows }))
process.exit()
