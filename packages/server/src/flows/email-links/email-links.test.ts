import { createPages } from '@latchkey/pages'
import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ENCRYPTION_KEY } from '../../resources/users/user-parts.test-support.js'
import { ADA, configure, newAda, openSignIn, PASSWORD, problem } from '../sign-in/sign-in.test-support.js'
import { LINKS, linksOf, PAGE } from './email-links.test-support.js'

describe.each(dialects)('links in mail on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY, pages: createPages() })

  const { eventTypes, link, look, open, landing } = linksOf(server)
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

    it('are not spent by what a mail scanner, a preview or a browser that looks ahead gets (mistake 34)', async () => {
      await configure(server, LINKS)
      await newAda(server)
      const { browser, id } = await startSignIn()
      const url = await link()
      for (const how of [{}, { browser: await openSignIn(server) }, { browser }]) {
        for (const method of ['GET', 'GET', 'HEAD']) {
          const cookie: Record<string, string> = how.browser ? { cookie: `__clerk_db_jwt=${how.browser.token}` } : {}
          const page = await server.fetch(url, { method, headers: cookie })
          expect(page.status).toBe(200)
          expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
          expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
          expect(page.headers.get('cache-control')).toBe('no-store')
        }
      }
      expect((await browser.get(id)).body.response.first_factor_verification.status).toBe('unverified')
    })

    it('say in another browser which one asked, and from where, and wait there for a person', async () => {
      await configure(server, LINKS)
      await newAda(server)
      const browser = await openSignIn(server)
      const { id } = (await browser.create({ identifier: ADA })).body.response
      const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
      await server.server.fetch(
        new Request(
          `${server.instance.frontendApiUrl}/v1/client/sign_ins/${id}/prepare_first_factor?__clerk_db_jwt=${browser.token}`,
          {
            method: 'POST',
            headers: { 'user-agent': firefox, origin: browser.origin },
            body: new URLSearchParams({ strategy: 'email_link', redirect_url: PAGE }),
          },
        ),
        { remoteAddress: '192.0.2.7' },
      )
      const url = await link()
      const elsewhere = await openSignIn(server)
      for (const how of [{}, { browser: elsewhere }]) {
        const page = await (await look(url, how)).text()
        expect(page).toContain('Firefox on Linux')
        expect(page).toContain('192.0.2.7')
        expect(page).toContain(new Date(server.clock.now()).toISOString().slice(0, 10))
        expect(page).not.toContain('<script')
      }
      expect(await (await look(url, { browser })).text()).toContain("getElementById('link').submit()")
      expect((await browser.get(id)).body.response.status).toBe('needs_first_factor')
    })

    it('bring no session to a browser that opened the link though another one had asked for it (mistake 35)', async () => {
      await configure(server, LINKS)
      await newAda(server)
      const { browser, id } = await startSignIn()
      const url = await link()
      const elsewhere = await openSignIn(server)
      expect(landing(await open(url, { browser: elsewhere }))).toEqual({ __clerk_status: 'verified' })
      expect((await elsewhere.client()).sessions).toEqual([])
      const { created_session_id: sessionId, ...done } = (await browser.get(id)).body.response
      expect(done.status).toBe('complete')
      const client = await browser.client()
      expect(client.last_active_session_id).toBe(sessionId)
      expect(done.first_factor_verification.verified_at_client).not.toBe(client.id)
    })

    it('lead to an application that has listed a URL of its own scheme, which the page allows', async () => {
      await configure(server, LINKS)
      const target = 'com.example.tea://signed-in?tab=1'
      await newAda(server)
      const browser = await openSignIn(server)
      const form = { identifier: ADA, strategy: 'email_link', redirect_url: target }
      const begin = () => browser.call('POST /client/sign_ins', { form })
      expect(await begin()).toMatchObject({ status: 422, body: problem('invalid_redirect_url', 'redirect_url') })
      await server.client.redirectUrls.createRedirectUrl({ url: target })
      for (const unlisted of ['com.example.tea://signed-in', 'javascript:alert(1)', 'data:text/html,x']) {
        const refused = await browser.call('POST /client/sign_ins', { form: { ...form, redirect_url: unlisted } })
        expect(refused.status).toBe(422)
      }
      expect((await begin()).status).toBe(200)
      const url = await link()
      const page = await look(url, { browser })
      expect(page.headers.get('content-security-policy')).toMatch(/form-action [^;]* com\.example\.tea:(;|$)/)
      const landed = new URL((await open(url, { browser })).headers.get('location')!)
      expect(`${landed.protocol}//${landed.host}`).toBe('com.example.tea://signed-in')
      expect(landed.searchParams.get('__clerk_status')).toBe('verified')
    })

    it('take the form from pages of the instance only', async () => {
      await configure(server, LINKS)
      await newAda(server)
      const { browser, id } = await startSignIn()
      const [action, token] = (await link()).split('?token=')
      for (const origin of ['https://evil.example', 'null']) {
        const answer = await server.fetch(action!, {
          method: 'POST',
          headers: { origin },
          body: new URLSearchParams({ token: token! }),
        })
        expect([answer.status, await answer.json()]).toMatchObject([400, problem('origin_invalid')])
      }
      expect((await browser.get(id)).body.response.status).toBe('needs_first_factor')
    })

    it('are good in the same browser only, where the instance says so', async () => {
      await configure(server, { ...LINKS, attackProtection: { emailLinkRequireSameClient: true } })
      await newAda(server)
      const { browser, id } = await startSignIn()
      const url = await link()
      const elsewhere = await openSignIn(server)
      for (const how of [{}, { browser: elsewhere }]) {
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
        Array.from({ length: 64 }, (_, index) => open(url, index % 2 ? { browser } : {})),
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
      const first = await link()
      const sent = (await server.messages()).length
      // The page asks again each time it is shown: the link on its way stays, and nothing more is sent.
      const again = await browser.step(id, 'prepare_first_factor', form)
      expect([again.status, again.body.response.first_factor_verification.status]).toEqual([200, 'unverified'])
      expect(await server.messages()).toHaveLength(sent)
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
      expect(begun).toMatchObject({ status: 'needs_second_factor', client_trust_state: 'new' })
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

describe.each(dialects)('links in mail of a server without pages on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const { link, look, landing } = linksOf(server)

  it('are good in the browser that asked for them only, since nobody can be asked in another one', async () => {
    await configure(server, LINKS)
    await newAda(server)
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: ADA })).body.response
    await browser.step(id, 'prepare_first_factor', { strategy: 'email_link', redirect_url: PAGE })
    const url = await link()
    expect(landing(await look(url))).toEqual({ __clerk_status: 'client_mismatch' })
    expect(landing(await look(url, { browser }))).toMatchObject({ __clerk_status: 'verified' })
  })
})
