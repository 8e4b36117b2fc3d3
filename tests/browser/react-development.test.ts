import { describe, expect, it } from 'vitest'
import { arrive, executablePath } from './chromium.test-support.js'
import { continueWith, expectQuiet, signInWithPassword, userOf } from './clerk-js.test-support.js'
import { EMAIL_ADDRESS, enterAdaLongAgo, meetAda, PASSWORD } from './flows/ada.test-support.js'
import { matrixFlows } from './flows/every.test-support.js'
import { useReactDevelopment } from './react-app.test-support.js'

describe.skipIf(!executablePath)('in a React application in development', () => {
  const stage = useReactDevelopment()
  matrixFlows(stage)

  it('@clerk/clerk-react 5 signs a person in', async () => {
    const { app, visitor, page, userId } = await meetAda(stage)
    await page.goto(`${app.url}/older.html#/`)
    await signInWithPassword(visitor, EMAIL_ADDRESS, PASSWORD)
    await arrive(page, /older\.html$/)
    expect(await userOf(visitor)).toBe(userId)
    expectQuiet(visitor)
  })

  it('a function of the application is asked for a fresh factor, and then does its work', async () => {
    const { app, visitor, page, user } = await enterAdaLongAgo(stage, {
      settings: { attributes: { username: { enabled: true } } },
    })
    await app.go(visitor, '/rename')
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.getByRole('heading', { name: 'Verification required' }).waitFor()
    await continueWith(visitor, 'Password', PASSWORD)
    await page.locator('#username', { hasText: 'countess' }).waitFor()
    expect((await user()).username).toBe('countess')
    expectQuiet(visitor)
  })
})
