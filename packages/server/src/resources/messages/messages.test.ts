import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('messages on %s', (dialect) => {
  const server = useTestServer(dialect)

  const newUser = () =>
    server.client.users.createUser({ emailAddress: ['ada@example.com'], phoneNumber: ['+14155552671'] })
  const content = { from_email_name: 'sales', subject: 'Hello', body: '<p>Hello</p>' }

  it('queues mail to an address of a user, and tells of it', async () => {
    const user = await newUser()

    const { status, body } = await server.call('POST', '/emails', {
      ...content,
      email_address_id: user.primaryEmailAddressId,
    })

    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'email',
      id: expect.stringMatching(/^ema_[0-9A-Za-z]{27}$/),
      slug: null,
      from_email_name: 'sales',
      reply_to_email_name: null,
      to_email_address: 'ada@example.com',
      email_address_id: user.primaryEmailAddressId,
      user_id: user.id,
      subject: 'Hello',
      body: '<p>Hello</p>',
      body_plain: 'Hello',
      status: 'queued',
      data: {},
      delivered_by_clerk: true,
    })
    expect(await server.messages()).toMatchObject([
      { id: body.id, channel: 'email', status: 'queued', fromName: 'sales', subject: 'Hello' },
    ])
    expect((await server.events()).at(-1)).toMatchObject({ type: 'email.created', subjectId: body.id, payload: body })
  })

  it('queues a text message to a number of a user, and tells of it', async () => {
    const user = await newUser()

    const { status, body } = await server.call('POST', '/sms_messages', {
      message: 'Hello',
      phone_number_id: user.primaryPhoneNumberId,
    })

    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'sms_message',
      id: expect.stringMatching(/^sms_[0-9A-Za-z]{27}$/),
      from_phone_number: '',
      to_phone_number: '+14155552671',
      phone_number_id: user.primaryPhoneNumberId,
      user_id: user.id,
      message: 'Hello',
      status: 'queued',
      slug: null,
      data: {},
      delivered_by_clerk: true,
    })
    expect(await server.messages()).toMatchObject([{ id: body.id, channel: 'sms', body: 'Hello' }])
    expect((await server.events()).at(-1)).toMatchObject({
      type: 'sms.created',
      subjectId: body.id,
      payload: { ...body, created_at_ms: server.clock.now() },
    })
  })

  it('takes both from the SDK, and as a form', async () => {
    const user = await newUser()
    const emailAddressId = user.primaryEmailAddressId!

    expect(
      await server.client.emails.createEmail({
        fromEmailName: 'sales',
        subject: 'Hello',
        body: 'Hello',
        emailAddressId,
      }),
    ).toMatchObject({ toEmailAddress: 'ada@example.com' })
    expect(
      await server.client.smsMessages.createSMSMessage({ message: 'Hello', phoneNumberId: user.primaryPhoneNumberId! }),
    ).toMatchObject({ status: 'queued' })
    expect(
      (await server.call('POST', '/emails', new URLSearchParams({ ...content, email_address_id: emailAddressId })))
        .status,
    ).toBe(200)
  })

  it.each([
    [{ from_email_name: 'sales@example.com' }, 'form_param_format_invalid', 'from_email_name'],
    [{ from_email_name: 'head.office' }, 'form_param_format_invalid', 'from_email_name'],
    [{ from_email_name: '' }, 'form_param_format_invalid', 'from_email_name'],
    [{ subject: 'Hello\r\nBcc: eve@example.com' }, 'form_param_format_invalid', 'subject'],
    [{ subject: '' }, 'form_param_value_invalid', 'subject'],
    [{ subject: 'a'.repeat(999) }, 'form_param_max_length_exceeded', 'subject'],
    [{ body: 7 }, 'form_param_type_invalid', 'body'],
    [{ email_address_id: 'idn_1' }, 'form_resource_not_found', 'email_address_id'],
    [{ to: 'ada@example.com' }, 'form_param_unknown', 'to'],
  ])('refuses mail with %j', async (change, code, param) => {
    const user = await newUser()

    const answer = await server.call('POST', '/emails', {
      ...content,
      email_address_id: user.primaryEmailAddressId,
      ...change,
    })

    expect(answer).toMatchObject({ status: 422, body: { errors: [{ code, meta: { param_name: param } }] } })
    expect(await server.messages()).toEqual([])
    expect(await server.events()).toHaveLength(1)
  })

  it("refuses what is missing, and another instance's or another kind of id", async () => {
    const user = await newUser()
    const other = await server.server.createInstance()

    expect((await server.call('POST', '/emails', {})).body.errors.map(({ meta }: { meta: object }) => meta)).toEqual(
      ['from_email_name', 'subject', 'body', 'email_address_id'].map((param_name) => ({ param_name })),
    )
    expect((await server.call('POST', '/sms_messages', {})).status).toBe(422)
    expect(
      (
        await server.call(
          'POST',
          '/emails',
          { ...content, email_address_id: user.primaryEmailAddressId },
          { key: other.secretKey },
        )
      ).status,
    ).toBe(422)
    for (const [message, phone_number_id] of [
      ['Hello', user.primaryEmailAddressId],
      ['', user.primaryPhoneNumberId],
      ['a'.repeat(1601), user.primaryPhoneNumberId],
      ['a\0b', user.primaryPhoneNumberId],
    ]) {
      expect((await server.call('POST', '/sms_messages', { message, phone_number_id })).status).toBe(422)
    }
    await server.client.users.deleteUser(user.id)
    expect(
      (await server.call('POST', '/sms_messages', { message: 'Hello', phone_number_id: user.primaryPhoneNumberId }))
        .status,
    ).toBe(422)
    expect(await server.messages()).toEqual([])
  })
})
