import { describe, expect, it } from 'vitest'
import { itWithContract } from '../../../../../tests/contract/contract.test-support.js'
import { typesAsDescribed } from '../../described-events.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import {
  begin,
  codeFor,
  codesOf,
  configure,
  EMAIL,
  otherThan,
  PASSWORD,
  PHONE,
  signUp,
} from './sign-up.test-support.js'

const SECOND = 1000
const MINUTE = 60 * SECOND

describe.each(dialects)('the codes of a sign-up on %s', (dialect) => {
  const server = useTestServer(dialect)

  const prepared = async (form: Record<string, unknown> = {}) => {
    const signingUp = await begin(server, { email_address: EMAIL, password: PASSWORD, ...form })
    await signingUp.prepare()
    return { ...signingUp, code: await codeFor(server, EMAIL) }
  }

  it('are asked for before they are tried', async () => {
    const { attempt, get } = await begin(server, { email_address: EMAIL, password: PASSWORD })
    expect(codesOf(await attempt({ code: '424242' }))).toEqual([400, 'verification_missing'])
    expect((await get()).body.response.verifications.email_address).toBe(null)
  })

  it('are worth nothing after five wrong ones', async () => {
    const { attempt, get, code } = await prepared()
    for (let count = 0; count < 5; count++) {
      expect(codesOf(await attempt({ code: otherThan(code) }))).toEqual([422, 'form_code_incorrect'])
    }
    expect(codesOf(await attempt({ code }))).toEqual([400, 'verification_failed'])
    expect((await get()).body.response.verifications.email_address).toMatchObject({
      status: 'failed',
      attempts: 5,
      next_action: 'needs_prepare',
    })
  })

  it('are counted before they are compared: guessing in parallel gains nothing', async () => {
    const { attempt, get, code } = await prepared()
    const answers = await Promise.all(Array.from({ length: 64 }, () => attempt({ code: otherThan(code) })))
    const codes = answers.map((answer) => codesOf(answer)[1])
    expect(codes.filter((each) => each === 'form_code_incorrect')).toHaveLength(5)
    expect(codes.filter((each) => each === 'verification_failed')).toHaveLength(59)
    expect((await get()).body.response.verifications.email_address.attempts).toBe(5)
  })

  it('expire after ten minutes', async () => {
    const { attempt, prepare, get, code } = await prepared()
    server.clock.advance(10 * MINUTE)
    expect((await get()).body.response.verifications.email_address).toMatchObject({
      status: 'expired',
      next_action: 'needs_prepare',
    })
    expect(codesOf(await attempt({ code }))).toEqual([400, 'verification_expired'])
    await prepare()
    expect((await attempt({ code: await codeFor(server, EMAIL) })).body.response.status).toBe('complete')
  })

  it('are not sent again to clerk-js 5, which asks each time it shows the field, but are good still', async () => {
    const { id, browser, attempt, code } = await prepared()
    const path = `POST /client/sign_ups/${id}/prepare_verification`
    const ask = (version: string) =>
      browser.call(path, { form: { strategy: 'email_code' }, query: { _clerk_js_version: version } })
    expect((await ask('5.128.0')).status).toBe(200)
    expect(codesOf(await ask('6.40.0'))).toEqual([429, 'verification_code_too_many_requests'])
    expect(await server.messages()).toHaveLength(1)
    expect((await attempt({ code })).body.response.status).toBe('complete')
  })

  it('are sent again after half a minute, and then the one before is not accepted', async () => {
    const { attempt, prepare, code } = await prepared()
    const early = await prepare()
    expect(codesOf(early)).toEqual([429, 'verification_code_too_many_requests'])
    expect(early.headers.get('retry-after')).toBe('30')
    expect(await server.messages()).toHaveLength(1)

    server.clock.advance(30 * SECOND)
    expect((await prepare()).status).toBe(200)
    const newer = await codeFor(server, EMAIL)
    if (newer !== code) expect(codesOf(await attempt({ code }))).toEqual([422, 'form_code_incorrect'])
    expect((await attempt({ code: newer })).body.response.status).toBe('complete')
  })

  it('go to one address three times in half a minute, whatever browsers ask for them', async () => {
    await configure(server, { rateLimits: { people: true } })
    for (let count = 0; count < 3; count++) await prepared()
    const fourth = await begin(server, { email_address: EMAIL })
    expect(codesOf(await fourth.prepare())).toEqual([429, 'too_many_requests'])
    expect(await server.messages()).toHaveLength(3)
  })

  it('prove the address that they were sent to, and no other', async () => {
    const { attempt, update, code } = await prepared()
    const changed = await update({ email_address: 'grace@example.com' })
    expect(changed.body.response).toMatchObject({
      email_address: 'grace@example.com',
      unverified_fields: ['email_address'],
      verifications: { email_address: null },
    })
    expect(codesOf(await attempt({ code }))).toEqual([400, 'verification_missing'])
  })

  it('are no longer needed for an address that is proved, but for another one', async () => {
    await configure(server, { attributes: { first_name: { required: true } } })
    const { attempt, update, prepare, code } = await prepared()
    await attempt({ code })
    expect(codesOf(await attempt({ code }))).toEqual([400, 'verification_already_verified'])
    server.clock.advance(MINUTE)
    expect(codesOf(await prepare())).toEqual([400, 'verification_already_verified'])
    const same = await update({ email_address: EMAIL.toUpperCase() })
    expect(same.body.response.unverified_fields).toEqual([])
    const other = await update({ email_address: 'grace@example.com', first_name: 'Grace' })
    expect(other.body.response).toMatchObject({ status: 'missing_requirements', unverified_fields: ['email_address'] })
  })

  it('of one kind do not prove an identifier of another', async () => {
    await configure(server, { attributes: { phone_number: { enabled: true } } })
    const { attempt, prepare, get, code } = await prepared({ phone_number: PHONE })
    expect(codesOf(await attempt({ strategy: 'phone_code', code }))).toEqual([400, 'verification_missing'])
    await prepare({ strategy: 'phone_code' })
    const forPhone = await codeFor(server, PHONE)
    if (forPhone !== code) {
      expect(codesOf(await attempt({ strategy: 'phone_code', code }))).toEqual([422, 'form_code_incorrect'])
    }
    expect((await get()).body.response.unverified_fields).toEqual(['email_address', 'phone_number'])
    await attempt({ code })
    const completed = await attempt({ strategy: 'phone_code', code: forPhone })
    expect(completed.body.response.status).toBe('complete')
    expect(completed.body.client.sessions[0].user).toMatchObject({
      email_addresses: [{ verification: { status: 'verified', strategy: 'email_code' } }],
      phone_numbers: [{ verification: { status: 'verified', strategy: 'phone_code' } }],
    })
  })

  it.each([
    [{}, 422, 'form_param_missing', 'strategy'],
    [{ strategy: 'carrier_pigeon' }, 422, 'form_param_value_invalid', 'strategy'],
    [{ strategy: 'oauth_google' }, 400, 'verification_strategy_invalid', undefined],
    [
      { strategy: 'email_link', redirect_url: 'http://localhost:3000' },
      400,
      'verification_strategy_invalid',
      undefined,
    ],
    [{ strategy: 'phone_code' }, 400, 'verification_strategy_invalid', undefined],
    [{ strategy: 'ticket' }, 400, 'verification_strategy_invalid', undefined],
    [{ strategy: 'password' }, 400, 'verification_strategy_invalid', undefined],
  ])('are not sent for %o', async (form, status, code, param) => {
    const { prepare } = await begin(server, { email_address: EMAIL })
    const answer = await prepare(form)
    expect(codesOf(answer)).toEqual([status, code])
    expect(answer.body.errors[0].meta?.param_name).toBe(param)
    expect(await server.messages()).toEqual([])
  })

  it('are not sent where no address was given', async () => {
    const { prepare } = await begin(server, { password: PASSWORD })
    expect(codesOf(await prepare())).toEqual([400, 'verification_strategy_invalid'])
  })

  it.each([
    [{ code: '' }, 'form_param_missing', 'code'],
    [{ code: '1', strategy: '' }, 'form_param_missing', 'strategy'],
    [{ code: '1', strategy: 'telepathy' }, 'form_param_value_invalid', 'strategy'],
  ])('need both a strategy and a code: %o', async (form, code, param) => {
    const { attempt, get } = await prepared()
    const answer = await attempt(form)
    expect(codesOf(answer)).toEqual([422, code])
    expect(answer.body.errors[0].meta.param_name).toBe(param)
    expect((await get()).body.response.verifications.email_address.attempts).toBe(0)
  })

  it('make one user where 64 come with the right one at once', async () => {
    const { attempt, code } = await prepared()
    const answers = await Promise.all(Array.from({ length: 64 }, () => attempt({ code })))
    const completed = answers.filter(({ status }) => status === 200)
    expect(completed).toHaveLength(1)
    expect(new Set(answers.map((answer) => codesOf(answer)[1]))).toEqual(new Set([undefined, 'client_state_invalid']))
    expect(await server.client.users.getCount()).toBe(1)
    const types = (await server.events()).map(({ type }) => type)
    expect(types.filter((type) => type === 'user.created')).toHaveLength(1)
    expect(types.filter((type) => type === 'session.created')).toHaveLength(1)
  })

  it('of 16 sign-ups with one address make one user', async () => {
    const all = []
    for (let count = 0; count < 16; count++) {
      all.push(await prepared())
      server.clock.advance(15 * SECOND)
    }
    const answers = await Promise.all(all.map(({ attempt, code }) => attempt({ code })))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(new Set(answers.map((answer) => codesOf(answer)[1]))).toEqual(new Set([undefined, 'identification_claimed']))
    expect(await server.client.users.getCount()).toBe(1)
  })

  it('do not claim an address that somebody else has proved meanwhile', async () => {
    const { attempt, get, code } = await prepared()
    await server.client.users.createUser({ emailAddress: [EMAIL] })
    const answer = await attempt({ code })
    expect(codesOf(answer)).toEqual([400, 'identification_claimed'])
    expect((await get()).body.response).toMatchObject({
      status: 'missing_requirements',
      unverified_fields: ['email_address'],
      verifications: { email_address: { status: 'unverified' } },
    })
    expect(await server.client.users.getCount()).toBe(1)
  })

  it('are not sent to an address that somebody else has proved meanwhile', async () => {
    const { prepare } = await begin(server, { email_address: EMAIL, password: PASSWORD })
    await server.client.users.createUser({ emailAddress: [EMAIL] })
    expect(codesOf(await prepare())).toEqual([400, 'identification_claimed'])
    expect(await server.messages()).toEqual([])
  })

  it('come too late for a username that somebody else has taken meanwhile', async () => {
    await configure(server, { attributes: { username: { enabled: true } } })
    const { attempt, update, code } = await prepared({ username: 'ada_l' })
    await server.client.users.createUser({ username: 'Ada_L' })
    const answer = await attempt({ code })
    expect(codesOf(answer)).toEqual([422, 'form_identifier_exists'])
    expect(answer.body.errors[0].meta.param_name).toBe('username')
    await update({ username: 'countess' })
    expect((await attempt({ code })).body.response.status).toBe('complete')
  })

  it('leave nothing of a code in the rows', async () => {
    const { code, id } = await prepared()
    const row = await server.server.database.read
      .selectFrom('verifications')
      .selectAll()
      .where('subject_id', '=', id)
      .executeTakeFirstOrThrow()
    expect(JSON.stringify(row)).not.toContain(code)
    expect(row).toMatchObject({ subject_kind: 'sign_up', user_id: null, strategy: 'email_code' })
  })

  itWithContract('tell of what they did as webhooks are described', async () => {
    await signUp(server, EMAIL)
    expect(typesAsDescribed(await server.events())).toEqual([
      'email.created',
      'user.created',
      'user.updated',
      'session.created',
    ])
  })
})
