import { describe, expect, it } from 'vitest'
import { totpAt } from '../../factors/factors.test-support.js'
import { ENCRYPTION_KEY } from '../../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import {
  ADA,
  configure,
  everything,
  lastCode,
  newAda,
  openSignIn,
  PASSWORD,
  problem,
  TOTP_SECRET,
  wrongFor,
} from './sign-in.test-support.js'

const NUMBER = '+14155552671'
const withTotp = { totpSecret: TOTP_SECRET, backupCodes: ['abcd2345', 'efgh6789'] }

describe.each(dialects)('the factors of a sign-in on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })

  /** A sign-in of Ada's whose password was right. */
  const afterPassword = async () => {
    const browser = await openSignIn(server)
    const { body } = await browser.create({ identifier: ADA, password: PASSWORD })
    const { id } = body.response
    return {
      browser,
      body,
      prepare: (form: Record<string, unknown>) => browser.step(id, 'prepare_second_factor', form),
      attempt: (form: Record<string, unknown>) => browser.step(id, 'attempt_second_factor', form),
    }
  }

  describe('with a second factor', () => {
    it('are listed once the first is verified (mistake 3), and an app completes the sign-in', async () => {
      await newAda(server, withTotp)
      const begun = (await (await openSignIn(server)).create({ identifier: ADA })).body
      expect(begun.response).toMatchObject({ status: 'needs_first_factor', supported_second_factors: null })
      expect(begun.client.sign_in.supported_second_factors).toBeNull()
      const { body, attempt, browser } = await afterPassword()
      expect(body.response).toMatchObject({
        status: 'needs_second_factor',
        supported_second_factors: [{ strategy: 'totp' }, { strategy: 'backup_code' }],
        second_factor_verification: null,
        created_session_id: null,
      })
      expect(body.client.sessions).toEqual([])
      const code = totpAt(server.clock.now())
      const wrong = await attempt({ strategy: 'totp', code: wrongFor(code) })
      expect(wrong).toMatchObject({ status: 422, body: problem('form_code_incorrect', 'code') })
      const { response, client } = (await attempt({ strategy: 'totp', code })).body
      expect(response).toMatchObject({
        status: 'complete',
        supported_second_factors: [{ strategy: 'totp' }, { strategy: 'backup_code' }],
        second_factor_verification: { object: 'verification_totp', status: 'verified', expire_at: null },
      })
      expect(client.sessions).toMatchObject([{ factor_verification_age: [0, 0] }])

      const other = await afterPassword()
      expect(await other.attempt({ strategy: 'totp', code })).toMatchObject({ status: 422 })
      expect((await other.browser.client()).sessions).toEqual([])
      expect((await browser.client()).sign_in).toBeNull()
    })

    it('take each backup code once', async () => {
      await newAda(server, withTotp)
      const first = await afterPassword()
      const done = await first.attempt({ strategy: 'backup_code', code: 'abcd2345' })
      expect(done.body.response.status).toBe('complete')
      const second = await afterPassword()
      const spent = await second.attempt({ strategy: 'backup_code', code: 'abcd2345' })
      expect(spent).toMatchObject({ status: 422, body: problem('form_code_incorrect', 'code') })
      const other = await second.attempt({ strategy: 'backup_code', code: 'efgh6789' })
      expect(other.body.response.status).toBe('complete')
    })

    it('take a code to the number that is reserved for it, not one of the first factor', async () => {
      await configure(server, everything)
      const ada = await newAda(server)
      const { body: number } = await server.call('POST', '/phone_numbers', {
        user_id: ada.id,
        phone_number: NUMBER,
        verified: true,
        reserved_for_second_factor: true,
      })
      const { body, prepare, attempt } = await afterPassword()
      expect(body.response.supported_second_factors).toMatchObject([
        { strategy: 'phone_code', phone_number_id: number.id, safe_identifier: '+1********71', default: true },
        { strategy: 'backup_code' },
      ])
      const form = { strategy: 'phone_code', code: '000000' }
      expect(await attempt(form)).toMatchObject({ status: 400, body: problem('verification_missing') })
      const prepared = await prepare({ strategy: 'phone_code', phone_number_id: number.id })
      expect(prepared.body.response.second_factor_verification).toMatchObject({
        strategy: 'phone_code',
        status: 'unverified',
      })
      // Components ask each time they are shown; it is sent once in half a minute.
      const sent = (await server.messages()).length
      const again = await prepare({})
      expect(again.body.response.second_factor_verification).toEqual(prepared.body.response.second_factor_verification)
      expect(await server.messages()).toHaveLength(sent)
      server.clock.advance(30_000)
      expect((await prepare({})).status).toBe(200)
      expect(await server.messages()).toHaveLength(sent + 1)
      const done = await attempt({ ...form, code: await lastCode(server) })
      expect(done.body.response.status).toBe('complete')
      expect(await openSignIn(server).then((browser) => browser.create({ identifier: NUMBER }))).toMatchObject({
        status: 422,
        body: problem('form_identifier_not_found'),
      })
    })

    it('refuse the strategies of other steps', async () => {
      await newAda(server, withTotp)
      const { prepare, attempt, browser, body } = await afterPassword()
      const { id } = body.response
      expect(await attempt({ strategy: 'email_code', code: '000000' })).toMatchObject({
        status: 400,
        body: problem('strategy_for_user_invalid'),
      })
      expect(await attempt({ strategy: 'password', code: '000000' })).toMatchObject({
        status: 422,
        body: problem('form_param_value_invalid', 'strategy'),
      })
      expect(await attempt({ strategy: 'totp' })).toMatchObject({
        status: 422,
        body: problem('form_param_missing', 'code'),
      })
      expect(await prepare({ strategy: 'totp' })).toMatchObject({
        status: 400,
        body: problem('verification_strategy_invalid'),
      })
      const first = { strategy: 'password', password: PASSWORD }
      expect(await browser.step(id, 'attempt_first_factor', first)).toMatchObject({
        status: 400,
        body: problem('client_state_invalid'),
      })
      expect((await browser.client()).sign_in.status).toBe('needs_second_factor')
    })

    it('do not go on with a password that was changed meanwhile', async () => {
      const ada = await newAda(server, withTotp)
      const { attempt, browser } = await afterPassword()
      server.clock.advance(1000)
      await server.client.users.updateUser(ada.id, { password: 'difference engine' })
      const form = { strategy: 'totp', code: totpAt(server.clock.now()) }
      expect(await attempt(form)).toMatchObject({ status: 400, body: problem('client_state_invalid') })
      expect((await browser.client()).sessions).toEqual([])
    })

    it('say so when the user no longer has one', async () => {
      const ada = await newAda(server, withTotp)
      const { attempt, prepare } = await afterPassword()
      await server.client.users.disableUserMFA(ada.id)
      expect(await attempt({ strategy: 'totp', code: totpAt(server.clock.now()) })).toMatchObject({
        status: 400,
        body: problem('no_second_factors'),
      })
      expect(await prepare({})).toMatchObject({ status: 400, body: problem('no_second_factors') })
    })
  })

  describe('in a client that the user does not know', () => {
    it('ask for a code after a password, once', async () => {
      await configure(server, { auth: { clientTrust: true, singleSessionMode: false } })
      const ada = await newAda(server)
      const { body, prepare, attempt, browser } = await afterPassword()
      expect(body.response).toMatchObject({
        status: 'needs_second_factor',
        client_trust_state: 'new',
        supported_second_factors: [
          { strategy: 'email_code', email_address_id: ada.primaryEmailAddressId, safe_identifier: ADA },
        ],
      })
      expect(await attempt({ strategy: 'totp', code: '000000' })).toMatchObject({
        status: 400,
        body: problem('strategy_for_user_invalid'),
      })
      await prepare({ strategy: 'email_code', email_address_id: ada.primaryEmailAddressId })
      const code = await lastCode(server)
      const sent = await server.messages()
      expect((await prepare({ strategy: 'email_code' })).status).toBe(200)
      expect(await server.messages()).toHaveLength(sent.length)
      const wrong = await attempt({ strategy: 'email_code', code: wrongFor(code) })
      expect(wrong).toMatchObject({ status: 422, body: problem('form_code_incorrect', 'code') })
      const { response, client } = (await attempt({ strategy: 'email_code', code })).body
      expect(response).toMatchObject({
        status: 'complete',
        client_trust_state: 'known',
        second_factor_verification: { strategy: 'email_code', status: 'verified' },
        supported_second_factors: [{ strategy: 'email_code' }],
      })
      expect(client.sessions).toMatchObject([{ factor_verification_age: [0, -1] }])

      await browser.call('DELETE /client/sessions')
      const again = await browser.create({ identifier: ADA, password: PASSWORD })
      expect(again.body.response).toMatchObject({ status: 'complete', client_trust_state: 'known' })
    })

    it.each([
      ['2025-11-10', 'needs_second_factor'],
      ['2026-05-12', 'needs_client_trust'],
    ])('say so to clients of %s by the status %s', async (version, status) => {
      await configure(server, { auth: { clientTrust: true } })
      await newAda(server)
      const { body, browser } = await afterPassword()
      const query = { __clerk_api_version: version }
      const asked = await browser.call(`GET /client/sign_ins/${body.response.id}`, { query })
      expect(asked.body.response).toMatchObject({ status, client_trust_state: 'new' })
      const client = await browser.call('GET /client', { query })
      expect(client.body.response.sign_in).toMatchObject({ id: body.response.id, status, client_trust_state: 'new' })
      expect(client.body.client).toEqual(client.body.response)
    })

    it('do not after a code, nor for a user who is excepted', async () => {
      await configure(server, { auth: { clientTrust: true } })
      await newAda(server)
      const browser = await openSignIn(server)
      expect((await browser.create()).body.response.client_trust_state).toBe('pending')
      const { id } = (await browser.create({ identifier: ADA, strategy: 'email_code' })).body.response
      const form = { strategy: 'email_code', code: await lastCode(server) }
      const done = await browser.step(id, 'attempt_first_factor', form)
      expect(done.body.response).toMatchObject({ status: 'complete', client_trust_state: 'new' })

      const excepted = { emailAddress: ['bob@example.com'], password: PASSWORD, bypassClientTrust: true }
      await server.client.users.createUser(excepted)
      const other = await openSignIn(server)
      const bob = await other.create({ identifier: 'bob@example.com', password: PASSWORD })
      expect(bob.body.response.status).toBe('complete')
    })
  })

  describe('of somebody who forgot the password', () => {
    const reset = async () => {
      const browser = await openSignIn(server)
      const { id } = (await browser.create({ identifier: ADA })).body.response
      const strategy = 'reset_password_email_code'
      await browser.step(id, 'prepare_first_factor', { strategy })
      const proved = await browser.step(id, 'attempt_first_factor', { strategy, code: await lastCode(server) })
      return { browser, id, proved, set: (form: Record<string, unknown>) => browser.step(id, 'reset_password', form) }
    }

    it('lead to a new password, with which the sign-in is complete', async () => {
      const ada = await newAda(server)
      const { proved, set } = await reset()
      expect(proved.body.response).toMatchObject({ status: 'needs_new_password', created_session_id: null })
      expect((await server.messages()).at(-1)).toMatchObject({
        slug: 'reset_password_code',
        // A code that was used is erased.
        subject: null,
        body: '',
        data: null,
      })
      const { response, client } = (await set({ password: 'difference engine' })).body
      expect(response.status).toBe('complete')
      expect(client.last_authentication_strategy).toBe('password')
      expect((await server.messages()).at(-1)).toMatchObject({ slug: 'password_changed', toAddress: ADA })
      const verified = await server.client.users.verifyPassword({ userId: ada.id, password: 'difference engine' })
      expect(verified).toMatchObject({ verified: true })
      expect(await set({ password: 'another engine' })).toMatchObject({
        status: 400,
        body: problem('client_state_invalid'),
      })
    })

    it('end the other sessions if that is asked for', async () => {
      await newAda(server)
      const other = await openSignIn(server)
      const { created_session_id: sessionId } = (await other.create({ identifier: ADA, password: PASSWORD })).body
        .response
      const { set } = await reset()
      const done = await set({ password: 'difference engine', sign_out_of_other_sessions: true })
      expect(done.body.client.sessions).toHaveLength(1)
      expect((await server.call('GET', `/sessions/${sessionId}`)).body.status).toBe('revoked')
    })

    it('refuse a bad password with everything that is wrong (mistake 28), and the one from before', async () => {
      await configure(server, { password: { requireNumber: true, requireUppercase: true } })
      await newAda(server, { skipPasswordChecks: true })
      const { set, browser } = await reset()
      const refused = await set({ password: 'short' })
      expect(refused.status).toBe(422)
      expect(refused.body.errors.map(({ code }: { code: string }) => code).sort()).toEqual([
        'form_password_length_too_short',
        'form_password_no_number',
        'form_password_no_uppercase',
      ])
      expect(await set({})).toMatchObject({ status: 422, body: problem('form_param_missing', 'password') })
      expect((await browser.client()).sign_in.status).toBe('needs_new_password')
    })

    it('refuse the password from before', async () => {
      await newAda(server)
      const { set } = await reset()
      expect(await set({ password: PASSWORD })).toMatchObject({
        status: 422,
        body: problem('form_new_password_matches_current', 'password'),
      })
    })

    it('still ask for the second factor', async () => {
      await newAda(server, withTotp)
      const { set, browser, id } = await reset()
      const changed = await set({ password: 'difference engine' })
      expect(changed.body.response).toMatchObject({ status: 'needs_second_factor', created_session_id: null })
      const form = { strategy: 'totp', code: totpAt(server.clock.now()) }
      expect((await browser.step(id, 'attempt_second_factor', form)).body.response.status).toBe('complete')
    })

    it('do not lend its code to another strategy', async () => {
      await newAda(server)
      const browser = await openSignIn(server)
      const { id } = (await browser.create({ identifier: ADA, strategy: 'reset_password_email_code' })).body.response
      const strategy = 'reset_password_email_code'
      expect(await browser.step(id, 'prepare_first_factor', { strategy })).toMatchObject({ status: 200 })
      expect(await server.messages()).toHaveLength(1)
      const form = { strategy: 'email_code', code: await lastCode(server) }
      expect(await browser.step(id, 'attempt_first_factor', form)).toMatchObject({
        status: 400,
        body: problem('verification_strategy_invalid'),
      })
    })
  })

  it('take no compromised password, and leave a task after another factor', async () => {
    const ada = await newAda(server)
    await server.call('POST', `/users/${ada.id}/password/set_compromised`)
    const browser = await openSignIn(server)
    expect(await browser.create({ identifier: ADA, password: PASSWORD })).toMatchObject({
      status: 422,
      body: problem('form_password_compromised', 'password'),
    })
    const { id } = (await browser.create({ identifier: ADA, strategy: 'email_code' })).body.response
    expect(await browser.step(id, 'attempt_first_factor', { strategy: 'password', password: PASSWORD })).toMatchObject({
      status: 422,
      body: problem('form_password_compromised', 'password'),
    })
    const form = { strategy: 'email_code', code: await lastCode(server) }
    const { client } = (await browser.step(id, 'attempt_first_factor', form)).body
    expect(client.sessions).toMatchObject([{ status: 'pending', tasks: [{ key: 'reset-password' }] }])
  })

  it('lock a user who is guessed at, whatever the attempt (mistake 33), with a warning before', async () => {
    await newAda(server)
    const guess = async () => {
      const browser = await openSignIn(server)
      return browser.create({ identifier: ADA, password: 'wrong password' })
    }
    for (let tries = 0; tries < 7; tries++) {
      expect((await guess()).body.errors.map(({ code }: { code: string }) => code)).toEqual(['form_password_incorrect'])
    }
    for (const left of [2, 1, 0]) {
      const { status, body } = await guess()
      expect(status).toBe(422)
      expect(body.errors.map(({ code }: { code: string }) => code)).toEqual([
        'form_password_incorrect',
        'account_lockout_warning',
      ])
      if (left > 0) expect(body.errors[1].long_message).toContain(`${left} more`)
    }
    const browser = await openSignIn(server)
    expect(await browser.create({ identifier: ADA, password: PASSWORD })).toMatchObject({
      status: 403,
      body: { errors: [{ code: 'user_locked', meta: { lockout_expires_in_seconds: 3600 } }] },
    })
    const { id } = (await browser.create({ identifier: ADA, strategy: 'email_code' })).body.response
    const form = { strategy: 'email_code', code: await lastCode(server) }
    expect(await browser.step(id, 'attempt_first_factor', form)).toMatchObject({
      status: 403,
      body: problem('user_locked'),
    })
    server.clock.advance(60 * 60_000 + 1)
    expect((await browser.create({ identifier: ADA, password: PASSWORD })).body.response.status).toBe('complete')
  })
})
