import { describe, expect, it } from 'vitest'
import { instance, pagesOf } from '../pages.test-support.js'

const pages = pagesOf()

describe('hosted pages', () => {
  it.each([
    ['/sign-in', 'Sign in'],
    ['/sign-in/factor-one', 'Sign in'],
    ['/sign-in/tasks/choose-organization', 'Sign in'],
    ['/sign-up', 'Sign up'],
    ['/user', 'Your account'],
    ['/user/security', 'Your account'],
    ['/organization', 'Your organization'],
    ['/create-organization', 'New organization'],
    ['/waitlist', 'Join the waitlist'],
    ['/popup-callback', 'Signing in'],
  ])('%s has the title "%s" with the name of the application', async (path, title) => {
    const response = await pages.get(path)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await response.text()).toContain(`<title>${title} · Tea &amp; &lt;b&gt;Co&lt;/b&gt;</title>`)
  })

  it('load the browser packages of this server, with the instance’s key', async () => {
    const text = await (await pages.get('/sign-in')).text()
    expect(text).toContain('src="http://localhost:4400/npm/@clerk/clerk-js@6/dist/clerk.browser.js"')
    expect(text).toContain('src="http://localhost:4400/npm/@clerk/ui@1/dist/ui.browser.js"')
    expect(text).toContain(`data-clerk-publishable-key="${instance.publishableKey}"`)
    expect(text).toContain('data-clerk-proxy-url="http://localhost:4400"')
  })

  it('have the colours of the application, and text that can be read on them', async () => {
    const colors = {
      primary: { color: '#ffd400', text: '#1F2328' },
      background: { color: '#0b1f3a', text: '#FCFCFD' },
    }
    const text = await (await pagesOf({}, { ...instance, colors }).get('/sign-in')).text()
    expect(text).toContain('--button: #ffd400; --on-button: #1F2328')
    expect(text).toContain('--page: #0b1f3a; --on-page: #FCFCFD')
    expect(text).toContain('"primaryColor":{"color":"#ffd400","text":"#1F2328"}')
    const usual = await (await pages.get('/sign-in')).text()
    expect(usual).toContain('"primaryColor":null')
    expect(usual).not.toContain('#ffd400')
  })

  it('of an instance in the path load them from there', async () => {
    const other = pagesOf({}, { ...instance, frontendApiUrl: 'https://id.example.com/i/ins_2' })
    const response = await other.get('/sign-up')
    const text = await response.text()
    expect(text).toContain('src="https://id.example.com/i/ins_2/npm/@clerk/clerk-js@6/dist/clerk.browser.js"')
    expect(text).toContain('"path":"/i/ins_2/sign-up"')
    expect(response.headers.get('content-security-policy')).toContain(' https://id.example.com;')
  })

  it('run no script without the nonce of the answer, and are in no frame', async () => {
    const [first, second] = [await pages.get('/sign-in'), await pages.get('/sign-in')]
    const policy = first.headers.get('content-security-policy')!
    const nonce = /'nonce-([^']+)'/.exec(policy)![1]!
    expect(policy).toMatch(/^default-src 'none';/)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("base-uri 'none'")
    expect(policy).toContain('worker-src blob:')
    expect(policy).not.toMatch(/unsafe-(eval|inline)/)
    expect(first.headers.get('x-frame-options')).toBe('DENY')
    const elements = [...(await first.text()).matchAll(/<(?:script|style)\b[^>]*>/g)].map(([tag]) => tag)
    expect(elements.length).toBeGreaterThan(3)
    expect(elements.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([])
    expect(second.headers.get('content-security-policy')).not.toContain(nonce)
  })

  it('mention the inbox while developing only', async () => {
    const development = pagesOf({ development: { isExposed: false, token: 't' } })
    expect(await (await development.get('/sign-in')).text()).toContain('href="/inbox"')
    expect(await (await pages.get('/sign-in')).text()).not.toContain('inbox')
  })

  it('lead to localhost while developing: 127.0.0.1 is another site', async () => {
    const development = pagesOf({ development: { isExposed: false, token: 't' } })
    const response = await development.get('/sign-in?redirect_url=http%3A%2F%2Flocalhost%3A3000', {
      host: '127.0.0.1:4400',
    })
    expect([response.status, response.headers.get('location')]).toEqual([
      307,
      'http://localhost:4400/sign-in?redirect_url=http%3A%2F%2Flocalhost%3A3000',
    ])
    expect((await development.get('/sign-in', { host: '127.0.0.1:4401' })).status).toBe(200)
    expect((await pages.get('/sign-in', { host: '127.0.0.1:4400' })).status).toBe(200)
  })

  it('begin, while developing, at a page that says where one is, for the developer alone', async () => {
    const development = pagesOf({ development: { isExposed: false, token: 't' } })
    const start = await development.get('/')
    const text = await start.text()
    expect(start.status).toBe(200)
    expect(text).toContain('Tea &amp; &lt;b&gt;Co&lt;/b&gt;')
    for (const href of ['http://localhost:4400/sign-up', '/inbox', '/explain', '/webhooks', '/v1/openapi.json']) {
      expect(text).toContain(`href="${href}"`)
    }
    const other = await development.get('/', { remoteAddress: '10.0.0.7' })
    expect([other.status, other.headers.get('location')]).toEqual([307, 'http://localhost:4400/user'])
    const exposed = pagesOf({ development: { isExposed: true, token: 't' } })
    expect((await exposed.get('/?token=t')).status).toBe(303)
    expect((await exposed.get('/?token=u')).status).toBe(307)
  })

  it('begin at the account', async () => {
    const response = await pages.get('/')
    expect([response.status, response.headers.get('location')]).toEqual([307, 'http://localhost:4400/user'])
  })

  it.each(['/organization', '/create-organization'])('%s says that organizations are off', async (path) => {
    const response = await pagesOf({}, { ...instance, hasOrganizations: false }).get(path)
    expect(response.status).toBe(404)
    const text = await response.text()
    expect(text).toContain('There are no organizations here')
    expect(text).not.toContain('organization_settings')
  })

  it('say while developing how organizations are switched on', async () => {
    const development = { isExposed: false, token: 'token' }
    const response = await pagesOf({ development }, { ...instance, hasOrganizations: false }).get('/organization')
    expect(await response.text()).toContain('<code>PATCH /v1/instance/organization_settings</code>')
  })

  it('are not there for no instance, nor under names of nothing', async () => {
    const nobody = pagesOf({}, null)
    expect((await nobody.get('/sign-in')).status).toBe(404)
    for (const path of ['/sign-in-again', '/constructor', '/__proto__', '/inbox', '/explain', '/inbox/messages']) {
      expect((await pages.get(path)).status).toBe(404)
    }
  })
})

describe('the landing page of a link', () => {
  const asked = { browser: 'Firefox 140 on <Linux>', place: 'Vienna, AT', at: Date.UTC(2026, 0, 2, 3, 4) }
  const landing = {
    applicationName: 'Tea & Co',
    colors: instance.colors,
    purpose: 'sign_in',
    action: 'http://localhost:4400/v1/verify',
    fields: { token: 'a"b' },
    redirectUrl: 'https://tea.example/signed-in',
  } as const

  it('says which browser asked, and spends the link only when a person presses the button', async () => {
    const response = pages.pages.linkLanding({ ...landing, asked })
    const text = (await response.text()).replace(/\s+/g, ' ')
    expect(text).toContain('Firefox 140 on &lt;Linux&gt;')
    expect(text).toContain('Vienna, AT')
    expect(text).toContain('2026-01-02 03:04 UTC')
    expect(text).toContain('method="post" action="http://localhost:4400/v1/verify"')
    expect(text).toContain('name="token" value="a&quot;b"')
    expect(text).not.toContain('<script')
    expect(response.headers.get('referrer-policy')).toBe('same-origin')
    expect(text).not.toContain('name="referrer"')
  })

  it('lets its form lead to a native application, where the link does', () => {
    const policyFor = (redirectUrl: string) =>
      pages.pages.linkLanding({ ...landing, redirectUrl, asked }).headers.get('content-security-policy')
    expect(policyFor('myapp://signed-in')).toContain(
      "form-action 'self' http://localhost:4400 https: http: myapp:; base-uri",
    )
    expect(policyFor(landing.redirectUrl)).toContain("form-action 'self' http://localhost:4400 https: http:; base-uri")
  })

  it('has the colours of the application', async () => {
    const colors = { primary: { color: '#ffd400', text: '#1F2328' }, background: null }
    const text = await pages.pages.linkLanding({ ...landing, colors, asked }).text()
    expect(text).toContain('--button: #ffd400; --on-button: #1F2328')
  })

  it('goes on by itself in the browser that asked', async () => {
    const response = pages.pages.linkLanding({ ...landing, asked: null })
    const text = await response.text()
    expect(text).toContain("getElementById('link').submit()")
    expect(text).not.toContain('Another browser')
  })
})

describe('the landing page of a notice about a session', () => {
  const landing = {
    applicationName: 'Tea & Co',
    colors: instance.colors,
    action: 'http://localhost:4400/v1/session_links',
    fields: { token: 'a"b' },
    securityPage: 'http://localhost:4400/user/security',
    session: { browser: 'Firefox on <Linux>', place: '203.0.113.7', at: Date.UTC(2026, 0, 2, 3, 4) },
  } as const
  const shown = async (state: 'open' | 'revoked' | 'over' | 'expired', given: object = {}) => {
    const response = pages.pages.sessionLanding({ ...landing, state, ...given })
    return { status: response.status, text: (await response.text()).replace(/\s+/g, ' '), headers: response.headers }
  }

  it('asks a person, and runs no script', async () => {
    const { status, text, headers } = await shown('open')
    expect(status).toBe(200)
    expect(text).toContain('Sign this device out of Tea &amp; Co?')
    expect(text).toContain('Firefox on &lt;Linux&gt;')
    expect(text).toContain('2026-01-02 03:04 UTC')
    expect(text).toContain('method="post" action="http://localhost:4400/v1/session_links"')
    expect(text).toContain('name="token" value="a&quot;b"')
    expect(text).not.toContain('<script')
    expect(headers.get('content-security-policy')).toMatch(/form-action 'self' http:\/\/localhost:4400;/)
    expect((await shown('open', { session: undefined })).text).not.toContain('<dl')
  })

  it.each([
    ['revoked', 200, 'The device is signed out<'],
    ['over', 200, 'signed out already'],
    ['expired', 410, 'The link has expired'],
  ] as const)('says that the session is %s, and where to change the password', async (state, status, says) => {
    const answer = await shown(state)
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(says)])
    expect(answer.text).toContain('href="http://localhost:4400/user/security"')
    expect(answer.text).not.toContain('<form')
  })
})
