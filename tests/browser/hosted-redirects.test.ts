import { describe, expect, it } from 'vitest'
import { REDIRECT_TRICKS } from '../../packages/server/src/flows/redirect-tricks.test-support.js'
import { arrive, executablePath, useChromium } from './chromium.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'

/** Parameters by which a page says where its component leads once somebody is signed in. */
const PARAMETERS = ['redirect_url', 'sign_in_force_redirect_url', 'sign_in_fallback_redirect_url']

describe.skipIf(!executablePath)('the hosted page for signing in', () => {
  const chromium = useChromium()
  const latchkey = useLatchkey()

  /** Those that lead elsewhere than to this machine, where an application in development may be. */
  const leadsAway = (trick: string) =>
    URL.canParse(trick, latchkey.url) && new URL(trick, latchkey.url).hostname !== 'localhost'

  it.each(PARAMETERS)('leads nobody away who is signed in, whatever %s says', async (parameter) => {
    const emailAddress = `ada-${parameter.replaceAll('_', '-')}@example.com`
    const { id } = await latchkey.client.users.createUser({ emailAddress: [emailAddress] })
    const { token } = await latchkey.client.signInTokens.createSignInToken({ userId: id, expiresInSeconds: 600 })
    const { page, foreign } = await chromium.visit()
    const dialogs: string[] = []
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message())
      void dialog.dismiss()
    })
    await page.goto(`${latchkey.url}/sign-in?__clerk_ticket=${token}`)
    await arrive(page, `${latchkey.url}/user`)

    const tricks = REDIRECT_TRICKS.filter(leadsAway)
    expect(tricks.length).toBeGreaterThan(15)
    for (const trick of tricks) {
      await page.goto(`${latchkey.url}/sign-in?${parameter}=${encodeURIComponent(trick)}`, { waitUntil: 'commit' })
      await arrive(page, (url) => url.pathname !== '/sign-in', { timeout: 30_000, waitUntil: 'commit' })
      // To the profile, or to the first page: clerk-js takes an address that no page can have for that one.
      expect([trick, new URL(page.url()).origin, foreign, dialogs]).toEqual([trick, latchkey.url, [], []])
    }

    // And it does lead where it may: the test would see it.
    await page.goto(`${latchkey.url}/sign-in?${parameter}=${encodeURIComponent(`${latchkey.url}/organization`)}`)
    await arrive(page, `${latchkey.url}/organization`)
  })
})
