import { describe, expect, it } from 'vitest'
import { openBrowser } from '../../browser.test-support.js'
import { createSignUpServices } from '../../compose/services/sign-ups.js'
import { operator } from '../../kernel/caller.js'
import { ENCRYPTION_KEY, servicesOf } from '../../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import {
  begin,
  codeFor,
  codesOf,
  configure,
  EMAIL,
  goOn,
  otherThan,
  PASSWORD,
  PHONE,
  signUp,
} from './sign-up.test-support.js'

const DAY = 24 * 60 * 60 * 1000
const MINUTE = 60 * 1000

describe.each(dialects)('signing up on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })

  it('goes from an address and a password over a code to a user with a session', async () => {
    const signingUp = await begin(server, {
      email_address: 'Ada@Example.com',
      password: PASSWORD,
      first_name: 'Ada',
      last_name: '',
      unsafe_metadata: { plan: 'free' },
      locale: 'en-GB',
    })
    expect(signingUp.begun.status).toBe(200)
    expect(signingUp.begun.body.response).toEqual({
      object: 'sign_up_attempt',
      id: expect.stringMatching(/^sua_[0-9A-Za-z]{27}$/),
      status: 'missing_requirements',
      required_fields: ['email_address', 'password'],
      optional_fields: ['first_name', 'last_name'],
      missing_fields: [],
      unverified_fields: ['email_address'],
      verifications: { email_address: null, phone_number: null, web3_wallet: null, external_account: null },
      username: null,
      email_address: 'Ada@Example.com',
      phone_number: null,
      web3_wallet: null,
      password_enabled: true,
      has_password: true,
      first_name: 'Ada',
      last_name: null,
      locale: 'en-GB',
      unsafe_metadata: { plan: 'free' },
      public_metadata: {},
      custom_action: false,
      external_id: null,
      created_session_id: null,
      created_user_id: null,
      abandon_at: server.clock.now() + DAY,
      legal_accepted_at: null,
    })
    expect(signingUp.begun.body.client.sign_up).toEqual(signingUp.begun.body.response)

    const prepared = await signingUp.prepare()
    expect(prepared.body.response.verifications.email_address).toEqual({
      object: 'verification_otp',
      status: 'unverified',
      strategy: 'email_code',
      attempts: 0,
      expire_at: server.clock.now() + 10 * MINUTE,
      next_action: 'needs_attempt',
      supported_strategies: ['email_code'],
    })

    const completed = await signingUp.attempt({ code: await codeFor(server, 'Ada@Example.com') })
    const { response, client } = completed.body
    expect(response).toMatchObject({
      status: 'complete',
      missing_fields: [],
      unverified_fields: [],
      password_enabled: true,
      created_session_id: expect.stringMatching(/^sess_/),
      created_user_id: expect.stringMatching(/^user_/),
      verifications: { email_address: { status: 'verified', attempts: 1, next_action: '' } },
    })
    expect(client).toMatchObject({
      sign_up: null,
      last_active_session_id: response.created_session_id,
      last_authentication_strategy: 'email_code',
      sessions: [{ id: response.created_session_id, status: 'active', user: { id: response.created_user_id } }],
    })
    expect(client.sessions[0].last_active_token.jwt).toMatch(/^ey/)

    expect((await server.call('GET', `/users/${response.created_user_id}`)).body).toMatchObject({
      first_name: 'Ada',
      last_name: null,
      locale: 'en-GB',
      unsafe_metadata: { plan: 'free' },
      password_enabled: true,
      email_addresses: [
        {
          email_address: 'Ada@Example.com',
          reserved: false,
          verification: { status: 'verified', strategy: 'email_code', attempts: 1 },
        },
      ],
    })
    await server.client.users.verifyPassword({ userId: response.created_user_id, password: PASSWORD })
    expect((await server.events()).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['email.created', 'user.created', 'session.created']),
    )
  })

  it('keeps what is over readable, for its own browser only', async () => {
    const { id, browser } = await signUp(server, EMAIL)
    expect((await goOn(browser, id).get()).body.response).toMatchObject({ status: 'complete' })

    const other = goOn(await openBrowser(server), id)
    for (const answer of [
      await other.get(),
      await other.update({ first_name: 'Eve' }),
      await other.prepare(),
      await other.attempt({ code: '424242' }),
    ]) {
      expect(codesOf(answer)).toEqual([404, 'resource_not_found'])
    }
  })

  it('erases the digest of the password once the user has it', async () => {
    const { id } = await signUp(server, EMAIL)
    const row = await server.server.database.read
      .selectFrom('sign_ups')
      .select(['password_digest', 'password_hasher'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(row).toEqual({ password_digest: null, password_hasher: 'argon2id' })
  })

  it('takes one field after the other', async () => {
    await configure(server, {
      attributes: { username: { enabled: true, required: true }, first_name: { required: true } },
    })
    const signingUp = await begin(server, {})
    expect(signingUp.begun.body.response).toMatchObject({
      missing_fields: ['email_address', 'username', 'first_name', 'password'],
      unverified_fields: [],
    })
    await signingUp.update({ email_address: EMAIL, first_name: '   ' })
    await signingUp.update({ username: 'ada_l', password: PASSWORD })
    const before = await signingUp.prepare()
    expect(before.body.response.missing_fields).toEqual(['first_name'])
    const proved = await signingUp.attempt({ code: await codeFor(server, EMAIL) })
    expect(proved.body.response).toMatchObject({ status: 'missing_requirements', unverified_fields: [] })

    const completed = await signingUp.update({ first_name: 'Ada' })
    expect(completed.body.response).toMatchObject({ status: 'complete', username: 'ada_l' })
    const [user] = (await server.client.users.getUserList({ username: ['ada_l'] })).data
    expect(user).toMatchObject({ username: 'ada_l', firstName: 'Ada' })
  })

  it('completes at once where nothing must be proved', async () => {
    await configure(server, { attributes: { email_address: { verifyAtSignUp: false } } })
    const { begun } = await begin(server, { email_address: EMAIL, password: PASSWORD })
    expect(begun.body.response).toMatchObject({ status: 'complete' })
    expect(begun.body.client).toMatchObject({ sign_up: null, last_authentication_strategy: 'password' })
    const user = await server.call('GET', `/users/${begun.body.response.created_user_id}`)
    expect(user.body.email_addresses[0]).toMatchObject({ reserved: true, verification: null })
  })

  it('proves a phone number with a text message', async () => {
    const attributes = { email_address: { enabled: false }, phone_number: { enabled: true, required: true } }
    await configure(server, { attributes })
    const signingUp = await begin(server, { email_address_or_phone_number: '+1 (415) 555-2671', password: PASSWORD })
    expect(signingUp.begun.body.response).toMatchObject({ phone_number: PHONE, unverified_fields: ['phone_number'] })
    const prepared = await signingUp.prepare({ strategy: 'phone_code' })
    expect(prepared.body.response.verifications.phone_number).toMatchObject({ strategy: 'phone_code', channel: 'sms' })
    const completed = await signingUp.attempt({ strategy: 'phone_code', code: await codeFor(server, PHONE) })
    expect(completed.body.response.status).toBe('complete')
  })

  it('sends the code with the request that names the strategy, once', async () => {
    const signingUp = await begin(server, { email_address: EMAIL, password: PASSWORD, strategy: 'email_code' })
    expect(signingUp.begun.body.response.verifications.email_address).toMatchObject({ status: 'unverified' })
    await signingUp.update({ strategy: 'email_code', first_name: 'Ada' })
    expect(await server.messages()).toHaveLength(1)
  })

  it('takes a password whose strategy is named, at once and later', async () => {
    const atOnce = await begin(server, { strategy: 'password', email_address: EMAIL, password: PASSWORD })
    expect(atOnce.begun.body.response).toMatchObject({ password_enabled: true, missing_fields: [] })
    const later = await begin(server, { email_address: EMAIL })
    expect(later.begun.body.response.missing_fields).toEqual(['password'])
    const updated = await later.update({ strategy: 'password', password: PASSWORD })
    expect(updated.body.response).toMatchObject({ password_enabled: true, missing_fields: [] })
    expect(await server.messages()).toEqual([])
  })

  it('accepts the code of test addresses, and sends nothing there', async () => {
    const signingUp = await begin(server, { email_address: 'ada+clerk_test@example.com', password: PASSWORD })
    await signingUp.prepare()
    const completed = await signingUp.attempt({ code: '424242' })
    expect(completed.body.response.status).toBe('complete')
    expect(await server.messages()).toEqual([])
  })

  it('begins anew where a browser begins another one', async () => {
    const first = await begin(server, { email_address: EMAIL })
    const second = await begin(server, { email_address: 'grace@example.com' }, first.browser)
    expect(second.begun.body.client.sign_up.id).toBe(second.id)
    for (const answer of [
      await first.update({ first_name: 'Ada' }),
      await first.prepare(),
      await first.attempt({ code: '424242' }),
    ]) {
      expect(codesOf(answer)).toEqual([403, 'resource_forbidden'])
    }
    expect((await first.get()).body.response).toMatchObject({ email_address: EMAIL, first_name: null })
  })

  it('ends after a day', async () => {
    const signingUp = await begin(server, { email_address: EMAIL, password: PASSWORD })
    server.clock.advance(DAY)
    for (const answer of [
      await signingUp.update({ first_name: 'Ada' }),
      await signingUp.prepare(),
      await signingUp.attempt({ code: '424242' }),
    ]) {
      expect(codesOf(answer)).toEqual([410, 'sign_up_outdated_verification'])
    }
    expect((await signingUp.get()).body.response.status).toBe('abandoned')
    expect((await signingUp.browser.call('GET /client')).body.response.sign_up).toBe(null)
  })

  it('takes nothing else once it is complete', async () => {
    const { update, prepare, attempt } = await signUp(server, EMAIL)
    expect(codesOf(await update({ first_name: 'Eve' }))).toEqual([400, 'client_state_invalid'])
    expect(codesOf(await prepare())).toEqual([400, 'client_state_invalid'])
    expect(codesOf(await attempt({ code: '424242' }))).toEqual([400, 'client_state_invalid'])
  })

  it('copies the id that the application gave it meanwhile', async () => {
    const signingUp = await begin(server, { email_address: EMAIL, password: PASSWORD })
    await server.client.signUps.update({ signUpAttemptId: signingUp.id, externalId: 'crm-7' })
    await signingUp.prepare()
    const { body } = await signingUp.attempt({ code: await codeFor(server, EMAIL) })
    expect((await server.client.users.getUser(body.response.created_user_id)).externalId).toBe('crm-7')
  })

  it('writes nothing that a person may not say', async () => {
    const signingUp = await begin(server, {
      email_address: EMAIL,
      status: 'complete',
      public_metadata: { role: 'admin' },
      external_id: 'mine',
      created_user_id: 'user_1',
      custom_action: true,
      legal_accepted_at: 1,
      ticket_id: 'inv_1',
    })
    expect(signingUp.begun.body.response).toMatchObject({
      status: 'missing_requirements',
      public_metadata: {},
      external_id: null,
      created_user_id: null,
      custom_action: false,
      legal_accepted_at: null,
      unverified_fields: ['email_address'],
    })
  })

  it('refuses a second session in a browser that is in single-session mode', async () => {
    const { browser, completed } = await signUp(server, EMAIL)
    const sessionId = completed.body.response.created_session_id
    const answer = await browser.call('POST /client/sign_ups', { form: { email_address: 'grace@example.com' } })
    expect(codesOf(answer)).toEqual([400, 'session_exists'])
    expect(answer.body.errors[0].meta).toMatchObject({ session_id: sessionId })
    expect(answer.body.meta.client.sessions[0].id).toBe(sessionId)
  })

  it('signs nobody up in a browser that acts for another user', async () => {
    await configure(server, { auth: { singleSessionMode: false } })
    const { browser } = await signUp(server, EMAIL)
    await server.server.database.transaction((tx) =>
      tx.updateTable('sessions').set({ actor: '{"sub":"user_admin"}' }).execute(),
    )
    const answer = await browser.call('POST /client/sign_ups', { form: {} })
    expect(codesOf(answer)).toEqual([409, 'session_creation_not_allowed'])
  })

  it('refuses to complete where somebody has signed in meanwhile', async () => {
    const waiting = await begin(server, { email_address: 'grace@example.com', password: PASSWORD })
    await waiting.prepare()
    const { sessions, context } = await servicesOf(server)
    const { clientId } = (await server.server.database.read
      .selectFrom('sign_ups')
      .select('client_id as clientId')
      .where('id', '=', waiting.id)
      .executeTakeFirstOrThrow()) as { clientId: string }
    const { id: userId } = await server.client.users.createUser({ username: 'ada_l' })
    await context.transaction(operator('test'), async (tx) => {
      await sessions.open({ clientId, userId, strategy: null, firstFactorVerifiedAt: null }, tx)
      // As if another page of the browser had kept its sign-up.
      await tx.queries.updateTable('clients').set({ sign_up_id: waiting.id }).where('id', '=', clientId).execute()
    })
    const answer = await waiting.attempt({ code: await codeFor(server, 'grace@example.com') })
    expect(codesOf(answer)).toEqual([400, 'session_exists'])
    expect(await server.client.users.getCount()).toBe(1)
  })

  it('opens a second session where the instance allows several', async () => {
    await configure(server, { auth: { singleSessionMode: false } })
    const { browser } = await signUp(server, EMAIL)
    const second = await begin(server, { email_address: 'grace@example.com', password: PASSWORD }, browser)
    await second.prepare()
    const { body } = await second.attempt({ code: await codeFor(server, 'grace@example.com') })
    expect(body.client.sessions).toHaveLength(2)
    expect(body.client.last_active_session_id).toBe(body.response.created_session_id)
  })

  it('takes over no account where no sign-in offers one', async () => {
    const { begun } = await begin(server, { transfer: true })
    expect(codesOf(begun)).toEqual([400, 'account_transfer_invalid'])
  })

  it('takes over what a sign-in has proved', async () => {
    const services = await servicesOf(server)
    const { context, clientRecords, verifications } = services
    const clientId = 'client_1'
    const verification = await context.transaction(operator('test'), async (tx) => {
      await clientRecords.create({ id: clientId, signInId: 'sia_1' }, tx)
      const subject = { kind: 'sign_in', id: 'sia_1', userId: null, identificationId: EMAIL } as const
      return verifications.record(subject, 'email_code', tx)
    })
    let transferable = { identifier: EMAIL, firstFactor: 'email_code', firstFactorVerificationId: verification.id }
    const takeTransferable = async (id: string, of: string) => {
      const taken = id === 'sia_1' && of === clientId ? transferable : undefined
      transferable = { ...transferable, firstFactorVerificationId: 'ver_none' }
      return taken
    }
    const all = [services, services, services, services, services, services, services] as const
    const { signUpFlow } = createSignUpServices(context, ...all, { takeTransferable })
    const caller = { kind: 'client', clientId, ipAddress: null, userAgent: null, traceId: null } as const

    const begun = await signUpFlow.create({ transfer: true }, caller)
    expect(begun).toMatchObject({ emailAddress: EMAIL, missingFields: ['password'], unverifiedFields: [] })
    expect(await clientRecords.get(clientId)).toMatchObject({ signInId: null, signUpId: begun.id })
    await expect(signUpFlow.create({ transfer: true }, caller)).rejects.toMatchObject({ status: 400 })
    const completed = await signUpFlow.update(begun.id, { password: PASSWORD }, caller)
    expect(completed.status).toBe('complete')
    const user = await server.client.users.getUser(completed.createdUserId!)
    expect(user.emailAddresses[0]!.verification).toMatchObject({ status: 'verified', strategy: 'email_code' })
  })

  it('refuses a wrong code, and counts it', async () => {
    const signingUp = await begin(server, { email_address: EMAIL, password: PASSWORD })
    await signingUp.prepare()
    const code = await codeFor(server, EMAIL)
    const wrong = await signingUp.attempt({ code: otherThan(code) })
    expect(codesOf(wrong)).toEqual([422, 'form_code_incorrect'])
    expect(wrong.body.errors[0].meta).toMatchObject({ param_name: 'code' })
    expect((await signingUp.get()).body.response.verifications.email_address).toMatchObject({ attempts: 1 })
    expect((await signingUp.attempt({ code })).body.response.status).toBe('complete')
  })
})
