import { describe, expect, it } from 'vitest'
import { openBrowser, type Answer, type TestBrowser } from '../browser.test-support.js'
import { ENCRYPTION_KEY } from '../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../server.test-support.js'
import { codesOf, signedInAda, signIn } from './profile-security/profile-security.test-support.js'
import { ADA, configure, newAda, PASSWORD, TOTP_SECRET } from './sign-in/sign-in.test-support.js'

const HOUR = 60 * 60_000
const CREDENTIALS = { identifier: ADA, password: PASSWORD }

/** What components read of an error beside its code: they are lost without it. */
describe.each(dialects)('the meta of an error on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const metaOf = ({ body }: Answer, code: string) =>
    (body.errors as { code: string; meta?: object }[]).find((one) => one.code === code)?.meta
  const begin = async (path: string, form: Record<string, unknown>, browser?: TestBrowser) => {
    const at = browser ?? (await openBrowser(server))
    return { browser: at, id: (await at.call(`POST ${path}`, { form })).body.response?.id as string }
  }

  it.each([
    ['POST /client/sign_ins', CREDENTIALS],
    ['POST /client/sign_ins', { identifier: ADA }],
    ['POST /client/sign_ups', { email_address: 'grace@example.com' }],
  ])('names the session that is there already, beside the client: %s %o', async (route, form) => {
    const { browser, sessionId } = await signedInAda(server)
    const answer = await browser.call(route, { form })
    expect(codesOf(answer)).toEqual([400, 'session_exists'])
    expect(metaOf(answer, 'session_exists')).toEqual({ session_id: sessionId })
    expect(answer.body.meta.client).toMatchObject({ object: 'client', sessions: [{ id: sessionId }] })
  })

  it.each([CREDENTIALS, { identifier: ADA }])('names the session of the user who signs in again: %o', async (form) => {
    await configure(server, { auth: { singleSessionMode: false } })
    const { browser, sessionId } = await signedInAda(server)
    const answer = await browser.call('POST /client/sign_ins', { form })
    expect(codesOf(answer)).toEqual([400, 'identifier_already_signed_in'])
    expect(metaOf(answer, 'identifier_already_signed_in')).toEqual({ session_id: sessionId })
    expect(answer.body.meta.client).toMatchObject({ object: 'client', sessions: [{ id: sessionId }] })
  })

  it('says wherever a secret is tried how many seconds the user is locked for, as they go by', async () => {
    await configure(server, {
      auth: { reverification: false, singleSessionMode: false },
      attributes: { password: { required: false } },
    })
    const { browser, sessionId } = await signedInAda(server, { totpSecret: TOTP_SECRET })
    const first = await begin('/client/sign_ins', { identifier: ADA })
    const second = await begin('/client/sign_ins', CREDENTIALS)
    const again = `/client/sessions/${sessionId}/verify`
    await browser.call(`POST ${again}`, { form: { level: 'first_factor' } })
    for (let tries = 0; tries < 10; tries++) {
      await (await openBrowser(server)).call('POST /client/sign_ins', { form: { ...CREDENTIALS, password: 'wrong' } })
    }
    const password = { strategy: 'password', password: PASSWORD }
    const tries: [TestBrowser, string, Record<string, unknown>][] = [
      [await openBrowser(server), 'POST /client/sign_ins', CREDENTIALS],
      [first.browser, `POST /client/sign_ins/${first.id}/attempt_first_factor`, password],
      [
        second.browser,
        `POST /client/sign_ins/${second.id}/attempt_second_factor`,
        { strategy: 'totp', code: '000000' },
      ],
      [browser, `POST ${again}/attempt_first_factor`, password],
      [browser, 'POST /me/change_password', { current_password: PASSWORD, new_password: 'difference engine' }],
      [browser, 'POST /me/remove_password', { current_password: PASSWORD }],
    ]
    for (const seconds of [3600, 1800]) {
      for (const [at, route, form] of tries) {
        const answer = await at.call(route, { form })
        expect([route, ...codesOf(answer)]).toEqual([route, 403, 'user_locked'])
        expect(metaOf(answer, 'user_locked')).toEqual({ lockout_expires_in_seconds: seconds })
      }
      server.clock.advance(HOUR / 2)
      await browser.call(`POST ${again}`, { form: { level: 'first_factor' } })
    }
  })

  it('names the identifiers that may not come in, in a sign-in, a sign-up and a profile', async () => {
    await configure(server, { restrictions: { blocklist: true }, auth: { reverification: false } })
    await newAda(server, { emailAddress: ['ada@blocked.example'] })
    const { browser } = await signedInAda(server)
    await server.client.blocklistIdentifiers.createBlocklistIdentifier({ identifier: '*@blocked.example' })
    const visitor = await openBrowser(server)
    const tries: [TestBrowser, string, Record<string, unknown>, string][] = [
      [visitor, 'POST /client/sign_ins', { identifier: 'ada@blocked.example' }, 'ada@blocked.example'],
      [visitor, 'POST /client/sign_ups', { email_address: 'eve@blocked.example' }, 'eve@blocked.example'],
      [browser, 'POST /me/email_addresses', { email_address: 'me@blocked.example' }, 'me@blocked.example'],
    ]
    for (const [at, route, form, address] of tries) {
      const answer = await at.call(route, { form })
      expect([route, ...codesOf(answer)]).toEqual([route, 403, 'not_allowed_access'])
      expect(metaOf(answer, 'not_allowed_access')).toEqual({ identifiers: [address] })
    }
  })

  it('names the addresses that are invited or members already, of one and of several', async () => {
    await configure(server, { organizations: { enabled: true } })
    const { browser } = await signedInAda(server)
    const { body } = await browser.call('POST /organizations', { form: { name: 'Acme' } })
    const path = `POST /organizations/${body.response.id}/invitations`
    const role = 'org:member'
    await browser.call(path, { form: { email_address: 'bob@example.com', role } })
    const invite = (address: string) => browser.call(path, { form: { email_address: address, role } })
    const bulk = (address: string) =>
      browser.call(`${path}/bulk`, { form: { email_address: ['new@example.com', address], role } })
    for (const ask of [invite, bulk]) {
      for (const [code, address] of [
        ['organization_invitation_not_unique', 'bob@example.com'],
        ['already_a_member_in_organization', ADA],
      ] as const) {
        const answer = await ask(address)
        expect(codesOf(answer)).toEqual([400, code])
        expect(metaOf(answer, code)).toEqual({ email_addresses: [address] })
      }
    }
  })

  /** What is wrong with each password, wherever it is set. */
  const BAD: [password: string, reasons: string[]][] = [
    ['short', ['length_too_short', 'no_number', 'no_special_char', 'no_uppercase']],
    ['password123', ['length_too_short', 'no_special_char', 'no_uppercase', 'pwned']],
    ['é'.repeat(73), ['length_too_long', 'no_number', 'no_special_char', 'no_uppercase']],
    ['€'.repeat(30), ['no_number', 'no_special_char', 'no_uppercase', 'size_in_bytes_exceeded']],
    [ADA, ['length_too_short', 'matches_identifier', 'no_number', 'no_uppercase']],
  ]
  const codeOfReason = (reason: string) => `form_password_${reason}`
  const SAME = 'form_new_password_matches_current'

  /** Sets a password of Ada's, or of somebody who is going to be her. */
  type SetPassword = (password: string) => Promise<Answer>

  const places: Record<
    string,
    { field?: string; also?: string; knowsCurrent?: boolean; open(): Promise<SetPassword> }
  > = {
    'beginning a sign-up': {
      open: async () => {
        const browser = await openBrowser(server)
        return (password) => browser.call('POST /client/sign_ups', { form: { email_address: ADA, password } })
      },
    },
    'going on with a sign-up': {
      open: async () => {
        const { browser, id } = await begin('/client/sign_ups', { email_address: ADA })
        return (password) => browser.call(`PATCH /client/sign_ups/${id}`, { form: { password } })
      },
    },
    'resetting it in a sign-in': {
      knowsCurrent: true,
      open: async () => {
        await withPassword()
        const strategy = 'reset_password_email_code'
        const { browser, id } = await begin('/client/sign_ins', { identifier: ADA, strategy })
        const code = (await server.messages()).at(-1)!.data!['otp_code']
        await browser.call(`POST /client/sign_ins/${id}/attempt_first_factor`, { form: { strategy, code } })
        return (password) => browser.call(`POST /client/sign_ins/${id}/reset_password`, { form: { password } })
      },
    },
    'changing it with the one from before': {
      field: 'new_password',
      knowsCurrent: true,
      open: () => changing({ current_password: ADA }),
    },
    'changing it with a wrong one from before': {
      field: 'new_password',
      also: 'form_password_incorrect current_password',
      open: () => changing({ current_password: PASSWORD }),
    },
    'changing it without the one from before': {
      field: 'new_password',
      also: 'form_param_missing current_password',
      open: () => changing({}),
    },
    'the task to replace it': {
      field: 'new_password',
      knowsCurrent: true,
      open: async () => {
        const set = await changing({})
        const [ada] = (await server.client.users.getUserList()).data
        await server.client.users.setPasswordCompromised(ada!.id)
        return set
      },
    },
    'creating a user': {
      open: async () => (password) => server.call('POST', '/users', { email_address: [ADA], password }),
    },
    'updating a user': {
      open: async () => {
        const { id } = await withPassword()
        return (password) => server.call('PATCH', `/users/${id}`, { password })
      },
    },
  }
  /** Ada, whose password is her address. */
  const withPassword = () => newAda(server, { password: ADA, skipPasswordChecks: true })
  const changing = async (more: Record<string, string>): Promise<SetPassword> => {
    await withPassword()
    const { browser } = await signIn(server, ADA, ADA)
    return (password) => browser.call('POST /me/change_password', { form: { ...more, new_password: password } })
  }

  it.each(Object.keys(places))('says everything that is wrong with a password at once: %s', async (name) => {
    const { field = 'password', also, knowsCurrent, open } = places[name]!
    await configure(server, {
      password: { minLength: 20, requireNumber: true, requireUppercase: true, requireSpecialCharacter: true },
      hibp: true,
      auth: { reverification: false },
    })
    const set = await open()
    for (const [password, reasons] of BAD) {
      const codes = reasons.map(codeOfReason)
      if (knowsCurrent && password === ADA) codes.push(SAME)
      const [status, ...found] = codesOf(await set(password))
      const expected = [...codes.map((code) => `${code} ${field}`), ...(also === undefined ? [] : [also])]
      expect([password, status, found.sort()]).toEqual([password, 422, expected.sort()])
    }
  })
})
