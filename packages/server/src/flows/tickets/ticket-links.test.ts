import { describe, expect, it } from 'vitest'
import { callFrontend, openBrowser, type TestBrowser } from '../../browser.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ADA, newAda, openSignIn, PASSWORD, problem } from '../sign-in/sign-in.test-support.js'

const PAGE = 'http://localhost:3000/welcome?tab=1'

describe.each(dialects)('links with tickets on %s', (dialect) => {
  const server = useTestServer(dialect)

  /** A link as it is opened from a mail: the browser has nothing but the cookies of its host. */
  const open = (link: string, browser?: TestBrowser) => {
    const { pathname, searchParams } = new URL(link)
    const path = pathname.slice(pathname.indexOf('/v1/') + 3)
    return callFrontend(server, `GET ${path}`, {
      query: Object.fromEntries(searchParams),
      headers: browser ? { cookie: `__clerk_db_jwt=${browser.token}` } : {},
    })
  }
  const target = (headers: Headers) => new URL(headers.get('location')!)
  const statusOf = (headers: Headers) => target(headers).searchParams.get('__clerk_status')
  const invite = async (emailAddress: string, more: object = {}) =>
    (await server.call('POST', '/invitations', { email_address: emailAddress, ...more })).body
  const signedIn = async () => {
    const browser = await openSignIn(server)
    const { body } = await browser.create({ identifier: ADA, password: PASSWORD })
    expect(body.response.status).toBe('complete')
    return browser
  }

  it('lead a new person to a sign-up, with the ticket, and spend nothing', async () => {
    const { url } = await invite('eve@example.com', { redirect_url: PAGE })
    for (let time = 0; time < 2; time++) {
      const { status, headers } = await open(url)
      expect(status).toBe(303)
      const { origin, pathname, searchParams } = target(headers)
      expect(`${origin}${pathname}`).toBe('http://localhost:3000/welcome')
      expect(Object.fromEntries(searchParams)).toEqual({
        tab: '1',
        __clerk_status: 'sign_up',
        __clerk_ticket: new URL(url).searchParams.get('ticket'),
      })
    }
    const browser = await openBrowser(server)
    const ticket = new URL(url).searchParams.get('ticket')
    const form = { strategy: 'ticket', ticket, password: PASSWORD }
    expect((await browser.call('POST /client/sign_ups', { form })).body.response.status).toBe('complete')
    expect(await open(url)).toMatchObject({ status: 400, body: problem('invitation_already_accepted') })
  })

  it('lead to the hosted pages where the invitation names none', async () => {
    const { url } = await invite('eve@example.com')
    const { headers } = await open(url)
    expect(target(headers).href).toContain(`${server.instance.frontendApiUrl}/sign-up?__clerk_ticket=`)
  })

  it('lead whoever has got an account meanwhile to a sign-in, and nowhere who is signed in', async () => {
    const { url } = await invite(ADA, { redirect_url: PAGE })
    await newAda(server)
    expect(statusOf((await open(url)).headers)).toBe('sign_in')
    const browser = await signedIn()
    const { headers } = await open(url, browser)
    expect(statusOf(headers)).toBe('complete')
    expect(target(headers).searchParams.has('__clerk_ticket')).toBe(false)
    const stranger = await openSignIn(server)
    await server.client.users.createUser({ emailAddress: ['bob@example.com'], password: PASSWORD })
    await stranger.create({ identifier: 'bob@example.com', password: PASSWORD })
    expect(statusOf((await open(url, stranger)).headers)).toBe('sign_in')
  })

  it('of the application lead to a sign-in, which spends the ticket', async () => {
    const ada = await newAda(server)
    const { url, token } = await server.client.signInTokens.createSignInToken({
      userId: ada.id,
      expiresInSeconds: 60,
    })
    const { status, headers } = await open(url!)
    expect(status).toBe(303)
    expect(target(headers).href).toBe(
      `${server.instance.frontendApiUrl}/sign-in?__clerk_ticket=${token}&__clerk_status=sign_in`,
    )
    const actor = await server.call('POST', '/actor_tokens', { user_id: ada.id, actor: { sub: 'user_admin' } })
    expect(statusOf((await open(actor.body.url)).headers)).toBe('sign_in')
    const browser = await openSignIn(server)
    expect((await browser.create({ strategy: 'ticket', ticket: token })).body.response.status).toBe('complete')
    expect(await open(url!)).toMatchObject({ status: 400, body: problem('sign_in_token_already_used_code') })
  })

  it('make somebody who is signed in a member at once, once', async () => {
    await server.call('PATCH', '/instance/organization_settings', { enabled: true })
    const ada = await newAda(server)
    const organization = await server.client.organizations.createOrganization({ name: 'Engines' })
    await server.call('POST', `/organizations/${organization.id}/invitations`, {
      email_address: ADA,
      role: 'org:member',
      redirect_url: PAGE,
    })
    const link = (await server.messages()).at(-1)!.data!['action_url'] as string
    const members = async () =>
      (await server.client.organizations.getOrganizationMembershipList({ organizationId: organization.id })).data
    expect(statusOf((await open(link)).headers)).toBe('sign_in')
    expect(await members()).toEqual([])
    const browser = await signedIn()
    const answers = await Promise.all(Array.from({ length: 64 }, () => open(link, browser)))
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
    expect(statusOf(answers.find(({ status }) => status === 303)!.headers)).toBe('complete')
    expect((await members()).map(({ publicUserData }) => publicUserData?.userId)).toEqual([ada.id])
  })

  it.each(['https://evil.example/', '//evil.example/', 'javascript:alert(1)', 'http://localhost@evil.example'])(
    'lead nobody to %s',
    async (redirectUrl) => {
      const { url } = await invite('eve@example.com')
      const ticket = new URL(url).searchParams.get('ticket')!
      const answer = await callFrontend(server, 'GET /tickets/accept', { query: { ticket, redirect_url: redirectUrl } })
      expect(answer.status).toBe(422)
      expect(answer.headers.get('location')).toBeNull()
    },
  )

  it('lead to a native application that has listed its URL, and to no other', async () => {
    const { url } = await invite('eve@example.com', { redirect_url: 'myapp://welcome?from=mail' })
    expect(await open(url)).toMatchObject({ status: 422, body: problem('invalid_redirect_url') })
    await server.client.redirectUrls.createRedirectUrl({ url: 'myapp://welcome?from=mail' })
    const { status, headers } = await open(url)
    expect(status).toBe(303)
    const target = new URL(headers.get('location')!)
    expect([target.protocol, target.host, target.searchParams.get('from')]).toEqual(['myapp:', 'welcome', 'mail'])
    expect(target.searchParams.get('__clerk_status')).toBe('sign_up')
    expect(target.searchParams.get('__clerk_ticket')).toBe(new URL(url).searchParams.get('ticket'))
  })

  it('are refused if they are none, of another instance, too old, or revoked', async () => {
    const { url, id } = await invite('eve@example.com', { expires_in_days: 1 })
    const ticket = new URL(url).searchParams.get('ticket')!
    const accept = (text: string) => callFrontend(server, 'GET /tickets/accept', { query: { ticket: text } })
    for (const text of ['', 'x', 'a.b.c', `${ticket}x`, ticket.slice(0, -4)]) {
      expect(await accept(text)).toMatchObject({ status: 400, body: problem('ticket_invalid_code') })
    }
    expect((await callFrontend(server, 'GET /tickets/accept')).status).toBe(422)
    const own = server.instance
    server.instance = await server.newInstance()
    expect(await accept(ticket)).toMatchObject({ status: 400, body: problem('ticket_invalid_code') })
    server.instance = own
    await server.call('POST', `/invitations/${id}/revoke`)
    expect(await accept(ticket)).toMatchObject({ status: 400, body: problem('revoked_invitation') })
    server.clock.advance(24 * 60 * 60 * 1000 + 1000)
    expect(await accept(ticket)).toMatchObject({ status: 400, body: problem('ticket_expired_code') })
  })

  describe('of agent tasks', () => {
    const task = async (more: object = {}) => {
      const ada = await newAda(server)
      const { body } = await server.call('POST', '/agents/tasks', {
        on_behalf_of: { user_id: ada.id },
        permissions: '*',
        agent_name: 'shopper',
        task_description: 'Buy milk',
        redirect_url: PAGE,
        ...more,
      })
      return { ada, url: body.url as string }
    }

    it('open a session of the agent, and bring its cookies to the page', async () => {
      const { ada, url } = await task({ session_max_duration_in_seconds: 600 })
      const browser = await openBrowser(server)
      const ticket = new URL(url).searchParams.get('ticket')!
      const { status, headers } = await browser.call('GET /agents/tasks', { query: { ticket } })
      expect(status).toBe(307)
      const { pathname, searchParams } = target(headers)
      expect(pathname).toBe('/welcome')
      const [, claims] = searchParams.get('__clerk_handshake')!.split('.')
      const { handshake } = JSON.parse(Buffer.from(claims!, 'base64url').toString())
      expect(handshake.some((line: string) => line.startsWith('__session=ey'))).toBe(true)
      const [session] = (await browser.call('GET /client')).body.response.sessions
      expect(session).toMatchObject({
        user: { id: ada.id },
        actor: { type: 'agent', sub: expect.stringMatching(/^agt_/) },
        expire_at: server.clock.now() + 600_000,
      })
    })

    it('are good for one of 64', async () => {
      const { url } = await task()
      const answers = await Promise.all(Array.from({ length: 64 }, () => open(url)))
      expect(answers.filter(({ status }) => status === 307)).toHaveLength(1)
      const others = answers.filter(({ status }) => status !== 307)
      expect(new Set(others.map(({ body }) => body.errors[0].code))).toEqual(new Set(['agent_task_already_used']))
    })

    it('are not spent where the page is of somebody else, or a session exists', async () => {
      const { url } = await task({ redirect_url: 'https://evil.example/' })
      expect(await open(url)).toMatchObject({
        status: 422,
        body: problem('redirect_url_not_associated_with_instance', 'redirect_url'),
      })
      const browser = await signedIn()
      const { id } = (await server.client.users.getUserList({ emailAddress: [ADA] })).data[0]!
      const { body } = await server.call('POST', '/agents/tasks', {
        on_behalf_of: { user_id: id },
        permissions: '*',
        agent_name: 'shopper',
        task_description: 'Buy milk',
        redirect_url: PAGE,
      })
      const ticket = new URL(body.url).searchParams.get('ticket')!
      expect(await browser.call('GET /agents/tasks', { query: { ticket } })).toMatchObject({
        status: 400,
        body: problem('session_exists'),
      })
      expect((await open(body.url)).status).toBe(307)
    })

    it('are not accepted as another kind, nor others as these', async () => {
      const { url, ada } = await task()
      const accept = url.replace('/agents/tasks', '/tickets/accept')
      expect(await open(accept)).toMatchObject({ status: 400, body: problem('agent_task_not_in_sign_in') })
      const token = await server.client.signInTokens.createSignInToken({ userId: ada.id, expiresInSeconds: 60 })
      const asTask = token.url!.replace('/tickets/accept', '/agents/tasks')
      expect(await open(asTask)).toMatchObject({ status: 400, body: problem('sign_in_token_not_in_sign_in_code') })
    })
  })
})
