import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createClerkClient, type ClerkOptions } from '../index.js'
import { createRecorder } from '../recorder.test-support.js'
import { user } from '../samples.test-support.js'
import { answer, useMisbehavingServer } from './misbehaving-server.test-support.js'

const server = useMisbehavingServer()
const clientWith = (options: ClerkOptions = {}) =>
  createClerkClient({ secretKey: 'sk_test_1', apiUrl: server.url, ...options })

describe('what sends requests', () => {
  afterEach(() => vi.unstubAllGlobals())
  /** Where versions of Node look for the agent of `fetch`. */
  const DISPATCHERS = [1, 2].map((version) => Symbol.for(`undici.globalDispatcher.${version}`))

  it('is the fetch that stands there, whenever it was put there', async () => {
    const recorder = createRecorder()
    recorder.answer({ body: user })
    const client = clientWith()
    vi.stubGlobal('fetch', recorder.fetch)
    await client.users.getUser('user_1')
    expect([recorder.requests.length, server.requests.length]).toEqual([1, 0])
    vi.unstubAllGlobals()
    await client.users.getUser('user_1')
    expect([recorder.requests.length, server.requests.length]).toEqual([1, 1])
  })

  it('is fetch with the agent that was set for it', async () => {
    class MockAgent {
      dispatch = vi.fn<() => never>(() => {
        throw new Error('mocked')
      })
    }
    const globals = globalThis as Record<symbol, unknown>
    const originals = DISPATCHERS.map((name) => globals[name])
    const agent = new MockAgent()
    for (const name of DISPATCHERS) globals[name] = agent
    try {
      await expect(clientWith({ maxRetries: 0 }).users.getUser('user_1')).rejects.toThrow('GET /users/user_1 failed')
    } finally {
      for (const [index, name] of DISPATCHERS.entries()) globals[name] = originals[index]
    }
    expect(agent.dispatch).toHaveBeenCalled()
    expect(server.requests).toHaveLength(0)
  })

  it('is what the application states', async () => {
    const recorder = createRecorder()
    recorder.answer({ body: user })
    vi.stubGlobal('fetch', recorder.fetch)
    await clientWith({ transport: 'node' }).users.getUser('user_1')
    expect([recorder.requests.length, server.requests.length]).toEqual([0, 1])
    await clientWith({ transport: 'fetch' }).users.getUser('user_1')
    expect([recorder.requests.length, server.requests.length]).toEqual([1, 1])
    await clientWith({ transport: 'node', fetch: recorder.fetch }).users.getUser('user_1')
    expect([recorder.requests.length, server.requests.length]).toEqual([2, 1])
  })
})

describe("Node's transport", () => {
  const overNode = (options: ClerkOptions = {}) => clientWith({ transport: 'node', ...options })

  it('keeps connections alive', async () => {
    const client = overNode()
    await client.users.getUser('user_1')
    const before = server.connections
    for (let n = 0; n < 5; n++) await client.withOptions({}).users.getUser('user_1')
    expect(server.connections).toBe(before)
  })

  it('reads compressed answers', async () => {
    const body = JSON.stringify(user)
    const compressed = (encoding: string, bytes: Buffer) => (response: ServerResponse) =>
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding }).end(bytes)
    server.behave(
      compressed('gzip', gzipSync(body)),
      compressed('br', brotliCompressSync(body)),
      compressed('gzip', Buffer.from(body)),
    )
    const client = overNode({ maxRetries: 0 })
    await expect(client.users.getUser('user_1')).resolves.toMatchObject({ id: 'user_1' })
    await expect(client.users.getUser('user_1')).resolves.toMatchObject({ id: 'user_1' })
    await expect(client.users.getUser('user_1')).rejects.toMatchObject({ cause: { code: 'Z_DATA_ERROR' } })
    expect(server.requests[0]!.headers['accept-encoding']).toBe('gzip, br')
  })

  it('goes where a redirect points, without the secret key where that is another server', async () => {
    const other: { authorization: string | undefined }[] = []
    const elsewhere = createServer((request, response) => {
      other.push({ authorization: request.headers.authorization })
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(user))
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => elsewhere.once('listening', resolve))
    const { port } = elsewhere.address() as AddressInfo
    server.behave(answer(307, undefined, { location: `http://127.0.0.1:${port}/v1/users/user_1` }))
    await expect(overNode().users.getUser('user_1')).resolves.toMatchObject({ id: 'user_1' })
    expect(other).toEqual([{ authorization: undefined }])
    elsewhere.closeAllConnections()
    elsewhere.close()
  })

  it('sends bodies of every kind', async () => {
    const client = overNode()
    await client.users.createUser({ firstName: 'Zoë 🙂' })
    await client.users.updateUserProfileImage('user_1', { file: new Blob(['picture'], { type: 'image/png' }) })
    await client.users.banUser('user_1')
    const [json, form, none] = server.requests
    expect(JSON.parse(json!.body)).toEqual({ first_name: 'Zoë 🙂' })
    expect(json!.headers['content-length']).toBe(String(Buffer.byteLength(json!.body)))
    expect(form!.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
    expect(form!.body).toContain('picture')
    expect([none!.method, none!.body, none!.headers['content-length']]).toEqual(['POST', '', '0'])
  })
})
