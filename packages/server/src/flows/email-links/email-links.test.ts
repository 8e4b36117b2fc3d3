import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ENCRYPTION_KEY } from '../../resources/users/user-parts.test-support.js'
import { ADA, configure, newAda, openSignIn, PASSWORD, problem } from '../sign-in/sign-in.test-support.js'
import { LINKS, linksOf, PAGE } from './email-links.test-support.js'

describe.each(dialects)('links in mail on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })

  const { eventTypes, link, open, landing } = linksOf(server)
  const startSignIn = async () => {
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: ADA })).body.response
    const prepared = await browser.step(id, 'prepare_first_factor', { strategy: 'email_link', redirect_url: PAGE })
    return { browser, id, prepared }
  }

  describe('that sign in', () => {
    it('are sent, and complete the sign-in in the browser that has begun it', async () => {
      await configure(server, LINKS)
      const ada = await newAda(server)
      const { browser, id, prepared } = await startSignIn()
      expect(prepared.body.response).toMatchObject({
        status: 'needs_first_factor',
        supported_first_factors: expect.arrayContaining([
          { strategy: 'email_link', email_address_id: ada.primaryEmailAddressId, safe_identifier: ADA, primary: true },
        ]),
        first_factor_verification: {
          object: 'verification_email_link',
          status: 'unverified',
          strategy: 'email_link',
          expire_at: server.clock.now() + 600_000,
        },
      })
      expect((await server.messages()).at(-1)).toMatchObject({
        slug: 'magic_link_sign_in',
        toAddress: ADA,
        data: { ttl_minutes: 10 },
      })
      const url = await link()
      expect(url).toMatch(new RegExp(`^${server.instance.frontendApiUrl}/v1/verify\\?token=[\\w.-]+$`))

      const { __clerk_created_session: sessionId, ...rest } = landing(await open(url, { browser }))
      expect(rest).toEqual({ __clerk_status: 'verified' })
      const client = await browser.client()
      expect(client).toMatchObject({
        last_active_session_id: sessionId,
        last_authentication_strategy: 'email_link',
        sign_in: null,
        sessions: [{ user: { id: ada.id } }],
      })
      expect((await browser.get(id)).body.response).toMatchObject({
        status: 'complete',
        created_session_id: sessionId,
        first_factor_verification: { status: 'verified', verified_at_client: client.id },
      })
      expect(await eventTypes()).toContain('session.created')
    })

    it('open a page first in a browser that is not known, which spends nothing', async () => {
      await configure(server, LINKS)
      await newAda(server)
      const { browser, id } = await startSignIn()
      const url = await link()
      for (let time = 0; time < 3; time++) {
        const page = await open(url)
        expect(page.status).toBe(200)
        expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
        expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
        expect(await page.text()).toContain('name="confirmed" value="true"')
      }
      expect((await browser.get(id)).body.response.first_factor_verification.status).toBe('unverified')
      const ahead = await server.fetch(url, {
        headers: { cookie: `__clerk_db_jwt=${browser.token}`, 'sec-purpose': 'prefetch' },
      })
      expect(ahead.status).toBe(200)

      const elsewhere = await openSignIn(server)
      expect(landing(await open(url, { browser: elsewhere, confirmed: true }))).toEqual({ __clerk_status: 'verified' })
      expect((await elsewhere.client()).sessions).toEqual([])
      const { created_session_id: sessionId, ...done } = (await browser.get(id)).body.response
      expect(done.status).toBe('complete')
      const client = await browser.client()
      expect(client.last_active_session_id).toBe(sessionId)
      expect(done.first_factor_verification.verified_at_client).not.toBe(client.id)
    })

    it('are good in the same browser only, where the instance says so', async () => {
      await configure(server, { ...LINKS, attackProtection: { emailLinkRequireSameClient: true } })
      await newAda(server)
      const { browser, id } = await startSignIn()
      const url = await link()
      const elsewhere = await openSignIn(server)
      for (const how of [{}, { confirmed: true }, { browser: elsewhere, confirmed: true }]) {
        expect(landing(await open(url, how))).toEqual({ __clerk_status: 'client_mismatch' })
      }
      expect((await browser.get(id)).body.response.status).toBe('needs_first_factor')
      expect(landing(await open(url, { browser }))).toMatchObject({ __clerk_status: 'verified' })
    })

    it('are good once, for one of 64', async () => {
      await configure(server, LINKS)
      await newAda(server)
      const { browser } = await startSignIn()
      const url = await link()
      const answers = await Promise.all(
        Array.from({ length: 64 }, (_, index) => open(url, index % 2 ? { browser } : { confirmed: true })),
      )
      const statuses = answers.map((answer) => landing(answer)['__clerk_status'])
      expect(statuses.filter((status) => status === 'verified')).toHaveLength(1)
      expect(statuses.filter((status) => status === 'failed')).toHaveLength(63)
      expect((await browser.client()).sessions).toHaveLength(1)
      expect(landing(await open(url, { browser }))).toEqual({ __clerk_status: 'failed' })
    })

    it('are over after ten minutes, and once another one is sent', async () => {
      await configure(server, LINKS)
      await newAda(server)
      const { browser, id } = await startSignIn()
      const form = { strategy: 'email_link', redirect_url: PAGE }
      expect(await browser.step(id, 'prepare_first_factor', form)).toMatchObject({
        status: 429,
        body: problem('verification_code_too_many_requests'),
      })
      const first = await link()
      server.clock.advance(30_000)
      await browser.step(id, 'prepare_first_factor', form)
      const second = await link()
      expect(second).not.toBe(first)
      expect(landing(await open(first, { browser }))).toEqual({ __clerk_status: 'failed' })
      server.clock.advance(600_000)
      expect(landing(await open(second, { browser }))).toEqual({ __clerk_status: 'expired' })
      expect((await browser.get(id)).body.response.first_factor_verification.status).toBe('expired')
    })

    it('do nothing for a sign-in that was replaced, or a user who is locked or gone', async () => {
      await configure(server, LINKS)
      const ada = await newAda(server)
      const { browser } = await startSignIn()
      const replaced = await link()
      await browser.create({ identifier: ADA })
      expect(landing(await open(replaced, { browser }))).toEqual({ __clerk_status: 'failed' })
      const again = await startSignIn()
      const url = await link()
      await server.call('POST', `/users/${ada.id}/lock`)
      expect(landing(await open(url, { browser: again.browser }))).toEqual({ __clerk_status: 'failed' })
      await server.call('POST', `/users/${ada.id}/unlock`)
      await server.client.users.deleteUser(ada.id)
      const gone = await open(url, { browser: again.browser })
      expect(gone.status).toBe(400)
      expect(await gone.json()).toMatchObject(problem('verification_link_token_stale'))
    })

    it('make a new browser known after a password', async () => {
      await configure(server, { ...LINKS, auth: { clientTrust: true } })
      await newAda(server)
      const browser = await openSignIn(server)
      const begun = (await browser.create({ identifier: ADA, password: PASSWORD })).body.response
      expect(begun.status).toBe('needs_client_trust')
      const prepared = await browser.step(begun.id, 'prepare_second_factor', {
        strategy: 'email_link',
        redirect_url: PAGE,
      })
      expect(prepared.body.response.second_factor_verification).toMatchObject({ strategy: 'email_link' })
      expect(landing(await open(await link(), { browser }))).toMatchObject({ __clerk_status: 'verified' })
      expect((await browser.client()).sessions).toHaveLength(1)
    })

    it('are sent at once with the identifier, and not again by the request that prepares', async () => {
      await configure(server, LINKS)
      await newAda(server)
      const browser = await openSignIn(server)
      const { body } = await browser.create({ identifier: ADA, strategy: 'email_link', redirect_url: PAGE })
      const before = await server.messages()
      const form = { strategy: 'email_link', redirect_url: PAGE }
      expect((await browser.step(body.response.id, 'prepare_first_factor', form)).status).toBe(200)
      expect(await server.messages()).toHaveLength(before.length)
    })

    it.each([
      [undefined, 'form_conditional_param_missing'],
      ['https://evil.example/', 'redirect_url_not_associated_with_instance'],
      ['//evil.example', 'invalid_redirect_url'],
    ])('lead to pages of the instance only, not to %s', async (redirectUrl, code) => {
      await configure(server, LINKS)
      await newAda(server)
      const browser = await openSignIn(server)
      const { id } = (await browser.create({ identifier: ADA })).body.response
      const form = { strategy: 'email_link', ...(redirectUrl === undefined ? {} : { redirect_url: redirectUrl }) }
      const answer = await browser.step(id, 'prepare_first_factor', form)
      expect(answer).toMatchObject({ status: 422, body: { errors: [{ code, meta: { param_name: 'redirect_url' } }] } })
      expect(await server.messages()).toEqual([])
    })

    it('cannot be typed, and are no strategy where they are not switched on', async () => {
      await configure(server, LINKS)
      await newAda(server)
      const { browser, id } = await startSignIn()
      expect(await browser.step(id, 'attempt_first_factor', { strategy: 'email_link', code: '1' })).toMatchObject({
        status: 400,
        body: problem('verification_strategy_invalid'),
      })
      server.instance = await server.newInstance()
      const other = await openSignIn(server)
      await server.call('POST', '/users', { email_address: [ADA], password: PASSWORD })
      const begun = (await other.create({ identifier: ADA })).body.response
      const form = { strategy: 'email_link', redirect_url: PAGE }
      expect((await other.step(begun.id, 'prepare_first_factor', form)).status).toBe(422)
    })

    it('look the same where nobody may learn who has an account, and are sent to nobody', async () => {
      await configure(server, { ...LINKS, attackProtection: { enumerationProtection: true } })
      await newAda(server)
      const { prepared: real } = await startSignIn()
      const sent = await server.messages()
      const browser = await openSignIn(server)
      const { id } = (await browser.create({ identifier: 'nobody@example.com' })).body.response
      const form = { strategy: 'email_link', redirect_url: PAGE }
      const decoy = await browser.step(id, 'prepare_first_factor', form)
      expect(decoy.body.response.first_factor_verification).toEqual(real.body.response.first_factor_verification)
      const strategies = (answer: typeof decoy) =>
        answer.body.response.supported_first_factors.map((factor: { strategy: string }) => factor.strategy)
      expect(strategies(decoy)).toEqual(strategies(real))
      expect(await server.messages()).toEqual(sent)
    })
  })

  describe('that prove an address of a profile', () => {
    const ask = async () => {
      const ada = await newAda(server)
      const { id, emailAddress } = await server.client.emailAddresses.createEmailAddress({
        userId: ada.id,
        emailAddress: 'ada@work.example',
      })
      const browser = await openSignIn(server)
      await browser.create({ identifier: ADA, password: PASSWORD })
      const prepare = (form: object) =>
        browser.call(`POST /me/email_addresses/${id}/prepare_verification`, { form: { ...form } })
      const prepared = await prepare({ strategy: 'email_link', redirect_url: PAGE })
      return {
        ada,
        browser,
        id,
        prepare,
        prepared,
        emailAddress,
        address: () => server.client.emailAddresses.getEmailAddress(id),
      }
    }

    it('verify it, once, and open no session', async () => {
      await configure(server, LINKS)
      const { ada, browser, id, emailAddress, address, prepared, prepare } = await ask()
      expect(prepared.body.response.verification).toMatchObject({ status: 'unverified', strategy: 'email_link' })
      expect((await prepare({ strategy: 'email_link', redirect_url: PAGE })).status).toBe(429)
      expect((await server.messages()).at(-1)).toMatchObject({
        slug: 'magic_link_user_profile',
        toAddress: emailAddress,
        userId: ada.id,
      })
      const url = await link()
      const answers = await Promise.all(Array.from({ length: 64 }, () => open(url, { browser })))
      const landed = answers.map(landing)
      expect(landed.filter((params) => params['__clerk_status'] === 'verified')).toEqual([
        { __clerk_status: 'verified' },
      ])
      expect((await address()).verification).toMatchObject({ status: 'verified', strategy: 'email_link' })
      const own = await browser.call(`GET /me/email_addresses/${id}`)
      expect(own.body.response.verification).toMatchObject({ status: 'verified', strategy: 'email_link' })
      expect((await browser.client()).sessions).toHaveLength(1)
      expect(await eventTypes()).toContain('user.updated')
    })

    it('fail for one that somebody else has claimed meanwhile', async () => {
      await configure(server, LINKS)
      const { browser, emailAddress, address } = await ask()
      await server.client.users.createUser({ emailAddress: [emailAddress] })
      expect(landing(await open(await link(), { browser }))).toEqual({ __clerk_status: 'failed' })
      expect((await address()).verification).toMatchObject({ status: 'unverified' })
    })

    it('lead only to pages of the instance, and are not sent without one', async () => {
      await configure(server, LINKS)
      const { prepare } = await ask()
      const sent = (await server.messages()).length
      server.clock.advance(31_000)
      for (const redirectUrl of ['https://evil.example/', '//evil.example', 'http://localhost:3000@evil.example/']) {
        expect((await prepare({ strategy: 'email_link', redirect_url: redirectUrl })).status).toBe(422)
      }
      expect(await prepare({ strategy: 'email_link' })).toMatchObject({
        status: 422,
        body: problem('form_conditional_param_missing'),
      })
      expect(await server.messages()).toHaveLength(sent)
    })

    it('are not sent to an address that somebody else has, which nobody can tell', async () => {
      await configure(server, { ...LINKS, attackProtection: { enumerationProtection: true } })
      await server.client.users.createUser({ emailAddress: ['grace@example.com'] })
      await newAda(server)
      const browser = await openSignIn(server)
      await browser.create({ identifier: ADA, password: PASSWORD })
      const answers = []
      for (const address of ['grace@example.com', 'free@example.com']) {
        const { id } = (await browser.call('POST /me/email_addresses', { form: { email_address: address } })).body
          .response
        const form = { strategy: 'email_link', redirect_url: PAGE }
        const { status, body } = await browser.call(`POST /me/email_addresses/${id}/prepare_verification`, { form })
        answers.push({ status, verification: body.response.verification })
      }
      expect(answers[0]).toEqual(answers[1])
      expect((await server.messages()).map(({ toAddress }) => toAddress)).toEqual(['free@example.com'])
    })
  })

  it('are refused if they are none, or of another instance', async () => {
    await configure(server, LINKS)
    await newAda(server)
    await startSignIn()
    const url = new URL(await link())
    const verify = async (token: string, base = server.instance.frontendApiUrl) => {
      const answer = await server.fetch(`${base}/v1/verify?token=${encodeURIComponent(token)}`)
      return [answer.status, ((await answer.json()) as { errors: [{ code: string }] }).errors[0].code]
    }
    const token = url.searchParams.get('token')!
    for (const text of ['', 'x', 'a.b.c', `${token}x`, token.slice(1), '<script>']) {
      expect(await verify(text)).toEqual([400, 'verification_link_token_invalid'])
    }
    const other = await server.newInstance()
    expect(await verify(token, other.frontendApiUrl)).toEqual([400, 'verification_link_token_invalid'])
  })
})
