import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestSmtpServer } from '../../outbox/messages/smtp-server.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'

const LETTER = {
  to: { address: 'ada@example.com', name: 'Ada' },
  from: { address: 'orders@shop.example', name: 'The shop' },
  reply_to: { address: 'help@else.example' },
  subject: 'Your receipt',
  html: '<p>Thanks</p>',
  text: 'Thanks',
  cc: ['grace@example.com'],
  bcc: ['audit@shop.example'],
  headers: { 'X-Order': '7' },
  attachments: [{ filename: 'receipt.txt', content: Buffer.from('one coffee').toString('base64') }],
}

describe.each(dialects)('mail that an application writes to anybody, on %s', (dialect) => {
  const server = useTestServer(dialect)
  const send = (fields: object = {}, headers: Record<string, string> = {}) =>
    server.call('POST', '/email', { ...LETTER, ...fields }, { headers })

  it('is queued, told of, and read again', async () => {
    const { status, body } = await send()
    expect(status).toBe(200)
    expect(body).toMatchObject({
      object: 'email',
      id: expect.stringMatching(/^ema_/),
      slug: null,
      from_email_name: 'orders',
      to_email_address: 'ada@example.com',
      email_address_id: null,
      subject: 'Your receipt',
      body: '<p>Thanks</p>',
      status: 'queued',
    })
    expect(await server.client.emails.get(body.id)).toMatchObject({ id: body.id, status: 'queued' })
    expect((await server.events()).at(-1)).toMatchObject({ type: 'email.created', subjectId: body.id })
  })

  it('goes to the primary address of a user', async () => {
    const user = await server.client.users.createUser({ emailAddress: ['grace@example.org'] })
    const email = await server.client.emails.create({
      to: { userId: user.id },
      from: { address: 'a@shop.example' },
      subject: 's',
      text: 't',
    })
    expect(email).toMatchObject({
      toEmailAddress: 'grace@example.org',
      emailAddressId: user.primaryEmailAddressId,
      userId: user.id,
      body: 't',
    })
  })

  it('is sent once for each idempotency key, also under 64 calls at once', async () => {
    const key = { 'idempotency-key': 'order_7' }
    const answers = await Promise.all(Array.from({ length: 64 }, () => send({}, key)))
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1)
    expect(await server.messages()).toHaveLength(1)
    expect(await send({ subject: 'Another' }, key)).toMatchObject({
      status: 409,
      body: { errors: [{ code: 'conflict' }] },
    })
    const other = await server.newInstance()
    expect((await server.call('POST', '/email', LETTER, { headers: key, key: other.secretKey })).status).toBe(200)
  })

  it('is sent in batches, of which each succeeds or fails by itself', async () => {
    const results = await server.client.emails.createBatch([
      {
        to: { address: 'a@b.example' },
        from: { address: 'a@shop.example' },
        subject: '1',
        text: 't',
        idempotencyKey: 'k',
      },
      { to: { userId: 'user_none' }, from: { address: 'a@shop.example' }, subject: '2', text: 't' },
      {
        to: { address: 'a@b.example' },
        from: { address: 'a@shop.example' },
        subject: '1',
        text: 't',
        idempotencyKey: 'k',
      },
      { to: { address: 'no address' }, from: { address: 'a@shop.example' }, subject: '3', text: 't' },
      {
        to: { address: 'a@b.example' },
        from: { address: 'a@shop.example' },
        subject: '4',
        text: 't',
        idempotencyKey: 'k',
      },
    ])
    expect(results.map(({ index, statusCode }) => [index, statusCode])).toEqual([
      [0, 200],
      [1, 422],
      [2, 200],
      [3, 422],
      [4, 409],
    ])
    expect(results[1]).toMatchObject({ errors: [{ code: 'form_resource_not_found' }] })
    expect(await server.messages()).toHaveLength(1)
  })

  it('is checked in a batch as it is alone', async () => {
    const { status, body } = await server.call('POST', '/email/batch', {
      messages: [
        { ...LETTER, subject: undefined },
        { ...LETTER, colour: 'red' },
        { ...LETTER, idempotency_key: 'a b' },
      ],
    })
    expect(status).toBe(200)
    expect(body.map((result: { errors: { code: string }[] }) => result.errors[0]!.code)).toEqual([
      'form_param_missing',
      'form_param_unknown',
      'form_param_format_invalid',
    ])
    for (const messages of [[], Array.from({ length: 101 }, () => LETTER), 'x'])
      expect((await server.call('POST', '/email/batch', { messages })).status).toBe(422)
  })

  it.each<[string, object, string]>([
    ['neither an address nor a user', { to: {} }, 'to'],
    ['both', { to: { address: 'a@b.example', user_id: 'user_1' } }, 'to'],
    ['no address', { to: { address: 'ada' } }, 'to'],
    ['two addresses in one', { to: { address: 'a@b.example, c@d.example' } }, 'to'],
    ['an unknown user', { to: { user_id: 'user_none' } }, 'to'],
    ['a sender that is none', { from: { address: 'x' } }, 'from'],
    ['a second header in the subject', { subject: 'a\r\nBcc: b@c.example' }, 'subject'],
    ['a second header in a name', { from: { address: 'a@b.example', name: 'a\nBcc: x' } }, 'from'],
    ['no content', { html: undefined, text: undefined }, 'html'],
    ['too much content', { html: 'x'.repeat(50_000) }, 'html'],
    ['a copy that is no address', { cc: ['x'] }, 'cc'],
    ['the same recipient twice', { bcc: ['ADA@example.com'] }, 'bcc'],
    ['more than fifty recipients', { bcc: Array.from({ length: 50 }, (_, at) => `a${at}@b.example`) }, 'bcc'],
    ['a header that says who sends', { headers: { Sender: 'x' } }, 'headers'],
    ['a header in a header', { headers: { 'X-A': 'a\r\nBcc: x' } }, 'headers'],
    ['an attachment that is not base64', { attachments: [{ filename: 'a', content: '%' }] }, 'attachments'],
    ['an attachment with a path', { attachments: [{ filename: '../a', content: '' }] }, 'attachments'],
    [
      'attachments of more than a megabyte',
      { attachments: [{ filename: 'a', content: Buffer.alloc(1024 * 1024 + 1).toString('base64') }] },
      'attachments',
    ],
  ])('is refused with %s', async (_, fields, param) => {
    const { status, body } = await send(fields)
    expect(status).toBe(422)
    expect(body.errors[0].meta.param_name.split('.')[0]).toBe(param)
    expect(await server.messages()).toEqual([])
  })

  it('is not found under the id of a text message, or in another instance', async () => {
    const { body } = await send()
    const other = await server.newInstance()
    expect((await server.call('GET', `/email/${body.id}`, undefined, { key: other.secretKey })).status).toBe(404)
    const user = await server.client.users.createUser({ phoneNumber: ['+14155552671'] })
    const sms = await server.client.smsMessages.createSMSMessage({
      message: 'm',
      phoneNumberId: user.primaryPhoneNumberId!,
    })
    expect((await server.call('GET', `/email/${sms.id}`)).status).toBe(404)
  })
})

describe('mail that an application writes, at the SMTP server', () => {
  const smtp = new TestSmtpServer()
  beforeAll(() => smtp.start())
  afterAll(() => smtp.stop())
  const mail = {
    get smtpUrl() {
      return smtp.url
    },
    from: 'shop.example',
  }
  const server = useTestServer('sqlite', { mail })

  it('has everything it was given, and a hidden copy is not in it', async () => {
    const { body } = await server.call('POST', '/email', LETTER)
    await expect.poll(() => smtp.received).toHaveLength(1)
    const [received] = smtp.received
    expect(received).toMatchObject({
      from: 'orders@shop.example',
      to: ['ada@example.com', 'grace@example.com', 'audit@shop.example'],
      headers: {
        from: 'The shop <orders@shop.example>',
        to: 'Ada <ada@example.com>',
        cc: 'grace@example.com',
        'reply-to': 'help@else.example',
        'x-order': '7',
        subject: 'Your receipt',
      },
    })
    expect(received!.headers).not.toHaveProperty('bcc')
    expect(received!.body).toContain('<p>Thanks</p>')
    const [attached] = received!.parsed.attachments
    expect(attached!.filename).toBe('receipt.txt')
    expect(attached!.content.toString('base64')).toBe(LETTER.attachments[0]!.content)
    await expect.poll(async () => (await server.call('GET', `/email/${body.id}`)).body.status).toBe('accepted')
  })

  it('is refused from an address that the server does not send from', async () => {
    const { status, body } = await server.call('POST', '/email', { ...LETTER, from: { address: 'a@notshop.example' } })
    expect(status).toBe(422)
    expect(body.errors[0]).toMatchObject({ code: 'form_param_value_invalid', meta: { param_name: 'from' } })
  })
})
