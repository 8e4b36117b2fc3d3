import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger, type Logger } from '../../kernel/runtime.js'
import { openBrowser } from '../../browser.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { MAX_AGE, RETRY_DELAYS } from './delivery-worker.js'
import { ACCOUNT, AUTH_TOKEN, TestSmsGateway } from './sms-gateway.test-support.js'
import { smtpError, TestSmtpServer } from './smtp-server.test-support.js'

describe.each(dialects)('delivery on %s', (dialect) => {
  const smtp = new TestSmtpServer()
  const gateway = new TestSmsGateway()
  const warnings: Record<string, unknown>[] = []
  const logger: Logger = {
    ...silentLogger,
    warn: (fields, message) => warnings.push({ ...fields, message }),
    error: (fields) => warnings.push({ ...fields }),
  }

  beforeAll(() => Promise.all([smtp.start(), gateway.start()]))
  const server = useTestServer(dialect, {
    logger,
    get mail() {
      return { smtpUrl: smtp.url, from: 'app.example.com' }
    },
    get sms() {
      return { url: gateway.url, from: '+15550006789' }
    },
  })
  afterAll(() => Promise.all([smtp.stop(), gateway.stop()]))

  beforeEach(() => {
    smtp.onMail = () => {}
    warnings.length = gateway.received.length = gateway.answers.length = 0
  })

  let users = 0
  const newUser = () => {
    users++
    return server.client.users.createUser({
      emailAddress: [`user${users}@example.com`],
      phoneNumber: [`+1415555${2000 + users}`],
    })
  }
  type User = Awaited<ReturnType<typeof newUser>>
  const addressOf = (user: User) => user.emailAddresses[0]!.emailAddress
  const write = (user: User, subject = 'Hello', body = 'Hello') =>
    server.call('POST', '/emails', {
      from_email_name: 'sales',
      subject,
      body,
      email_address_id: user.primaryEmailAddressId,
    })
  const text = (user: User, message: string) =>
    server.call('POST', '/sms_messages', { message, phone_number_id: user.primaryPhoneNumberId })
  /** The newest message, once it is as described. */
  const newest = async (description: object) => {
    await expect.poll(async () => (await server.messages()).at(-1)).toMatchObject(description)
  }
  /** Turns the clock to the next attempt. */
  const advanceToAttempt = (attempt: number) => server.clock.advance(RETRY_DELAYS[attempt - 2]!)

  it('sends mail at once, though the answer came before', async () => {
    const user = await newUser()
    const now = server.clock.now()

    const { body } = await write(user, 'Free tacos', 'Join us via Zoom for remote Taco Tuesday!')

    expect(body).toMatchObject({ status: 'queued', delivered_by_clerk: true })
    await newest({ status: 'delivered', attempts: 1, deliveredAt: now, nextAttemptAt: null, lastError: null })
    expect(smtp.to(addressOf(user))).toEqual([
      {
        from: 'sales@app.example.com',
        to: [addressOf(user)],
        headers: expect.objectContaining({
          from: 'development <sales@app.example.com>',
          to: addressOf(user),
          subject: 'Free tacos',
          'message-id': `<${body.id}@app.example.com>`,
          'content-type': 'text/plain; charset=utf-8',
          date: new Date(now).toUTCString().replace('GMT', '+0000'),
        }),
        body: 'Join us via Zoom for remote Taco Tuesday!',
        text: 'Join us via Zoom for remote Taco Tuesday!',
        parsed: expect.anything(),
        raw: expect.any(String),
        secure: true,
      },
    ])
    expect(smtp.to(addressOf(user))[0]!.headers).not.toHaveProperty('auto-submitted')
  })

  it('sends a body with markup as HTML', async () => {
    const user = await newUser()

    await write(user, 'Hello', '<p>Hello</p>')
    await newest({ status: 'delivered' })
    await write(user, 'Grüße', '1 < 2 > 0, writes <ada@example.com>')
    await newest({ status: 'delivered', subject: 'Grüße' })

    expect(
      smtp
        .to(addressOf(user))
        .map(({ headers, body, text }) => [headers['content-type']!.split(';')[0], headers['subject'], body, text]),
    ).toEqual([
      ['multipart/alternative', 'Hello', '<p>Hello</p>', 'Hello'],
      [
        'text/plain',
        '=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=',
        '1 < 2 > 0, writes <ada@example.com>',
        '1 < 2 > 0, writes <ada@example.com>',
      ],
    ])
  })

  it('sends text messages through the gateway', async () => {
    const user = await newUser()

    const { body } = await text(user, 'Tacos & more')

    expect(body).toMatchObject({ status: 'queued' })
    await newest({ status: 'delivered', attempts: 1, deliveredAt: server.clock.now() })
    expect(gateway.received).toEqual([
      {
        path: `/2010-04-01/Accounts/${ACCOUNT}/Messages.json`,
        authorization: `Basic ${Buffer.from(`${ACCOUNT}:${AUTH_TOKEN}`).toString('base64')}`,
        contentType: 'application/x-www-form-urlencoded;charset=UTF-8',
        form: { To: user.phoneNumbers[0]!.phoneNumber, From: '+15550006789', Body: 'Tacos & more' },
      },
    ])
  })

  it('sends a code by WhatsApp to somebody who chose that', async () => {
    const phoneNumber = { channels: ['sms', 'whatsapp'], required: true }
    const attributes = { phone_number: phoneNumber, email_address: {}, password: {} }
    await server.server.admin.seed(server.instance.id, { instance: { attributes } })
    const browser = await openBrowser(server)
    const form = { strategy: 'phone_code', channel: 'whatsapp', phone_number: '+14155554999' }
    await browser.call('POST /client/sign_ups', { form })
    await newest({ status: 'delivered', phoneChannel: 'whatsapp' })
    expect(gateway.received.map(({ form: { To, From } }) => [To, From])).toEqual([
      ['whatsapp:+14155554999', 'whatsapp:+15550006789'],
    ])
  })

  it('removes a code from the database once it is sent', async () => {
    const user = await newUser()
    await server.call('PATCH', `/email_addresses/${user.primaryEmailAddressId}`, { verified: false })
    await server.call('PATCH', `/phone_numbers/${user.primaryPhoneNumberId}`, { verified: false })

    await server.call('POST', `/email_addresses/${user.primaryEmailAddressId}/prepare_verification`, {
      strategy: 'email_code',
    })
    await newest({
      channel: 'email',
      status: 'delivered',
      slug: 'verification_code',
      subject: null,
      body: '',
      data: null,
      expiresAt: null,
    })
    await server.call('POST', `/phone_numbers/${user.primaryPhoneNumberId}/prepare_verification`, {
      strategy: 'phone_code',
    })
    await newest({
      channel: 'sms',
      status: 'delivered',
      slug: 'verification_code',
      body: '',
      data: null,
      expiresAt: null,
    })

    const [mail] = smtp.to(addressOf(user))
    expect(mail).toMatchObject({
      from: 'notifications@app.example.com',
      headers: { 'auto-submitted': 'auto-generated' },
    })
    const code = /^\d{6}/.exec(mail!.headers['subject']!)![0]
    expect(mail!.body).toContain(`>${code}</td>`)
    expect(gateway.received[0]!.form['Body']).toMatch(/^\d{6} is your development verification code/)
  })

  it('sends no code to a test address', async () => {
    const user = await server.client.users.createUser({ username: `test_user_${++users}` })
    const { body } = await server.call('POST', '/email_addresses', {
      user_id: user.id,
      email_address: 'ada+clerk_test@example.com',
    })

    expect(
      (await server.call('POST', `/email_addresses/${body.id}/prepare_verification`, { strategy: 'email_code' }))
        .status,
    ).toBe(200)

    expect(await server.messages()).toEqual([])
  })

  it('tries again when the server is down, and waits longer each time', async () => {
    const user = await newUser()
    await smtp.stop()

    expect((await write(user)).status).toBe(200)
    await newest({
      status: 'queued',
      attempts: 1,
      lastError: expect.stringContaining('ECONNREFUSED'),
      nextAttemptAt: server.clock.now() + 5000,
    })
    advanceToAttempt(2)
    await newest({
      status: 'queued',
      attempts: 2,
      lastError: expect.stringContaining('ECONNREFUSED'),
      nextAttemptAt: server.clock.now() + 30_000,
    })
    await smtp.start()
    advanceToAttempt(3)

    await newest({ status: 'delivered', attempts: 3, lastError: null })
    expect(smtp.to(addressOf(user))).toHaveLength(1)
    expect(warnings).toHaveLength(2)
    expect(warnings[0]).toMatchObject({
      message: 'A message could not be sent and will be retried',
      channel: 'email',
      attempts: 1,
      retryInSeconds: 5,
    })
  })

  it('gives up after eight attempts', async () => {
    const user = await newUser()
    smtp.onMail = () => {
      throw smtpError(451, 'Come back later')
    }

    const { body } = await write(user)
    await newest({
      status: 'queued',
      attempts: 1,
      lastError: 'The SMTP server refuses the mail: Message failed: 451 Come back later',
    })
    await server.server.database.transaction((tx) =>
      tx.updateTable('messages').set({ attempts: 7 }).where('id', '=', body.id).execute(),
    )
    server.clock.advance(5000)

    await newest({
      status: 'failed',
      attempts: 8,
      nextAttemptAt: null,
      deliveredAt: null,
      subject: 'Hello',
      body: 'Hello',
    })
    expect(warnings.at(-1)).toMatchObject({ message: 'A message could not be delivered', attempts: 8 })
  })

  it('gives up at once when the mail is refused', async () => {
    const user = await newUser()
    smtp.onMail = () => {
      throw smtpError(550, '5.1.1 No such user')
    }

    await write(user)

    await newest({
      status: 'failed',
      attempts: 1,
      lastError: 'The SMTP server refuses the mail: Message failed: 550 5.1.1 No such user',
    })
  })

  it('keeps codes out of logs and of stored errors, though a server repeats them', async () => {
    const user = await newUser()
    await server.call('PATCH', `/email_addresses/${user.primaryEmailAddressId}`, { verified: false })
    let code = ''
    smtp.onMail = ({ headers }) => {
      code = headers['subject']!.slice(0, 6)
      throw smtpError(554, `Looks like spam: ${headers['subject']}`)
    }

    await server.call('POST', `/email_addresses/${user.primaryEmailAddressId}/prepare_verification`, {
      strategy: 'email_code',
    })

    await newest({
      status: 'failed',
      lastError: expect.stringContaining('Looks like spam: … is your development verification code'),
      body: '',
      subject: null,
      data: null,
    })
    expect(code).toMatch(/^\d{6}$/)
    expect(JSON.stringify([warnings, await server.messages()])).not.toContain(code)
  })

  it('keeps the order of what one recipient gets, and lets nobody else wait for it', async () => {
    const [ada, bob] = [await newUser(), await newUser()]
    smtp.onMail = ({ headers }) => {
      if (headers['subject'] === 'first') throw smtpError(450, 'Greylisted')
    }

    for (const subject of ['first', 'second', 'third']) await write(ada, subject)
    await write(bob)
    await expect.poll(() => smtp.to(addressOf(bob)).length).toBe(1)
    smtp.onMail = () => {}
    await expect
      .poll(async () => (await server.messages()).find(({ subject }) => subject === 'first')!.lastError)
      .toContain('450 Greylisted')
    advanceToAttempt(2)

    await expect
      .poll(() => smtp.to(addressOf(ada)).map(({ headers }) => headers['subject']))
      .toEqual(['first', 'second', 'third'])
  })

  it('lets no code wait for other mail', async () => {
    const user = await newUser()
    await server.call('PATCH', `/email_addresses/${user.primaryEmailAddressId}`, { verified: false })
    smtp.onMail = ({ headers }) => {
      if (headers['subject'] === 'Newsletter') throw smtpError(451, 'Not now')
    }

    await write(user, 'Newsletter')
    await server.call('POST', `/email_addresses/${user.primaryEmailAddressId}/prepare_verification`, {
      strategy: 'email_code',
    })

    await newest({ slug: 'verification_code', status: 'delivered' })
    expect((await server.messages()).find(({ subject }) => subject === 'Newsletter')).toMatchObject({
      status: 'queued',
    })
  })

  it('sends many, each once', async () => {
    const people = await Promise.all(Array.from({ length: 30 }, newUser))

    await Promise.all(people.flatMap((user) => [write(user, '1'), text(user, '1')]))
    await Promise.all(people.map((user) => write(user, '2')))

    await expect
      .poll(async () => (await server.messages()).filter(({ status }) => status === 'delivered').length)
      .toBe(90)
    expect(people.map((user) => smtp.to(addressOf(user)).length)).toEqual(people.map(() => 2))
    expect(gateway.received).toHaveLength(30)
  })

  it('sends no code that has expired, and no message that is a day old', async () => {
    const user = await newUser()
    await server.call('PATCH', `/phone_numbers/${user.primaryPhoneNumberId}`, { verified: false })
    gateway.answers.push({ status: 503 })
    const prepare = `/phone_numbers/${user.primaryPhoneNumberId}/prepare_verification`
    await server.call('POST', prepare, { strategy: 'phone_code' })
    await newest({ status: 'queued', attempts: 1, lastError: expect.stringContaining('503') })
    server.clock.advance(10 * 60_000)
    await newest({ status: 'failed', body: '', data: null, lastError: 'The code expired before it was sent' })

    gateway.answers.push({ status: 503 })
    await text(user, 'Hello')
    // Not before the answer: it is attempted from then on, and the clock must not go on meanwhile.
    await newest({ status: 'queued', attempts: 1, lastError: expect.stringContaining('503') })
    server.clock.advance(MAX_AGE)
    await newest({ status: 'failed', body: 'Hello', lastError: 'It waited for more than a day' })
    expect(gateway.received).toHaveLength(2)
  })

  it.each([
    [
      { status: 400, body: { code: 21211, message: "The 'To' number is not valid", status: 400 } },
      { status: 'failed', lastError: "The SMS gateway refuses the message: 400 21211 The 'To' number is not valid" },
    ],
    [
      { status: 401, body: { code: 20003, message: `Authenticate with ${AUTH_TOKEN}` } },
      { status: 'queued', lastError: 'The SMS gateway refuses the message: 401 20003 Authenticate with …' },
    ],
    [
      { status: 429, body: 'slow\ndown' },
      { status: 'queued', lastError: expect.stringContaining('429') },
    ],
    [
      { status: 307, headers: { location: '/elsewhere' } },
      { status: 'queued', lastError: expect.stringContaining('redirect') },
    ],
  ])('understands an answer %j of the gateway', async (answer, description) => {
    const user = await newUser()
    gateway.answers.push(answer)
    await text(user, 'Hello')
    await newest({ attempts: 1, ...description })
    expect(gateway.received).toHaveLength(1)
    expect(JSON.stringify(warnings)).not.toContain(AUTH_TOKEN)
    if (description.status === 'failed') return
    advanceToAttempt(2)
    await newest({ status: 'delivered', attempts: 2 })
  })
})
