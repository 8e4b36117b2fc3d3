import { describe, expect, it } from 'vitest'
import { executablePath, useChromium } from './chromium.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'
import { usePlainApp } from './plain-app.test-support.js'

describe.skipIf(!executablePath)('a plain page', () => {
  const chromium = useChromium()
  const latchkey = useLatchkey()
  const app = usePlainApp(latchkey)

  it.each(['6', '5', '5-headless'] as const)('loads clerk-js %s from this server to "ready"', async (clerkJs) => {
    const { page, errors, foreign } = await chromium.visit()
    await app.open(page, '/', clerkJs)
    const state = await page.evaluate(() => {
      const { status, version, user, client } = (window as unknown as { Clerk: Record<string, never> }).Clerk
      return { status, version, user, hasClient: Boolean(client) }
    })
    expect(state).toEqual({
      status: 'ready',
      version: clerkJs === '6' ? '6.40.0' : '5.128.0',
      user: null,
      hasClient: true,
    })
    expect({ errors, foreign }).toEqual({ errors: [], foreign: [] })
  })

  it('keeps its browser over a reload, and two browsers apart', async () => {
    const ada = await chromium.visit()
    const grace = await chromium.visit()
    const browserOf = async ({ page }: typeof ada) => {
      await app.open(page, '/')
      const cookies = await page.context().cookies(app.url)
      return cookies.find(({ name }) => name === '__clerk_db_jwt')?.value
    }
    const [first, other, again] = [await browserOf(ada), await browserOf(grace), await browserOf(ada)]
    expect(first).toMatch(/^dvb_/)
    expect(again).toBe(first)
    expect(other).not.toBe(first)
  })

  it.each([
    ['/sign-in', '6'],
    ['/sign-up', '6'],
    ['/waitlist', '6'],
    ['/sign-in', '5'],
    ['/sign-up', '5'],
  ] as const)('shows the component of %s with clerk-js %s', async (path, clerkJs) => {
    const { page, errors, foreign, picture } = await chromium.visit()
    await app.open(page, path, clerkJs)
    await page.getByLabel('Email address', { exact: true }).waitFor()
    await picture(`plain${path.replace('/', '-')}-${clerkJs}`)
    expect({ errors, foreign }).toEqual({ errors: [], foreign: [] })
  })
})
