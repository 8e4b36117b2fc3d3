import { createHash } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { PasswordHasher } from '../../lib/passwords/index.js'
import { dialects, useTestServer } from '../../server.test-support.js'

const PASSWORD = 'analytical engine'
const HOUR = 60 * 60 * 1000

const refused = (status: number, code: string) => ({ status, body: { errors: [{ code }] } })

describe.each(dialects)('passwords of users on %s', (dialect) => {
  const server = useTestServer(dialect)
  const users = () => server.client.users
  const create = (params: object = { password: PASSWORD }) =>
    users().createUser({ emailAddress: ['ada@example.com'], ...params })
  const verify = (id: string, password: unknown) => server.call('POST', `/users/${id}/verify_password`, { password })
  const shown = async (id: string) => (await server.call('GET', `/users/${id}`)).body
  const row = (id: string) =>
    server.server.database.read.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

  /** A session as a sign-in would leave it. */
  async function signIn(userId: string, status: 'active' | 'ended' = 'active'): Promise<string> {
    const now = server.clock.now()
    const id = `sess_${userId.slice(5)}${status}`
    const common = { instance_id: server.instance.id, created_at: now, updated_at: now }
    await server.server.database.transaction(async (tx) => {
      await tx
        .insertInto('clients')
        .values({
          ...common,
          id: `client_${id}`,
          last_active_session_id: null,
          sign_in_id: null,
          sign_up_id: null,
          last_authentication_strategy: null,
        })
        .execute()
      await tx
        .insertInto('sessions')
        .values({
          ...common,
          id,
          client_id: `client_${id}`,
          user_id: userId,
          status,
          password_compromised: 0,
          has_second_factor: 0,
          actor: null,
          last_active_organization_id: null,
          last_active_at: now,
          latest_activity: null,
          first_factor_verified_at: now,
          second_factor_verified_at: null,
          expire_at: now + HOUR,
          abandon_at: now + HOUR,
        })
        .execute()
    })
    return id
  }

  async function sessionStatus(id: string): Promise<string> {
    return (
      await server.server.database.read
        .selectFrom('sessions')
        .select('status')
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
    ).status
  }

  describe('verify_password', () => {
    it('tells a right password from a wrong one', async () => {
      const user = await create()

      expect(await users().verifyPassword({ userId: user.id, password: PASSWORD })).toEqual({ verified: true })
      for (const wrong of ['Analytical engine', `${PASSWORD} `, '', 'x'.repeat(100_000)]) {
        expect(await verify(user.id, wrong)).toMatchObject(refused(422, 'incorrect_password'))
      }
    })

    it('says so when there is no password or no user', async () => {
      const user = await create({})

      expect(await verify(user.id, PASSWORD)).toMatchObject(refused(400, 'no_password_set'))
      expect(await verify('user_0', PASSWORD)).toMatchObject(refused(404, 'resource_not_found'))
      await users().deleteUser(user.id)
      expect((await verify(user.id, PASSWORD)).status).toBe(404)
    })

    it("does not know another instance's users", async () => {
      const user = await create()
      const other = await server.server.createInstance()

      expect(
        (
          await server.call(
            'POST',
            `/users/${user.id}/verify_password`,
            { password: PASSWORD },
            { key: other.secretKey },
          )
        ).status,
      ).toBe(404)
      expect(
        (await server.call('POST', `/users/${user.id}/remove_password`, {}, { key: other.secretKey })).status,
      ).toBe(404)
      expect((await verify(user.id, PASSWORD)).status).toBe(200)
    })

    it.each([
      [{}, 'form_param_missing'],
      [{ password: null }, 'form_param_nil'],
      [{ password: 7 }, 'form_param_type_invalid'],
      [{ password: ['a'] }, 'form_param_type_invalid'],
      [{ password: 'a\0' }, 'form_param_value_invalid'],
      ['{"password":"\\ud800"}', 'form_param_value_invalid'],
      [{ password: PASSWORD, user_id: 'x' }, 'form_param_unknown'],
    ])('refuses %j', async (body, code) => {
      const user = await create()

      const headers = { 'content-type': 'application/json' }
      expect(await server.call('POST', `/users/${user.id}/verify_password`, body, { headers })).toMatchObject(
        refused(422, code),
      )
      expect((await row(user.id)).failed_attempts).toBe(0)
    })

    it('locks the user after ten wrong passwords, for an hour', async () => {
      const user = await create()

      for (let attempt = 1; attempt <= 9; attempt++) await verify(user.id, 'wrong')
      expect(await shown(user.id)).toMatchObject({ locked: false, verification_attempts_remaining: 1 })
      await verify(user.id, 'wrong')
      expect(await shown(user.id)).toMatchObject({
        locked: true,
        lockout_expires_in_seconds: 3600,
        verification_attempts_remaining: 0,
      })
      expect((await server.events()).map(({ type }) => type)).toEqual(['user.created', 'user.updated', 'email.created'])

      server.clock.advance(HOUR)
      expect(await shown(user.id)).toMatchObject({ locked: false })
      expect(await users().verifyPassword({ userId: user.id, password: PASSWORD })).toEqual({ verified: true })
      expect(await shown(user.id)).toMatchObject({ verification_attempts_remaining: 10 })
    })

    it('forgets the failures after a right password', async () => {
      const user = await create()
      await Promise.all(Array.from({ length: 9 }, () => verify(user.id, 'wrong')))
      expect((await shown(user.id)).verification_attempts_remaining).toBe(1)

      await verify(user.id, PASSWORD)

      expect((await shown(user.id)).verification_attempts_remaining).toBe(10)
    })

    it('answers for banned users too: it signs nobody in', async () => {
      const user = await create()
      await users().banUser(user.id)

      expect((await verify(user.id, PASSWORD)).status).toBe(200)
      expect((await verify(user.id, 'wrong')).status).toBe(422)
    })

    it('tells nothing while the user is locked, and hashes nothing', async () => {
      const user = await create()
      await users().lockUser(user.id)
      const hashing = vi.spyOn(PasswordHasher.prototype, 'verify')
      try {
        const [right, wrong] = [await verify(user.id, PASSWORD), await verify(user.id, 'wrong')]
        expect(right.status).toBe(422)
        expect(right.body.errors).toMatchObject([{ code: 'incorrect_password' }])
        expect(right.body.errors).toEqual(wrong.body.errors)
        expect(hashing).not.toHaveBeenCalled()
      } finally {
        hashing.mockRestore()
      }
      await users().unlockUser(user.id)
      expect((await verify(user.id, PASSWORD)).status).toBe(200)
    })

    it('replaces a weak digest at the first right password', async () => {
      const digest = createHash('md5').update(PASSWORD).digest('hex')
      const user = await create({ passwordDigest: digest, passwordHasher: 'md5' })
      const { password_updated_at } = await row(user.id)
      const events = (await server.events()).length
      server.clock.advance(1000)

      await verify(user.id, 'wrong')
      expect((await row(user.id)).password_hasher).toBe('md5')
      await Promise.all([verify(user.id, PASSWORD), verify(user.id, PASSWORD)])

      expect(await row(user.id)).toMatchObject({ password_hasher: 'argon2id', failed_attempts: 0, password_updated_at })
      expect((await verify(user.id, PASSWORD)).status).toBe(200)
      expect((await verify(user.id, 'wrong')).status).toBe(422)
      expect(await server.events()).toHaveLength(events)
    })

    it('never takes a password that only another service could check', async () => {
      const user = await create({ passwordDigest: 'awscognito#us-east-1_1#client#ada', passwordHasher: 'awscognito' })

      expect((await verify(user.id, PASSWORD)).status).toBe(422)
      expect((await verify(user.id, 'awscognito#us-east-1_1#client#ada')).status).toBe(422)
    })
  })

  describe('remove_password', () => {
    it('takes the password away and leaves the sessions', async () => {
      const user = await create()
      const session = await signIn(user.id)

      const changed = await users().removePassword(user.id)

      expect(changed.passwordEnabled).toBe(false)
      expect((await row(user.id)).password_updated_at).toBeNull()
      expect(await sessionStatus(session)).toBe('active')
      expect((await verify(user.id, PASSWORD)).body.errors[0].code).toBe('no_password_set')
      expect((await server.events()).at(-1)).toMatchObject({
        type: 'user.updated',
        payload: { password_enabled: false },
      })
    })

    it('revokes the sessions when asked to', async () => {
      const user = await create()
      const [active, ended] = [await signIn(user.id), await signIn(user.id, 'ended')]

      await users().removePassword(user.id, { signOutOfOtherSessions: true })

      expect(await sessionStatus(active)).toBe('revoked')
      expect(await sessionStatus(ended)).toBe('ended')
    })

    it('does nothing for a user without a password', async () => {
      const user = await create({})
      const session = await signIn(user.id)
      const before = await users().getUser(user.id)
      server.clock.advance(1000)

      expect(await users().removePassword(user.id, { signOutOfOtherSessions: true })).toEqual(before)
      expect(await sessionStatus(session)).toBe('active')
      expect(await server.events()).toHaveLength(1)
    })

    it('needs no body', async () => {
      const user = await create()

      expect(await server.call('POST', `/users/${user.id}/remove_password`)).toMatchObject({
        status: 200,
        body: { password_enabled: false },
      })
      expect((await server.call('POST', '/users/user_0/remove_password')).status).toBe(404)
    })

    it.each([
      [{ sign_out_of_other_sessions: null }, 'form_param_nil'],
      [{ sign_out_of_other_sessions: 'yes' }, 'form_param_type_invalid'],
      [{ password: PASSWORD }, 'form_param_unknown'],
    ])('refuses %j', async (body, code) => {
      const user = await create()

      expect(await server.call('POST', `/users/${user.id}/remove_password`, body)).toMatchObject(refused(422, code))
      expect((await users().getUser(user.id)).passwordEnabled).toBe(true)
    })
  })

  describe('set_compromised and unset_compromised', () => {
    it('marks the password, which sessions wait for, and takes the mark back', async () => {
      const user = await create()
      const session = await signIn(user.id)

      expect((await users().setPasswordCompromised(user.id)).passwordEnabled).toBe(true)
      expect((await row(user.id)).password_compromised).toBe(1)
      expect(await sessionStatus(session)).toBe('pending')
      expect((await verify(user.id, PASSWORD)).status).toBe(200)

      await users().unsetPasswordCompromised(user.id)
      expect((await row(user.id)).password_compromised).toBe(0)
      expect(await sessionStatus(session)).toBe('active')
      expect((await server.events()).map(({ type }) => type)).toEqual([
        'user.created',
        'user.updated',
        'session.pending',
        'user.updated',
        'session.created',
      ])
    })

    it('revokes the sessions when asked to', async () => {
      const user = await create()
      const session = await signIn(user.id)

      await users().setPasswordCompromised(user.id, { revokeAllSessions: true })

      expect(await sessionStatus(session)).toBe('revoked')
    })

    it('takes the mark back when the password changes', async () => {
      const user = await create()
      await users().setPasswordCompromised(user.id)

      await users().updateUser(user.id, { password: 'difference engine' })

      expect((await row(user.id)).password_compromised).toBe(0)
    })

    it.each(['set_compromised', 'unset_compromised'])('%s needs a password and a user', async (operation) => {
      const user = await create({})
      const session = await signIn(user.id)

      expect(await server.call('POST', `/users/${user.id}/password/${operation}`)).toMatchObject(
        refused(400, 'no_password_set'),
      )
      expect((await server.call('POST', `/users/user_0/password/${operation}`)).status).toBe(404)
      expect(await sessionStatus(session)).toBe('active')
    })

    it('refuses parameters it does not know or of a wrong type', async () => {
      const user = await create()

      const call = (body: object) => server.call('POST', `/users/${user.id}/password/set_compromised`, body)
      expect(await call({ revoke_all_sessions: 'all' })).toMatchObject(refused(422, 'form_param_type_invalid'))
      expect(await call({ revoke: true })).toMatchObject(refused(422, 'form_param_unknown'))
      expect((await call({ revoke_all_sessions: null })).status).toBe(200)
    })
  })
})
