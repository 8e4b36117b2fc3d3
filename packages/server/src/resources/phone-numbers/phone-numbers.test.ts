import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

const NUMBER = '+14155552671'
const SECOND = '+14155552672'
const THIRD = '+14155552673'

describe.each(dialects)('phone numbers on %s', (dialect) => {
  const server = useTestServer(dialect)

  let userCount = 0
  const newUser = async (params: object = {}) =>
    server.client.users.createUser({ emailAddress: [`user${++userCount}@example.com`], ...params })
  const add = (userId: string, phoneNumber: string, more: object = {}) =>
    server.call('POST', '/phone_numbers', { user_id: userId, phone_number: phoneNumber, ...more })
  const addFactor = async (userId: string, phoneNumber: string) =>
    (await add(userId, phoneNumber, { verified: true, reserved_for_second_factor: true })).body
  const patch = (id: string, body: object) => server.call('PATCH', `/phone_numbers/${id}`, body)
  const get = async (id: string) => (await server.call('GET', `/phone_numbers/${id}`)).body
  const userOf = async (id: string) => (await server.call('GET', `/users/${id}`)).body
  const error = (code: string, param?: string) => ({
    errors: [{ code, ...(param ? { meta: { param_name: param } } : {}) }],
  })

  it('adds a number in E.164 form, which is primary when it is the first', async () => {
    const user = await newUser()

    const { status, body } = await add(user.id, '+1 (415) 555-2671', { verified: true })

    expect(status).toBe(200)
    expect(body).toEqual({
      id: expect.stringMatching(/^idn_[0-9A-Za-z]{27}$/),
      object: 'phone_number',
      phone_number: NUMBER,
      reserved_for_second_factor: false,
      default_second_factor: false,
      reserved: false,
      verification: {
        object: 'verification_admin',
        status: 'verified',
        strategy: 'admin',
        attempts: null,
        expire_at: null,
      },
      linked_to: [],
      backup_codes: null,
      created_at: server.clock.now(),
      updated_at: server.clock.now(),
    })
    expect(await userOf(user.id)).toMatchObject({
      primary_phone_number_id: body.id,
      two_factor_enabled: false,
      mfa_enabled_at: null,
    })
    expect(await server.client.phoneNumbers.getPhoneNumber(body.id)).toMatchObject({ id: body.id, phoneNumber: NUMBER })
  })

  it.each([
    [{ phone_number: '4155552671' }, 422, 'form_param_format_invalid', 'phone_number'],
    [{ phone_number: '+1415555' }, 422, 'form_param_format_invalid', 'phone_number'],
    [{ phone_number: '+1415\u00005552671' }, 422, undefined, undefined],
    [{ phone_number: null }, 422, 'form_param_nil', 'phone_number'],
    [{ phone_number: NUMBER, user_id: 'user_1' }, 404, 'resource_not_found', undefined],
    [
      { phone_number: NUMBER, reserved_for_second_factor: 1 },
      422,
      'form_param_type_invalid',
      'reserved_for_second_factor',
    ],
    [
      { phone_number: NUMBER, notify_primary_email_address_changed: true },
      422,
      'form_param_unknown',
      'notify_primary_email_address_changed',
    ],
    [
      { phone_number: NUMBER, reserved_for_second_factor: true },
      400,
      'identification_create_second_factor_unverified',
      undefined,
    ],
  ])('refuses %j', async (body, status, code, param) => {
    const user = await newUser()

    const answer = await server.call('POST', '/phone_numbers', { user_id: user.id, ...body })

    expect(answer.status).toBe(status)
    if (code) expect(answer.body).toMatchObject(error(code, param))
    expect(await server.events()).toHaveLength(1)
  })

  it('refuses a number somebody has, and answers 404 for what is not there', async () => {
    const [ada, bob] = [await newUser({ phoneNumber: [NUMBER] }), await newUser()]
    const other = await server.server.createInstance()

    expect(await add(bob.id, NUMBER)).toMatchObject({
      status: 422,
      body: error('form_identifier_exists', 'phone_number'),
    })
    expect(
      (await server.call('GET', `/phone_numbers/${ada.primaryPhoneNumberId}`, undefined, { key: other.secretKey }))
        .status,
    ).toBe(404)
    expect((await server.call('GET', `/phone_numbers/${ada.primaryEmailAddressId}`)).status).toBe(404)
    expect((await patch('idn_1', { verified: true })).status).toBe(404)
  })

  it('deletes a number, but not the last identifier', async () => {
    const user = await server.client.users.createUser({ phoneNumber: [NUMBER, SECOND] })
    const [first, second] = user.phoneNumbers

    expect((await server.client.phoneNumbers.deletePhoneNumber(first!.id)).deleted).toBe(true)
    expect((await userOf(user.id)).primary_phone_number_id).toBe(second!.id)
    expect(await server.call('DELETE', `/phone_numbers/${second!.id}`)).toMatchObject({
      status: 400,
      body: error('last_required_identification_deletion_failed'),
    })
  })

  describe('as second factor', () => {
    it('makes the first one the default, with backup codes that are shown once', async () => {
      const user = await newUser()

      const first = await addFactor(user.id, NUMBER)
      const second = await addFactor(user.id, SECOND)

      expect(first).toMatchObject({ reserved_for_second_factor: true, default_second_factor: true })
      expect(first.backup_codes).toHaveLength(10)
      expect(second).toMatchObject({
        reserved_for_second_factor: true,
        default_second_factor: false,
        backup_codes: null,
      })
      expect(await get(first.id)).toMatchObject({ default_second_factor: true, backup_codes: null })
      expect(await userOf(user.id)).toMatchObject({
        two_factor_enabled: true,
        backup_code_enabled: true,
        mfa_enabled_at: server.clock.now(),
        mfa_disabled_at: null,
      })
      const checked = await server.call('POST', `/users/${user.id}/verify_totp`, { code: first.backup_codes[3] })
      expect(checked).toMatchObject({ status: 200, body: { verified: true, code_type: 'backup_code' } })
    })

    it('keeps backup codes that the user has, and makes none beside an authenticator app or where they are off', async () => {
      const imported = await newUser({ backupCodes: ['abcd2345'] })
      const withApp = await newUser({ totpSecret: 'JBSWY3DPEHPK3PXP' })
      expect((await addFactor(imported.id, NUMBER)).backup_codes).toBeNull()
      expect((await addFactor(withApp.id, SECOND)).backup_codes).toBeNull()

      const off = await server.server.createInstance()
      const settings = JSON.stringify({ attributes: { backup_code: { enabled: false } } })
      await server.server.database.transaction((tx) =>
        tx.updateTable('instances').set({ settings }).where('id', '=', off.id).execute(),
      )
      const { body: user } = await server.call('POST', '/users', { username: 'ada_l' }, { key: off.secretKey })
      const { body } = await server.call(
        'POST',
        '/phone_numbers',
        { user_id: user.id, phone_number: NUMBER, verified: true, reserved_for_second_factor: true },
        { key: off.secretKey },
      )
      expect(body).toMatchObject({ default_second_factor: true, backup_codes: null })
    })

    it('passes the default on, and ends multi-factor authentication with the last one', async () => {
      const user = await newUser()
      const [first, second, third] = [
        await addFactor(user.id, NUMBER),
        await addFactor(user.id, SECOND),
        await addFactor(user.id, THIRD),
      ]
      server.clock.advance(5000)

      expect((await patch(first.id, { reserved_for_second_factor: false })).body).toMatchObject({
        reserved_for_second_factor: false,
        default_second_factor: false,
        backup_codes: null,
      })
      expect(await get(second.id)).toMatchObject({ default_second_factor: true })
      expect((await server.call('DELETE', `/phone_numbers/${second.id}`)).status).toBe(200)
      expect(await get(third.id)).toMatchObject({ default_second_factor: true })
      expect(await userOf(user.id)).toMatchObject({ two_factor_enabled: true, mfa_disabled_at: null })

      await patch(third.id, { reserved_for_second_factor: false })
      expect(await userOf(user.id)).toMatchObject({
        two_factor_enabled: false,
        backup_code_enabled: false,
        mfa_disabled_at: server.clock.now(),
      })
      expect((await patch(third.id, { reserved_for_second_factor: true })).body.backup_codes).toHaveLength(10)
    })

    it('goes on with multi-factor authentication while there is an authenticator app', async () => {
      const user = await newUser({ totpSecret: 'JBSWY3DPEHPK3PXP' })
      const phone = await addFactor(user.id, NUMBER)

      await patch(phone.id, { reserved_for_second_factor: false })

      expect(await userOf(user.id)).toMatchObject({ two_factor_enabled: true, mfa_disabled_at: null })
    })

    it('asks for a verified number', async () => {
      const user = await newUser()
      const { body: phone } = await add(user.id, NUMBER)

      const refused = { status: 400, body: error('identification_update_second_factor_unverified') }
      expect(await patch(phone.id, { reserved_for_second_factor: true })).toMatchObject(refused)
      expect((await patch(phone.id, { verified: true, reserved_for_second_factor: true })).body).toMatchObject({
        default_second_factor: true,
      })
      expect(await patch(phone.id, { verified: false })).toMatchObject(refused)
      expect((await patch(phone.id, { verified: false, reserved_for_second_factor: false })).body).toMatchObject({
        verification: null,
        default_second_factor: false,
      })
    })

    it("refuses the user's last identifier, and counts no such number as one", async () => {
      const user = await server.client.users.createUser({ phoneNumber: [NUMBER, SECOND] })
      const [first, second] = user.phoneNumbers

      expect((await patch(first!.id, { reserved_for_second_factor: true })).status).toBe(200)
      expect(await patch(second!.id, { reserved_for_second_factor: true })).toMatchObject({
        status: 400,
        body: error('identification_update_failed'),
      })
      expect(await server.call('DELETE', `/phone_numbers/${second!.id}`)).toMatchObject({
        status: 400,
        body: error('last_required_identification_deletion_failed'),
      })
    })

    it('has one default when two numbers are reserved at once', async () => {
      const user = await newUser({ phoneNumber: [NUMBER, SECOND] })

      const answers = await Promise.all(
        user.phoneNumbers.map(({ id }) => patch(id, { reserved_for_second_factor: true })),
      )

      expect(answers.map(({ status }) => status)).toEqual([200, 200])
      expect(
        (await userOf(user.id)).phone_numbers.filter(
          (phone: { default_second_factor: boolean }) => phone.default_second_factor,
        ),
      ).toHaveLength(1)
      expect(answers.filter(({ body }) => body.backup_codes !== null)).toHaveLength(1)
    })
  })

  describe('replacing', () => {
    it('puts one number that is no second factor in place of all, and ends multi-factor authentication', async () => {
      const user = await newUser({ phoneNumber: [SECOND] })
      await addFactor(user.id, NUMBER)

      const { body } = await server.call('PUT', `/users/${user.id}/phone_number`, { phone_number: NUMBER })

      expect(body).toMatchObject({
        phone_number: NUMBER,
        reserved_for_second_factor: false,
        default_second_factor: false,
        verification: { status: 'verified', strategy: 'admin' },
      })
      expect(await userOf(user.id)).toMatchObject({
        primary_phone_number_id: body.id,
        phone_numbers: [{ id: body.id }],
        two_factor_enabled: false,
        mfa_disabled_at: server.clock.now(),
      })
    })

    it('reserves the number, or leaves it unclaimed', async () => {
      const [ada, bob] = [await newUser(), await newUser()]
      const replace = (status: string) =>
        server.call('PUT', `/users/${ada.id}/phone_number`, { phone_number: NUMBER, identification_status: status })

      expect((await replace('reserved')).body).toMatchObject({ reserved: true, verification: null })
      expect((await add(bob.id, NUMBER)).status).toBe(422)
      expect((await replace('unverified')).body).toMatchObject({ reserved: false, verification: null })
      expect((await add(bob.id, NUMBER, { verified: true })).status).toBe(200)
      expect(await replace('verified')).toMatchObject({
        status: 422,
        body: error('form_identifier_exists', 'phone_number'),
      })
      expect((await userOf(ada.id)).phone_numbers).toHaveLength(1)
    })
  })
})
