import { describe, expect, it } from 'vitest'
import { arrive, executablePath, type Visitor } from './chromium.test-support.js'
import { expectQuiet, openApplication, signInWithPassword, signOut, userOf } from './clerk-js.test-support.js'
import { atHome, EMAIL_ADDRESS, enterAda, meetAda, PASSWORD } from './flows/ada.test-support.js'
import { matrixFlows } from './flows/every.test-support.js'
import { flowsOf, nextWithPages, useNextDevelopment } from './next-app.test-support.js'
import type { Stage } from './stage.test-support.js'

describe.skipIf(!executablePath).each(nextWithPages)('in an application with %s', (name) => {
  const stage = useNextDevelopment(name)
  serverFlows(stage)
  matrixFlows(stage, flowsOf(name))
})

/** What the server of the application has to do with it. */
function serverFlows(stage: Stage): void {
  const nobody = ({ page }: Visitor) => page.getByText('Nobody is signed in.').waitFor()

  it('a visitor of a page for members comes to the form, and back to the page, which shows who they are', async () => {
    const { app, visitor, page, userId } = await meetAda(stage)
    await page.goto(`${app.url}/dashboard`)
    expect(new URL(page.url()).pathname).toBe('/sign-in')
    await signInWithPassword(visitor, EMAIL_ADDRESS, PASSWORD)
    await arrive(page, `${app.url}/dashboard`)
    expect(await page.textContent('h1')).toBe(EMAIL_ADDRESS)
    const { data } = await app.client.sessions.getSessionList({ userId })
    expect(await page.textContent('#session')).toBe(data[0]!.id)
    expectQuiet(visitor)
  })

  it('a person who signs out with the button is nobody for the server', async () => {
    const { app, visitor, page, userId } = await enterAda(stage)
    expect(await page.textContent('#user')).toBe(userId)
    await page.getByRole('button', { name: 'Open user menu' }).click()
    await page.getByText('Sign out').click()
    await nobody(visitor)
    await page.goto(`${app.url}/dashboard`)
    expect(new URL(page.url()).pathname).toBe('/sign-in')
    expectQuiet(visitor)
  })

  it('pages are redirected as often as they should be, with clerk-js in them', async () => {
    const { app, visitor, page, userId } = await meetAda(stage)
    const visits: string[] = []
    page.on('request', (request) => {
      if (request.isNavigationRequest() && request.frame() === page.mainFrame()) visits.push(request.url())
    })
    /** How often the home page is redirected until it is at rest, and who it is for its server. */
    const open = async () => {
      visits.length = 0
      await openApplication(page, `${app.url}/`)
      return { redirects: visits.length - 1, user: await page.locator('p').first().textContent() }
    }
    expect(await open()).toEqual({ redirects: 3, user: 'Nobody is signed in.' })
    expect(await open()).toEqual({ redirects: 0, user: 'Nobody is signed in.' })
    await app.go(visitor, '/sign-in')
    await signInWithPassword(visitor, EMAIL_ADDRESS, PASSWORD)
    await atHome(visitor, app)
    expect(await userOf(visitor)).toBe(userId)
    expect(await open()).toEqual({ redirects: 0, user: userId })
    await page.context().clearCookies({ name: /^__session/ })
    expect(await open()).toEqual({ redirects: 3, user: userId })
    await signOut(visitor)
    await nobody(visitor)
    expect(await open()).toEqual({ redirects: 0, user: 'Nobody is signed in.' })
    expectQuiet(visitor)
  })
}
