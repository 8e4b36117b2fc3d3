import { beforeAll, describe, expect, it } from 'vitest'
import { executablePath, useChromium } from './chromium.test-support.js'
import { continueWith, expectQuiet, userOf } from './clerk-js.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'
import { usePlainApp } from './plain-app.test-support.js'

describe.skipIf(!executablePath)('signing in with a link by e-mail', () => {
  const chromium = useChromium()
  const latchkey = useLatchkey({
    seed: {
      instance: {
        attributes: { email_address: { first_factors: ['email_link'], verifications: ['email_link'] } },
      },
    },
  })
  const app = usePlainApp(latchkey)
  let userId: string

  beforeAll(async () => {
    const user = await latchkey.client.users.createUser({ emailAddress: ['ada@example.com'] })
    userId = user.id
  })

  const ask = async () => {
    const visitor = await chromium.visit()
    await app.open(visitor.page, '/sign-in')
    await continueWith(visitor, 'Email address', 'ada@example.com')
    return { visitor, link: await latchkey.linkTo('ada@example.com') }
  }

  it('waits in another browser for a person, and signs in where it was asked for', async () => {
    const { visitor, link } = await ask()
    const other = await chromium.visit()
    await other.page.goto(link)
    await other.page.getByText('Another browser asked for this').waitFor()
    await other.page.getByText(/Chrome on /).waitFor()
    await other.picture('link-landing')
    expect(await visitor.page.evaluate(() => (window as { Clerk?: { user: unknown } }).Clerk!.user)).toBeNull()
    await other.page.getByRole('button', { name: 'Sign in' }).click()
    expect(await userOf(visitor)).toBe(userId)
    expectQuiet(visitor)
  })

  it('goes on by itself in the browser that asked for it', async () => {
    const { visitor, link } = await ask()
    // The page that waits may see that the link was opened, and leave, before the link's own answer is there.
    await Promise.allSettled([visitor.page.goto(link)])
    expect(await userOf(visitor)).toBe(userId)
    expectQuiet(visitor)
  })
})
