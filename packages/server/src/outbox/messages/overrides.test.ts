import { createPages } from '@latchkey/pages'
import { describe, expect, it } from 'vitest'
import { LINKS, PAGE } from '../../flows/email-links/email-links.test-support.js'
import { configure, openSignIn } from '../../flows/sign-in/sign-in.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { eraseExpiredCodes } from '../event-codes.js'

describe.each(dialects)('wording at the edge on %s', (dialect) => {
  const server = useTestServer(dialect, { pages: createPages() })

  const put = (change: object, slug = 'verification_code') =>
    server.call('PUT', `/templates/email/${slug}`, {
      name: 'Code',
      subject: '{{otp_code}} for {{app.name}}',
      body: '<b>{{otp_code}}</b>',
      ...change,
    })
  /** What a code looks like then. */
  const sent = async (user: object = {}) => {
    const { primaryEmailAddressId: id } = await server.client.users.createUser({
      emailAddress: ['ada@example.com'],
      ...user,
    })
    expect((await server.call('POST', `/email_addresses/${id}/prepare_verification`)).status).toBe(200)
    return (await server.messages()).at(-1)!
  }
  const ofTheServer = {
    language: 'en',
    body: expect.stringContaining('<h1'),
    bodyPlain: expect.stringMatching(/^\d{6}$/m),
  }

  it('with loops in loops is replaced by the server’s, and the code arrives', async () => {
    const list = Array.from({ length: 400 }, () => 'x')
    const path = 'user.public_metadata.list'
    const loop = `{{#each ${path}}}{{#each ../${path}}}{{#each ../../${path}}}x{{/each}}{{/each}}{{/each}}`
    expect((await put({ body: `{{otp_code}}${loop}` })).status).toBe(200)
    const began = performance.now()
    expect(await sent({ publicMetadata: { list } })).toMatchObject(ofTheServer)
    expect(performance.now() - began).toBeLessThan(5000)
  })

  it('of ten megabytes is refused, and so is what becomes too large', async () => {
    const tooLarge = await put({ body: `{{otp_code}}${'x'.repeat(10 * 1024 * 1024)}` })
    expect(tooLarge).toMatchObject({ status: 413, body: { errors: [{ code: 'request_body_too_large' }] } })
    const body = `{{otp_code}}${'{{{user.public_metadata.text}}}'.repeat(900)}`
    expect((await put({ body })).status).toBe(200)
    expect(await sent({ publicMetadata: { text: 'y'.repeat(1000) } })).toMatchObject(ofTheServer)
  })

  it('with a variable that is missing leaves it out, and without the code is refused', async () => {
    expect((await put({ body: '<b>{{otp_code}}</b> {{nobody.knows}}{{greeting_name}}!' })).status).toBe(200)
    expect((await sent()).body).toMatch(/^<b>\d{6}<\/b> !$/)
    expect(await put({ body: '<b>{{nobody.knows}}</b>' })).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'required_variable_missing' }] },
    })
  })

  it('with the name of a prototype shows nothing of it', async () => {
    const names = ['constructor', '__proto__', 'app.constructor.name', 'app.__proto__.toString', 'app.name.length']
    const body = names.map((name) => `{{${name}}}{{#if ${name}}}yes{{/if}}{{#each ${name}}}{{@key}}{{/each}}`).join('')
    expect((await put({ body: `{{otp_code}}|${body}|`, subject: '{{constructor}}{{otp_code}}' })).status).toBe(200)
    const { body: shown, subject } = await sent()
    expect(shown).toMatch(/^\d{6}\|\|$/)
    expect(subject).toMatch(/^\d{6}$/)
    expect((await server.call('PUT', '/templates/email/__proto__', {})).status).toBe(404)
  })

  it('shows a name that is a script or a link as text, and as no link where the application wants it raw', async () => {
    expect((await put({ body: '<b>{{otp_code}}</b> {{greeting_name}} {{{greeting_name}}}' })).status).toBe(200)
    const { body, data } = await sent({ firstName: '<script>1</script><a href=https://evil.example>' })
    expect(body).toContain(' &lt;script&gt;1&lt;/script&gt;&lt;a href=https')
    expect(body).not.toContain('https://')
    expect(data).toMatchObject({ greeting_name: '<script>1</script><a href=https://evil.example>' })
    expect((await put({ body: '{{otp_code}}<script>{{#run}}</script>' })).status).toBe(422)
  })

  it('of a subject stays in one line, whatever fills it', async () => {
    for (const end of ['\r\n', '\n', '\u2028'])
      expect((await put({ subject: `{{otp_code}}${end}Bcc: eve@example.com` })).status).toBe(422)
    expect((await put({ subject: '{{otp_code}} for {{greeting_name}}' })).status).toBe(200)
    const { subject } = await sent({ firstName: 'Ada\u2028Bcc: eve' })
    expect(subject).toMatch(/^\d{6} for Ada Bcc:\S* ?eve$/)
    expect((await put({ subject: '{{otp_code}} {{#if' })).status).toBe(422)
  })

  it.each([
    'a@example.com, b@example.com',
    'a,b@example.com',
    '"a,b"@example.com',
    'a@example.com\r\nBcc: b@example.com',
  ])('cannot go to %j, which is no single address', async (emailAddress) => {
    const answer = await server.call('POST', '/users', { email_address: [emailAddress] })
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ code: 'form_param_format_invalid' }] } })
    const user = await server.client.users.createUser({ username: 'ada_l' })
    const body = { user_id: user.id, email_address: emailAddress }
    expect((await server.call('POST', '/email_addresses', body)).status).toBe(422)
    expect((await server.call('POST', '/invitations', { email_address: emailAddress })).status).toBe(422)
    expect(await server.messages()).toEqual([])
  })
})

describe.each(dialects)('codes and links on %s', (dialect) => {
  const server = useTestServer(dialect, { pages: createPages() })

  it('to a test address are not sent; a link stays readable', async () => {
    await configure(server, LINKS)
    const address = 'ada+clerk_test@example.com'
    await server.client.users.createUser({ emailAddress: [address] })
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: address })).body.response
    await browser.step(id, 'prepare_first_factor', { strategy: 'email_code' })
    expect(await server.messages()).toEqual([])
    const link = { strategy: 'email_link', redirect_url: PAGE }
    expect((await browser.step(id, 'prepare_first_factor', link)).status).toBe(200)
    expect(await server.messages()).toMatchObject([
      {
        slug: 'magic_link_sign_in',
        toAddress: address,
        status: 'queued',
        nextAttemptAt: null,
        lastError: 'Nothing is sent to test addresses and test numbers',
        data: { magic_link: expect.stringContaining('/v1/verify?token=') },
      },
    ])
  })

  it('leave messages and events once they are used, and those that are not used with their time', async () => {
    const [used, unused] = await Promise.all(
      ['used@example.com', 'unused@example.com'].map((address) =>
        server.client.users.createUser({ emailAddress: [address] }),
      ),
    )
    const prepare = async (id: string) => {
      const path = `/email_addresses/${id}`
      const { body } = await server.call('POST', `${path}/prepare_verification`)
      return { path, verificationId: body.id, code: (await server.messages()).at(-1)!.data!['otp_code'] as string }
    }
    const first = await prepare(used!.primaryEmailAddressId!)
    const second = await prepare(unused!.primaryEmailAddressId!)
    const stored = async () => JSON.stringify([await server.messages(), await server.events()])
    expect(await stored()).toContain(first.code)
    const attempt = { verification_id: first.verificationId, code: first.code }
    expect((await server.call('POST', `${first.path}/attempt_verification`, attempt)).status).toBe(200)
    const { database } = server.server
    await eraseExpiredCodes(database, server.clock.now())
    expect(await stored()).not.toContain(first.code)
    expect(await stored()).toContain(second.code)
    server.clock.advance(10 * 60 * 1000)
    await eraseExpiredCodes(database, server.clock.now())
    expect(JSON.stringify(await server.events())).not.toContain(second.code)
  })
})
