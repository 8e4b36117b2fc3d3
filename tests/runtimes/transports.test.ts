import { createServer, request as forward, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { installApart, installNodes } from '../../scripts/apart.mjs'
import { user } from '../../packages/backend/src/samples.test-support.js'
import { createProject, type Project } from './project.test-support.js'

const undici = await installApart(fileURLToPath(new URL('undici-7', import.meta.url)))
const nodes = await installNodes()

let project: Project
/** The way of each request to the API, in order. `fetch` states its mode in a header. */
let ways: string[]
/** The ports from which the proxy has called the API. */
const portsOfProxy = new Set<number | undefined>()

const api = createServer((request, response) => {
  const sender = request.headers['sec-fetch-mode'] ? 'fetch' : 'node:http'
  ways.push(portsOfProxy.has(request.socket.remotePort) ? `${sender} through the proxy` : sender)
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(user))
})

/** A proxy that is asked for a tunnel, or for a whole URL. */
const proxy = createServer((request, response) => {
  const { method, headers } = request
  // A connection of its own, whose port is noted when it is made.
  const outgoing = forward(request.url!, { method, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode!, answer.headers)
    answer.pipe(response)
  })
  outgoing.on('socket', (socket) => socket.once('connect', () => portsOfProxy.add(socket.localPort)))
  request.pipe(outgoing)
}).on('connect', ({ url }: IncomingMessage, socket) => {
  const { hostname, port } = new URL(`http://${url}`)
  const tunnel = connect(Number(port), hostname, () => {
    portsOfProxy.add(tunnel.localPort)
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    tunnel.pipe(socket).pipe(tunnel)
  })
  tunnel.on('error', () => socket.destroy())
  socket.on('error', () => tunnel.destroy())
})
const urlOf = (server: typeof api) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

beforeAll(async () => {
  for (const server of [api, proxy]) await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  project = await createProject()
})
beforeEach(() => {
  ways = []
  portsOfProxy.clear()
})
afterAll(() => {
  project.remove()
  for (const server of [api, proxy]) {
    server.closeAllConnections()
    server.close()
  }
})

describe.each(nodes)('the client on Node $major', ({ program }) => {
  /** Asks for a user twice with the client, then once with `fetch` of the application. */
  async function ask(what: string, env: Record<string, string> = {}) {
    return project.run(program, ['transports.mjs', what], {
      API_URL: urlOf(api),
      PROXY_URL: urlOf(proxy),
      UNDICI: `${undici}/node_modules/undici`,
      ...env,
    }) as Promise<{ ids: string[]; seen: number; knows: boolean }>
  }
  const ids = ['user_1', 'user_1', 'user_1']
  const [direct, proxied] = ['fetch', 'fetch through the proxy'].map((way) => [way, way, way])

  it.each([
    ['did nothing', 0, direct],
    ['used fetch before', 0, ['fetch', ...direct!]],
    ['replaced fetch', 3, direct],
    ['replaced fetch before it loaded the client', 3, direct],
    ['set an agent with an interceptor', 3, direct],
    ["put an interceptor into Node's own agent", 3, ['fetch', ...direct!]],
    ['loaded the package undici', 0, direct],
    ['set a mock', 3, []],
    ['set a proxy agent', 0, proxied],
  ])('sends by fetch, as the application does, which %s', async (what, seen, expected) => {
    expect(await ask(what)).toMatchObject({ ids, seen })
    expect(ways).toEqual(expected)
  })

  it('connects as the application does, which set an agent with a connector of its own', async () => {
    const { seen, ids: answered } = await ask('set an agent with a connector of its own')
    expect(answered).toEqual(ids)
    expect(seen).toBeGreaterThan(0)
    expect(ways).toEqual(direct)
  })

  // Not every version of Node knows one. Then neither `fetch` nor the client uses it.
  it.each([
    ['uses a proxy of the environment', { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: 'PROXY' }],
    ['uses a proxy of the environment later', {}],
  ])('sends the same way as the application, which %s', async (what, env) => {
    const variables = Object.fromEntries(
      Object.entries(env).map(([name, value]) => [name, value.replace('PROXY', urlOf(proxy))]),
    )
    const answered = await ask(what, variables)
    expect(answered).toMatchObject({ ids, seen: 0 })
    expect(ways).toEqual(answered.knows ? proxied : direct)
  })

  it.each([
    ['did nothing', 0, direct],
    ['replaced fetch', 1, direct],
    ['set a mock', 1, []],
    ['set a proxy agent', 0, proxied],
    ['uses a proxy of the environment later', 0, undefined],
  ])('sends over node:http where the application states so, also one that %s', async (what, seen, own) => {
    expect(await ask(what, { TRANSPORT: 'node' })).toMatchObject({ ids, seen })
    expect(ways.slice(0, 2)).toEqual(['node:http', 'node:http'])
    if (own) expect(ways.slice(2)).toEqual(own.slice(0, 1))
  })
})
