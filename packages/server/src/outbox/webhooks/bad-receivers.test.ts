import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { operator } from '../../kernel/caller.js'
import { ENCRYPTION_KEY, servicesOf } from '../../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { eventually, svixOf, useReceiver } from './receiver.test-support.js'

/** What names resolve to. */
const addresses: Record<string, string[]> = {}
const lookup = ((name: string, _: object, done: (error: null, found: object[]) => void) =>
  done(
    null,
    addresses[name]!.map((address) => ({ address, family: 4 })),
  )) as never

describe.each(dialects)('a receiver that means harm on %s', (dialect) => {
  const server = useTestServer(dialect, {
    encryptionKey: ENCRYPTION_KEY,
    webhooks: { lookup, schedule: { pollEvery: 20, timeout: 10_000, lease: 15_000 } },
  })
  const receiver = useReceiver()
  const svix = svixOf(server)
  const newUser = () => server.client.users.createUser({ emailAddress: ['ada@example.com'] })
  const attempts = async (id: string) => (await svix('GET', `/attempt/endpoint/${id}`)).body.data
  const recorded = async (id: string, count: number) => {
    await eventually(async () => (await attempts(id)).length >= count)
    return await attempts(id)
  }
  const portOf = (url: string) => new URL(url).port

  it('cannot make the server read a gigabyte', async () => {
    let sent = 0
    let closed = false
    const endless = createServer((_, response) => {
      response.on('close', () => (closed = true))
      const more = () => {
        while (!response.destroyed && sent < 1e9) {
          sent += 65_536
          if (!response.write(Buffer.alloc(65_536, 'x'))) return void response.once('drain', more)
        }
      }
      more()
    })
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(endless.address() as AddressInfo).port}/`
    const { id } = (await svix('POST', '/endpoint', { url })).body
    await newUser()
    const [attempt] = await recorded(id, 1)
    expect(attempt).toMatchObject({ status: 0, responseStatusCode: 200 })
    expect(attempt.response).toHaveLength(20 * 1024)
    await eventually(() => closed)
    // What the buffers of the two sockets hold.
    expect(sent).toBeLessThan(50_000_000)
    endless.close()
  })

  it('is not reached by a name of which one address is forbidden, and loses nothing once that is over', async () => {
    addresses['app.internal'] = ['127.0.0.1', '169.254.169.254']
    const url = receiver.url.replace('127.0.0.1', 'app.internal')
    const { id } = (await svix('POST', '/endpoint', { url })).body
    await newUser()
    const [attempt] = await recorded(id, 1)
    expect(attempt).toMatchObject({ status: 2, responseStatusCode: 0 })
    expect(attempt.response).toBe('Requests to the address 169.254.169.254 are not allowed')
    expect(receiver.received).toEqual([])

    addresses['app.internal'] = ['127.0.0.1']
    server.clock.advance(7000)
    await receiver.until(1)
  })

  it('is not private if it was named by somebody who came by a link', async () => {
    const { webhookEndpoints } = await servicesOf(server)
    const by = { caller: operator('test'), trust: 'portal' } as const
    for (const url of ['https://10.0.0.1/', 'https://127.0.0.1/', 'http://app.example.com/'])
      await expect(webhookEndpoints.create({ url }, by)).rejects.toMatchObject({ status: 422 })

    addresses['app.example.com'] = ['93.184.216.34', '10.0.0.1']
    const port = portOf(receiver.url)
    const { id } = await webhookEndpoints.create({ url: `https://app.example.com:${port}/` }, by)
    await newUser()
    const [attempt] = await recorded(id, 1)
    expect(attempt.response).toBe('Requests to the address 10.0.0.1 are not allowed')
  })

  it('is not this server', async () => {
    const { body } = await svix('POST', '/endpoint', { url: 'http://api.test/v1/users' })
    expect(body.detail[0].msg).toBe('The URL is that of this server')
  })

  it('cannot ask for events that do not exist', async () => {
    const { status, body } = await svix('POST', '/endpoint', { url: receiver.url, eventTypes: ['user.creatd'] })
    expect([status, body.detail[0].msg]).toEqual([422, 'There is no event type user.creatd'])
    const pulled = await server.call('GET', '/events?types=user.creatd')
    expect([pulled.status, pulled.body.errors[0].meta.param_name]).toEqual([422, 'types'])
  })
})
