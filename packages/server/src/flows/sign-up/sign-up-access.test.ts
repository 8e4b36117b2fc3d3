import { describe, expect, it } from 'vitest'
import { callFrontend, openBrowser } from '../../browser.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { begin, codeFor, codesOf, configure, EMAIL, PASSWORD, PHONE, signUp } from './sign-up.test-support.js'

const DAY = 24 * 60 * 60 * 1000

describe.each(dialects)('who may sign up on %s', (dialect) => {
  const server = useTestServer(dialect)

  const invite = async (emailAddress: string, publicMetadata = {}) => {
    const { id, url } = await server.client.invitations.createInvitation({
      emailAddress,
      publicMetadata,
      notify: false,
    })
    return { id, ticket: new URL(url!).searchParams.get('ticket')! }
  }
  const strategy = 'ticket'

  it.each([
    ['restricted', 'sign_up_mode_restricted'],
    ['waitlist', 'sign_up_restricted_waitlist'],
  ] as const)('is nobody without an invitation in %s mode', async (mode, code) => {
    await configure(server, { signUp: { mode } })
    for (const form of [{}, { email_address: EMAIL, password: PASSWORD }]) {
      const { begun } = await begin(server, form)
      expect(codesOf(begun)).toEqual([403, code])
    }
  })

  it('is whoever was invited, with the address proved and the metadata of the invitation', async () => {
    await configure(server, { signUp: { mode: 'restricted' } })
    const { id, ticket } = await invite(EMAIL, { role: 'editor' })
    const signingUp = await begin(server, { strategy, ticket, unsafe_metadata: { plan: 'free' } })
    expect(signingUp.begun.body.response).toMatchObject({
      email_address: EMAIL,
      public_metadata: { role: 'editor' },
      missing_fields: ['password'],
      unverified_fields: [],
      verifications: { email_address: { object: 'verification_ticket', status: 'verified', strategy: 'ticket' } },
    })
    expect((await server.client.invitations.getInvitationList({ status: 'pending' })).data).toHaveLength(1)

    const completed = await signingUp.update({ strategy, ticket, password: PASSWORD, email_address: 'Ada@example.com' })
    const { response, client } = completed.body
    expect(response).toMatchObject({ status: 'complete', email_address: EMAIL })
    expect(client.last_authentication_strategy).toBe('ticket')
    expect((await server.call('GET', `/users/${response.created_user_id}`)).body).toMatchObject({
      public_metadata: { role: 'editor' },
      unsafe_metadata: { plan: 'free' },
      email_addresses: [{ email_address: EMAIL, verification: { status: 'verified', strategy: 'ticket' } }],
    })
    const [accepted] = (await server.client.invitations.getInvitationList({ status: 'accepted' })).data
    expect(accepted!.id).toBe(id)
  })

  it('completes at once with a ticket and everything that is required', async () => {
    const { ticket } = await invite(EMAIL)
    const { begun } = await begin(server, { strategy, ticket, password: PASSWORD })
    expect(begun.body.response.status).toBe('complete')
  })

  it('keeps the address of the invitation', async () => {
    const { ticket } = await invite(EMAIL)
    const other = await begin(server, { strategy, ticket, email_address: 'eve@example.com' })
    expect(codesOf(other.begun)).toEqual([422, 'form_param_value_invalid'])
    const { update, get } = await begin(server, { strategy, ticket })
    const answer = await update({ email_address: 'eve@example.com', password: PASSWORD })
    expect(codesOf(answer)).toEqual([422, 'form_param_value_invalid'])
    expect(answer.body.errors[0].meta.param_name).toBe('email_address')
    expect((await get()).body.response).toMatchObject({ email_address: EMAIL, password_enabled: false })
  })

  it('uses a ticket once, however many browsers come with it', async () => {
    const { ticket } = await invite(EMAIL)
    const browsers = await Promise.all(Array.from({ length: 64 }, () => openBrowser(server)))
    const form = { strategy, ticket, password: PASSWORD }
    const answers = await Promise.all(browsers.map(({ call }) => call('POST /client/sign_ups', { form })))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const refused = answers.filter(({ status }) => status !== 200).map((answer) => codesOf(answer)[1])
    expect(new Set(refused)).toEqual(new Set(['invitation_already_accepted']))
    expect(await server.client.users.getCount()).toBe(1)
  })

  it('refuses tickets that cannot be used', async () => {
    const { id, ticket } = await invite(EMAIL)
    const with_ = async (text: string) => codesOf((await begin(server, { strategy, ticket: text })).begun)
    expect(await with_('nonsense')).toEqual([400, 'ticket_invalid_code'])
    expect(await with_(`${ticket.slice(0, -4)}xxxx`)).toEqual([400, 'ticket_invalid_code'])
    const user = await server.client.users.createUser({ username: 'grace' })
    const token = await server.client.signInTokens.createSignInToken({ userId: user.id, expiresInSeconds: 60 })
    expect(await with_(token.token!)).toEqual([400, 'sign_in_token_not_in_sign_in_code'])

    const begunBefore = await begin(server, { strategy, ticket })
    await server.client.invitations.revokeInvitation(id)
    expect(await with_(ticket)).toEqual([400, 'revoked_invitation'])
    expect(codesOf(await begunBefore.update({ password: PASSWORD }))).toEqual([400, 'revoked_invitation'])

    const late = await invite('late@example.com')
    server.clock.advance(31 * DAY)
    expect(await with_(late.ticket)).toEqual([400, 'ticket_expired_code'])
  })

  it('sends whoever has an account already to sign in, though invited', async () => {
    const { ticket } = await invite(EMAIL)
    await server.client.users.createUser({ emailAddress: [EMAIL] })
    expect(codesOf((await begin(server, { strategy, ticket })).begun)).toEqual([400, 'invitation_account_exists'])
  })

  it('is whoever the allow-list names, once they say who they are', async () => {
    await server.client.allowlistIdentifiers.createAllowlistIdentifier({ identifier: '*@example.com', notify: false })
    await configure(server, { restrictions: { allowlist: true }, attributes: { phone_number: { enabled: true } } })
    const { begun, update } = await begin(server, { first_name: 'Ada' })
    expect(begun.status).toBe(200)
    const refused = await update({ email_address: 'eve@example.org' })
    expect(codesOf(refused)).toEqual([403, 'not_allowed_access'])
    expect(refused.body.errors[0].meta).toEqual({ identifiers: ['eve@example.org'] })
    expect(codesOf(await update({ phone_number: PHONE }))).toEqual([403, 'not_allowed_access'])
    expect((await update({ email_address: EMAIL })).status).toBe(200)
  })

  it('is nobody whom a list blocks meanwhile', async () => {
    await configure(server, { restrictions: { blocklist: true } })
    const { attempt, prepare } = await begin(server, { email_address: EMAIL, password: PASSWORD })
    await prepare()
    await server.client.blocklistIdentifiers.createBlocklistIdentifier({ identifier: EMAIL })
    const answer = await attempt({ code: await codeFor(server, EMAIL) })
    expect(codesOf(answer)).toEqual([403, 'not_allowed_access'])
    expect(await server.client.users.getCount()).toBe(0)
  })

  it('is nobody with an address for a few minutes, nor with a second one of a mailbox', async () => {
    await configure(server, { restrictions: { blockDisposableEmailDomains: true, blockEmailSubaddresses: true } })
    const disposable = await begin(server, { email_address: 'ada@mailinator.com' })
    expect(codesOf(disposable.begun)).toEqual([403, 'form_email_address_blocked'])
    await signUp(server, EMAIL)
    const second = await begin(server, { email_address: 'ada+2@example.com' })
    expect(codesOf(second.begun)).toEqual([403, 'not_allowed_access'])
  })

  it('joins the waitlist where there is one, and is told nothing about others', async () => {
    await configure(server, { signUp: { mode: 'waitlist' } })
    const join = (form: object) => callFrontend(server, 'POST /waitlist', { form: form as Record<string, unknown> })
    const first = await join({ email_address: EMAIL })
    expect(first).toMatchObject({ status: 200, body: { object: 'waitlist_entry' } })
    expect((await join({ email_address: 'ADA@example.com' })).body).toEqual(first.body)
    expect(codesOf(await join({}))).toEqual([422, 'form_param_missing'])
    expect(codesOf(await join({ email_address: 'nobody' }))).toEqual([422, 'form_param_format_invalid'])
    expect((await server.events()).map(({ type }) => type)).toEqual(['waitlistEntry.created', 'email.created'])

    await server.client.waitlistEntries.invite(first.body.id)
    const [invited] = (await server.client.invitations.getInvitationList()).data
    const ticket = new URL(invited!.url!).searchParams.get('ticket')!
    const { begun } = await begin(server, { strategy, ticket, password: PASSWORD })
    expect(begun.body.response.status).toBe('complete')
    const [entry] = (await server.client.waitlistEntries.list()).data
    expect(entry!.status).toBe('completed')
  })

  it('tells whoever answers questions that somebody has joined the waitlist, once in ten minutes', async () => {
    await configure(server, {
      signUp: { mode: 'waitlist' },
      supportEmail: 'help@example.com',
      communication: { defaultLocale: 'es' },
    })
    const headers = { 'accept-language': 'ar' }
    const join = (address: string) =>
      callFrontend(server, 'POST /waitlist', { form: { email_address: address }, headers })
    const told = async () => (await server.messages()).filter(({ slug }) => slug === 'waitlist_entry_created')
    for (const address of [EMAIL, 'grace@example.com', 'grace@example.com']) await join(address)
    const [message, ...others] = await told()
    expect(message).toMatchObject({ toAddress: 'help@example.com', language: 'es', userId: null })
    expect(message!.body).not.toContain(EMAIL)
    expect(others).toEqual([])

    server.clock.advance(10 * 60_000)
    await join('grace@example.com')
    expect(await told()).toHaveLength(1)
    await join('alan@example.com')
    expect(await told()).toHaveLength(2)
    await server.client.waitlistEntries.create({ emailAddress: 'mary@example.com' })
    expect(await told()).toHaveLength(2)
  })

  it('is limited as any request is: the code says so, and the page may read how long to wait', async () => {
    await configure(server, { rateLimits: { people: true } })
    const browser = await openBrowser(server)
    const begun = () => browser.call('POST /client/sign_ups', { form: {} })
    for (let times = 0; times < 5; times++) expect((await begun()).status).toBe(200)
    const refused = await begun()
    expect(codesOf(refused)).toEqual([429, 'too_many_requests'])
    expect(refused.headers.get('retry-after')).toBe('10')
    expect(refused.headers.get('access-control-expose-headers')).toContain('Retry-After')
    server.clock.advance(10_000)
    expect((await begun()).status).toBe(200)
  })

  it('joins no waitlist where people can sign up', async () => {
    const answer = await callFrontend(server, 'POST /waitlist', { form: { email_address: EMAIL } })
    expect(codesOf(answer)).toEqual([403, 'waitlist_not_accepting_entries'])
  })
})
