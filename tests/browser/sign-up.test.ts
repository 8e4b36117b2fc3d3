import { describe, expect, it } from 'vitest'
import { executablePath, useChromium, type Visitor } from './chromium.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'
import { usePlainApp } from './plain-app.test-support.js'

const PASSWORD = 'a quiet harbour at dusk'

describe.skipIf(!executablePath)('signing up', () => {
  const chromium = useChromium()
  const latchkey = useLatchkey()
  const app = usePlainApp(latchkey)

  async function fillIn({ page }: Visitor, emailAddress: string): Promise<void> {
    await page.getByLabel('Email address', { exact: true }).fill(emailAddress)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Continue', exact: true }).click()
  }

  async function enterCode({ page }: Visitor, code: string): Promise<void> {
    await page.getByRole('heading', { name: 'Verify your email' }).waitFor()
    await page.locator('input[autocomplete="one-time-code"]').pressSequentially(code)
  }

  const signedIn = ({ page }: Visitor) =>
    page.waitForFunction(() => (window as unknown as { Clerk?: { user?: unknown } }).Clerk?.user)

  it.each(['6', '5'] as const)('by e-mail code with clerk-js %s makes a user with a session', async (clerkJs) => {
    const emailAddress = `ada-${clerkJs}@example.com`
    const visitor = await chromium.visit()
    await app.open(visitor.page, '/sign-up', clerkJs)
    await fillIn(visitor, emailAddress)
    await enterCode(visitor, await latchkey.codeTo(emailAddress))
    await signedIn(visitor)

    const token = await visitor.page.evaluate(() =>
      (window as unknown as { Clerk: { session: { getToken(): Promise<string> } } }).Clerk.session.getToken(),
    )
    const { data } = await latchkey.client.users.getUserList({ emailAddress: [emailAddress] })
    const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sub: string }
    expect(claims.sub).toBe(data[0]!.id)
    expect({ errors: visitor.errors, foreign: visitor.foreign }).toEqual({ errors: [], foreign: [] })
  })

  it('on the hosted page ends at the account', async () => {
    const visitor = await chromium.visit()
    await visitor.page.goto(`${latchkey.url}/sign-up`)
    await fillIn(visitor, 'grace@example.com')
    await visitor.page.getByRole('heading', { name: 'Verify your email' }).waitFor()
    await visitor.picture('hosted-sign-up-code')
    await enterCode(visitor, await latchkey.codeTo('grace@example.com'))
    await visitor.page.getByText('Profile details').first().waitFor()
    await visitor.picture('hosted-user')
    expect(new URL(visitor.page.url()).pathname).toBe('/user')
    expect({ errors: visitor.errors, foreign: visitor.foreign }).toEqual({ errors: [], foreign: [] })
  })

  it('tells of a wrong code, and takes the right one after it', async () => {
    const visitor = await chromium.visit()
    await app.open(visitor.page, '/sign-up')
    await fillIn(visitor, 'joan@example.com')
    const code = await latchkey.codeTo('joan@example.com')
    await enterCode(visitor, code === '000000' ? '111111' : '000000')
    await visitor.page.getByTestId('form-feedback-error').getByText('Incorrect code').waitFor()
    await visitor.picture('plain-sign-up-wrong-code')
    // The component takes the wrong one away a moment after it has said so.
    await visitor.page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('input[autocomplete="one-time-code"]')?.value === '',
    )
    await visitor.page.locator('input[autocomplete="one-time-code"]').pressSequentially(code)
    await signedIn(visitor)
    expect(visitor.errors).toEqual([])
  })
})
