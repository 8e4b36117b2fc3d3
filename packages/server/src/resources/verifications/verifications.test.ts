import { describe, expect, it } from 'vitest'
import { eraseExpiredCodes } from '../../outbox/event-codes.js'
import { dialects, useTestServer } from '../../server.test-support.js'

const MINUTE = 60_000
const NUMBER = '+14155552671'

describe.each(dialects)('verifications on %s', (dialect) => {
  const server = useTestServer(dialect)

  const error = (code: string) => ({ errors: [{ code }] })
  const limit = () => server.server.admin.seed(server.instance.id, { instance: { rate_limits: { enabled: true } } })
  const userOf = async (id: string) => (await server.call('GET', `/users/${id}`)).body
  const prepare = (path: string) => server.call('POST', `${path}/prepare_verification`)
  const attempt = (path: string, verificationId: string, code: string) =>
    server.call('POST', `${path}/attempt_verification`, { verification_id: verificationId, code })
  const lastCode = async () => (await server.messages()).at(-1)!.data!['otp_code'] as string
  const wrong = (code: string) => (code === '111111' ? '222222' : '111111')

  /** A user with an address that is not verified, and the path of the address. */
  const newAddress = async (emailAddress = 'new@example.com', username = 'ada_l') => {
    const user = await server.client.users.createUser({ username })
    const { body } = await server.call('POST', '/email_addresses', { user_id: user.id, email_address: emailAddress })
    return { userId: user.id, id: body.id as string, path: `/email_addresses/${body.id}` }
  }
  const newNumber = async (phoneNumber = NUMBER) => {
    const user = await server.client.users.createUser({ username: 'bob_b' })
    const { body } = await server.call('POST', '/phone_numbers', { user_id: user.id, phone_number: phoneNumber })
    return { userId: user.id, id: body.id as string, path: `/phone_numbers/${body.id}` }
  }

  it('sends a code by mail, and verifies the address with it', async () => {
    const { userId, id, path } = await newAddress()

    const prepared = await prepare(path)
    expect(prepared).toMatchObject({ status: 200 })
    expect(prepared.body).toEqual({
      object: 'verification_otp',
      id: expect.stringMatching(/^ver_[0-9A-Za-z]{27}$/),
      status: 'unverified',
      strategy: 'email_code',
      attempts: 0,
      expire_at: server.clock.now() + 10 * MINUTE,
    })
    const [message] = await server.messages()
    const code = await lastCode()
    expect(code).toMatch(/^\d{6}$/)
    expect(message).toMatchObject({
      channel: 'email',
      slug: 'verification_code',
      toAddress: 'new@example.com',
      subject: `${code} is your development verification code`,
      userId,
      identificationId: id,
    })
    expect(message!.body).toContain(code)
    const created = (await server.events()).at(-1)!
    expect(created).toMatchObject({
      type: 'email.created',
      payload: {
        id: message!.id,
        slug: 'verification_code',
        data: { otp_code: code },
        email_address_id: id,
        user_id: userId,
      },
    })
    expect((await server.call('GET', path)).body.verification).toBeNull()

    server.clock.advance(MINUTE)
    const attempted = await server.client.emailAddresses.attemptVerification(id, {
      verificationId: prepared.body.id,
      code,
    })
    expect(attempted).toMatchObject({ id: prepared.body.id, status: 'verified', strategy: 'email_code', attempts: 1 })
    expect((await server.call('GET', path)).body.verification).toEqual({
      object: 'verification_otp',
      status: 'verified',
      strategy: 'email_code',
      attempts: 1,
      expire_at: prepared.body.expire_at,
    })
    expect((await server.events()).at(-1)).toMatchObject({
      type: 'user.updated',
      subjectId: userId,
      payload: { email_addresses: [{ verification: { status: 'verified' } }] },
    })
  })

  it('sends a code by text message', async () => {
    const { userId, id, path } = await newNumber()

    const { body: prepared } = await prepare(path)
    expect(prepared).toMatchObject({ strategy: 'phone_code', channel: 'sms', status: 'unverified' })
    const [message] = await server.messages()
    const code = await lastCode()
    expect(message).toMatchObject({
      channel: 'sms',
      slug: 'verification_code',
      toAddress: NUMBER,
      body: expect.stringContaining(code),
    })
    expect((await server.events()).at(-1)).toMatchObject({
      type: 'sms.created',
      payload: {
        object: 'sms_message',
        id: message!.id,
        to_phone_number: NUMBER,
        phone_number_id: id,
        user_id: userId,
        status: 'queued',
        created_at_ms: server.clock.now(),
      },
    })

    expect((await attempt(path, prepared.id, code)).body).toMatchObject({ status: 'verified' })
    expect((await userOf(userId)).phone_numbers[0].verification).toMatchObject({
      status: 'verified',
      strategy: 'phone_code',
    })
  })

  it('makes an address primary that is verified when the user has none', async () => {
    const user = await server.client.users.createUser({ username: 'ada_l' })
    const { body: address } = await server.call('POST', '/email_addresses', {
      user_id: user.id,
      email_address: 'new@example.com',
      primary: false,
    })
    const { body: prepared } = await prepare(`/email_addresses/${address.id}`)

    await attempt(`/email_addresses/${address.id}`, prepared.id, await lastCode())

    expect((await userOf(user.id)).primary_email_address_id).toBe(address.id)
  })

  it('leaves a verified address as it is', async () => {
    const user = await server.client.users.createUser({ emailAddress: ['ada@example.com'] })
    const path = `/email_addresses/${user.primaryEmailAddressId}`
    const { body: prepared } = await prepare(path)

    expect((await attempt(path, prepared.id, await lastCode())).body.status).toBe('verified')

    expect((await server.call('GET', path)).body.verification).toMatchObject({ strategy: 'admin' })
    expect((await server.events()).map(({ type }) => type)).toEqual(['user.created', 'email.created'])
  })

  it('fails after five wrong codes, each told by the status', async () => {
    const { userId, path } = await newAddress()
    const { body: prepared } = await prepare(path)
    const code = await lastCode()

    expect(await attempt(path, prepared.id, wrong(code))).toMatchObject({
      status: 200,
      body: { status: 'unverified', attempts: 1 },
    })
    expect((await attempt(path, prepared.id, '')).body).toMatchObject({ status: 'unverified', attempts: 2 })
    expect((await attempt(path, prepared.id, `${code}0`)).body).toMatchObject({ status: 'unverified', attempts: 3 })
    expect((await attempt(path, prepared.id, code.slice(1))).body).toMatchObject({ status: 'unverified', attempts: 4 })
    expect((await attempt(path, prepared.id, wrong(code))).body).toMatchObject({ status: 'failed', attempts: 5 })
    expect((await attempt(path, prepared.id, code)).body).toMatchObject({ status: 'failed', attempts: 5 })
    expect((await server.call('GET', path)).body.verification).toBeNull()
    expect((await userOf(userId)).verification_attempts_remaining).toBe(5)
  })

  it('takes no code after ten minutes', async () => {
    const { userId, path } = await newAddress()
    const { body: prepared } = await prepare(path)
    server.clock.advance(10 * MINUTE)

    expect((await attempt(path, prepared.id, await lastCode())).body).toMatchObject({ status: 'expired', attempts: 0 })
    expect((await attempt(path, prepared.id, '000000')).body).toMatchObject({ status: 'expired', attempts: 0 })
    expect((await userOf(userId)).verification_attempts_remaining).toBe(10)
  })

  it('takes only the newest code of an address, and keeps no earlier one', async () => {
    const { path } = await newAddress()
    const first = await prepare(path)
    const replaced = await lastCode()
    server.clock.advance(MINUTE)
    const second = await prepare(path)
    const [message] = await server.messages()
    expect(message).toMatchObject({ data: null, body: '', subject: null })
    const late = await attempt(path, first.body.id, replaced)
    expect(late).toMatchObject({ status: 200, body: { status: 'expired' } })
    await eraseExpiredCodes(server.server.database, server.clock.now())
    expect(JSON.stringify(await server.events())).not.toContain(replaced)
    expect(await attempt(path, second.body.id, await lastCode())).toMatchObject({ body: { status: 'verified' } })
  })

  it('takes a code once, also when it comes many times at once', async () => {
    const { path } = await newAddress()
    const { body: prepared } = await prepare(path)
    const code = await lastCode()

    const answers = await Promise.all(Array.from({ length: 6 }, () => attempt(path, prepared.id, code)))

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400, 400])
    expect(answers.find(({ status }) => status === 400)!.body).toMatchObject(error('verification_already_verified'))
    expect(await attempt(path, prepared.id, wrong(code))).toMatchObject({
      status: 400,
      body: error('verification_already_verified'),
    })
  })

  it('tries no more than five codes, also when many come at once', async () => {
    const { path } = await newAddress()
    const { body: prepared } = await prepare(path)
    const code = await lastCode()

    const answers = await Promise.all(Array.from({ length: 8 }, () => attempt(path, prepared.id, wrong(code))))

    expect(answers.filter(({ body }) => body.status === 'unverified')).toHaveLength(4)
    expect(answers.filter(({ body }) => body.status === 'failed')).toHaveLength(4)
  })

  it('locks the user after ten failures, and forgets failures with a success', async () => {
    const { userId, path } = await newAddress()
    const failOnce = async () => {
      const { body: prepared } = await prepare(path)
      await attempt(path, prepared.id, wrong(await lastCode()))
    }
    for (let count = 0; count < 9; count++) await failOnce()
    expect(await userOf(userId)).toMatchObject({ locked: false, verification_attempts_remaining: 1 })
    const { body: prepared } = await prepare(path)
    await attempt(path, prepared.id, await lastCode())
    expect(await userOf(userId)).toMatchObject({ locked: false, verification_attempts_remaining: 10 })

    for (let count = 0; count < 10; count++) await failOnce()

    expect(await userOf(userId)).toMatchObject({
      locked: true,
      lockout_expires_in_seconds: 3600,
      verification_attempts_remaining: 0,
    })
    const [updated, notice] = (await server.events()).slice(-2)
    expect(updated).toMatchObject({ type: 'user.updated', payload: { locked: true } })
    expect(notice).toMatchObject({ type: 'email.created', payload: { slug: 'account_locked' } })
    server.clock.advance(60 * MINUTE)
    await failOnce()
    expect(await userOf(userId)).toMatchObject({ locked: false, verification_attempts_remaining: 9 })
  })

  it('gives an address to the first who verifies it', async () => {
    const [ada, bob] = [
      await newAddress('wanted@example.com', 'ada_l'),
      await newAddress('wanted@example.com', 'bob_b'),
    ]
    const { body: forAda } = await prepare(ada.path)
    const codeForAda = await lastCode()
    const { body: forBob } = await prepare(bob.path)
    const codeForBob = (await server.messages()).find(({ identificationId }) => identificationId === bob.id)!.data![
      'otp_code'
    ] as string

    expect((await attempt(bob.path, forBob.id, codeForBob)).body.status).toBe('verified')
    expect(await attempt(ada.path, forAda.id, codeForAda)).toMatchObject({
      status: 400,
      body: error('identification_claimed'),
    })
    expect((await server.call('GET', ada.path)).body.verification).toBeNull()
  })

  it('knows a verification only with its own address', async () => {
    const [ada, bob] = [await newAddress('ada@example.com', 'ada_l'), await newAddress('bob@example.com', 'bob_b')]
    const other = await server.server.createInstance()
    const { body: prepared } = await prepare(ada.path)
    const code = await lastCode()

    expect(await attempt(bob.path, prepared.id, code)).toMatchObject({ status: 404, body: error('resource_not_found') })
    expect((await attempt(ada.path, 'ver_1', code)).status).toBe(404)
    expect((await attempt('/email_addresses/idn_1', prepared.id, code)).status).toBe(404)
    expect((await attempt(`/phone_numbers/${ada.id}`, prepared.id, code)).status).toBe(404)
    expect(
      (
        await server.call(
          'POST',
          `${ada.path}/attempt_verification`,
          { verification_id: prepared.id, code },
          { key: other.secretKey },
        )
      ).status,
    ).toBe(404)
    expect((await prepare('/phone_numbers/idn_1')).status).toBe(404)
    for (const [body, param] of [
      [{ code }, 'verification_id'],
      [{ verification_id: prepared.id }, 'code'],
    ] as const) {
      expect(await server.call('POST', `${ada.path}/attempt_verification`, body)).toMatchObject({
        status: 422,
        body: { errors: [{ code: 'form_param_missing', meta: { param_name: param } }] },
      })
    }
    expect(
      (await server.call('POST', `${ada.path}/attempt_verification`, { verification_id: prepared.id, code: 424242 }))
        .status,
    ).toBe(422)
    expect((await attempt(ada.path, prepared.id, code)).body.status).toBe('verified')
  })

  it('ends with its address and its user', async () => {
    const { userId, path } = await newAddress()
    const { body: prepared } = await prepare(path)
    await server.client.users.deleteUser(userId)

    expect((await prepare(path)).status).toBe(404)
    expect((await attempt(path, prepared.id, '000000')).status).toBe(404)
  })

  it('sends three codes to a number in half a minute, not more', async () => {
    await limit()
    const { path } = await newNumber()
    for (let count = 0; count < 3; count++) expect((await prepare(path)).status).toBe(200)

    const refused = await prepare(path)
    expect(refused).toMatchObject({ status: 429, body: error('too_many_requests') })
    expect(refused.headers.get('retry-after')).toBe('30')
    expect(await server.messages()).toHaveLength(3)
    server.clock.advance(30_000)
    expect((await prepare(path)).status).toBe(200)
  })

  it('sends no more than three codes when many are asked for at once', async () => {
    await limit()
    const { path } = await newNumber()

    const answers = await Promise.all(Array.from({ length: 8 }, () => prepare(path)))

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3)
  })

  it('keeps no code in plain text beside the message itself', async () => {
    const { path } = await newAddress()
    await prepare(path)
    const code = await lastCode()

    const rows = await server.server.database.read
      .selectFrom('verifications')
      .selectAll()
      .where('instance_id', '=', server.instance.id)
      .execute()
    expect(rows).toHaveLength(1)
    expect(rows[0]!.code_hash).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(JSON.stringify(rows)).not.toContain(code)
  })

  describe('of test identities', () => {
    it('takes 424242 in test mode, with nothing sent', async () => {
      const address = await newAddress('ada+clerk_test@example.com')
      const number = await newNumber('+12015550100')

      for (const { path } of [address, number]) {
        const { body: prepared } = await prepare(path)
        expect((await attempt(path, prepared.id, '424241')).body).toMatchObject({ status: 'unverified', attempts: 1 })
        expect((await attempt(path, prepared.id, '424242')).body).toMatchObject({ status: 'verified', attempts: 2 })
      }
      expect(await server.messages()).toEqual([])
      expect((await server.events()).filter(({ type }) => type !== 'user.created' && type !== 'user.updated')).toEqual(
        [],
      )
    })

    it('treats them like any other where test mode is off', async () => {
      expect((await server.call('PATCH', '/instance', { test_mode: false })).status).toBe(204)
      const { path } = await newAddress('ada+clerk_test@example.com')

      const { body: prepared } = await prepare(path)

      const code = await lastCode()
      expect((await server.messages()).map(({ toAddress }) => toAddress)).toEqual(['ada+clerk_test@example.com'])
      if (code !== '424242') expect((await attempt(path, prepared.id, '424242')).body.status).toBe('unverified')
      expect((await attempt(path, prepared.id, code)).body.status).toBe('verified')
    })
  })
})
