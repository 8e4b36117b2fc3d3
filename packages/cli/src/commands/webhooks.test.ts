import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyWebhook } from '@latchkey/backend/webhooks'
import { createServer, type CreatedInstance, type Server } from '@latchkey/server'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../../../server/src/outbox/webhooks/receiver.test-support.js'
import { dialects, newMigratedDatabase } from '../../../server/src/server.test-support.js'
import { listen } from '../listen.js'
import type { Output } from '../output.js'
import { createProgram } from '../program.js'
import { listenForWebhooks } from './webhooks-listen.js'

const ENCRYPTION_KEY = Buffer.alloc(32, 3).toString('base64')
const ENVIRONMENT = { LATCHKEY_ENCRYPTION_KEY: ENCRYPTION_KEY }

/** Takes down what a command says. */
function recorder() {
  const said = { lines: [] as string[], json: [] as unknown[], notes: [] as string[] }
  const output: Output = {
    result: ({ lines, json }) => {
      said.lines.push(...lines)
      said.json.push(json)
    },
    write: async () => {},
    note: (line) => void said.notes.push(line),
  }
  return { said, output }
}

describe.each(dialects)('latchkey webhooks on %s', (dialect) => {
  let location = ''
  let cleanUp: () => unknown = () => {}
  let server: Server
  let instance: CreatedInstance
  let receiver: HttpServer
  let url = ''
  let status = 200
  const received: { headers: Record<string, string>; body: string }[] = []

  beforeAll(async () => {
    if (dialect === 'sqlite') {
      const folder = mkdtempSync(join(tmpdir(), 'latchkey-webhooks-'))
      location = join(folder, 'app.db')
      cleanUp = () => rmSync(folder, { recursive: true })
    } else {
      const made = await newMigratedDatabase(dialect)
      location = made.location
      cleanUp = made.drop
    }
    // It goes on running beside the commands.
    server = await createServer({
      database: location,
      encryptionKey: ENCRYPTION_KEY,
      webhooks: { schedule: { pollEvery: 20 } },
    })
    receiver = createHttpServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const headers = request.headers as Record<string, string>
        received.push({ headers, body: Buffer.concat(chunks).toString() })
        // What is refused is not sent again by itself: only what the commands send is counted.
        response.writeHead(status, { 'webhook-delivery': 'abort-message' }).end()
      })
    })
    receiver.listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`
  })
  afterAll(async () => {
    receiver.closeAllConnections()
    receiver.close()
    await server.close()
    await cleanUp()
  })
  beforeEach(async () => {
    instance = await server.createInstance()
    received.length = 0
    status = 200
  })

  const run = async (...parameters: string[]) => {
    const { said, output } = recorder()
    const program = createProgram('0.0.0', ENVIRONMENT, output)
    const place = ['--database', location, '--instance', instance.id]
    await program.parseAsync(['webhooks', ...parameters, ...place], { from: 'user' })
    return said
  }
  const newUser = async () => {
    const response = await server.fetch(
      new Request('http://api.test/v1/users', {
        method: 'POST',
        headers: { authorization: `Bearer ${instance.secretKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'ada_l' }),
      }),
    )
    expect(response.status).toBe(200)
  }

  it('adds an endpoint, shows and repeats what was sent, rotates and removes it', async () => {
    const added = (await run('add', url, '--uid', 'shop', '--events', 'user.created')).json[0] as { secret: string }
    status = 400
    await newUser()
    await eventually(() => received.length === 1)
    const request = new Request(url, { method: 'POST', ...received[0]! })
    expect(await verifyWebhook(request, { signingSecret: added.secret })).toMatchObject({ type: 'user.created' })

    let attempts: string[] = []
    await eventually(async () => (attempts = (await run('attempts', 'shop')).lines).length === 2)
    expect(attempts[1]).toMatch(/msg_\w{27} +failed +400/)
    status = 200
    await run('resend', received[0]!.headers['svix-id']!, 'shop')
    await eventually(() => received.length === 2)
    await run('send-example', 'shop', 'user.created')
    await eventually(() => received.length === 3)
    expect(received).toHaveLength(3)

    expect((await run('list')).lines[1]).toMatch(/^ep_\w{27} +enabled +user\.created +http:/)
    const rotated = (await run('rotate-secret', 'shop')).json[0] as { secret: string }
    expect(rotated.secret).not.toBe(added.secret)
    expect((await run('rotate-secret', 'shop', '--grace', '0')).lines[1]).toBe('The old secret no longer signs.')
    await expect(run('resend', 'msg_none', 'shop')).rejects.toThrow('No message was found with id "msg_none"')
    expect((await run('recover', 'shop', '--since', '2026-01-01T00:00:00Z', '--missing')).lines[0]).toMatch(/^0 events/)
    await run('remove', 'shop')
    expect((await run('list')).lines).toHaveLength(1)
  })

  it.each([
    [['add', 'http://169.254.169.254/'], /169\.254/],
    [['add', 'https://app.example.com', '--events', 'user.creatd'], /user\.creatd/],
    [['add', 'https://app.example.com', '--ordering', 'random'], /ordering/],
    [['add', 'https://app.example.com', '--uid', 'my shop'], /uid must be letters/],
    [['remove', 'nothing'], /nothing/],
    [['recover', 'shop'], /--since/],
    [['send-example', 'nothing', 'user.created'], /nothing/],
  ])('refuses %j by name', async (parameters, message) => {
    await expect(run(...parameters)).rejects.toThrow(message)
  })

  it('forwards the events of a running server, signed, without an endpoint', async () => {
    const listener = await listen(0, '127.0.0.1')
    listener.handle((request, connection) => server.fetch(request, connection))
    const { said, output } = recorder()
    const abort = new AbortController()
    const flags = { forwardTo: url, publicUrl: listener.url, secretKey: instance.secretKey }
    const listening = listenForWebhooks(flags, {}, output, abort.signal)
    await eventually(() => said.json.length === 1)
    await newUser()
    await eventually(() => said.notes.length === 1)
    const { secret } = said.json[0] as { secret: string }
    const request = new Request(url, { method: 'POST', ...received[0]! })
    expect(await verifyWebhook(request, { signingSecret: secret })).toMatchObject({ type: 'user.created' })
    expect(said.notes[0]).toMatch(/^user\.created {2}msg_\w{27} {2}200 {2}\d+ ms$/)
    abort.abort()
    await listening
    await listener.drain(1000)
  })
})
