import { createPages } from '@latchkey/pages'
import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ADA, configure, newAda, openSignIn, PASSWORD, problem } from '../sign-in/sign-in.test-support.js'
import { LINKS, linksOf, PAGE } from './email-links.test-support.js'

describe.each(dialects)('links in mail that prove an address of a profile on %s', (dialect) => {
  const server = useTestServer(dialect, { pages: createPages() })
  const { eventTypes, link, open, landing } = linksOf(server)

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
    const { ada, browser, id, emailAddress, address, prepared } = await ask()
    expect(prepared.body.response.verification).toMatchObject({ status: 'unverified', strategy: 'email_link' })
    expect((await server.messages()).at(-1)).toMatchObject({
      slug: 'magic_link_user_profile',
      toAddress: emailAddress,
      userId: ada.id,
    })
    const url = await link()
    const answers = await Promise.all(Array.from({ length: 64 }, () => open(url, { browser })))
    const landed = answers.map(landing)
    expect(landed.filter((params) => params['__clerk_status'] === 'verified')).toEqual([{ __clerk_status: 'verified' }])
    expect((await address()).verification).toMatchObject({ status: 'verified', strategy: 'email_link' })
    const own = await browser.call(`GET /me/email_addresses/${id}`)
    expect(own.body.response.verification).toMatchObject({ status: 'verified', strategy: 'email_link' })
    expect((await browser.client()).sessions).toHaveLength(1)
    expect(await eventTypes()).toContain('user.updated')
  })

  it('stay good where the same browser asks again within half a minute, and are not sent again', async () => {
    await configure(server, LINKS)
    const { browser, id, prepare, prepared, address, emailAddress } = await ask()
    const links = async () => (await server.messages()).filter(({ toAddress }) => toAddress === emailAddress)
    const url = await link()
    const again = await prepare({ strategy: 'email_link', redirect_url: PAGE })
    expect(again.status).toBe(200)
    expect(again.body.response.verification).toEqual(prepared.body.response.verification)
    const other = await openSignIn(server)
    await other.create({ identifier: ADA, password: PASSWORD })
    const form = { strategy: 'email_link', redirect_url: PAGE }
    const elsewhere = await other.call(`POST /me/email_addresses/${id}/prepare_verification`, { form })
    expect(elsewhere).toMatchObject({ status: 429, body: problem('verification_code_too_many_requests') })
    expect(elsewhere.headers.get('retry-after')).toBe('30')
    expect(await links()).toHaveLength(1)
    server.clock.advance(30_000)
    expect((await prepare({ strategy: 'email_link', redirect_url: PAGE })).status).toBe(200)
    expect(await links()).toHaveLength(2)
    expect(landing(await open(url, { browser }))).toEqual({ __clerk_status: 'failed' })
    expect(landing(await open(await link(), { browser }))).toEqual({ __clerk_status: 'verified' })
    expect((await address()).verification).toMatchObject({ status: 'verified' })
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
