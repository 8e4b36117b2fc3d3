import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openBrowser } from '../../browser.test-support.js'
import { system } from '../../kernel/caller.js'
import { silentLogger, type Logger } from '../../kernel/runtime.js'
import { servicesOf } from '../../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { DeliveryStore } from './delivery-store.js'
import { startDelivery } from './delivery.js'
import { checkDkim } from './dkim.test-support.js'
import { BreakableNetwork } from './breakable-network.test-support.js'
import { DeliverySettingError } from './message-transport.js'
import { TestSmsGateway } from './sms-gateway.test-support.js'
import { smtpError, TestSmtpServer } from './smtp-server.test-support.js'
import { createSmtpTransport } from './smtp-transport.js'

const SECOND = 1000
const MINUTE = 60 * SECOND
const to = (address: string) => ({ address, identificationId: null, userId: null })
const code = (digits: string) => ({ code: digits, verificationId: `ver_${digits}` })

describe.each(dialects)('an outage of the mail server on %s', (dialect) => {
  const smtp = new TestSmtpServer()
  const network = new BreakableNetwork(() => Number(new URL(smtp.url).port))
  // It sends nothing by itself: the tests look for what is due.
  const server = useTestServer(dialect)

  beforeEach(async () => {
    smtp.received.length = 0
    smtp.onMail = () => {}
    await smtp.start()
    await network.start()
    return async () => {
      await network.stop()
      await smtp.stop()
    }
  })

  /** Takes what is due, and waits for its outcome. */
  const work = async () => {
    const store = new DeliveryStore(server.server.database)
    const transport = createSmtpTransport({ smtpUrl: `smtp://127.0.0.1:${network.port}`, from: 'app.example.com' })
    await startDelivery([transport], { store, clock: server.clock, logger: silentLogger }).stop()
  }
  const pass = async (milliseconds: number, step: number, isOver = () => false) => {
    for (let passed = 0; passed < milliseconds && !isOver(); passed += step) {
      server.clock.advance(step)
      await work()
    }
  }
  const parts = async () => {
    const { outbox, context } = await servicesOf(server)
    const write = <T>(body: Parameters<typeof context.transaction<T>>[1]) => context.transaction(system('test'), body)
    return { outbox, write }
  }

  it('of an hour loses nothing, and delays no code that is still good', async () => {
    const { outbox, write } = await parts()
    await smtp.stop()
    const addresses = Array.from({ length: 12 }, (_, index) => `notice${index}@example.com`)
    for (const address of addresses) await write((tx) => outbox.passwordChanged(to(address), tx))
    await write((tx) => outbox.emailCode(to('early@example.com'), code('111111'), tx))
    const invitation = { slug: 'invitation', id: 'inv_1', url: 'https://a.example/', expiresInDays: 30 } as const
    await write((tx) => outbox.invitation(to('invited@example.com'), { ...invitation, publicMetadata: {} }, tx))
    await pass(55 * MINUTE, 30 * SECOND)
    await write((tx) => outbox.emailCode(to('late@example.com'), code('222222'), tx))
    await pass(5 * MINUTE, 30 * SECOND)
    expect(smtp.received).toEqual([])

    await smtp.start()
    await pass(4 * MINUTE, 10 * SECOND, () => smtp.to('late@example.com').length > 0)
    expect(smtp.to('late@example.com')).toHaveLength(1)
    const received = () => smtp.received.map((mail) => mail.to[0]).sort()
    const expected = [...addresses, 'invited@example.com', 'late@example.com'].sort()
    await pass(15 * MINUTE, 30 * SECOND, () => received().length >= expected.length)
    expect(received()).toEqual(expected)
    await pass(60 * MINUTE, 5 * MINUTE)
    expect(received()).toEqual(expected)
    const messages = await server.messages()
    expect(messages.find(({ toAddress }) => toAddress === 'early@example.com')).toMatchObject({
      status: 'failed',
      body: '',
      subject: null,
      data: null,
      lastError: 'The code expired before it was sent',
    })
    expect(messages.filter(({ status }) => status === 'delivered')).toHaveLength(14)
  }, 120_000)

  it('of a day gives up', async () => {
    const { outbox, write } = await parts()
    await smtp.stop()
    await write((tx) => outbox.passwordChanged(to('ada@example.com'), tx))
    await pass(23 * 60 * MINUTE, 10 * MINUTE)
    const only = async () => (await server.messages())[0]!
    expect(await only()).toMatchObject({ status: 'queued', lastError: expect.stringContaining('accepts no mail') })
    expect((await only()).attempts).toBeGreaterThan(8)
    await pass(60 * MINUTE, 10 * MINUTE)
    expect(await only()).toMatchObject({ status: 'failed', lastError: 'It waited for more than a day' })
    await smtp.start()
  }, 120_000)

  it('sends only the newest code to who asks for another meanwhile, and keeps no other', async () => {
    const { body: user } = await server.call('POST', '/users', {
      email_address: ['ada@example.com'],
      password: 'a long word or two',
    })
    const path = `/email_addresses/${user.primary_email_address_id}/prepare_verification`
    await smtp.stop()
    await server.call('POST', path)
    await work()
    const first = (await server.messages()).at(-1)!
    expect(first).toMatchObject({ status: 'queued', data: { otp_code: expect.any(String) } })
    server.clock.advance(31 * SECOND)
    await server.call('POST', path)
    const replaced = (await server.messages()).find(({ id }) => id === first.id)
    expect(replaced).toMatchObject({
      status: 'failed',
      body: '',
      data: null,
      lastError: expect.stringContaining('replaced'),
    })
    await smtp.start()
    await pass(2 * MINUTE, 10 * SECOND)
    expect((await server.messages()).at(-1)).toMatchObject({ status: 'delivered' })
    expect(smtp.received).toHaveLength(1)
  })

  it('right after a mail was taken sends the same mail again, with the same code', async () => {
    const { outbox, write } = await parts()
    let times = 0
    smtp.onMail = () => {
      if (++times < 3) network.break()
    }
    await write((tx) => outbox.emailCode(to('ada@example.com'), code('654321'), tx))
    await work()
    await pass(5 * MINUTE, 10 * SECOND, () => smtp.received.length >= 3)
    expect(await server.messages()).toMatchObject([{ status: 'delivered', attempts: 3 }])
    const [message] = await server.messages()
    const same = (value: (mail: (typeof smtp.received)[number]) => unknown) => new Set(smtp.received.map(value)).size
    expect(smtp.received[0]!.headers['message-id']).toBe(`<${message!.id}@app.example.com>`)
    for (const name of ['message-id', 'date', 'subject', 'x-entity-ref-id']) {
      expect([name, same(({ headers }) => headers[name])]).toEqual([name, 1])
    }
    expect(same(({ text, body }) => text + body)).toBe(1)
    expect(smtp.received[0]!.text.split('\n')).toContain('654321')
  })
})

describe.each(dialects)('logs of messages on %s', (dialect) => {
  const smtp = new TestSmtpServer()
  const gateway = new TestSmsGateway()
  const lines: string[] = []
  const note = (fields: object, message: string) =>
    void lines.push(
      JSON.stringify({ ...fields, message }, (_, value) => (value instanceof Error ? value.stack : value)),
    )
  const logger: Logger = { debug: note, info: note, warn: note, error: note }
  beforeAll(() => Promise.all([smtp.start(), gateway.start()]))
  afterAll(() => Promise.all([smtp.stop(), gateway.stop()]))
  const server = useTestServer(dialect, {
    logger,
    get mail() {
      return { smtpUrl: smtp.url, from: 'app.example.com' }
    },
    get sms() {
      return { url: gateway.url, from: '+15550006789' }
    },
  })

  const last = async () => (await server.messages()).at(-1)!

  it('have no address, number, code or link, though the other side repeats them in every way', async () => {
    const attributes = { phone_number: { required: true }, email_address: {}, password: {} }
    await server.server.admin.seed(server.instance.id, { instance: { attributes } })
    smtp.onMail = ({ to: [address], headers, text }) => {
      const code = headers['subject']!.slice(0, 6)
      const said = `<${address!.toUpperCase()}> and cc@Example.com: ${code}, ${text.replace(/\s+/g, ' ')}`
      throw smtpError(550, `5.7.1 Not for ${said}`.slice(0, 480))
    }
    const user = await server.client.users.createUser({
      emailAddress: ['ada.secret@example.com'],
      phoneNumber: ['+14155552671'],
    })
    const letter = {
      from_email_name: 'sales',
      subject: 'Your code is 987654',
      body: 'Open https://a.example/?t=token-of-ada or type 987654',
      email_address_id: user.primaryEmailAddressId,
    }
    const failed = { status: 'failed', attempts: 1, lastError: expect.stringContaining('5.7.1 Not for <…> and …') }
    await server.call('POST', `/email_addresses/${user.primaryEmailAddressId}/prepare_verification`)
    await expect.poll(last).toMatchObject(failed)
    await server.call('POST', '/emails', letter)
    await expect.poll(last).toMatchObject({ ...failed, slug: null })

    const message = 'The number (415) 555-2671, 14155552671 or %2B14155552671 cannot be reached'
    gateway.answers.push({ status: 400, body: { code: 21614, message } })
    const path = `/phone_numbers/${user.primaryPhoneNumberId}/prepare_verification`
    await server.call('POST', path, { strategy: 'phone_code' })
    await expect.poll(last).toMatchObject({ status: 'failed', channel: 'sms' })

    const browser = await openBrowser(server)
    const form = { strategy: 'phone_code', phone_number: '+14155550199' }
    await browser.call('POST /client/sign_ups', { form })
    await server.call('POST', '/sms_messages', { message: '987654', phone_number_id: user.primaryPhoneNumberId })
    await expect.poll(last).toMatchObject({ slug: null, lastError: expect.stringContaining('any more') })

    expect(lines.length).toBeGreaterThan(3)
    const errors = (await server.messages()).map(({ lastError }) => lastError)
    const everything = [...lines, ...errors].join('\n').toLowerCase()
    const codes = smtp.received.map(({ headers }) => headers['subject']!.slice(0, 6))
    const secrets = ['ada.secret', 'cc@example', '4155552671', '555-2671', '987654', 'token-of-ada', ...codes]
    for (const secret of secrets) expect(everything).not.toContain(secret)
    expect(everything).not.toMatch(/\b\d{6}\b/)
  }, 150_000)
})

describe('DKIM', () => {
  const smtp = new TestSmtpServer()
  beforeAll(() => smtp.start())
  afterAll(() => smtp.stop())
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const server = useTestServer('sqlite', {
    get mail() {
      return { smtpUrl: smtp.url, from: 'app.example.com', dkim: { selector: 'mail', privateKey } }
    },
  })

  it('signs what is sent, whatever its language, so that its receiver can check it', async () => {
    const { outbox, context } = await servicesOf(server)
    await context.transaction(system('test'), async (tx) => {
      await outbox.emailCode(to('ada@example.com'), code('123456'), tx)
      await outbox.passwordChanged({ ...to('grace@example.com'), locale: 'ar' }, tx)
    })
    await expect.poll(() => smtp.received.length).toBe(2)
    for (const { raw } of smtp.received) {
      const { tags, isGood } = checkDkim(raw, publicKey)
      expect(tags).toMatchObject({ v: '1', a: 'rsa-sha256', c: 'relaxed/relaxed', d: 'app.example.com', s: 'mail' })
      expect(tags['h']!.toLowerCase().split(':')).toEqual(
        expect.arrayContaining(['from', 'to', 'subject', 'message-id']),
      )
      expect(isGood).toBe(true)
      expect(checkDkim(raw.replace(/^Subject: .*$/m, 'Subject: Other'), publicKey).isGood).toBe(false)
      expect(checkDkim(raw.replace('app.example.com', 'b'), publicKey).isGood).toBe(false)
    }
  })

  it.each([
    [{ selector: '', privateKey }, 'mail.dkim.selector'],
    [{ selector: 'a b', privateKey }, 'mail.dkim.selector'],
    [{ selector: 'mail;d=x', privateKey }, 'mail.dkim.selector'],
    [{ selector: 'mail', privateKey: 'hush' }, 'mail.dkim.privateKey'],
    [{ selector: 'mail', privateKey: publicKey }, 'mail.dkim.privateKey'],
    [
      { selector: 'mail', privateKey: '-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----' },
      'mail.dkim.privateKey',
    ],
  ])('refuses what signs nothing: %#', (dkim, setting) => {
    const create = () => createSmtpTransport({ smtpUrl: 'smtp://localhost', from: 'example.com', dkim })
    expect(create).toThrow(DeliverySettingError)
    expect(create).toThrow(`"${setting}" must be`)
    expect(create).not.toThrow('hush')
  })
})
