import { describe, expect, it } from 'vitest'
import { callFrontend, openBrowser } from '../../browser.test-support.js'
import { ADA, newAda, openSignIn, PASSWORD, problem } from '../../flows/sign-in/sign-in.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('the settings of a seed on %s', (dialect) => {
  const server = useTestServer(dialect)
  const apply = (instance: unknown) => server.server.admin.seed(server.instance.id, { instance })
  const environment = async () => (await callFrontend(server, 'GET /environment')).body

  it('say what people have and sign in with, and how they go on', async () => {
    await apply({
      auth: { single_session_mode: false, reverification: false, preferred_channels: { BR: 'whatsapp' } },
      sign_up: { legal_consent_enabled: true, mfa_required: true },
      passkey: { allow_autofill: false, satisfies_second_factor: false },
      attributes: {
        email_address: { required: false, first_factors: ['email_link'], verifications: ['email_link'] },
        phone_number: { required: true, used_for_second_factor: false, channels: ['whatsapp'] },
        first_name: { enabled: false },
        password: { required: false },
      },
    })
    expect(await environment()).toMatchObject({
      auth_config: {
        preferred_channels: { BR: 'whatsapp' },
        single_session_mode: false,
        reverification: false,
        first_name: 'off',
        last_name: 'on',
      },
      user_settings: {
        sign_up: { legal_consent_enabled: true, mfa: { required: true } },
        passkey_settings: { allow_autofill: false, show_sign_in_button: true, satisfies_second_factor: false },
        attributes: {
          email_address: { enabled: true, required: false, first_factors: ['email_link'], verify_at_sign_up: true },
          phone_number: { enabled: true, required: true, used_for_second_factor: false, channels: ['whatsapp'] },
          first_name: { enabled: false },
          last_name: { enabled: true },
          password: { enabled: true, required: false },
          username: { enabled: false },
        },
      },
    })
  })

  it('hold for the Backend API too, where it asks for identifiers', async () => {
    await apply({ attributes: { phone_number: { required: true }, first_name: { required: true } } })
    await expect(server.client.users.createUser({ emailAddress: ['ada@example.com'] })).rejects.toMatchObject({
      status: 422,
      errors: [{ meta: { paramNames: ['phone_number'] } }],
    })
  })

  describe('for usernames', () => {
    const create = async (username: string) => {
      const { status, body } = await server.call('POST', '/users', { username, skip_password_requirement: true })
      return { status, error: body.errors?.[0] }
    }
    const signUp = async (username: string) => {
      const { call } = await openBrowser(server)
      const { status, body } = await call('POST /client/sign_ups', { form: { username } })
      return { status, error: body.errors?.[0] }
    }

    it.each([
      ['the Backend API', create],
      ['a sign-up', signUp],
    ])('are the lengths that %s takes', async (_where, give) => {
      await apply({ attributes: { username: {} }, username: { min_length: 6, max_length: 8 } })
      for (const username of ['ada_l', 'ada_lovel']) {
        expect(await give(username)).toMatchObject({
          status: 422,
          error: {
            code: 'form_username_invalid_length',
            long_message: expect.stringMatching(/^username must have 6 to 8 characters$/i),
            meta: { param_name: 'username' },
          },
        })
      }
      for (const username of ['ada_lo', 'ada_love']) {
        expect(await give(username)).toMatchObject({ status: 200 })
      }
    })

    it('are the characters that they may have, and everybody signs in with them', async () => {
      await apply({ attributes: { username: {}, phone_number: {} } })
      const refusals = async (username: string) => {
        const { status, error } = await create(username)
        return [status, error?.code, error?.message]
      }
      expect(await refusals('2015550101')).toEqual([
        422,
        'form_username_needs_non_number_char',
        'Username must have at least one character that is not a digit',
      ])
      expect(await refusals("d'ada.l+1")).toEqual([
        422,
        'form_username_invalid_character',
        'Username can only have letters, digits, "_" and "-"',
      ])
      await apply({ username: { allow_numeric: true, allow_extended_characters: true } })
      for (const username of ['2015550101', "d'ada.l+1", '$1_`~!#^']) {
        await server.client.users.createUser({ username, password: PASSWORD })
        const browser = await openSignIn(server)
        const { body } = await browser.create({ identifier: username, password: PASSWORD })
        expect(body.response).toMatchObject({ status: 'complete', identifier: username })
      }
      // Those would be somebody's number, or address.
      expect((await refusals('+12015550101'))[1]).toBe('form_username_cannot_be_phone_number')
      expect(await refusals('ada@example')).toEqual([
        422,
        'form_username_invalid_character',
        "Username can only have letters, digits and _ - ! # $ ' + . ^ ` ~",
      ])
    })

    it('leave the names that users have, and are asked of a new one', async () => {
      const { id } = await server.client.users.createUser({ username: 'ada_l' })
      await apply({ username: { min_length: 6 } })
      expect((await server.client.users.updateUser(id, { firstName: 'Ada' })).username).toBe('ada_l')
      await expect(server.client.users.updateUser(id, { username: 'ada_k' })).rejects.toMatchObject({
        status: 422,
        errors: [{ code: 'form_username_invalid_length', meta: { paramName: 'username' } }],
      })
    })
  })

  describe('for the lockout', () => {
    const signIn = async (password: string) => (await openSignIn(server)).create({ identifier: ADA, password })
    const guess = async (tries: number) => {
      for (let count = 0; count < tries; count++) {
        const { status, body } = await signIn('wrong password')
        expect([status, body.errors[0].code]).toEqual([422, 'form_password_incorrect'])
      }
    }

    it('lock a user after so many wrong passwords, until the time has passed', async () => {
      await apply({ lockout: { max_attempts: 3, duration_seconds: 120 } })
      const { id } = await newAda(server)
      await guess(2)
      expect((await server.client.users.getUser(id)).locked).toBe(false)
      await guess(1)
      for (const seconds of [120, 1]) {
        const answer = await signIn(PASSWORD)
        expect(answer).toMatchObject({ status: 403, body: problem('user_locked') })
        expect(answer.body.errors[0].meta).toEqual({ lockout_expires_in_seconds: seconds })
        server.clock.advance(119_000)
      }
      expect((await signIn(PASSWORD)).body.response.status).toBe('complete')
    })

    it('lock a user without an end, until the application unlocks them', async () => {
      await apply({ lockout: { max_attempts: 1, duration_seconds: null } })
      expect((await environment()).user_settings.attack_protection.user_lockout).toEqual({
        enabled: true,
        max_attempts: 1,
        duration_in_minutes: 0,
      })
      const { id } = await newAda(server)
      await guess(1)
      server.clock.advance(365 * 24 * 60 * 60 * 1000)
      const answer = await signIn(PASSWORD)
      expect(answer).toMatchObject({ status: 403, body: problem('user_locked') })
      expect(answer.body.errors[0].meta ?? {}).not.toHaveProperty('lockout_expires_in_seconds')
      await server.client.users.unlockUser(id)
      expect((await signIn(PASSWORD)).body.response.status).toBe('complete')
    })

    it('give a lock an end again', async () => {
      await apply({ lockout: { duration_seconds: null } })
      await apply({ lockout: { max_attempts: 1 } })
      const duration = async () =>
        (await environment()).user_settings.attack_protection.user_lockout.duration_in_minutes
      expect(await duration()).toBe(0)
      await apply({ lockout: { duration_seconds: 90 } })
      expect(await duration()).toBe(2)
    })

    it('lock nobody where it is off, and leave a lock to be ended by the application', async () => {
      await apply({ lockout: { max_attempts: 1, duration_seconds: null } })
      const { id } = await newAda(server)
      await guess(1)
      await apply({ lockout: { enabled: false } })
      expect(await signIn(PASSWORD)).toMatchObject({ status: 403, body: problem('user_locked') })
      await server.client.users.unlockUser(id)
      await guess(3)
      expect((await signIn(PASSWORD)).body.response.status).toBe('complete')
      expect(await server.call('POST', `/users/${id}/lock`)).toMatchObject({
        status: 403,
        body: problem('feature_not_enabled'),
      })
    })
  })

  it.each([
    [{ username: { min_length: 10, max_length: 9 } }, 'username has a min_length of 10, above its max_length of 9'],
    [{ username: { min_length: 65 } }, 'username has a min_length of 65, above its max_length of 64'],
    [{ username: { max_length: 3 } }, 'username has a min_length of 4, above its max_length of 3'],
    [{ password: { min_length: 73 } }, 'password has a min_length of 73, above its max_length of 72'],
    [{ password: { max_length: 7 } }, 'password has a min_length of 8, above its max_length of 7'],
  ])('never leave a length that nothing has: %j', async (instance, message) => {
    const before = await environment()
    await expect(apply({ ...instance, hibp: true })).rejects.toMatchObject({
      name: 'SeedError',
      path: ['instance', Object.keys(instance)[0]],
      message,
    })
    expect(await environment()).toEqual(before)
  })

  it('may have one length only', async () => {
    await apply({ username: { min_length: 64, max_length: 64 }, password: { min_length: 72 } })
    expect((await environment()).user_settings).toMatchObject({
      username_settings: { min_length: 64, max_length: 64 },
      password_settings: { min_length: 72, max_length: 72 },
    })
  })

  it.each([
    [{ attributes: { shoe_size: {} } }, ['instance', 'attributes', 'shoe_size']],
    [{ attributes: { password: { first_factors: 'all' } } }, ['instance', 'attributes', 'password', 'first_factors']],
    [{ session: { claims_version: 3 } }, ['instance', 'session', 'claims_version']],
    [{ auth: { preferred_channels: { brazil: 'sms' } } }, ['instance', 'auth', 'preferred_channels', 'brazil']],
    [{ attributes: { phone_number: { channels: [] } } }, ['instance', 'attributes', 'phone_number', 'channels']],
    [{ auth: { single_session_mode: 'no' } }, ['instance', 'auth', 'single_session_mode']],
    [{ actions: { delete_self: 'no' } }, ['instance', 'actions', 'delete_self']],
    [{ actions: { create_organization: true } }, ['instance', 'actions', 'create_organization']],
    [{ username: { min_length: 0 } }, ['instance', 'username', 'min_length']],
    [{ username: { max_length: 257 } }, ['instance', 'username', 'max_length']],
    [{ username: { min_length: 4.5 } }, ['instance', 'username', 'min_length']],
    [{ username: { allow_numeric: 'yes' } }, ['instance', 'username', 'allow_numeric']],
    [{ username: { min_length: null } }, ['instance', 'username', 'min_length']],
    [{ lockout: { enabled: null } }, ['instance', 'lockout', 'enabled']],
    [{ lockout: { max_attempts: 0 } }, ['instance', 'lockout', 'max_attempts']],
    [{ lockout: { max_attempts: 101 } }, ['instance', 'lockout', 'max_attempts']],
    [{ lockout: { max_attempts: null } }, ['instance', 'lockout', 'max_attempts']],
    [{ lockout: { duration_seconds: 59 } }, ['instance', 'lockout', 'duration_seconds']],
    [{ lockout: { duration_seconds: 315_360_001 } }, ['instance', 'lockout', 'duration_seconds']],
    [{ lockout: { duration_seconds: '1 h' } }, ['instance', 'lockout', 'duration_seconds']],
    [{ lockout: { duration: 60 } }, ['instance', 'lockout', 'duration']],
    [{ session: { lifetime_seconds: 315_360_001 } }, ['instance', 'session', 'lifetime_seconds']],
    [{ session: { inactivity_seconds: 59 } }, ['instance', 'session', 'inactivity_seconds']],
  ])('are refused at their place: %j', async (instance, path) => {
    await expect(apply(instance)).rejects.toMatchObject({ path })
  })
})
