import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClerkClient } from '@latchkey/backend'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createServer,
  silentLogger,
  systemRandom,
  createIds,
  type CreatedInstance,
  type Server,
  type ServerOptions,
} from '../../index.js'
import { API_URL, dialects, newMigratedDatabase, StillClock } from '../../server.test-support.js'
import type { Dialect } from '../../storage/database.js'
import { DeliveryStore } from './delivery-store.js'
import { startDelivery } from './delivery.js'
import { messages, type MessageRecord } from './messages.table.js'
import { createSmtpTransport } from './smtp-transport.js'
import { createTwilioTransport } from './twilio-transport.js'
import { TestSmtpServer } from './smtp-server.test-support.js'

describe.each(dialects)('delivery by nodes on %s', (dialect) => {
  let smtp: TestSmtpServer
  let clock: StillClock
  let warnings: object[]
  let database: Awaited<ReturnType<typeof lastingDatabase>>
  const nodes: Server[] = []

  beforeEach(async () => {
    smtp = new TestSmtpServer()
    clock = new StillClock(Date.now())
    warnings = []
    database = await lastingDatabase(dialect)
  })

  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.close()))
    await smtp.stop()
    await database.drop()
  })

  const logger = {
    ...silentLogger,
    warn: (fields: object, message: string) => void warnings.push({ ...fields, message }),
  }

  async function node(options: ServerOptions = {}): Promise<Server> {
    const server = await createServer({
      database: database.location,
      publicUrl: API_URL,
      clock,
      ids: createIds(clock, systemRandom),
      logger,
      encryptionKey: 'ab'.repeat(32),
      messagesPollEvery: 20,
      ...options,
    })
    nodes.push(server)
    return server
  }

  const mail = () => ({ smtpUrl: smtp.url, from: 'app.example.com' })

  const clientOf = (server: Server, { secretKey }: CreatedInstance) =>
    createClerkClient({ secretKey, apiUrl: API_URL, fetch: (input, init) => server.fetch(new Request(input, init)) })

  async function newUser(server: Server, instance: CreatedInstance, emailAddress = 'ada@example.com') {
    const user = await clientOf(server, instance).users.createUser({ emailAddress: [emailAddress] })
    return user.primaryEmailAddressId!
  }

  const write = (server: Server, instance: CreatedInstance, emailAddressId: string, subject = 'Hello') =>
    clientOf(server, instance).emails.createEmail({ fromEmailName: 'sales', subject, body: 'Hello', emailAddressId })

  const readMessages = async ({ database: { read } }: Server) =>
    (await read.selectFrom('messages').selectAll().orderBy('sequence').execute()).map(
      (row) => messages.decode(row) as MessageRecord,
    )

  const close = async (server: Server) => {
    nodes.splice(nodes.indexOf(server), 1)
    await server.close()
  }

  it('keeps what it cannot send, and sends it once it can', async () => {
    await smtp.start()
    const silent = await node()
    const instance = await silent.createInstance()
    await write(silent, instance, await newUser(silent, instance))
    expect(await readMessages(silent)).toMatchObject([{ status: 'queued', attempts: 0, body: 'Hello' }])
    await close(silent)

    const sending = await node({ mail: mail() })

    await expect.poll(() => readMessages(sending)).toMatchObject([{ status: 'delivered', attempts: 1 }])
    expect(smtp.received).toHaveLength(1)
  })

  it('looks for messages as soon as they are queued', async () => {
    await smtp.start()
    // Without these it would see what is queued a second later at the most.
    vi.useFakeTimers({ toFake: ['setInterval'] })
    try {
      const server = await node({ mail: mail() })
      const instance = await server.createInstance()
      const emailAddressId = await newUser(server, instance)
      for (const subject of ['first', 'second']) await write(server, instance, emailAddressId, subject)

      await expect.poll(() => smtp.received.map(({ headers }) => headers['subject'])).toEqual(['first', 'second'])
    } finally {
      vi.useRealTimers()
    }
  })

  it('sends again what another node took and, having died, never settled', async () => {
    await smtp.start()
    const server = await node()
    const instance = await server.createInstance()
    await write(server, instance, await newUser(server, instance))
    const store = new DeliveryStore(server.database)
    const lease = 4000
    const claim = () => store.claim({ channel: 'email', limit: 8, now: clock.now(), lease })
    const [claimed] = await claim()
    expect(await claim()).toEqual([])

    // However late it is by the clock of a node: the lease ends by the database's.
    clock.advance(60 * 60_000)
    const delivery = startDelivery([createSmtpTransport(mail())], { store, clock, logger, pollEvery: 20 })
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(smtp.received).toEqual([])

    await expect.poll(() => readMessages(server)).toMatchObject([{ status: 'delivered', attempts: 2 }])
    expect(smtp.received.map(({ headers }) => headers['message-id'])).toEqual([`<${claimed!.id}@app.example.com>`])
    // Had it only been slow, what it has to say would come too late.
    await store.failed(claimed!, 'Too slow', clock.now())
    expect(await readMessages(server)).toMatchObject([{ status: 'delivered', lastError: null }])
    await delivery.stop()
  })

  it('finishes what is under way before it closes', async () => {
    await smtp.start()
    const server = await node({ mail: mail() })
    const instance = await server.createInstance()
    let answer = () => {}
    const asked = new Promise<void>((resolve) => {
      smtp.onMail = () => {
        resolve()
        return new Promise<void>((take) => (answer = take))
      }
    })
    const emailAddressId = await newUser(server, instance)
    await write(server, instance, emailAddressId)
    await asked
    await write(server, instance, emailAddressId, 'Too late')

    const closed = close(server)
    setTimeout(() => answer(), 100)
    await closed

    expect(smtp.received).toHaveLength(1)
    expect((await readMessages(await node())).map(({ status, attempts }) => [status, attempts])).toEqual([
      ['delivered', 1],
      ['queued', 0],
    ])
  })

  it('says clearly that the credentials are wrong, without the password', async () => {
    smtp.credentials = 'postmaster:right'
    await smtp.start()
    const server = await node({ mail: { ...mail(), smtpUrl: smtp.url.replace('//', '//postmaster:p%40ss-word@') } })
    const instance = await server.createInstance()
    await write(server, instance, await newUser(server, instance))

    await expect.poll(() => warnings).toHaveLength(1)

    expect(warnings[0]).toMatchObject({
      message: 'A message could not be sent and will be retried',
      reason:
        'The SMTP server refuses the user name or the password of the SMTP URL: Invalid login: 535 5.7.8 … is not the password',
    })
    expect(await readMessages(server)).toMatchObject([{ status: 'queued', attempts: 1 }])
    const everything = JSON.stringify([warnings, await readMessages(server)])
    for (const secret of ['p@ss-word', 'p%40ss-word', Buffer.from('\0postmaster\0p@ss-word').toString('base64')])
      expect(everything).not.toContain(secret)
  })

  it('gives the credentials that the URL has', async () => {
    smtp.credentials = 'postmaster:p@ss-word'
    await smtp.start()
    const server = await node({
      mail: { smtpUrl: smtp.url.replace('//', '//postmaster:p%40ss-word@'), from: 'no-reply@app.example.com' },
    })
    const instance = await server.createInstance()
    await write(server, instance, await newUser(server, instance))

    await expect.poll(() => smtp.received).toMatchObject([{ from: 'no-reply@app.example.com' }])
  })

  it.runIf(dialect === 'postgres')('sends each message once, whichever of two nodes queued it', async () => {
    await smtp.start()
    const [one, two] = [await node({ mail: mail() }), await node({ mail: mail() })]
    const instance = await one.createInstance()
    const addresses = await Promise.all(
      Array.from({ length: 20 }, (_, index) => newUser(one, instance, `user${index}@example.com`)),
    )

    await Promise.all(addresses.flatMap((id) => [write(one, instance, id), write(two, instance, id)]))

    await expect
      .poll(async () => (await readMessages(one)).filter(({ status }) => status === 'delivered').length)
      .toBe(40)
    expect(new Set(smtp.received.map(({ headers }) => headers['message-id'])).size).toBe(40)
    expect(smtp.received).toHaveLength(40)
    expect((await readMessages(two)).every(({ attempts }) => attempts === 1)).toBe(true)
  })

  it.runIf(dialect === 'postgres')('sends a message once where the clocks of two nodes differ by an hour', async () => {
    await smtp.start()
    const one = await node({ mail: mail() })
    const later = new StillClock(clock.now() + 60 * 60_000)
    const two = await node({ mail: mail(), clock: later, ids: createIds(later, systemRandom) })
    const instance = await one.createInstance()
    // Long enough for the other node to look whether something is due.
    smtp.onMail = () => new Promise((resolve) => setTimeout(resolve, 2500))
    const emailAddressId = await newUser(one, instance)
    await Promise.all([write(one, instance, emailAddressId, 'One'), write(two, instance, emailAddressId, 'Two')])

    const settled = async () => (await readMessages(one)).filter(({ status }) => status === 'delivered')
    await expect.poll(settled).toHaveLength(2)
    expect((await settled()).map(({ attempts }) => attempts)).toEqual([1, 1])
    expect(smtp.received.map(({ headers }) => headers['subject']).sort()).toEqual(['One', 'Two'])
  })

  it('removes expired codes though it sends nothing', async () => {
    await smtp.start()
    const server = await node()
    const instance = await server.createInstance()
    const client = clientOf(server, instance)
    const user = await client.users.createUser({ username: 'ada_l' })
    const { id } = await client.emailAddresses.createEmailAddress({
      userId: user.id,
      emailAddress: 'ada@example.com',
      verified: false,
    })
    await server.fetch(
      new Request(`${API_URL}/v1/email_addresses/${id}/prepare_verification`, {
        method: 'POST',
        headers: { authorization: `Bearer ${instance.secretKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ strategy: 'email_code' }),
      }),
    )
    const store = new DeliveryStore(server.database)

    clock.advance(10 * 60_000 - 1)
    await store.expire(clock.now(), clock.now())
    expect(await readMessages(server)).toMatchObject([
      { status: 'queued', data: { otp_code: expect.stringMatching(/^\d{6}$/) } },
    ])
    clock.advance(1)
    await store.expire(clock.now(), clock.now())

    expect(await readMessages(server)).toMatchObject([
      { status: 'failed', subject: null, body: '', data: null, lastError: 'The code expired before it was sent' },
    ])
  })
})

describe('the settings of delivery', () => {
  it.each([
    '',
    'mail.example.com',
    'http://mail.example.com',
    'smtp://',
    'smtp://mail.example.com?pool=true',
    'smtp://u:hush@mail.example.com/path',
    'smtp://u:hush%zz@mail.example.com',
  ])('refuse the SMTP URL "%s"', (smtpUrl) => {
    expect(() => createSmtpTransport({ smtpUrl, from: 'example.com' })).toThrow(
      /^"mail.smtpUrl" must be smtp:\/\/user:password@host:port or smtps:\/\/user:password@host:port$/,
    )
  })

  it.each([
    '',
    '@',
    'a b@example.com',
    'ada@',
    'example.com>',
    'a@b@example.com',
    'example.com\r\nbcc: eve@example.com',
  ])('refuse the sender %j', (from) => {
    expect(() => createSmtpTransport({ smtpUrl: 'smtp://localhost', from })).toThrow(
      /^"mail.from" must be a domain such as/,
    )
  })

  it.each([
    '',
    'api.twilio.com',
    'https://api.twilio.com',
    'ftp://AC0:hush@api.twilio.com',
    'https://AC0:hush@api.twilio.com?x=1',
  ])('refuse the URL of the gateway "%s"', (url) => {
    expect(() => createTwilioTransport({ url, from: '+15550100' }, fetch)).toThrow(
      /^"sms.url" must be https:\/\/<account SID>:<auth token>@api.twilio.com$/,
    )
  })

  it('send with an API key for an account, from a messaging service', async () => {
    const requests: Request[] = []
    const service = `MG${'0'.repeat(32)}`
    const transport = createTwilioTransport(
      { url: 'https://SK1:secret@api.twilio.com/2010-04-01/Accounts/AC1/', from: service },
      async (input, init) => {
        requests.push(new Request(input, init))
        return new Response('{}', { status: 201 })
      },
    )

    await transport.send({ toAddress: '+14155552671', body: 'Hello' } as MessageRecord, new AbortController().signal)

    expect(requests[0]!.url).toBe('https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json')
    expect(requests[0]!.headers.get('authorization')).toBe(`Basic ${btoa('SK1:secret')}`)
    expect(await requests[0]!.text()).toBe(`To=%2B14155552671&MessagingServiceSid=${service}&Body=Hello`)
  })
})

/** A database that is still there after a server has closed it. */
async function lastingDatabase(dialect: Dialect): Promise<{ location: string; drop(): Promise<void> }> {
  if (dialect === 'postgres') return newMigratedDatabase(dialect)
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-delivery-'))
  return { location: join(folder, 'test.db'), drop: async () => rmSync(folder, { recursive: true }) }
}
