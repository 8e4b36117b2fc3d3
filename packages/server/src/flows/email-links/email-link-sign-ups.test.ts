import { createPages } from '@latchkey/pages'
import { describe, expect, it } from 'vitest'
import { openBrowser } from '../../browser.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { configure, PASSWORD, problem } from '../sign-in/sign-in.test-support.js'
import { LINKS, linksOf, PAGE } from './email-links.test-support.js'

describe.each(dialects)('links in mail that sign up on %s', (dialect) => {
  const server = useTestServer(dialect, { pages: createPages() })
  const { eventTypes, link, look, open, landing } = linksOf(server)

  const startSignUp = async (form: object = {}) => {
    const browser = await openBrowser(server)
    const begun = await browser.call('POST /client/sign_ups', {
      form: { email_address: 'eve@example.com', password: PASSWORD, ...form },
    })
    const { id } = begun.body.response
    const prepared = await browser.call(`POST /client/sign_ups/${id}/prepare_verification`, {
      form: { strategy: 'email_link', redirect_url: PAGE },
    })
    return { browser, id, prepared, get: () => browser.call(`GET /client/sign_ups/${id}`) }
  }

  it('complete it, in whichever browser they are opened', async () => {
    await configure(server, LINKS)
    const { browser, prepared, get } = await startSignUp()
    expect(prepared.body.response.verifications.email_address).toMatchObject({
      object: 'verification_email_link',
      status: 'unverified',
      next_action: 'needs_attempt',
    })
    expect((await server.messages()).at(-1)!.slug).toBe('magic_link_sign_up')
    const url = await link()
    expect((await look(url)).status).toBe(200)
    expect((await get()).body.response.status).toBe('missing_requirements')
    expect(landing(await open(url))).toEqual({ __clerk_status: 'verified' })
    const { body } = await get()
    expect(body.response).toMatchObject({ status: 'complete', created_session_id: expect.stringMatching(/^sess_/) })
    expect(body.client.sessions).toHaveLength(1)
    expect(body.client.last_authentication_strategy).toBe('email_link')
    const user = await server.client.users.getUser(body.response.created_user_id)
    expect(user.emailAddresses[0]!.verification).toMatchObject({ status: 'verified', strategy: 'email_link' })
    expect(landing(await open(url, { browser }))).toEqual({ __clerk_status: 'failed' })
    expect(await eventTypes()).toContain('session.created')
  })

  it('stay good where they are asked for again within half a minute, and are not sent again', async () => {
    await configure(server, LINKS)
    const { browser, id, prepared } = await startSignUp()
    const sent = (await server.messages()).length
    const url = await link()
    const form = { strategy: 'email_link', redirect_url: PAGE }
    const again = () => browser.call(`POST /client/sign_ups/${id}/prepare_verification`, { form })
    const { status, body } = await again()
    expect(status).toBe(200)
    expect(body.response.verifications).toEqual(prepared.body.response.verifications)
    expect(await server.messages()).toHaveLength(sent)
    server.clock.advance(30_000)
    expect((await again()).status).toBe(200)
    expect(await server.messages()).toHaveLength(sent + 1)
    expect(landing(await open(url, { browser }))).toEqual({ __clerk_status: 'failed' })
    expect(landing(await open(await link(), { browser }))).toMatchObject({ __clerk_status: 'verified' })
  })

  it('bring the session to the browser that has begun it', async () => {
    await configure(server, LINKS)
    const { browser, get } = await startSignUp()
    const landed = landing(await open(await link(), { browser }))
    expect(landed).toEqual({
      __clerk_status: 'verified',
      __clerk_created_session: (await get()).body.response.created_session_id,
    })
  })

  it('make one user of 64 that open it', async () => {
    await configure(server, LINKS)
    await startSignUp()
    const url = await link()
    const answers = await Promise.all(Array.from({ length: 64 }, () => open(url)))
    const statuses = answers.map((answer) => landing(answer)['__clerk_status'])
    expect(statuses.filter((status) => status === 'verified')).toHaveLength(1)
    expect(await server.client.users.getCount()).toBe(1)
  })

  it('leave a sign-up to which something is missing open, with the address verified', async () => {
    await configure(server, {
      attributes: { ...LINKS.attributes, username: { enabled: true, required: true } },
    })
    const { browser, get } = await startSignUp()
    expect(landing(await open(await link(), { browser }))).toEqual({ __clerk_status: 'verified' })
    expect((await get()).body.response).toMatchObject({
      status: 'missing_requirements',
      missing_fields: ['username'],
      verifications: { email_address: { status: 'verified', next_action: '' } },
    })
  })

  it('fail for an address that somebody has claimed meanwhile, or that was changed', async () => {
    await configure(server, LINKS)
    const { browser, id, get } = await startSignUp()
    const url = await link()
    await browser.call(`PATCH /client/sign_ups/${id}`, { form: { email_address: 'other@example.com' } })
    expect(landing(await open(url, { browser }))).toEqual({ __clerk_status: 'failed' })
    expect((await get()).body.response.verifications.email_address).toBeNull()
    const second = await startSignUp({ email_address: 'late@example.com' })
    await server.client.users.createUser({ emailAddress: ['late@example.com'] })
    expect(landing(await open(await link(), { browser: second.browser }))).toEqual({ __clerk_status: 'failed' })
    expect((await second.get()).body.response.status).toBe('missing_requirements')
  })

  it('cannot be typed', async () => {
    await configure(server, LINKS)
    const { browser, id } = await startSignUp()
    const path = `POST /client/sign_ups/${id}/attempt_verification`
    const attempt = (strategy: string) => browser.call(path, { form: { strategy, code: '424242' } })
    expect(await attempt('email_link')).toMatchObject({ status: 400, body: problem('verification_strategy_invalid') })
    expect(await attempt('email_code')).toMatchObject({ status: 400, body: problem('verification_missing') })
  })
})
