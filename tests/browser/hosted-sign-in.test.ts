import { beforeAll, describe, expect, it } from 'vitest'
import { arrive, executablePath, useChromium } from './chromium.test-support.js'
import { continueWith, enterCode, expectQuiet, signInWithPassword, userOf } from './clerk-js.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'
import { usePlainApp } from './plain-app.test-support.js'

const PASSWORD = 'a quiet harbour at dusk'

describe.skipIf(!executablePath)('on the hosted pages', () => {
  const chromium = useChromium()
  const latchkey = useLatchkey()
  const app = usePlainApp(latchkey)
  let userId: string

  beforeAll(async () => {
    const { id } = await latchkey.client.users.createUser({ emailAddress: ['ada@example.com'], password: PASSWORD })
    userId = id
  })

  it('signing up ends at the account', async () => {
    const visitor = await chromium.visit()
    const { page } = visitor
    await page.goto(`${latchkey.url}/sign-up`)
    await page.getByLabel('Email address', { exact: true }).fill('grace@example.com')
    await continueWith(visitor, 'Password', PASSWORD)
    await page.getByRole('heading', { name: 'Verify your email' }).waitFor()
    await visitor.picture('hosted-sign-up-code')
    await enterCode(visitor, await latchkey.codeTo('grace@example.com'))
    await page.getByText('Profile details').first().waitFor()
    await visitor.picture('hosted-user')
    expect(new URL(page.url()).pathname).toBe('/user')
    expectQuiet(visitor)
  })

  it('signing in leads back to the application, which knows the person', async () => {
    const visitor = await chromium.visit()
    const { page } = visitor
    await page.goto(`${latchkey.url}/sign-in?redirect_url=${encodeURIComponent(`${app.url}/?from=hosted`)}`)
    await signInWithPassword(visitor, 'ada@example.com', PASSWORD)
    await arrive(page, (url) => url.origin === app.url)
    expect(await userOf(visitor)).toBe(userId)
    expect(new URL(page.url()).searchParams.get('from')).toBe('hosted')
    expect(page.url()).not.toContain('dvb_')
    expectQuiet(visitor)
  })

  it('signing in leads to no page of others', async () => {
    const visitor = await chromium.visit()
    const { page } = visitor
    await page.route('https://attacker.example/**', (route) => route.fulfill({ body: 'stolen' }))
    await page.goto(`${latchkey.url}/sign-in?redirect_url=${encodeURIComponent('https://attacker.example/steal')}`)
    await signInWithPassword(visitor, 'ada@example.com', PASSWORD)
    await arrive(page, (url) => url.pathname === '/user')
    expect(visitor.foreign).toEqual([])
  })
})
