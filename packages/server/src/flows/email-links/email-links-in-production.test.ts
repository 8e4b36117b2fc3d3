import { createClerkClient } from '@latchkey/backend'
import { createPages } from '@latchkey/pages'
import { describe, expect, it } from 'vitest'
import { openProductionBrowser, throughProxy } from '../../browser.test-support.js'
import type { SettingsChange } from '../../instances/settings/settings.js'
import { API_URL, dialects, useTestServer } from '../../server.test-support.js'
import { ADA, configure, newAda } from '../sign-in/sign-in.test-support.js'
import { LINKS, linksOf } from './email-links.test-support.js'

/** Where browsers ask the Frontend API of an application's domain. */
interface Place {
  where: string
  at(domain: string): string
  proxied?: boolean
}

const places: Place[] = [
  { where: 'its own host', at: (domain) => `https://clerk.${domain}` },
  { where: "an application's proxy", at: (domain) => `https://app.${domain}/__clerk`, proxied: true },
]

describe.each(dialects)('links in mail in production on %s', (dialect) => {
  const server = useTestServer(dialect, { pages: createPages() })
  const { link } = linksOf(server)
  let count = 0
  /** A production instance, and a browser of its application. */
  const openAt = async ({ at, proxied = false }: Place, settings: SettingsChange = LINKS) => {
    const domain = `links-${dialect}-${++count}.example`
    const frontendHost = `clerk.${domain}`
    server.instance = await server.newInstance({ environmentType: 'production', frontendHost })
    server.client = createClerkClient({ secretKey: server.instance.secretKey, apiUrl: API_URL, fetch: server.fetch })
    await configure(server, settings)
    await newAda(server)
    const base = at(domain)
    const origin = new URL(base).origin.replace('//clerk.', '//')
    const reached = proxied ? throughProxy(server, base) : server
    const browser = openProductionBrowser(reached, origin)
    const call = (route: string, form?: Record<string, unknown>) => browser.call(route, { base, ...(form && { form }) })
    const sendLink = async () => {
      const { id } = (await call('POST /client/sign_ins', { identifier: ADA })).body.response
      const form = { strategy: 'email_link', redirect_url: `${origin}/verify` }
      await call(`POST /client/sign_ins/${id}/prepare_first_factor`, form)
      return { id, url: await link() }
    }
    const cookie = () =>
      Object.entries(browser.jar)
        .map(([name, value]) => `${name}=${value}`)
        .join('; ')
    const statusOf = (answer: Response) => new URL(answer.headers.get('location')!).searchParams.get('__clerk_status')
    return { base, call, sendLink, cookie, statusOf, links: linksOf({ ...server, ...reached }) }
  }

  it.each(places)('lead to $where, where the browser that asked has its cookies', async (place) => {
    const { base, call, sendLink, cookie, statusOf, links } = await openAt(place)
    const { id, url } = await sendLink()
    expect(url.startsWith(`${base}/v1/verify?token=`), url).toBe(true)
    expect(statusOf(await links.open(url))).toBe('client_mismatch')
    expect(statusOf(await links.open(url, { cookie: cookie() }))).toBe('verified')
    expect((await call(`GET /client/sign_ins/${id}`)).body.response.status).toBe('complete')
  })

  it.each(places)('sent at $where ask in another browser, with a form that is posted there', async (place) => {
    const settings = { ...LINKS, attackProtection: { emailLinkRequireSameClient: false } }
    const { base, call, sendLink, statusOf, links } = await openAt(place, settings)
    const { id, url } = await sendLink()
    expect(await (await links.look(url)).text()).toContain(`method="post" action="${base}/v1/verify"`)
    expect(statusOf(await links.open(url))).toBe('verified')
    expect((await call(`GET /client/sign_ins/${id}`)).body.response.status).toBe('complete')
  })
})
