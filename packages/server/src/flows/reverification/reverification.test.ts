import { describe, expect, it } from 'vitest'
import type { Answer, TestBrowser } from '../../browser.test-support.js'
import { ENCRYPTION_KEY } from '../../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import {
  codesOf,
  LATE,
  MINUTE,
  REQUIRED,
  signedInAda,
  signIn,
  totpAt,
} from '../profile-security/profile-security.test-support.js'
import {
  configure,
  everything,
  lastCode,
  openSignIn,
  PASSWORD,
  TOTP_SECRET,
  wrongFor,
} from '../sign-in/sign-in.test-support.js'

const RACERS = 64

describe.each(dialects)('verifying a session again on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const verify = (browser: TestBrowser, sessionId: string, form: object, step = '') =>
    browser.call(`POST /client/sessions/${sessionId}/verify${step}`, { form: { ...form } })
  /** Something sensitive that changes nothing else. */
  const sensitive = (browser: TestBrowser) => browser.call('POST /me/backup_codes', { form: {} })
  const ageOf = (answer: Answer) => answer.body.client.sessions[0].factor_verification_age
  const byPassword = { strategy: 'password', password: PASSWORD }

  it('with a password opens the gate for ten minutes', async () => {
    const { browser, sessionId } = await signedInAda(server)
    server.clock.advance(10 * MINUTE)
    expect((await sensitive(browser)).status).toBe(200)
    server.clock.advance(1)
    expect(codesOf(await sensitive(browser))).toEqual(REQUIRED)

    const begun = await verify(browser, sessionId, { level: 'second_factor' })
    expect(begun.body.response).toMatchObject({
      object: 'session_reverification',
      level: 'first_factor',
      status: 'needs_first_factor',
      supported_second_factors: null,
      first_factor_verification: null,
      session: { id: sessionId, status: 'active' },
    })
    const strategies = begun.body.response.supported_first_factors.map((one: { strategy: string }) => one.strategy)
    expect(strategies).toEqual(['password', 'email_code'])
    expect(ageOf(begun)).toEqual([10, -1])
    const done = await verify(browser, sessionId, byPassword, '/attempt_first_factor')
    expect(done.body.response).toMatchObject({
      status: 'complete',
      first_factor_verification: { status: 'verified', strategy: 'password' },
    })
    expect(ageOf(done)).toEqual([0, -1])
    expect((await sensitive(browser)).status).toBe(200)
    const { jwt } = (await browser.call(`POST /client/sessions/${sessionId}/tokens`, { form: {} })).body
    expect(JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url').toString()).fva).toEqual([0, -1])
  })

  it('keeps the gate shut until it is finished, however fresh the session is', async () => {
    const { browser, sessionId } = await signedInAda(server)
    expect((await sensitive(browser)).status).toBe(200)
    await verify(browser, sessionId, { level: 'first_factor' })
    expect(codesOf(await sensitive(browser))).toEqual(REQUIRED)
    expect((await verify(browser, sessionId, byPassword, '/attempt_first_factor')).status).toBe(200)
    expect((await sensitive(browser)).status).toBe(200)
  })

  it('is not asked for where the setting is off', async () => {
    await configure(server, { auth: { reverification: false } })
    const { browser, sessionId } = await signedInAda(server)
    server.clock.advance(LATE)
    await verify(browser, sessionId, { level: 'first_factor' })
    expect((await sensitive(browser)).status).toBe(200)
  })

  it('with a second factor takes that one, and a code of it once', async () => {
    const { browser, sessionId } = await signedInAda(server, { totpSecret: TOTP_SECRET })
    server.clock.advance(LATE)
    expect(codesOf(await sensitive(browser))).toEqual(REQUIRED)
    const first = await verify(browser, sessionId, { level: 'first_factor' })
    expect(first.body.response).toMatchObject({ level: 'first_factor', status: 'needs_first_factor' })
    const done = await verify(browser, sessionId, byPassword, '/attempt_first_factor')
    expect(ageOf(done)).toEqual([0, 11])
    expect(codesOf(await sensitive(browser))).toEqual(REQUIRED)

    const begun = await verify(browser, sessionId, { level: 'second_factor' })
    expect(begun.body.response).toMatchObject({
      level: 'second_factor',
      status: 'needs_second_factor',
      supported_first_factors: null,
      supported_second_factors: [{ strategy: 'totp' }],
    })
    const form = { strategy: 'totp', code: totpAt(server.clock.now()) }
    const racers = await Promise.all(
      Array.from({ length: RACERS }, () => verify(browser, sessionId, form, '/attempt_second_factor')),
    )
    expect(racers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect((await sensitive(browser)).status).toBe(200)
    await verify(browser, sessionId, { level: 'second_factor' })
    const again = await verify(browser, sessionId, form, '/attempt_second_factor')
    expect(codesOf(again)).toEqual([422, 'form_code_incorrect code'])
  })

  it('at the level of several factors asks for one after the other', async () => {
    const { browser, sessionId } = await signedInAda(server, { totpSecret: TOTP_SECRET, backupCodes: ['paper code'] })
    server.clock.advance(LATE)
    const begun = await verify(browser, sessionId, { level: 'multi_factor' })
    expect(begun.body.response).toMatchObject({ status: 'needs_first_factor', supported_second_factors: null })
    const backup = { strategy: 'backup_code', code: 'paper code' }
    expect(codesOf(await verify(browser, sessionId, backup, '/attempt_second_factor'))).toEqual([
      400,
      'invalid_action_for_session_reverification',
    ])
    const first = await verify(browser, sessionId, byPassword, '/attempt_first_factor')
    expect(first.body.response).toMatchObject({ level: 'multi_factor', status: 'needs_second_factor' })
    expect(ageOf(first)).toEqual([11, 11])
    expect(codesOf(await sensitive(browser))).toEqual(REQUIRED)
    const done = await verify(browser, sessionId, backup, '/attempt_second_factor')
    expect(done.body.response).toMatchObject({
      status: 'complete',
      second_factor_verification: { strategy: 'backup_code', status: 'verified' },
    })
    expect(ageOf(done)).toEqual([0, 0])
    expect(codesOf(await verify(browser, sessionId, backup, '/attempt_second_factor'))).toEqual([
      400,
      'invalid_action_for_session_reverification',
    ])
  })

  it('with a code by mail sends it once, and takes it once (mistake 39)', async () => {
    const { browser, sessionId } = await signedInAda(server)
    await verify(browser, sessionId, { level: 'first_factor' })
    const early = { strategy: 'email_code', code: '000000' }
    expect(codesOf(await verify(browser, sessionId, early, '/attempt_first_factor'))).toEqual([
      400,
      'verification_missing',
    ])
    const sent = await Promise.all(
      Array.from({ length: RACERS }, () =>
        verify(browser, sessionId, { strategy: 'email_code' }, '/prepare_first_factor'),
      ),
    )
    expect(sent.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(sent.filter(({ status }) => status === 429)).toHaveLength(RACERS - 1)
    expect(await server.messages()).toHaveLength(1)
    const prepared = sent.find(({ status }) => status === 200)!
    expect(prepared.body.response.first_factor_verification).toMatchObject({
      status: 'unverified',
      strategy: 'email_code',
      attempts: 0,
      expire_at: server.clock.now() + 10 * MINUTE,
    })
    const code = await lastCode(server)
    const wrong = await verify(
      browser,
      sessionId,
      { strategy: 'email_code', code: wrongFor(code) },
      '/attempt_first_factor',
    )
    expect(codesOf(wrong)).toEqual([422, 'form_code_incorrect code'])
    const racers = await Promise.all(
      Array.from({ length: RACERS }, () =>
        verify(browser, sessionId, { strategy: 'email_code', code }, '/attempt_first_factor'),
      ),
    )
    expect(racers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('does not take the code of an earlier one, nor any other code', async () => {
    const { browser, sessionId } = await signedInAda(server)
    await verify(browser, sessionId, { level: 'first_factor' })
    await verify(browser, sessionId, { strategy: 'email_code' }, '/prepare_first_factor')
    const code = await lastCode(server)
    await verify(browser, sessionId, { level: 'first_factor' })
    const form = { strategy: 'email_code', code }
    expect(codesOf(await verify(browser, sessionId, form, '/attempt_first_factor'))).toEqual([
      400,
      'verification_missing',
    ])
  })

  it('is over after ten minutes', async () => {
    const { browser, sessionId } = await signedInAda(server)
    expect(codesOf(await verify(browser, sessionId, byPassword, '/attempt_first_factor'))).toEqual([
      400,
      'session_reverification_missing',
    ])
    await verify(browser, sessionId, { level: 'first_factor' })
    server.clock.advance(10 * MINUTE)
    const late = await verify(browser, sessionId, byPassword, '/attempt_first_factor')
    expect(codesOf(late)).toEqual([400, 'session_reverification_missing'])
    const prepared = await verify(browser, sessionId, { strategy: 'email_code' }, '/prepare_first_factor')
    expect(codesOf(prepared)).toEqual([400, 'session_reverification_missing'])
  })

  it('counts wrong passwords, and locks the user', async () => {
    const { browser, sessionId } = await signedInAda(server)
    await verify(browser, sessionId, { level: 'first_factor' })
    const answers = await Promise.all(
      Array.from({ length: RACERS }, (_, at) =>
        verify(browser, sessionId, { strategy: 'password', password: `guess ${at}` }, '/attempt_first_factor'),
      ),
    )
    expect(answers.filter((answer) => codesOf(answer)[1] === 'form_password_incorrect password')).toHaveLength(10)
    expect(codesOf(await verify(browser, sessionId, byPassword, '/attempt_first_factor'))).toEqual([403, 'user_locked'])
  })

  it('takes no password that others may know', async () => {
    const { browser, sessionId, id } = await signedInAda(server)
    await server.client.users.setPasswordCompromised(id)
    await verify(browser, sessionId, { level: 'first_factor' })
    expect(codesOf(await verify(browser, sessionId, byPassword, '/attempt_first_factor'))).toEqual([
      422,
      'form_password_compromised password',
    ])
    expect(codesOf(await sensitive(browser))).toEqual(REQUIRED)
  })

  it('refuses what it does not know, and sessions of others', async () => {
    const { browser, sessionId, id } = await signedInAda(server)
    expect(codesOf(await verify(browser, sessionId, { level: 'third_factor' }))).toEqual([
      422,
      'form_param_value_invalid level',
    ])
    expect(codesOf(await verify(browser, sessionId, {}))).toEqual([422, 'form_param_missing level'])
    await verify(browser, sessionId, { level: 'first_factor' })
    for (const strategy of ['reset_password_email_code', 'ticket', 'totp', '__proto__', 'passwords']) {
      const answer = await verify(browser, sessionId, { strategy, code: '1' }, '/attempt_first_factor')
      expect(codesOf(answer)).toEqual([422, 'form_param_value_invalid strategy'])
    }
    expect(codesOf(await verify(browser, sessionId, { strategy: 'password' }, '/attempt_first_factor'))).toEqual([
      422,
      'form_param_missing password',
    ])
    expect(codesOf(await verify(browser, sessionId, { strategy: 'password' }, '/prepare_first_factor'))).toEqual([
      400,
      'verification_strategy_invalid',
    ])
    const elsewhere = { strategy: 'email_code', email_address_id: 'idn_none' }
    expect(codesOf(await verify(browser, sessionId, elsewhere, '/prepare_first_factor'))).toEqual([
      422,
      'form_resource_not_found email_address_id',
    ])
    expect(codesOf(await verify(browser, sessionId, {}, '/prepare_second_factor'))).toEqual([
      400,
      'invalid_action_for_session_reverification',
    ])

    const other = await signIn(server)
    for (const step of ['', '/prepare_first_factor', '/attempt_first_factor']) {
      const form = { level: 'first_factor', ...byPassword }
      expect(codesOf(await verify(other.browser, sessionId, form, step))).toEqual([404, 'resource_not_found'])
    }
    await server.client.sessions.revokeSession(sessionId)
    expect(codesOf(await verify(browser, sessionId, { level: 'first_factor' }))[0]).toBe(404)
    const { token } = await server.client.actorTokens.create({ userId: id, actor: { sub: 'user_support' } })
    const acting = await openSignIn(server)
    const impersonated = (await acting.create({ strategy: 'ticket', ticket: token })).body.response.created_session_id
    expect(codesOf(await verify(acting, impersonated, { level: 'first_factor' }))).toEqual([403, 'resource_forbidden'])
  })

  it('sends the code of a second factor to the number reserved for it', async () => {
    await configure(server, everything)
    const { browser, sessionId, id } = await signedInAda(server)
    const phone = await server.client.phoneNumbers.createPhoneNumber({
      userId: id,
      phoneNumber: '+12025550123',
      verified: true,
      reservedForSecondFactor: true,
    })
    expect(codesOf(await sensitive(browser))).toEqual(REQUIRED)
    const begun = await verify(browser, sessionId, { level: 'second_factor' })
    expect(begun.body.response.supported_second_factors[0]).toMatchObject({
      strategy: 'phone_code',
      phone_number_id: phone.id,
      safe_identifier: '+1********23',
    })
    const wrong = { strategy: 'phone_code', phone_number_id: 'idn_none' }
    expect(codesOf(await verify(browser, sessionId, wrong, '/prepare_second_factor'))[0]).toBe(422)
    const prepared = await verify(browser, sessionId, { phone_number_id: phone.id }, '/prepare_second_factor')
    expect(prepared.body.response.second_factor_verification).toMatchObject({ strategy: 'phone_code', attempts: 0 })
    const code = { strategy: 'phone_code', code: '424242' }
    const done = await verify(browser, sessionId, code, '/attempt_second_factor')
    expect(done.body.response.status).toBe('complete')
    expect(ageOf(done)).toEqual([0, 0])
    expect((await sensitive(browser)).status).toBe(200)
  })

  it('has nothing left to prove once its second factor is gone', async () => {
    const { browser, sessionId, id } = await signedInAda(server, { totpSecret: TOTP_SECRET })
    await verify(browser, sessionId, { level: 'second_factor' })
    await server.client.users.disableUserMFA(id)
    const form = { strategy: 'totp', code: totpAt(server.clock.now()) }
    expect(codesOf(await verify(browser, sessionId, form, '/attempt_second_factor'))).toEqual([
      400,
      'no_second_factors',
    ])
    await verify(browser, sessionId, { level: 'second_factor' })
    expect((await verify(browser, sessionId, byPassword, '/attempt_first_factor')).status).toBe(200)
    expect((await sensitive(browser)).status).toBe(200)
  })

  it('does not wake a session that ended meanwhile', async () => {
    const { browser, sessionId } = await signedInAda(server)
    await verify(browser, sessionId, { level: 'first_factor' })
    const [done] = await Promise.all([
      verify(browser, sessionId, byPassword, '/attempt_first_factor'),
      server.client.sessions.revokeSession(sessionId),
    ])
    expect([200, 404]).toContain(done.status)
    expect((await server.client.sessions.getSession(sessionId)).status).toBe('revoked')
  })
})
