import { describe, expect, it } from 'vitest'
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
  wrongFor,
} from './sign-in.test-support.js'

const HOUR = 60 * 60 * 1000

describe.each(dialects)('a sign-in on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })

  it('begins with an identifier, and is completed with the password', async () => {
    const ada = await newAda(server, { firstName: 'Ada' })
    const browser = await openSignIn(server)
    const begun = await browser.create({ identifier: ADA, locale: 'en-US' })
    expect(begun).toMatchObject({ status: 200 })
    const emailAddressId = ada.primaryEmailAddressId
    expect(begun.body.response).toEqual({
      object: 'sign_in_attempt',
      id: expect.stringMatching(/^sia_/),
      status: 'needs_first_factor',
      supported_identifiers: ['email_address'],
      supported_first_factors: [
        { strategy: 'password' },
        { strategy: 'email_code', email_address_id: emailAddressId, safe_identifier: ADA, primary: true },
        {
          strategy: 'reset_password_email_code',
          email_address_id: emailAddressId,
          safe_identifier: ADA,
          primary: true,
        },
      ],
      supported_second_factors: null,
      first_factor_verification: null,
      second_factor_verification: null,
      identifier: ADA,
      user_data: {
        first_name: 'Ada',
        last_name: null,
        image_url: expect.stringContaining(ada.id),
        has_image: false,
        profile_image_url: expect.stringContaining(ada.id),
      },
      created_session_id: null,
      abandon_at: server.clock.now() + 24 * HOUR,
      client_trust_state: null,
    })
    expect(begun.body.client.sign_in).toEqual(begun.body.response)

    const { id } = begun.body.response
    const done = await browser.step(id, 'attempt_first_factor', { strategy: 'password', password: PASSWORD })
    expect(done).toMatchObject({ status: 200, body: { response: { id, status: 'complete' } } })
    const { response, client } = done.body
    expect(response.first_factor_verification).toEqual({
      object: 'verification_password',
      status: 'verified',
      strategy: 'password',
      attempts: 1,
      expire_at: null,
    })
    expect(response.supported_second_factors).toBeNull()
    expect(client).toMatchObject({
      sign_in: null,
      last_active_session_id: response.created_session_id,
      last_authentication_strategy: 'password',
      sessions: [{ id: response.created_session_id, status: 'active', user: { id: ada.id } }],
    })
    expect((await server.events()).at(-1)).toMatchObject({
      type: 'session.created',
      subjectId: response.created_session_id,
    })
  })

  it('is completed in one request with identifier and password, with or without the strategy', async () => {
    await newAda(server)
    for (const more of [{}, { strategy: 'password' }]) {
      const browser = await openSignIn(server)
      const { status, body } = await browser.create({ identifier: 'ADA@Example.com', password: PASSWORD, ...more })
      expect(status).toBe(200)
      expect(body.response).toMatchObject({ status: 'complete', identifier: 'ADA@Example.com' })
      expect(body.client.sessions).toHaveLength(1)
    }
  })

  it('stays readable when it is complete, for its client alone (mistake 1)', async () => {
    await newAda(server)
    const browser = await openSignIn(server)
    const { response } = (await browser.create({ identifier: ADA, password: PASSWORD })).body
    server.clock.advance(25 * HOUR)
    expect(await browser.get(response.id)).toMatchObject({
      status: 200,
      body: {
        response: { status: 'complete', created_session_id: response.created_session_id },
        client: { sign_in: null },
      },
    })
    const other = await openSignIn(server)
    expect(await other.get(response.id)).toMatchObject({ status: 404, body: problem('resource_not_found') })
  })

  it('is completed with a code, which verifies nothing twice', async () => {
    await newAda(server)
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: ADA })).body.response
    const prepared = await browser.step(id, 'prepare_first_factor', { strategy: 'email_code' })
    expect(prepared.body.response.first_factor_verification).toEqual({
      object: 'verification_otp',
      status: 'unverified',
      strategy: 'email_code',
      attempts: 0,
      expire_at: server.clock.now() + 10 * 60_000,
    })
    const code = await lastCode(server)
    const wrong = await browser.step(id, 'attempt_first_factor', { strategy: 'email_code', code: wrongFor(code) })
    expect(wrong).toMatchObject({ status: 422, body: problem('form_code_incorrect', 'code') })
    expect((await browser.client()).sign_in.first_factor_verification).toMatchObject({
      attempts: 1,
      status: 'unverified',
    })
    const done = await browser.step(id, 'attempt_first_factor', { strategy: 'email_code', code })
    expect(done.body.response).toMatchObject({ status: 'complete', first_factor_verification: { status: 'verified' } })
    const again = await browser.step(id, 'attempt_first_factor', { strategy: 'email_code', code })
    expect(again).toMatchObject({ status: 400, body: problem('client_state_invalid') })
    expect((await browser.client()).sessions).toHaveLength(1)
  })

  it('sends the code at once when it begins with the strategy, and not again with the request that prepares it', async () => {
    await newAda(server)
    const browser = await openSignIn(server)
    const begun = await browser.create({ identifier: ADA, strategy: 'email_code' })
    expect(begun.body.response.first_factor_verification).toMatchObject({
      strategy: 'email_code',
      status: 'unverified',
    })
    const { id } = begun.body.response
    const prepare = () => browser.step(id, 'prepare_first_factor', { strategy: 'email_code' })
    expect(await prepare()).toMatchObject({ status: 200 })
    expect(await server.messages()).toHaveLength(1)

    const again = await prepare()
    expect(again).toMatchObject({ status: 429, body: problem('verification_code_too_many_requests') })
    expect(again.headers.get('retry-after')).toBe('30')
    // clerk-js 5 asks each time it shows the field for it.
    const query = { _clerk_js_version: '5.128.0' }
    const path = `POST /client/sign_ins/${id}/prepare_first_factor`
    expect(await browser.call(path, { form: { strategy: 'email_code' }, query })).toMatchObject({ status: 200 })
    expect(await server.messages()).toHaveLength(1)
    server.clock.advance(30_000)
    expect(await prepare()).toMatchObject({ status: 200 })
    expect(await server.messages()).toHaveLength(2)
  })

  it('takes the newest code only (mistake 32)', async () => {
    await newAda(server)
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: ADA, strategy: 'email_code' })).body.response
    const first = await lastCode(server)
    server.clock.advance(31_000)
    await browser.step(id, 'prepare_first_factor', { strategy: 'email_code' })
    const second = await lastCode(server)
    const attempt = (code: string) => browser.step(id, 'attempt_first_factor', { strategy: 'email_code', code })
    if (first !== second)
      expect(await attempt(first)).toMatchObject({ status: 422, body: problem('form_code_incorrect') })
    expect((await attempt(second)).body.response.status).toBe('complete')
  })

  it('takes no code that is too old, nor one of too many tries', async () => {
    await newAda(server)
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: ADA, strategy: 'email_code' })).body.response
    const attempt = async (code: string) => browser.step(id, 'attempt_first_factor', { strategy: 'email_code', code })
    const code = await lastCode(server)
    for (let tries = 0; tries < 5; tries++) {
      expect(await attempt(wrongFor(code))).toMatchObject({ status: 422, body: problem('form_code_incorrect') })
    }
    expect(await attempt(code)).toMatchObject({ status: 400, body: problem('verification_failed') })
    server.clock.advance(31_000)
    await browser.step(id, 'prepare_first_factor', { strategy: 'email_code' })
    server.clock.advance(10 * 60_000)
    expect((await browser.client()).sign_in.first_factor_verification.status).toBe('expired')
    expect(await attempt(await lastCode(server))).toMatchObject({ status: 400, body: problem('verification_expired') })
    expect((await browser.client()).sessions).toEqual([])
  })

  it('finds users by number and by name where the instance has these, and masks what was not typed', async () => {
    await configure(server, everything)
    const ada = await newAda(server, { phoneNumber: ['+14155552671'], username: 'ada_l' })
    const browser = await openSignIn(server)
    const byNumber = (await browser.create({ identifier: '+1 (415) 555-2671' })).body.response
    expect(byNumber).toMatchObject({
      identifier: '+14155552671',
      supported_identifiers: ['email_address', 'phone_number', 'username'],
    })
    expect(byNumber.supported_first_factors).toContainEqual({
      strategy: 'phone_code',
      phone_number_id: ada.primaryPhoneNumberId,
      safe_identifier: '+14155552671',
      primary: true,
      default: false,
    })
    const byName = (await browser.create({ identifier: 'Ada_L' })).body.response
    expect(byName.supported_first_factors).toContainEqual({
      strategy: 'email_code',
      email_address_id: ada.primaryEmailAddressId,
      safe_identifier: 'a***@example.com',
      primary: true,
    })

    await browser.step(byName.id, 'prepare_first_factor', { strategy: 'phone_code' })
    const form = { strategy: 'phone_code', code: await lastCode(server) }
    const done = await browser.step(byName.id, 'attempt_first_factor', form)
    expect(done.body.response.status).toBe('complete')
    expect(done.body.client.last_authentication_strategy).toBe('phone_code')
  })

  it('begins without anything, to be begun anew', async () => {
    const browser = await openSignIn(server)
    const { body } = await browser.create()
    expect(body.response).toMatchObject({
      status: 'needs_identifier',
      supported_first_factors: null,
      identifier: null,
      user_data: null,
    })
    expect(body.client.sign_in.id).toBe(body.response.id)
    const { id } = body.response
    for (const [step, form] of [
      ['prepare_first_factor', { strategy: 'email_code' }],
      ['attempt_first_factor', { strategy: 'password', password: PASSWORD }],
      ['prepare_second_factor', { strategy: 'phone_code' }],
      ['attempt_second_factor', { strategy: 'totp', code: '123456' }],
      ['reset_password', { password: PASSWORD }],
    ] as const) {
      expect(await browser.step(id, step, form)).toMatchObject({ status: 400, body: problem('client_state_invalid') })
    }
  })

  it('is replaced by another one of the client, and belongs to no other client', async () => {
    await newAda(server)
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: ADA })).body.response
    const stranger = await openSignIn(server)
    const form = { strategy: 'password', password: PASSWORD }
    expect(await stranger.step(id, 'attempt_first_factor', form)).toMatchObject({
      status: 404,
      body: problem('resource_not_found'),
    })
    const code = { strategy: 'email_code' }
    expect(await stranger.step(id, 'prepare_first_factor', code)).toMatchObject({ status: 404 })

    await browser.create({ identifier: ADA })
    expect(await browser.step(id, 'attempt_first_factor', form)).toMatchObject({
      status: 403,
      body: problem('resource_forbidden'),
    })
    expect(await browser.step(id, 'prepare_first_factor', code)).toMatchObject({ status: 403 })
    expect(await browser.get(id)).toMatchObject({ status: 200 })
    expect(await server.messages()).toEqual([])
  })

  it('is abandoned after a day', async () => {
    await newAda(server)
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: ADA })).body.response
    server.clock.advance(24 * HOUR)
    expect((await browser.client()).sign_in).toBeNull()
    expect(await browser.get(id)).toMatchObject({ status: 404, body: problem('resource_not_found') })
    const attempted = await browser.step(id, 'attempt_first_factor', { strategy: 'password', password: PASSWORD })
    expect(attempted).toMatchObject({ status: 400, body: problem('client_state_invalid') })
  })

  it('ends when its user is deleted meanwhile', async () => {
    const ada = await newAda(server)
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: ADA })).body.response
    await server.client.users.deleteUser(ada.id)
    for (const [step, form] of [
      ['prepare_first_factor', { strategy: 'email_code' }],
      ['attempt_first_factor', { strategy: 'password', password: PASSWORD }],
    ] as const) {
      expect(await browser.step(id, step, form)).toMatchObject({
        status: 400,
        body: problem('sign_in_identification_or_user_deleted'),
      })
    }
  })

  it.each([
    [{ identifier: 'nobody@example.com' }, 422, problem('form_identifier_not_found', 'identifier')],
    [{ identifier: 'nobody@example.com', password: PASSWORD }, 422, problem('form_identifier_not_found', 'identifier')],
    [{ identifier: 'not an address' }, 422, problem('form_param_format_invalid', 'identifier')],
    [{ identifier: ADA, password: 'difference engine' }, 422, problem('form_password_incorrect', 'password')],
    [{ identifier: ADA, strategy: 'password' }, 422, problem('form_conditional_param_missing', 'password')],
    [{ strategy: 'email_code' }, 422, problem('form_conditional_param_missing', 'identifier')],
    [{ password: PASSWORD }, 422, problem('form_conditional_param_missing', 'identifier')],
    [{ strategy: 'ticket' }, 422, problem('form_conditional_param_missing', 'ticket')],
    [
      { strategy: 'oauth_google', redirect_url: 'http://localhost' },
      422,
      problem('form_param_value_invalid', 'strategy'),
    ],
    [{ strategy: 'passkey' }, 422, problem('form_param_value_invalid', 'strategy')],
    [{ strategy: 'web3_metamask_signature', identifier: '0x1' }, 422, problem('form_param_value_invalid', 'strategy')],
    [{ strategy: 'google_one_tap', token: 'x' }, 422, problem('form_param_value_invalid', 'strategy')],
    [{ strategy: 'enterprise_sso', identifier: ADA }, 422, problem('form_param_value_invalid', 'strategy')],
    [{ strategy: 'constructor', identifier: ADA }, 422, problem('form_param_value_invalid', 'strategy')],
    [{ strategy: 'phone_code', identifier: ADA }, 422, problem('form_param_value_invalid', 'strategy')],
    [{ transfer: true }, 400, problem('account_transfer_invalid')],
    [{ identifier: ADA, sign_up_if_missing: true }, 422, problem('sign_up_if_missing_not_allowed')],
  ])('does not begin with %j', async (form, status, body) => {
    await newAda(server)
    const browser = await openSignIn(server)
    expect(await browser.create(form)).toMatchObject({ status, body })
    const client = await browser.client()
    expect(client.sign_in).toBeNull()
    expect(client.sessions).toEqual([])
  })

  it.each([
    ['attempt_first_factor', { strategy: 'email_code', code: '424242' }, 400, problem('verification_missing')],
    ['attempt_first_factor', { strategy: 'email_code' }, 422, problem('form_param_missing', 'code')],
    ['attempt_first_factor', { strategy: 'password', code: '424242' }, 422, problem('form_param_missing', 'password')],
    ['attempt_first_factor', { strategy: 'password', password: '' }, 422, problem('form_param_missing', 'password')],
    ['attempt_first_factor', { password: PASSWORD }, 422, problem('form_param_missing', 'strategy')],
    [
      'attempt_first_factor',
      { strategy: 'totp', code: '424242' },
      422,
      problem('form_param_value_invalid', 'strategy'),
    ],
    ['attempt_first_factor', { strategy: 'saml' }, 422, problem('form_param_value_invalid', 'strategy')],
    ['attempt_first_factor', { strategy: 'ticket' }, 422, problem('form_param_missing', 'ticket')],
    ['prepare_first_factor', { strategy: 'password' }, 400, problem('verification_strategy_invalid')],
    ['prepare_first_factor', { strategy: 'oauth_google' }, 422, problem('form_param_value_invalid', 'strategy')],
    [
      'prepare_first_factor',
      { strategy: 'email_code', email_address_id: 'idn_of_nobody' },
      422,
      problem('form_resource_not_found', 'email_address_id'),
    ],
    ['attempt_second_factor', { strategy: 'totp', code: '424242' }, 400, problem('client_state_invalid')],
    ['reset_password', { password: PASSWORD }, 400, problem('client_state_invalid')],
  ])('is left as it is by %s with %j', async (step, form, status, body) => {
    await newAda(server)
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: ADA })).body.response
    const before = (await browser.client()).sign_in
    expect(await browser.step(id, step, form)).toMatchObject({ status, body })
    expect((await browser.client()).sign_in).toEqual(before)
    expect(await server.messages()).toEqual([])
  })

  it('reads the words of a form (mistake 23), and parameters that it does not know (mistake 29)', async () => {
    await newAda(server)
    const browser = await openSignIn(server)
    const form = { identifier: ADA, transfer: false, sign_up_if_missing: 'false', strategy: '', password: null, x: 'y' }
    expect(await browser.create(form)).toMatchObject({
      status: 200,
      body: { response: { status: 'needs_first_factor' } },
    })
  })

  it('writes nothing that is not asked for (no mass assignment)', async () => {
    const ada = await newAda(server)
    const bob = await server.client.users.createUser({ emailAddress: ['bob@example.com'] })
    const browser = await openSignIn(server)
    const { body } = await browser.create({
      identifier: ADA,
      status: 'complete',
      user_id: bob.id,
      id: 'sia_mine',
      created_session_id: 'sess_1',
      abandon_at: 1,
    })
    expect(body.response).toMatchObject({ status: 'needs_first_factor', created_session_id: null })
    expect(body.response.id).not.toBe('sia_mine')
    const row = await server.server.database.read
      .selectFrom('sign_ins')
      .selectAll()
      .where('id', '=', body.response.id)
      .executeTakeFirstOrThrow()
    expect(row).toMatchObject({ user_id: ada.id, is_decoy: 0, sign_up_if_missing: 0 })
  })
})
