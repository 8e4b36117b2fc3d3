import { createClerkClient } from '@latchkey/backend'
import { createPages } from '@latchkey/pages'
import { describe, expect, it } from 'vitest'
import { callFrontend, cookiesOf } from '../browser.test-support.js'
import { descriptions } from '../outbox/messages/descriptions.js'
import { fetchByProxy } from '../resources/proxy-checks/proxy-checks.test-support.js'
import { API_URL, dialects, useTestServer } from '../server.test-support.js'
import { LINKS } from './email-links/email-links.test-support.js'
import { ADA, configure, newAda, PASSWORD } from './sign-in/sign-in.test-support.js'

const EVIL = 'evil.example'

/** Everything by which a proxy, a framework or a web server says at which host it was asked. */
const FORGED: Readonly<Record<string, string>> = {
  host: EVIL,
  forwarded: `for=198.51.100.7;host=${EVIL};proto=https`,
  'x-forwarded-host': EVIL,
  'x-forwarded-server': EVIL,
  'x-forwarded-proto': EVIL,
  'x-forwarded-port': `80@${EVIL}`,
  'x-forwarded-prefix': `/${EVIL}`,
  'x-forwarded-for': '198.51.100.7',
  'x-host': EVIL,
  'x-original-host': EVIL,
  'x-original-url': `https://${EVIL}/`,
  'x-rewrite-url': `https://${EVIL}/`,
  referer: `https://${EVIL}/`,
}

/** Messages with a button: what it opens lets people in. */
const withLinks = descriptions.filter(({ button }) => button !== undefined)

const peers = { 'a trusted proxy': '127.0.0.9', 'a peer that is no proxy': '203.0.113.9' }

describe.each(dialects)('links in messages on %s', (dialect) => {
  let proxyAt = ''
  const server = useTestServer(dialect, {
    trustedProxies: ['loopback'],
    pages: createPages(),
    fetch: fetchByProxy(
      () => server,
      () => proxyAt,
    ),
  })

  const openProduction = async (domain: string) => {
    const environmentType = 'production' as const
    server.instance = await server.newInstance({ environmentType, frontendHost: `clerk.${domain}` })
    const { secretKey } = server.instance
    server.client = createClerkClient({ secretKey, apiUrl: API_URL, fetch: server.fetch })
  }

  /** Who asks at a forged host, with the cookies that they were given. */
  const forger = (peer: string, page: string, more: Record<string, string> = {}) => {
    const cookies = new Map<string, string>()
    const send = async (method: string, path: string, body: BodyInit | null, headers: Record<string, string>) => {
      const url = `http://${EVIL}/i/${server.instance.id}/v1${path}`
      const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
      const request = new Request(url, { method, body, headers: { ...FORGED, ...more, ...headers, cookie } })
      const answer = await server.server.fetch(request, { remoteAddress: peer })
      for (const [name, value] of cookiesOf(answer.headers.getSetCookie())) cookies.set(name, value)
      const text = await answer.text()
      expect([path, answer.status < 400 ? '' : text]).toEqual([path, ''])
      expect(text, path).not.toContain(EVIL)
      return { answer, text }
    }
    return {
      open: (link: string) => send('GET', link.slice(link.indexOf('/v1') + 3), null, {}),
      browse: async (path: string, form: Record<string, string> = {}) => {
        const { answer, text } = await send('POST', path, new URLSearchParams(form), { origin: page })
        const { response, id } = JSON.parse(text)
        if (path === '/dev_browser') cookies.set('__clerk_db_jwt', id)
        expect(answer.status).toBe(200)
        return response
      },
      /** As the application. */
      call: async (path: string, body: object) => {
        const authorization = `Bearer ${server.instance.secretKey}`
        const headers = { authorization, 'content-type': 'application/json' }
        return JSON.parse((await send('POST', path, JSON.stringify(body), headers)).text)
      },
    }
  }

  /** Sends each message that has a link. */
  const sendAll = async (newForger: () => ReturnType<typeof forger>, page: string, isDevelopment: boolean) => {
    const target = `${page}/welcome`
    const ada = await newAda(server)
    const newBrowser = async () => {
      const one = newForger()
      if (isDevelopment) await one.browse('/dev_browser')
      return one
    }
    const link = { strategy: 'email_link', redirect_url: target }
    await (await newBrowser()).browse('/client/sign_ins', { ...link, identifier: ADA })
    await (await newBrowser()).browse('/client/sign_ups', { ...link, email_address: 'eve@example.com' })
    await (await newBrowser()).browse('/client/sign_ins', { identifier: ADA, password: PASSWORD })
    server.clock.advance(1000)
    const signedIn = await newBrowser()
    const { created_session_id: session } = await signedIn.browse('/client/sign_ins', {
      identifier: ADA,
      password: PASSWORD,
    })
    const me = (path: string) => `/me/${path}?_clerk_session_id=${session}`
    const added = await signedIn.browse(me('email_addresses'), { email_address: 'ada@engines.example' })
    await signedIn.browse(me(`email_addresses/${added.id}/prepare_verification`), link)
    const { id: organization } = await server.client.organizations.createOrganization({
      name: 'Engines',
      createdBy: ada.id,
    })
    await signedIn.browse(`/organizations/${organization}/invitations?_clerk_session_id=${session}`, {
      email_address: 'bob@example.com',
      role: 'org:member',
    })
    await signedIn.call('/invitations', { email_address: 'carl@example.com' })
    const waiting = await signedIn.call('/waitlist_entries', { email_address: 'dora@example.com' })
    await signedIn.call(`/waitlist_entries/${waiting.id}/invite`, {})
  }

  it.each(Object.keys(peers).flatMap((peer) => [true, false].map((isDevelopment) => ({ peer, isDevelopment }))))(
    'lead to the configured URL, or the host of the publishable key, whatever host the request names: $peer, in development: $isDevelopment',
    async ({ peer: name, isDevelopment }) => {
      const peer = peers[name as keyof typeof peers]
      const domain = `${name.replaceAll(' ', '-')}-${dialect}.example`
      if (!isDevelopment) await openProduction(domain)
      await configure(server, { ...LINKS, organizations: { enabled: true } })
      const page = isDevelopment ? 'http://localhost:3000' : `https://${domain}`
      await sendAll(() => forger(peer, page), page, isDevelopment)

      const sent = await server.messages()
      const base = isDevelopment ? `${API_URL}/i/${server.instance.id}` : `https://clerk.${domain}`
      for (const { slug, button } of withLinks) {
        const [message] = sent.filter((one) => one.slug === slug)
        expect(message, `nothing here sends ${slug}`).toBeDefined()
        const url = message!.data![button!] as string
        expect(url.startsWith(`${base}/v1/`), `${slug} ${url}`).toBe(true)
        expect([message!.body, message!.bodyPlain].join().replaceAll('&amp;', '&')).toContain(url)
      }
      expect(JSON.stringify([sent, await server.events()])).not.toContain(EVIL)

      // Opened at a forged host, they lead on to the configured URL, or back to the page that asked.
      for (const { slug, button } of withLinks) {
        const link = sent.find((one) => one.slug === slug)!.data![button!] as string
        const { answer, text } = await forger(peer, '').open(link)
        const leadsTo = answer.headers.get('location') ?? / action="([^"]*)"/.exec(text)?.[1]
        expect(
          [base, page].some((one) => leadsTo?.startsWith(`${one}/`)),
          `${slug} ${leadsTo}`,
        ).toBe(true)
      }
    },
  )

  /** What a proxy of the application sends, which tells by the secret key that it is one. */
  const asProxy = (proxyUrl: string) => ({
    'clerk-proxy-url': proxyUrl,
    'clerk-secret-key': server.instance.secretKey,
  })
  const linksSent = async () =>
    (await server.messages()).flatMap(({ slug, data }) => {
      const button = withLinks.find((one) => one.slug === slug)?.button
      return button === undefined ? [] : [[slug!, data![button] as string] as const]
    })

  it('lead through the proxy of the application that the request came by, and on through it', async () => {
    const domain = `proxied-${dialect}.example`
    await openProduction(domain)
    await configure(server, { ...LINKS, organizations: { enabled: true } })
    const page = `https://app.${domain}`
    const proxyUrl = `${page}/__clerk`
    const browser = () => forger('127.0.0.9', page, asProxy(proxyUrl))
    await sendAll(browser, page, false)
    for (const [slug, url] of await linksSent()) {
      const isOfApplication = slug === 'invitation' || slug === 'waitlist_invitation'
      const base = isOfApplication ? `https://clerk.${domain}` : proxyUrl
      expect(url.startsWith(`${base}/v1/`), `${slug} ${url}`).toBe(true)
      const { answer, text } = await browser().open(url)
      const leadsTo = answer.headers.get('location') ?? / action="([^"]*)"/.exec(text)?.[1]
      expect(
        [proxyUrl, page].some((one) => leadsTo?.startsWith(`${one}/`)),
        `${slug} ${leadsTo}`,
      ).toBe(true)
    }
  })

  it('never lead to a proxy that is not at a page of the instance: applications learn their host from requests', async () => {
    const domain = `elsewhere-${dialect}.example`
    await openProduction(domain)
    await configure(server, { ...LINKS, organizations: { enabled: true } })
    const page = `https://${domain}`
    const elsewhere = [
      `https://${EVIL}/__clerk`,
      `https://${domain}.${EVIL}/__clerk`,
      `https://${domain}@${EVIL}/__clerk`,
      `https://${EVIL}\\.${domain}/__clerk`,
      `https://user:${EVIL}@${domain}/__clerk`,
      `https://${domain}/__clerk?x=${EVIL}`,
      `https://${domain}/__clerk#${EVIL}`,
      `http://${domain}/${EVIL}`,
      `javascript://${domain}/${EVIL}`,
      `/${EVIL}`,
      EVIL,
    ]
    for (const proxyUrl of elsewhere) {
      // Five sign-ups in ten seconds.
      server.clock.advance(10_000)
      await forger('127.0.0.9', page, asProxy(proxyUrl)).browse('/client/sign_ups', {
        strategy: 'email_link',
        redirect_url: `${page}/welcome`,
        email_address: `eve${elsewhere.indexOf(proxyUrl)}@example.com`,
      })
    }
    const sent = await linksSent()
    expect(sent).toHaveLength(elsewhere.length)
    for (const [, url] of sent) expect(url.startsWith(`https://clerk.${domain}/v1/`), url).toBe(true)
    expect(JSON.stringify([await server.messages(), await server.events()])).not.toContain(EVIL)
  })

  it.each([
    ['no secret key', {}],
    ['a wrong secret key', { 'clerk-secret-key': `sk_live_${'0'.repeat(40)}` }],
  ])('are not sent for a proxy with %s', async (_, keys) => {
    const domain = `forged-${dialect}-${Object.keys(keys).length}.example`
    await openProduction(domain)
    await configure(server, LINKS)
    const answer = await callFrontend(server, 'POST /client/sign_ups', {
      form: { strategy: 'email_link', redirect_url: `https://${domain}/`, email_address: 'eve@example.com' },
      headers: { origin: `https://${domain}`, 'clerk-proxy-url': `https://app.${domain}/__clerk`, ...keys },
    })
    expect([400, 401]).toContain(answer.status)
    expect(await server.messages()).toEqual([])
  })

  it("that no browser asks for lead through the proxy of the instance's domain", async () => {
    const domain = `configured-${dialect}.example`
    await openProduction(domain)
    proxyAt = `https://${domain}/__clerk`
    const [{ id }] = (await server.call('GET', '/domains')).body.data
    const { body } = await server.call('PATCH', `/domains/${id}`, { proxy_url: proxyAt })
    expect(body.proxy_url).toBe(proxyAt)
    await server.client.invitations.createInvitation({ emailAddress: 'carl@example.com' })
    const [[, url] = []] = await linksSent()
    expect(url!.startsWith(`${proxyAt}/v1/tickets/accept?ticket=`), url).toBe(true)
    await server.call('PATCH', `/domains/${id}`, { proxy_url: null })
    await server.client.invitations.createInvitation({ emailAddress: 'dora@example.com' })
    const links = await linksSent()
    expect(links.at(-1)![1].startsWith(`https://clerk.${domain}/v1/tickets/accept?ticket=`)).toBe(true)
  })
})
