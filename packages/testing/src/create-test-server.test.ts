import { createClerkClient as createOfficialClient } from '@clerk/backend'
import { afterEach, describe, expect, it } from 'vitest'
import { createTestServer, type TestServer, type TestServerOptions } from './index.js'

const servers: TestServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function start(options?: TestServerOptions): Promise<TestServer> {
  const server = await createTestServer(options)
  servers.push(server)
  return server
}

describe('a test server', () => {
  it('answers the SDK in process and tells what happened', async () => {
    const { client, events, messages } = await start()
    const user = await client.users.createUser({ emailAddress: ['ada@example.com'] })

    expect(await client.users.getUserList()).toMatchObject({ data: [{ id: user.id }], totalCount: 1 })
    expect(await events()).toMatchObject([{ type: 'user.created', data: { id: user.id } }])
    expect(await messages()).toEqual([])
  })

  it('has a clock that stands still until it is told to advance', async () => {
    const { client, clock } = await start({ now: Date.UTC(2026, 0, 1) })
    const first = await client.users.createUser({ emailAddress: ['ada@example.com'] })
    clock.advance(90_000)
    const second = await client.users.createUser({ emailAddress: ['grace@example.com'] })

    expect(first.createdAt).toBe(Date.UTC(2026, 0, 1))
    expect(second.createdAt).toBe(Date.UTC(2026, 0, 1, 0, 1, 30))
    expect(() => clock.advance(-1)).toThrow('"milliseconds" must be a whole number of at least 0, got -1')
  })

  it('makes the same ids in every run, in order', async () => {
    const run = async (now: number) => {
      const { client, instance } = await start({ now })
      const ada = await client.users.createUser({ emailAddress: ['ada@example.com'] })
      const grace = await client.users.createUser({ emailAddress: ['grace@example.com'] })
      const session = await client.sessions.createSession({ userId: ada.id })
      return [instance.id, session.id, ada.id, grace.id]
    }
    // Also at another time of the day, and whatever happens in the background.
    const ids = await run(Date.UTC(2026, 0, 1))
    expect(ids).toEqual(await run(Date.UTC(2027, 5, 6, 7, 8)))
    expect(ids.slice(2)).toEqual(ids.slice(2).toSorted())
  })

  it('keeps instances apart', async () => {
    const server = await start()
    const other = await server.createInstance()
    await server.client.users.createUser({ emailAddress: ['ada@example.com'] })

    expect(await other.client.users.getCount()).toBe(0)
    expect(await other.events()).toEqual([])
    expect(await other.jwtKey()).not.toBe(await server.jwtKey())
  })

  it('opens a port for clients that go through the network', async () => {
    const { url, secretKey, client } = await start({ port: 0 })
    const official = createOfficialClient({ apiUrl: url, secretKey })
    const user = await official.users.createUser({ emailAddress: ['ada@example.com'] })

    expect((await client.users.getUser(user.id)).id).toBe(user.id)
    expect(user.imageUrl.startsWith(url)).toBe(true)
  })

  it('has no port until it is told to listen, and then one', async () => {
    const server = await start()
    expect(server.url).toBe('http://latchkey.test')
    const user = await server.client.users.createUser({ emailAddress: ['ada@example.com'] })
    const answered = await server.fetch(`${server.url}/v1/users/${user.id}`, {
      headers: { authorization: `Bearer ${server.secretKey}` },
    })
    expect(answered.status).toBe(200)

    const urls = await Promise.all([server.listen(), server.listen()])
    expect(urls).toEqual([server.url, server.url])
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const { url: apiUrl, secretKey } = server
    expect(await createOfficialClient({ apiUrl, secretKey }).users.getUser(user.id)).toMatchObject({
      id: user.id,
      imageUrl: user.imageUrl.replace('http://latchkey.test', apiUrl),
    })
    const { instance } = server
    expect([instance.apiUrl, instance.frontendApiUrl]).toEqual([apiUrl, apiUrl])
    const other = await server.createInstance()
    expect([other.apiUrl, other.frontendApiUrl]).toEqual([apiUrl, `${apiUrl}/i/${other.id}`])
    expect(await server.client.users.getCount()).toBe(1)
    await server.close()
    servers.splice(servers.indexOf(server), 1)
    await expect(fetch(apiUrl)).rejects.toThrow('fetch failed')
  })

  it('has the hosted pages and the browser packages, for tests in a browser', async () => {
    const server = await start()
    const page = await server.fetch(`${server.url}/sign-in`)
    expect(await page.text()).toContain(server.publishableKey)
    const script = await server.fetch(`${server.url}/npm/@clerk/clerk-js@6/dist/clerk.browser.js`)
    expect(script.status).toBe(200)
    // The inbox is the developer's: a test reads `messages()`.
    expect((await server.fetch(`${server.url}/inbox`)).status).toBe(404)
  })

  it('can be told to listen elsewhere where a port is taken', async () => {
    const taken = Number(new URL((await start({ port: 0 })).url).port)
    const server = await start()
    await expect(server.listen(taken)).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await expect(createTestServer({ port: taken })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    expect(await server.listen()).not.toContain(`:${taken}`)
  })
})
