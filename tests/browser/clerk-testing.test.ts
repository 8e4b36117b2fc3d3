import { clerk, clerkSetup, setupClerkTestingToken } from '@clerk/testing/playwright'
import type { Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { cookiesOf } from '../../packages/testing/src/browser.js'
import { executablePath, useChromium } from './chromium.test-support.js'
import { expectQuiet, userOf } from './clerk-js.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'
import { usePlainApp } from './plain-app.test-support.js'

const PASSWORD = 'a quiet harbour at dusk'

describe.skipIf(!executablePath)('an application with Playwright tests', () => {
  const chromium = useChromium()
  const latchkey = useLatchkey()
  const app = usePlainApp(latchkey)
  let userId: string

  beforeAll(async () => {
    const emailAddress = ['ada+clerk_test@example.com']
    userId = (await latchkey.client.users.createUser({ emailAddress, password: PASSWORD })).id
    vi.stubEnv('CLERK_FAPI', '')
    vi.stubEnv('CLERK_TESTING_TOKEN', '')
    vi.stubEnv('CLERK_API_URL', latchkey.url)
    const { publishableKey, secretKey } = latchkey.instance
    await clerkSetup({ publishableKey, secretKey, dotenv: false })
  })
  afterAll(() => {
    vi.unstubAllEnvs()
  })

  it.each(['password', 'email_code'] as const)(
    'signs in with clerk.signIn() of @clerk/testing: %s',
    async (strategy) => {
      const visitor = await chromium.visit()
      const { page } = visitor
      const official = page as unknown as Page
      await setupClerkTestingToken({ page: official })
      await app.open(page, '/')
      const identifier = 'ada+clerk_test@example.com'
      const signInParams =
        strategy === 'password' ? { strategy, identifier, password: PASSWORD } : { strategy, identifier }
      await clerk.signIn({ page: official, signInParams })
      expect(await userOf(visitor)).toBe(userId)
      await clerk.signOut({ page: official })
      // The page loads again, so what it says is asked for until it has.
      await page.waitForFunction(() => (window as unknown as { Clerk?: { user: unknown } }).Clerk?.user === null)
      expectQuiet(visitor)
    },
  )

  it('is signed in by the cookies of @latchkey/testing, in clerk-js too', async () => {
    const visitor = await chromium.visit()
    const { instance, client } = latchkey
    await visitor.page.context().addCookies(await cookiesOf(userId, app.url, { instance, client, fetch }))
    await app.open(visitor.page, '/')
    expect(await userOf(visitor)).toBe(userId)
    expectQuiet(visitor)
  })
})
