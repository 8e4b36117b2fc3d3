import bcrypt from 'bcrypt'
import { Secret, TOTP } from 'otpauth'
import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

const SECRET = 'JBSWY3DPEHPK3PXP'
const STEP = 30_000

const refused = (status: number, code: string) => ({ status, body: { errors: [{ code }] } })

describe.each(dialects)('second factors of users on %s', (dialect) => {
  const server = useTestServer(dialect)
  const users = () => server.client.users
  const create = (params: object) => users().createUser({ emailAddress: ['ada@example.com'], ...params })
  const verify = (id: string, code: unknown) => server.call('POST', `/users/${id}/verify_totp`, { code })
  const shown = async (id: string) => (await server.call('GET', `/users/${id}`)).body
  const codeAt = (timestamp = server.clock.now(), secret = SECRET) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp })

  /** Six digits that no step near now has. */
  function wrongCode(): string {
    const near = [-2, -1, 0, 1, 2].map((steps) => codeAt(server.clock.now() + steps * STEP))
    return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.includes(code))!
  }

  const reservePhones = (userId: string) =>
    server.server.database.transaction((tx) =>
      tx
        .updateTable('phone_numbers')
        .set({ reserved_for_second_factor: 1, default_second_factor: 1 })
        .where('user_id', '=', userId)
        .execute(),
    )

  describe('verify_totp with the code of an authenticator app', () => {
    it('takes a code once', async () => {
      const user = await create({ totpSecret: SECRET })

      expect(await users().verifyTOTP({ userId: user.id, code: codeAt() })).toEqual({
        verified: true,
        code_type: 'totp',
      })
      expect(await verify(user.id, codeAt())).toMatchObject(refused(422, 'totp_incorrect_code'))

      server.clock.advance(STEP)
      expect((await verify(user.id, codeAt())).body).toEqual({ verified: true, code_type: 'totp' })
    })

    it('takes the code of the step before and after, and none older than one that was taken', async () => {
      const user = await create({ totpSecret: SECRET })
      const now = server.clock.now()

      expect((await verify(user.id, codeAt(now - 2 * STEP))).status).toBe(422)
      expect((await verify(user.id, codeAt(now - STEP))).status).toBe(200)
      expect((await verify(user.id, codeAt(now + STEP))).status).toBe(200)
      expect((await verify(user.id, codeAt(now))).status).toBe(422)
    })

    it('lets one of many who come at once with the same code in', async () => {
      const user = await create({ totpSecret: SECRET })

      const answers = await Promise.all(Array.from({ length: 64 }, () => verify(user.id, codeAt())))

      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 63 }, () => 422)])
    })

    it('begins anew with another secret', async () => {
      const user = await create({ totpSecret: SECRET })
      await verify(user.id, codeAt())
      const other = 'KRSXG5CTMVRXEZLU'
      await users().updateUser(user.id, { totpSecret: other })

      expect((await verify(user.id, codeAt(server.clock.now(), other))).status).toBe(200)
    })

    it('counts wrong codes and locks the user', async () => {
      const user = await create({ totpSecret: SECRET, password: 'analytical engine' })

      for (let attempt = 1; attempt <= 5; attempt++)
        expect((await verify(user.id, wrongCode())).body.errors[0].code).toBe('totp_incorrect_code')
      for (let attempt = 1; attempt <= 4; attempt++)
        await server.call('POST', `/users/${user.id}/verify_password`, { password: 'wrong' })
      expect(await shown(user.id)).toMatchObject({ locked: false, verification_attempts_remaining: 1 })
      await verify(user.id, wrongCode())
      expect(await shown(user.id)).toMatchObject({ locked: true, lockout_expires_in_seconds: 3600 })

      server.clock.advance(60 * 60 * 1000)
      expect(await shown(user.id)).toMatchObject({ locked: false })
      expect((await verify(user.id, codeAt())).status).toBe(200)
      expect(await shown(user.id)).toMatchObject({ verification_attempts_remaining: 10 })
    })

    it('tells nothing while the user is locked, and spends no code', async () => {
      const user = await create({ totpSecret: SECRET })
      await users().lockUser(user.id)
      const [right, wrong] = [await verify(user.id, codeAt()), await verify(user.id, wrongCode())]
      expect(right).toMatchObject(refused(422, 'totp_incorrect_code'))
      expect(right.body.errors).toEqual(wrong.body.errors)
      await users().unlockUser(user.id)
      expect((await verify(user.id, codeAt())).status).toBe(200)
    })

    it('says so when only six digits can be right', async () => {
      const user = await create({ totpSecret: SECRET })

      for (const code of ['', '12345', '1234567', 'abcd2345']) {
        expect(await verify(user.id, code)).toMatchObject(refused(422, 'totp_invalid_length'))
      }
      expect(await verify(user.id, 'abcdef')).toMatchObject(refused(422, 'totp_incorrect_code'))
      expect(await shown(user.id)).toMatchObject({ verification_attempts_remaining: 9 })
    })
  })

  describe('verify_totp with a backup code', () => {
    it('spends the code', async () => {
      const user = await create({ totpSecret: SECRET, backupCodes: ['abcd2345', 'efgh6789'] })

      expect(await users().verifyTOTP({ userId: user.id, code: 'ABCD-2345' })).toEqual({
        verified: true,
        code_type: 'backup_code',
      })
      expect(await verify(user.id, 'abcd2345')).toMatchObject(refused(422, 'totp_incorrect_code'))
      expect(await shown(user.id)).toMatchObject({ backup_code_enabled: true })
      expect((await verify(user.id, 'efgh6789')).status).toBe(200)

      expect(await shown(user.id)).toMatchObject({
        backup_code_enabled: false,
        totp_enabled: true,
        two_factor_enabled: true,
      })
      expect((await server.events()).map(({ type }) => type)).toEqual(['user.created', 'user.updated', 'user.updated'])
    })

    it('lets one of 64 who come at once with the same code in, and one with another', async () => {
      const user = await create({ totpSecret: SECRET, backupCodes: ['abcd2345', 'efgh6789', 'jkmn2345'] })

      const answers = await Promise.all(Array.from({ length: 64 }, () => verify(user.id, 'abcd2345')))

      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 63 }, () => 422)])
      await server.client.users.unlockUser(user.id)
      const others = await Promise.all(['efgh6789', 'abcd2345', 'jkmn2345'].map((code) => verify(user.id, code)))
      expect(others.map(({ status }) => status)).toEqual([200, 422, 200])
    })

    it('takes codes of six digits and codes that came as bcrypt digests', async () => {
      const user = await create({ totpSecret: SECRET, backupCodes: [wrongCode(), await bcrypt.hash('xyz23456', 4)] })

      expect((await verify(user.id, wrongCode())).body).toEqual({ verified: true, code_type: 'backup_code' })
      expect((await verify(user.id, 'xyz23456')).body).toEqual({ verified: true, code_type: 'backup_code' })
    })

    it('takes them without an authenticator app, as for users with a phone number', async () => {
      const user = await create({ phoneNumber: ['+14155552671'], backupCodes: ['abcd2345'] })

      expect((await verify(user.id, 'wrong234')).body.errors[0].code).toBe('totp_incorrect_code')
      expect((await verify(user.id, 'abcd2345')).body).toEqual({ verified: true, code_type: 'backup_code' })
      expect((await verify(user.id, 'abcd2345')).body.errors[0].code).toBe('totp_disabled')
    })
  })

  describe('verify_totp of bad input', () => {
    it('says so when there is nothing to verify', async () => {
      const user = await create({})

      expect(await verify(user.id, '123456')).toMatchObject(refused(400, 'totp_disabled'))
      expect(await verify('user_0', '123456')).toMatchObject(refused(404, 'resource_not_found'))
      expect(await shown(user.id)).toMatchObject({ verification_attempts_remaining: 10 })
    })

    it.each([
      [{}, 'form_param_missing'],
      [{ code: 123456 }, 'form_param_type_invalid'],
      [{ code: '12\u0000456' }, 'form_param_value_invalid'],
      [{ code: '123456', user_id: 'user_1' }, 'form_param_unknown'],
    ])('refuses %j', async (body, code) => {
      const user = await create({ totpSecret: SECRET })

      expect(await server.call('POST', `/users/${user.id}/verify_totp`, body)).toMatchObject(refused(422, code))
    })

    it("does not know another instance's users", async () => {
      const user = await create({ totpSecret: SECRET, backupCodes: ['abcd2345'] })
      const { secretKey: key } = await server.server.createInstance()

      expect((await server.call('POST', `/users/${user.id}/verify_totp`, { code: codeAt() }, { key })).status).toBe(404)
      for (const path of ['totp', 'backup_code', 'mfa']) {
        expect((await server.call('DELETE', `/users/${user.id}/${path}`, undefined, { key })).status).toBe(404)
      }
      expect(await shown(user.id)).toMatchObject({ totp_enabled: true, backup_code_enabled: true })
    })
  })

  describe('taking them away', () => {
    it('deletes the authenticator app', async () => {
      const user = await create({ totpSecret: SECRET, backupCodes: ['abcd2345'] })
      server.clock.advance(1000)

      expect(await users().deleteUserTOTP(user.id)).toMatchObject({ userId: user.id })

      expect(await shown(user.id)).toMatchObject({
        totp_enabled: false,
        two_factor_enabled: false,
        backup_code_enabled: true,
      })
      expect(await shown(user.id)).toMatchObject({
        mfa_disabled_at: server.clock.now(),
        mfa_enabled_at: user.createdAt,
      })
      expect((await verify(user.id, codeAt())).body.errors[0].code).toBe('totp_incorrect_code')
    })

    it('keeps the second factor on while a phone number is one', async () => {
      const user = await create({ totpSecret: SECRET, phoneNumber: ['+14155552671'] })
      await reservePhones(user.id)

      await users().deleteUserTOTP(user.id)

      expect(await shown(user.id)).toMatchObject({
        totp_enabled: false,
        two_factor_enabled: true,
        mfa_disabled_at: null,
      })
    })

    it('deletes the backup codes', async () => {
      const user = await create({ totpSecret: SECRET, backupCodes: ['abcd2345'] })

      expect(await users().deleteUserBackupCodes(user.id)).toEqual({ userId: user.id })

      expect(await shown(user.id)).toMatchObject({
        totp_enabled: true,
        two_factor_enabled: true,
        backup_code_enabled: false,
        mfa_disabled_at: null,
      })
      expect((await verify(user.id, 'abcd2345')).status).toBe(422)
    })

    it('disables everything at once', async () => {
      const user = await create({ totpSecret: SECRET, backupCodes: ['abcd2345'], phoneNumber: ['+14155552671'] })
      await reservePhones(user.id)
      server.clock.advance(1000)

      expect(await users().disableUserMFA(user.id)).toMatchObject({ userId: user.id })

      const body = await shown(user.id)
      expect(body).toMatchObject({
        totp_enabled: false,
        two_factor_enabled: false,
        backup_code_enabled: false,
        mfa_disabled_at: server.clock.now(),
      })
      expect(body.phone_numbers).toMatchObject([
        { phone_number: '+14155552671', reserved_for_second_factor: false, default_second_factor: false },
      ])
      expect((await server.events()).at(-1)).toMatchObject({
        type: 'user.updated',
        payload: { two_factor_enabled: false },
      })
    })

    it.each(['totp', 'backup_code', 'mfa'])('changes nothing when there is nothing to take away: %s', async (path) => {
      const user = await create({})
      const before = await shown(user.id)
      server.clock.advance(1000)

      expect(await server.call('DELETE', `/users/${user.id}/${path}`)).toMatchObject({
        status: 200,
        body: { user_id: user.id },
      })
      expect(await shown(user.id)).toEqual(before)
      expect(await server.events()).toHaveLength(1)
      expect(await server.call('DELETE', `/users/user_0/${path}`)).toMatchObject(refused(404, 'resource_not_found'))
    })
  })
})
