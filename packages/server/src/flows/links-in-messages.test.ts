import { createClerkClient } from '@latchkey/backend'
import { createPages } from '@latchkey/pages'
import { describe, expect, it } from 'vitest'
import { cookiesOf } from '../browser.test-support.js'
import { descriptions } from '../outbox/messages/descriptions.js'
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
  const server = useTestServer(dialect, { trustedProxies: ['loopback'], pages: createPages() })

  /** Who asks at a forged host, with the cookies that they were given. */
  const forger = (peer: string, page: string) => {
    const cookies = new Map<string, string>()
    const send = async (method: string, path: string, body: BodyInit | null, headers: Record<string, string>) => {
      const url = `http://${EVIL}/i/${server.instance.id}/v1${path}`
      const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
      const request = new Request(url, { method, body, headers: { ...FORGED, ...headers, cookie } })
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
  const sendAll = async (peer: string, page: string, isDevelopment: boolean) => {
    const target = `${page}/welcome`
    const ada = await newAda(server)
    const newBrowser = async () => {
      const one = forger(peer, page)
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
      if (!isDevelopment) {
        const environmentType = 'production' as const
        server.instance = await server.newInstance({ environmentType, frontendHost: `clerk.${domain}` })
        const { secretKey } = server.instance
        server.client = createClerkClient({ secretKey, apiUrl: API_URL, fetch: server.fetch })
      }
      await configure(server, { ...LINKS, organizations: { enabled: true } })
      const page = isDevelopment ? 'http://localhost:3000' : `https://${domain}`
      await sendAll(peer, page, isDevelopment)

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
})
