import { execFileSync } from 'node:child_process'
import { createServer, request as forward, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { installApart, installNodes } from '../../scripts/apart.mjs'
import { user } from '../../packages/backend/src/samples.test-support.js'
import { createProject, type Project } from './project.test-support.js'

const undici = await installApart(fileURLToPath(new URL('undici-7', import.meta.url)))
const nodes = (await installNodes()).map(({ program }) => {
  const about = `[process.versions.node, 'setGlobalProxyFromEnv' in require('node:http')]`
  const [version, canBeTold] = JSON.parse(
    execFileSync(program, ['-p', `JSON.stringify(${about})`], { encoding: 'utf8' }),
  ) as [string, boolean]
  return { program, version, canBeTold }
})

let project: Project
/** By what each request to the API was sent. `fetch` states its mode in a header. */
let ways: ('node' | 'fetch')[]
let proxied: number
const wayOf = ({ headers }: IncomingMessage) => (headers['sec-fetch-mode'] ? 'fetch' : 'node')

const api = createServer((request, response) => {
  ways.push(wayOf(request))
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(user))
})

/** A proxy that is asked for a tunnel, or for a whole URL. */
const proxy = createServer((request, response) => {
  proxied++
  const { method, headers } = request
  const outgoing = forward(request.url!, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode!, answer.headers)
    answer.pipe(response)
  })
  request.pipe(outgoing)
}).on('connect', ({ url }: IncomingMessage, socket) => {
  proxied++
  const { hostname, port } = new URL(`http://${url}`)
  const tunnel = connect(Number(port), hostname, () => {
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
  proxied = 0
})
afterAll(() => {
  project.remove()
  for (const server of [api, proxy]) {
    server.closeAllConnections()
    server.close()
  }
})

describe.each(nodes)('the client on Node $version', ({ program, version, canBeTold }) => {
  async function ask(what: string, env: Record<string, string> = {}) {
    return project.run(program, ['transports.mjs', what], {
      API_URL: urlOf(api),
      PROXY_URL: urlOf(proxy),
      UNDICI: `${undici}/node_modules/undici`,
      ...env,
    }) as Promise<{ ids: string[]; seen: number }>
  }
  const ids = ['user_1', 'user_1']

  it.each(['did nothing', 'used fetch before'])(
    'sends with its own transport where the application %s',
    async (what) => {
      expect(await ask(what)).toEqual({ ids, seen: 0 })
      expect(ways.slice(-2)).toEqual(['node', 'node'])
    },
  )

  it.each(['replaced fetch', 'set an agent with an interceptor', "put an interceptor into Node's own agent"])(
    'bypasses nothing where the application %s',
    async (what) => {
      expect(await ask(what)).toEqual({ ids, seen: 2 })
      expect(ways.slice(-2)).toEqual(['fetch', 'fetch'])
    },
  )

  // Its agent may have options, and nothing tells which.
  it('sends with fetch where the application loaded the package undici, which brings its own agent', async () => {
    expect(await ask('loaded the package undici')).toEqual({ ids, seen: 0 })
    expect(ways).toEqual(['fetch', 'fetch'])
  })

  it('connects as the application does, which set an agent with a connector of its own', async () => {
    const { seen, ...answered } = await ask('set an agent with a connector of its own')
    expect(answered).toEqual({ ids })
    expect(seen).toBeGreaterThan(0)
    expect(ways).toEqual(['fetch', 'fetch'])
  })

  it('reaches nobody where the application set a mock', async () => {
    expect(await ask('set a mock')).toEqual({ ids, seen: 2 })
    expect(ways).toEqual([])
  })

  it('goes through the proxy agent that the application set', async () => {
    expect(await ask('set a proxy agent')).toEqual({ ids, seen: 0 })
    expect([ways, proxied]).toEqual([['fetch', 'fetch'], expect.any(Number)])
    expect(proxied).toBeGreaterThan(0)
  })

  const [major = 0, minor = 0] = version.split('.').map(Number)
  it.runIf(major >= 24 || (major === 22 && minor >= 21))('goes through the proxy of the environment', async () => {
    const env = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: urlOf(proxy) }
    expect(await ask('uses a proxy of the environment', env)).toEqual({ ids, seen: 0 })
    expect([ways, proxied > 0]).toEqual([['fetch', 'fetch'], true])
  })

  it.runIf(canBeTold)('goes through the proxy that Node is told later', async () => {
    expect(await ask('uses a proxy of the environment later')).toEqual({ ids, seen: 0 })
    expect([ways, proxied > 0]).toEqual([['fetch', 'fetch'], true])
  })
})
