import { beforeAll, describe, expect, it } from 'vitest'
import { arrive, executablePath, useChromium, type Visitor } from './chromium.test-support.js'
import { continueWith, expectQuiet, signInWithPassword } from './clerk-js.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'

const DESKTOP = { width: 1280, height: 800 }
const PASSWORD = 'a quiet harbour at dusk'
const PHONE = { width: 375, height: 740 }

describe.skipIf(!executablePath)('the hosted pages', () => {
  const chromium = useChromium()
  const latchkey = useLatchkey()

  beforeAll(async () => {
    await latchkey.client.instance.updateOrganizationSettings({ enabled: true })
  })

  describe.each([
    ['a screen', DESKTOP],
    ['a phone', PHONE],
  ])('on %s', (_, viewport) => {
    it.each([
      ['/sign-in', 'Sign in to Tea & Co'],
      ['/sign-up', 'Create your account'],
      ['/waitlist', 'Join the waitlist'],
    ])('%s shows its component', async (path, heading) => {
      const visitor = await chromium.visit({ viewport })
      const { page } = visitor
      await page.goto(latchkey.url + path)
      await page.getByRole('heading', { name: heading }).waitFor()
      await visitor.picture(`hosted${path.replace('/', '-')}-${viewport.width}`)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width)
      expect(await page.getByText('Secured by').count()).toBe(0)
      expectQuiet(visitor)
    })

    it.each(['/user', '/organization', '/create-organization'])('%s asks a visitor to sign in first', async (path) => {
      const visitor = await chromium.visit({ viewport })
      await visitor.page.goto(latchkey.url + path)
      await visitor.page.getByRole('heading', { name: 'Sign in to Tea & Co' }).waitFor()
      expect(new URL(visitor.page.url()).searchParams.get('redirect_url')).toBe(latchkey.url + path)
      expectQuiet(visitor)
    })
  })

  describe.each([
    ['a screen', DESKTOP],
    ['a phone', PHONE],
  ])('of a person who is signed in, on %s', (_, viewport) => {
    it.each([
      ['/user', 'Profile details'],
      ['/user/security', 'Active devices'],
      ['/create-organization', 'Create organization'],
      ['/organization', 'Tea tasters'],
    ])('%s shows its component', async (path, text) => {
      const emailAddress = `ada${path.replaceAll('/', '-')}-${viewport.width}@example.com`
      const user = await latchkey.client.users.createUser({ emailAddress: [emailAddress], password: PASSWORD })
      if (path === '/organization') {
        await latchkey.client.organizations.createOrganization({ name: 'Tea tasters', createdBy: user.id })
      }
      const visitor = await chromium.visit({ viewport })
      const { page } = visitor
      await page.goto(`${latchkey.url}/sign-in?redirect_url=${encodeURIComponent(latchkey.url + path)}`)
      await signInWithPassword(visitor, emailAddress, PASSWORD)
      await page.locator('#component').getByText(text).first().waitFor()
      await visitor.picture(`hosted${path.replaceAll('/', '-')}-${viewport.width}`)
      expect(new URL(page.url()).pathname).toBe(path)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width)
      expectQuiet(visitor)
    })
  })

  it('go from step to step in one document: another would abort what the step before has asked for', async () => {
    const visitor = await chromium.visit()
    const { page } = visitor
    const documents: string[] = []
    const codes: number[] = []
    page.on('request', (request) => {
      if (request.isNavigationRequest() && request.frame() === page.mainFrame()) documents.push(request.url())
    })
    page.on('response', (response) => {
      if (response.url().includes('/prepare_verification')) codes.push(response.status())
    })
    // As on a machine far away.
    await page.route('**/prepare_verification*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 500))
      await route.continue()
    })
    await page.goto(`${latchkey.url}/sign-up`)
    await page.getByLabel('Email address', { exact: true }).fill('step+clerk_test@example.com')
    await continueWith(visitor, 'Password', PASSWORD)
    await page.getByRole('heading', { name: 'Verify your email' }).waitFor()
    await expect.poll(() => codes).toEqual([200])
    expect(new URL(page.url()).pathname).toBe('/sign-up/verify-email-address')
    expect(documents).toEqual([`${latchkey.url}/sign-up`])
    // Each step is an address of its own: it can be loaded again, and the browser goes back from it.
    await page.reload()
    await page.getByRole('heading', { name: 'Verify your email' }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'Create your account' }).waitFor()
    await page.goForward()
    await page.getByLabel('Enter verification code').fill('424242')
    await arrive(page, (url) => !url.pathname.startsWith('/sign-up'))
    expect(codes).toEqual([200])
    expectQuiet(visitor)
  })

  it('say what is wrong when they cannot load', async () => {
    const { page } = await chromium.visit()
    await page.route('**/clerk.browser.js', (route) => route.abort())
    await page.goto(`${latchkey.url}/sign-in`)
    const heading = page.getByRole('heading', { name: 'This page could not be loaded' })
    await heading.waitFor()
    expect(await heading.isVisible()).toBe(true)
  })

  it('of another instance have its name and its settings', async () => {
    const other = await latchkey.server.createInstance({ name: 'Coffee' })
    const visitor = await chromium.visit()
    await visitor.page.goto(`${other.frontendApiUrl}/sign-in`)
    await visitor.page.getByRole('heading', { name: 'Sign in to Coffee' }).waitFor()
    expectQuiet(visitor)
  })

  it('of another instance have its colours, in the components too', async () => {
    const other = await latchkey.server.createInstance({ name: 'Lemonade' })
    await latchkey.server.admin.seed(other.id, {
      instance: { display: { primary_color: '#ffd400', background_color: '#0b1f3a' } },
    })
    const visitor = await chromium.visit({ viewport: DESKTOP })
    const { page } = visitor
    await page.goto(`${other.frontendApiUrl}/sign-in`)
    const button = page.getByRole('button', { name: 'Continue', exact: true })
    await button.waitFor()
    await visitor.picture('hosted-colours')
    const [text, behind] = await button.evaluate((element) => {
      const { color, backgroundColor } = getComputedStyle(element)
      return [color, backgroundColor]
    })
    expect([text, behind]).toEqual(['rgb(31, 35, 40)', 'rgb(255, 212, 0)'])
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe(
      'rgb(11, 31, 58)',
    )
    expectQuiet(visitor)
  })

  it('say that a popup can be closed where no window opened it', async () => {
    const visitor = await chromium.visit()
    await visitor.page.goto(`${latchkey.url}/popup-callback`)
    await visitor.page.getByRole('heading', { name: 'You can close this window' }).waitFor()
    expectQuiet(visitor)
  })

  describe('that end a sign-in in a popup', () => {
    /** What a page of an origin is told by a popup that it opens, until the popup is closed. */
    async function toldAt(origin: string, { page }: Visitor, path: string): Promise<unknown[]> {
      const html = '<script>told = []; onmessage = ({ origin, data }) => told.push({ origin, ...data })</script>'
      await page.context().route(`${origin}/**`, (route) => route.fulfill({ contentType: 'text/html', body: html }))
      await page.goto(`${origin}/`)
      const [popup] = await Promise.all([
        page.waitForEvent('popup'),
        page.evaluate((url) => void window.open(url, '', 'width=400,height=500'), latchkey.url + path),
      ])
      if (!popup.isClosed()) await popup.waitForEvent('close')
      return page.evaluate(() => (window as unknown as { told: unknown[] }).told)
    }
    const APP = 'http://localhost:3987'

    it('tell the session to a page that may use it, and to no other', async () => {
      // The application of a phone has no page that could be told.
      await latchkey.client.redirectUrls.createRedirectUrl({ url: 'myapp://callback' })
      // Where a sign-in may lead to one page is not an application.
      await latchkey.client.redirectUrls.createRedirectUrl({ url: 'http://partner.example/callback' })
      const { id } = await latchkey.client.users.createUser({ emailAddress: ['popup@example.com'] })
      const { token } = await latchkey.client.signInTokens.createSignInToken({ userId: id, expiresInSeconds: 600 })
      const visitor = await chromium.visit()
      await visitor.page.goto(`${latchkey.url}/sign-in?__clerk_ticket=${token}&redirect_url=/user`)
      await arrive(visitor.page, `${latchkey.url}/user**`)
      const { data } = await latchkey.client.sessions.getSessionList({ userId: id })
      const session = data[0]!.id
      expect(await toldAt(APP, visitor, '/popup-callback')).toEqual([{ origin: latchkey.url, session }])
      for (const elsewhere of ['http://elsewhere.example', 'http://partner.example']) {
        expect(await toldAt(elsewhere, visitor, '/popup-callback')).toEqual([])
      }
    })

    it('tell where to go on, if it is at the page that asks', async () => {
      const visitor = await chromium.visit()
      const path = (origin: string) => `/popup-callback?return_url=${encodeURIComponent(`${origin}/sso-callback`)}`
      expect(await toldAt(APP, visitor, path(APP))).toEqual([
        { origin: latchkey.url, return_url: `${APP}/sso-callback` },
      ])
      const elsewhere = 'http://elsewhere.example'
      expect(await toldAt(elsewhere, visitor, path(elsewhere))).toEqual([])
      expect(await toldAt(elsewhere, visitor, path(APP))).toEqual([])
    })
  })
})
