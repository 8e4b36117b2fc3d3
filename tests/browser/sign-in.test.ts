import { beforeAll, describe, expect, it } from 'vitest'
import { executablePath, useChromium, type Visitor } from './chromium.test-support.js'
import {
  continueWith,
  enterCode,
  expectQuiet,
  signInWithPassword,
  signOut,
  tokenOf,
  userOf,
} from './clerk-js.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'
import { usePlainApp } from './plain-app.test-support.js'

const PASSWORD = 'a quiet harbour at dusk'

describe.skipIf(!executablePath)('signing in', () => {
  const chromium = useChromium()
  const latchkey = useLatchkey()
  const app = usePlainApp(latchkey)
  let userId: string

  beforeAll(async () => {
    const user = await latchkey.client.users.createUser({
      emailAddress: ['ada@example.com'],
      password: PASSWORD,
      firstName: 'Ada',
      lastName: 'Lovelace',
    })
    userId = user.id
  })

  const withPassword = (visitor: Visitor) => signInWithPassword(visitor, 'ada@example.com', PASSWORD)

  it.each(['6', '5'] as const)('with a password and clerk-js %s', async (clerkJs) => {
    const visitor = await chromium.visit()
    await app.open(visitor.page, '/sign-in', clerkJs)
    await withPassword(visitor)
    expect(await userOf(visitor)).toBe(userId)
    expect(await tokenOf(visitor)).toMatch(/^eyJ/)
    expectQuiet(visitor)
  })

  it('with a code by e-mail', async () => {
    const visitor = await chromium.visit()
    const { page } = visitor
    await app.open(page, '/sign-in')
    await continueWith(visitor, 'Email address', 'ada@example.com')
    await page.getByRole('link', { name: 'Use another method' }).click()
    await page.getByRole('button', { name: /Email code to/ }).click()
    await page.getByRole('heading', { name: 'Check your email' }).waitFor()
    await enterCode(visitor, await latchkey.codeTo('ada@example.com'))
    expect(await userOf(visitor)).toBe(userId)
    expectQuiet(visitor)
  })

  it('with a wrong password says so, and lets another try', async () => {
    const visitor = await chromium.visit()
    await app.open(visitor.page, '/sign-in')
    await continueWith(visitor, 'Email address', 'ada@example.com')
    await continueWith(visitor, 'Password', 'another harbour at dawn')
    await visitor.page.getByTestId('form-feedback-error').waitFor()
    await visitor.picture('plain-sign-in-wrong-password')
    await continueWith(visitor, 'Password', PASSWORD)
    expect(await userOf(visitor)).toBe(userId)
    expectQuiet(visitor)
  })

  it('as nobody it knows says so', async () => {
    const visitor = await chromium.visit()
    await app.open(visitor.page, '/sign-in')
    await continueWith(visitor, 'Email address', 'nobody@example.com')
    await visitor.page.getByTestId('form-feedback-error').waitFor()
    expectQuiet(visitor)
  })

  it('on the hosted page leads back to the application, which knows the person', async () => {
    const visitor = await chromium.visit()
    const { page } = visitor
    await page.goto(`${latchkey.url}/sign-in?redirect_url=${encodeURIComponent(`${app.url}/?from=hosted`)}`)
    await withPassword(visitor)
    await page.waitForURL((url) => url.origin === app.url)
    expect(await userOf(visitor)).toBe(userId)
    expect(new URL(page.url()).searchParams.get('from')).toBe('hosted')
    expect(page.url()).not.toContain('dvb_')
    expectQuiet(visitor)
  })

  it('on the hosted page leads to no page of others', async () => {
    const visitor = await chromium.visit()
    const { page } = visitor
    await page.route('https://attacker.example/**', (route) => route.fulfill({ body: 'stolen' }))
    await page.goto(`${latchkey.url}/sign-in?redirect_url=${encodeURIComponent('https://attacker.example/steal')}`)
    await withPassword(visitor)
    await page.waitForURL((url) => url.pathname === '/user')
    expect(visitor.foreign).toEqual([])
  })

  it('lasts over a reload, until the person signs out', async () => {
    const visitor = await chromium.visit()
    const { page } = visitor
    await app.open(page, '/sign-in')
    await withPassword(visitor)
    await userOf(visitor)
    await app.open(page, '/')
    expect(await userOf(visitor)).toBe(userId)
    await signOut(visitor)
    await app.open(page, '/')
    expect(await page.evaluate(() => (window as unknown as { Clerk: { user: unknown } }).Clerk.user)).toBeNull()
    expectQuiet(visitor)
  })
})
