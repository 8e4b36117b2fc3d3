import { createPages } from '@latchkey/pages'
import { createClerkClient } from '@latchkey/backend'
import { describe, expect, it } from 'vitest'
import { callFrontend, openBrowser, openProductionBrowser, type Answer } from '../browser.test-support.js'
import { frontendEndpoints } from '../compose/endpoints.js'
import { API_URL, dialects, useTestServer } from '../server.test-support.js'
import { LINKS } from './email-links/email-links.test-support.js'
import { REDIRECT_TRICKS } from './redirect-tricks.test-support.js'
import { ADA, configure, newAda, PASSWORD } from './sign-in/sign-in.test-support.js'

const EMAIL_LINK = { strategy: 'email_link' }

/** Sends a text in one parameter. */
type Way = (text: string) => Promise<Answer>

/** Parameters that sound like these and lead nobody anywhere: an origin that may use a browser, and a name. */
const LEADS_NOWHERE = ['getDevBrowserInit origin', 'syncClient link_domain']

const asEmailLinks = { ...LINKS, auth: { clientTrust: true }, rateLimits: { people: false } }

describe.each(dialects)('pages that browsers are sent to on %s', (dialect) => {
  const server = useTestServer(dialect, { pages: createPages() })

  /** Goes to production; the domain of its pages. */
  const inProduction = async (label: string) => {
    const name = `${label}-${dialect}.example`
    server.instance = await server.newInstance({ environmentType: 'production', frontendHost: `clerk.${name}` })
    const { secretKey } = server.instance
    server.client = createClerkClient({ secretKey, apiUrl: API_URL, fetch: server.fetch })
    return name
  }

  /** What the instance's hosted pages say of origins. */
  const shownOrigins = async () => {
    const page = await (await server.fetch(`${API_URL}/i/${server.instance.id}/sign-in`)).text()
    const read = (name: string) => JSON.parse(new RegExp(`"${name}":(\\[[^\\]]*\\])`).exec(page)![1]!) as string[]
    return { pageOrigins: read('pageOrigins'), redirectOrigins: read('redirectOrigins') }
  }

  /** Each parameter of the Frontend API that a redirect or a link in a message leads to. */
  const waysAt = async (origin: string): Promise<Record<string, Way>> => {
    const isDevelopment = server.instance.environmentType === 'development'
    const open = () => (isDevelopment ? openBrowser(server, origin) : openProductionBrowser(server, origin))
    const get = (path: string, query: Record<string, string> = {}) => {
      return (text: string) => callFrontend(server, `GET ${path}`, { query: { ...query, redirect_url: text } })
    }
    const begun = async (path: string, form: object) => {
      const browser = await open()
      const { body } = await browser.call(`POST ${path}`, { form: { ...form } })
      return { browser, ...body.response }
    }
    const send = (browser: Pick<Awaited<ReturnType<typeof open>>, 'call'>, path: string, form: object) => {
      return (text: string) => browser.call(`POST ${path}`, { form: { ...form, redirect_url: text } })
    }

    const ada = await newAda(server)
    const { token: ticket } = await server.client.signInTokens.createSignInToken({ userId: ada.id })
    const signIn = await begun('/client/sign_ins', { identifier: ADA })
    const signUp = await begun('/client/sign_ups', { email_address: 'new@example.com' })
    const { token } = await server.client.signInTokens.createSignInToken({ userId: ada.id })
    const signedIn = await begun('/client/sign_ins', { strategy: 'ticket', ticket: token })
    expect(signedIn.status).toBe('complete')
    const added = (
      await signedIn.browser.call('POST /me/email_addresses', { form: { email_address: 'b@example.com' } })
    ).body.response.id
    // A browser that the person has never signed in with, so that a password is not enough.
    const trusting = await begun('/client/sign_ins', { identifier: ADA, password: PASSWORD })
    expect(trusting).toMatchObject({ status: 'needs_second_factor', client_trust_state: 'new' })
    const fresh = await open()
    return {
      'handshakeClient redirect_url': get('/client/handshake'),
      'handshakeClient redirect_url, with a nonce': get('/client/handshake', { format: 'nonce' }),
      'redirectToUrl redirect_url': get('/redirect'),
      'touchClient redirect_url': get('/client/touch'),
      'acceptTicket redirect_url': get('/tickets/accept', { ticket }),
      'createSignIn redirect_url': send(fresh, '/client/sign_ins', { ...EMAIL_LINK, identifier: ADA }),
      'prepareSignInFactorOne redirect_url': send(
        signIn.browser,
        `/client/sign_ins/${signIn.id}/prepare_first_factor`,
        EMAIL_LINK,
      ),
      'prepareSignInFactorTwo redirect_url': send(
        trusting.browser,
        `/client/sign_ins/${trusting.id}/prepare_second_factor`,
        EMAIL_LINK,
      ),
      'createSignUps redirect_url': send(fresh, '/client/sign_ups', { ...EMAIL_LINK, email_address: 'n@example.com' }),
      'updateSignUps redirect_url': (text) =>
        signUp.browser.call(`PATCH /client/sign_ups/${signUp.id}`, { form: { ...EMAIL_LINK, redirect_url: text } }),
      'prepareSignUpsVerification redirect_url': send(
        signUp.browser,
        `/client/sign_ups/${signUp.id}/prepare_verification`,
        EMAIL_LINK,
      ),
      'sendVerificationEmail redirect_url': send(
        signedIn.browser,
        `/me/email_addresses/${added}/prepare_verification`,
        EMAIL_LINK,
      ),
      ...(isDevelopment ? {} : { 'syncClient redirect_url': get('/client/sync') }),
    }
  }

  const expectRefused = async (way: string, send: Way, tricks: readonly string[]) => {
    const sent = (await server.messages()).length
    for (const trick of tricks) {
      const { status, headers, body } = await send(trick)
      const shown = [way, trick.slice(0, 60)]
      expect([...shown, status, headers.get('location')]).toEqual([...shown, 422, null])
      expect([...shown, body.errors[0].meta?.param_name]).toEqual([...shown, 'redirect_url'])
      expect(headers.getSetCookie().join()).not.toContain('__clerk_handshake')
    }
    expect(await server.messages(), way).toHaveLength(sent)
  }

  it('are named by parameters that are all tried here', async () => {
    await inProduction('listed')
    await configure(server, asEmailLinks)
    const tried = Object.keys(await waysAt('https://listed-' + dialect + '.example')).map((way) => way.split(',')[0])
    const named = frontendEndpoints.flatMap(({ operationId, queryFields, bodyFields }) =>
      [...queryFields.keys(), ...bodyFields.keys()]
        .filter((name) => /url|uri|redirect|return|target|origin|domain|href|link/.test(name))
        .map((name) => `${operationId} ${name}`),
    )
    expect([...new Set([...tried, ...LEADS_NOWHERE])].sort()).toEqual(named.sort())
  })

  it('are of the instance in development, whatever is tried', async () => {
    await configure(server, asEmailLinks)
    for (const [way, send] of Object.entries(await waysAt('http://localhost:3000'))) {
      await expectRefused(way, send, REDIRECT_TRICKS)
      const { status } = await send('http://localhost:3000/')
      expect([way, status < 400]).toEqual([way, true])
    }
  })

  it('are of the domain in production, and of a satellite where it is synced, whatever is tried', async () => {
    const name = await inProduction('tricks')
    const listed = { developmentOrigin: 'http://dev.example:3000', allowedOrigins: ['http://plain.example'] }
    await configure(server, { ...asEmailLinks, ...listed })
    const satellite = `sat-${name}`
    expect((await server.call('POST', '/domains', { name: satellite, is_satellite: true })).status).toBe(200)
    const tricks = [name, satellite].flatMap((host) => [
      `http://${host}/`,
      `https://evil${host}/`,
      `https://${host}.evil.example/`,
      `https://${host}@evil.example/`,
      `https://evil.example/${host}`,
      String.raw`https://evil.example\.${host}/`,
      `https://${host}%00.evil.example/`,
      `https://${host}\u3002evil.example/`,
      `https://x:y@${host}/`,
    ])
    for (const [way, send] of Object.entries(await waysAt(`https://${name}`))) {
      await expectRefused(way, send, [
        ...tricks,
        ...REDIRECT_TRICKS,
        'http://localhost:3000/',
        'http://dev.example:3000/x',
        'http://plain.example/x',
      ])
    }
  })

  it('are in production not at the origin of development, nor without TLS at one that is allowed', async () => {
    const name = await inProduction('origins')
    const origins = {
      development_origin: 'http://evil.test:3000',
      allowed_origins: ['http://plain.test', 'https://secure.test', 'capacitor://localhost'],
    }
    expect((await server.call('PATCH', '/instance', origins)).status).toBe(204)
    const handshake = async (page: string) => {
      const query = { redirect_url: page }
      const { status, headers } = await callFrontend(server, 'GET /client/handshake', { query })
      return [status, headers.get('location')?.split('?')[0]]
    }
    for (const page of ['http://evil.test:3000/x', 'https://evil.test:3000/x', 'http://plain.test/x']) {
      expect(await handshake(page)).toEqual([422, undefined])
    }
    for (const page of ['https://secure.test/x', `https://${name}/x`])
      expect(await handshake(page)).toEqual([307, page])

    // Pages there may use the instance all the same: those of a native application can be at http://localhost.
    const statusAt = async (origin: string) =>
      (await callFrontend(server, 'GET /environment', { headers: { origin } })).status
    expect(await statusAt('http://evil.test:3000')).toBe(400)
    for (const origin of origins.allowed_origins) expect(await statusAt(origin)).toBe(200)
    const { pageOrigins, redirectOrigins } = await shownOrigins()
    expect(pageOrigins).toEqual([`https://${name}`, `https://*.${name}`, ...origins.allowed_origins])
    expect(redirectOrigins).toEqual([`https://${name}`, `https://*.${name}`, ...origins.allowed_origins.slice(1)])
  })

  it('are of the instance too where the application has named them, when it comes to that', async () => {
    const target = async (kind: string, path: string, body: object) => {
      const answer = await server.call('POST', path, body)
      if (answer.status !== 200) return undefined
      const url = (answer.body.url ?? (await server.messages()).at(-1)!.data!['action_url']) as string
      const { headers, status } = await server.fetch(url, { redirect: 'manual' })
      return [kind, status, headers.get('location')]
    }
    await configure(server, { organizations: { enabled: true } })
    const ada = await newAda(server)
    const organization = await server.client.organizations.createOrganization({ name: 'Engines' })
    let opened = 0
    for (const [index, trick] of REDIRECT_TRICKS.entries()) {
      const person = { email_address: `eve${index}@example.com`, redirect_url: trick }
      const task = { on_behalf_of: { user_id: ada.id }, permissions: '*', agent_name: 'a', task_description: 'b' }
      for (const found of [
        await target(`invitation ${trick}`, '/invitations', person),
        await target(`organization ${trick}`, `/organizations/${organization.id}/invitations`, {
          ...person,
          role: 'org:member',
        }),
        await target(`agent task ${trick}`, '/agents/tasks', { ...task, redirect_url: trick }),
      ]) {
        if (!found) continue
        opened++
        expect(found).toEqual([found[0], 422, null])
      }
    }
    expect(opened).toBeGreaterThan(10)
  })
})

describe.each(dialects)('hosted pages on %s', (dialect) => {
  const server = useTestServer(dialect, { pages: createPages() })

  it('lead nowhere by a parameter: the server sends nobody on, and names the origins that clerk-js may', async () => {
    const own = server.instance.frontendApiUrl
    for (const path of ['/', '/sign-in', '/sign-up', '/user', '/organization', '/waitlist', '/popup-callback']) {
      for (const parameter of ['redirect_url', 'sign_in_fallback_redirect_url', 'after_sign_in_url', 'return_url']) {
        for (const trick of REDIRECT_TRICKS.slice(0, -1)) {
          const { headers } = await server.fetch(`${own}${path}?${parameter}=${encodeURIComponent(trick)}`)
          const location = headers.get('location')
          expect(location === null || location === `${own}/user`, `${path} ${trick} ${location}`).toBe(true)
          expect(headers.get('refresh')).toBeNull()
        }
      }
    }
  })
})
