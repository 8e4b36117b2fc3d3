import { describe, expect, it } from 'vitest'
import { openBrowser } from '../../browser.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { begin, codesOf, configure, EMAIL, PASSWORD, PHONE, signUp } from './sign-up.test-support.js'

const named = { attributes: { username: { enabled: true } } }

describe.each(dialects)('what a sign-up takes on %s', (dialect) => {
  const server = useTestServer(dialect)

  it.each([
    [{ email_address: 'not an address' }, 'form_param_format_invalid', 'email_address'],
    [{ email_address_or_phone_number: 'ada@' }, 'form_param_format_invalid', 'email_address'],
    [{ email_address_or_phone_number: '12' }, 'form_param_unknown', 'phone_number'],
    [{ phone_number: PHONE }, 'form_param_unknown', 'phone_number'],
    [{ username: 'ad' }, 'form_username_invalid_length', 'username'],
    [{ username: 'ada l' }, 'form_username_invalid_character', 'username'],
    [{ username: '12345' }, 'form_username_needs_non_number_char', 'username'],
    [{ username: '+14155552671' }, 'form_username_cannot_be_phone_number', 'username'],
    [{ password: 'short' }, 'form_password_length_too_short', 'password'],
    [{ email_address: EMAIL, password: EMAIL }, 'form_password_matches_identifier', 'password'],
    [{ first_name: 'x'.repeat(257) }, 'form_param_max_length_exceeded', 'first_name'],
    [{ locale: 'not a locale!' }, 'form_param_format_invalid', 'locale'],
    [{ unsafe_metadata: '[1]' }, 'form_param_type_invalid', 'unsafe_metadata'],
    [{ unsafe_metadata: { big: 'x'.repeat(9000) } }, 'form_param_exceeds_allowed_size', 'unsafe_metadata'],
    [{ legal_accepted: 'maybe' }, 'form_param_type_invalid', 'legal_accepted'],
    [{ strategy: 'telepathy' }, 'form_param_value_invalid', 'strategy'],
    [{ strategy: 'ticket' }, 'form_param_missing', 'ticket'],
    [{ strategy: 'password', email_address: EMAIL }, 'form_param_missing', 'password'],
    [{ strategy: 'email_code' }, 'form_param_missing', 'email_address'],
    [{ strategy: 'phone_code', email_address: EMAIL }, 'form_param_missing', 'phone_number'],
  ])('is not %o', async (form, code, param) => {
    await configure(server, named)
    const browser = await openBrowser(server)
    const answer = await browser.call('POST /client/sign_ups', { form })
    expect(codesOf(answer)).toEqual([422, code])
    expect(answer.body.errors[0].meta.param_name).toBe(param)
    expect((await browser.call('GET /client')).body.response?.sign_up ?? null).toBe(null)
  })

  it('is refused with everything that is wrong at once', async () => {
    const password = { requireUppercase: true, requireNumber: true, requireSpecialCharacter: true, minLength: 20 }
    await configure(server, { ...named, password })
    const { begun } = await begin(server, { email_address: 'nobody', username: 'x', password: 'short', locale: '!' })
    expect(codesOf(begun)).toEqual([
      422,
      'form_param_format_invalid',
      'form_username_invalid_length',
      'form_param_format_invalid',
      'form_password_length_too_short',
      'form_password_no_uppercase',
      'form_password_no_number',
      'form_password_no_special_char',
    ])
    expect(begun.body.errors.map((error: { meta: { param_name: string } }) => error.meta.param_name)).toEqual([
      'email_address',
      'username',
      'locale',
      'password',
      'password',
      'password',
      'password',
    ])
  })

  it('is no password that everybody tries first', async () => {
    await configure(server, { hibp: true })
    const { begun } = await begin(server, { email_address: EMAIL, password: 'password123' })
    expect(codesOf(begun)).toEqual([422, 'form_password_pwned'])
    expect(begun.body.errors[0].meta.param_name).toBe('password')
  })

  it('comes five times in ten seconds from one address at most', async () => {
    await configure(server, { rateLimits: { enabled: true } })
    const { call } = await openBrowser(server)
    const answers = []
    for (let count = 0; count < 6; count++) answers.push(await call('POST /client/sign_ups', { form: {} }))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429])
    expect(answers.at(-1)!.headers.get('retry-after')).toMatch(/^\d+$/)
  })

  it('leaves a sign-up as it was when a change of it is refused', async () => {
    const { update, get, begun } = await begin(server, { email_address: EMAIL, first_name: 'Ada' })
    const answer = await update({ email_address: 'grace@example.com', first_name: 'Grace', password: 'short' })
    expect(codesOf(answer)).toEqual([422, 'form_password_length_too_short'])
    expect((await get()).body.response).toEqual(begun.body.response)
  })

  it('ignores what it does not know, and blank texts, but for names, which they clear', async () => {
    const { update } = await begin(server, { email_address: EMAIL, first_name: 'Ada', tab_state: 'focused' })
    const answer = await update({ email_address: null, phone_number: '', username: '', first_name: null, password: '' })
    expect(answer.body.response).toMatchObject({ email_address: EMAIL, first_name: null, password_enabled: false })
  })

  it('is an identifier that nobody has', async () => {
    await configure(server, { attributes: { username: { enabled: true }, phone_number: { enabled: true } } })
    await server.client.users.createUser({ emailAddress: [EMAIL], phoneNumber: [PHONE], username: 'ada_l' })
    const { begun } = await begin(server, { email_address: 'ADA@example.com', phone_number: PHONE, username: 'Ada_L' })
    expect(codesOf(begun)).toEqual([422, ...Array.from({ length: 3 }, () => 'form_identifier_exists')])
    expect(begun.body.errors.map((error: { meta: { param_name: string } }) => error.meta.param_name)).toEqual([
      'email_address',
      'phone_number',
      'username',
    ])
  })

  it('is an address that is only somebody else’s until they prove it', async () => {
    const squatter = await server.client.users.createUser({ username: 'squatter' })
    await server.client.emailAddresses.createEmailAddress({ userId: squatter.id, emailAddress: EMAIL, verified: false })
    expect((await signUp(server, EMAIL)).completed.body.response.status).toBe('complete')
  })

  it('contains the consent, where the instance asks for it', async () => {
    await configure(server, {
      signUp: { legalConsentEnabled: true },
      attributes: { email_address: { verifyAtSignUp: false } },
    })
    const refused = await begin(server, { email_address: EMAIL, password: PASSWORD, legal_accepted: false })
    expect(codesOf(refused.begun)).toEqual([422, 'legal_not_accepted'])
    const waiting = await begin(server, { email_address: EMAIL, password: PASSWORD })
    expect(waiting.begun.body.response).toMatchObject({
      status: 'missing_requirements',
      missing_fields: ['legal_accepted'],
    })
    const { body } = await waiting.update({ legal_accepted: true })
    expect(body.response).toMatchObject({ status: 'complete', legal_accepted_at: server.clock.now() })
    const user = await server.call('GET', `/users/${body.response.created_user_id}`)
    expect(user.body.legal_accepted_at).toBe(server.clock.now())
  })

  it('takes false as false, though it comes as a text', async () => {
    const { begun } = await begin(server, { email_address: EMAIL, legal_accepted: 'false', transfer: 'false' })
    expect(begun.body.response).toMatchObject({ legal_accepted_at: null, status: 'missing_requirements' })
  })
})
