import { verifyToken as verifyTokenOfficially } from '@clerk/backend'
import { createClerkClient, verifyToken } from '@latchkey/backend'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Application } from '../adapters/redirects/applications.test-support.js'
import { executablePath, useChromium, type Visitor } from './chromium.test-support.js'
import { continueWith, enterCode, expectQuiet, signInWithPassword, signOut, tokenOf } from './clerk-js.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'
import { buildNextApps, NEXT_BUILDS, nextWithPages, startNextApp } from './next-app.test-support.js'

const PASSWORD = 'a quiet harbour at dusk'

describe.skipIf(!executablePath)('an application of Next', () => {
  const chromium = useChromium()
  const latchkey = useLatchkey()
  beforeAll(() => buildNextApps(nextWithPages), NEXT_BUILDS)

  const running: Application[] = []
  afterEach(() => Promise.all(running.splice(0).map((application) => application.close())))

  /** An application of its own instance, where Ada has a password. */
  async function start(name: (typeof nextWithPages)[number]) {
    const instance = await latchkey.server.createInstance({ name: 'Tea & Co' })
    const { publishableKey, secretKey, frontendApiUrl } = instance
    const keys = { publishableKey, secretKey, apiUrl: latchkey.url, proxyUrl: frontendApiUrl }
    const application = await startNextApp(name, keys)
    running.push(application)
    const client = createClerkClient({ secretKey, apiUrl: latchkey.url })
    const { id: userId } = await client.users.createUser({ emailAddress: ['ada@example.com'], password: PASSWORD })
    return { url: `http://localhost:${application.port}`, instance, client, userId, visitor: await chromium.visit() }
  }

  const visitsOf = ({ page }: Visitor) => {
    const visits: string[] = []
    page.on('request', (request) => {
      if (request.isNavigationRequest() && request.frame() === page.mainFrame()) visits.push(request.url())
    })
    return visits
  }
  const nobody = ({ page }: Visitor) => page.getByText('Nobody is signed in.').waitFor()

  describe.each(nextWithPages)('with %s', (name) => {
    it('signs a person up by e-mail, whom its server knows, and out with the button', async () => {
      const { url, client, visitor } = await start(name)
      const { page } = visitor
      await page.goto(`${url}/sign-up`)
      await page.getByLabel('Email address', { exact: true }).fill('grace@example.com')
      await continueWith(visitor, 'Password', PASSWORD)
      await page.getByRole('heading', { name: 'Verify your email' }).waitFor()
      await enterCode(visitor, await latchkey.codeTo('grace@example.com'))
      await page.waitForURL(`${url}/`)
      const { data } = await client.users.getUserList({ emailAddress: ['grace@example.com'] })
      await page.locator('#user').waitFor()
      expect(await page.textContent('#user')).toBe(data[0]!.id)
      await page.getByRole('button', { name: 'Open user menu' }).click()
      await page.getByText('Sign out').click()
      await nobody(visitor)
      await page.goto(`${url}/dashboard`)
      expect(new URL(page.url()).pathname).toBe('/sign-in')
      expectQuiet(visitor)
    })

    it('leads to the form and back to the page that is for members, which shows who they are', async () => {
      const { url, instance, userId, visitor } = await start(name)
      const { page } = visitor
      await page.goto(`${url}/dashboard`)
      expect(new URL(page.url()).pathname).toBe('/sign-in')
      await visitor.picture(`${name}-sign-in`)
      await signInWithPassword(visitor, 'ada@example.com', PASSWORD)
      await page.waitForURL(`${url}/dashboard`)
      expect(await page.textContent('h1')).toBe('ada@example.com')
      const token = await tokenOf(visitor)
      const options = { jwtKey: await latchkey.server.admin.jwtKey(instance.id), authorizedParties: [url] }
      const sid = await page.textContent('#session')
      for (const claims of [await verifyToken(token, options), await verifyTokenOfficially(token, options)]) {
        expect(claims).toMatchObject({ sub: userId, sid, azp: url })
      }
      expectQuiet(visitor)
    })

    it('is visited as often as it should be, with clerk-js in its pages', async () => {
      const { url, userId, visitor } = await start(name)
      const { page } = visitor
      const context = page.context()
      const visits = visitsOf(visitor)
      /** How often the page was redirected, until it is at rest. */
      const open = async () => {
        visits.length = 0
        await page.goto(url)
        await page.waitForFunction(() => (window as { Clerk?: { loaded: boolean } }).Clerk?.loaded)
        await page.waitForLoadState('networkidle')
        return { redirects: visits.length - 1, user: await page.locator('p').first().textContent() }
      }
      expect(await open()).toMatchObject({ redirects: 3, user: 'Nobody is signed in.' })
      expect(await open()).toMatchObject({ redirects: 0, user: 'Nobody is signed in.' })
      await page.goto(`${url}/sign-in`)
      await signInWithPassword(visitor, 'ada@example.com', PASSWORD)
      await page.locator('#user').waitFor()
      expect(await open()).toEqual({ redirects: 0, user: userId })
      await context.clearCookies({ name: /^__session/ })
      expect(await open()).toEqual({ redirects: 3, user: userId })
      await signOut(visitor)
      await nobody(visitor)
      expect(await open()).toEqual({ redirects: 0, user: 'Nobody is signed in.' })
      expectQuiet(visitor)
    })
  })
})
