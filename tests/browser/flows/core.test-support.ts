import { verifyToken as verifyTokenOfficially } from '@clerk/backend'
import { verifyToken } from '@latchkey/backend'
import { expect, it } from 'vitest'
import {
  continueWith,
  enterCode,
  expectQuiet,
  signInWithPassword,
  signOut,
  tokenOf,
  userOf,
} from '../clerk-js.test-support.js'
import type { Stage } from '../stage.test-support.js'
import { atHome, EMAIL_ADDRESS, PASSWORD } from './ada.test-support.js'

/** What every application does: signing up, in and out, and a token that its server believes. */
export function coreFlows(stage: Stage): void {
  it('a person signs up by e-mail, stays over a reload, signs out, and in with the password', async () => {
    const app = await stage.open()
    const visitor = await stage.visit()
    const { page } = visitor
    await app.go(visitor, '/sign-up')
    expect(await page.evaluate(() => navigator.webdriver)).toBe(false)
    await page.locator('input[name=emailAddress]').fill(EMAIL_ADDRESS)
    await continueWith(visitor, 'Password', PASSWORD)
    await page.getByRole('heading', { name: 'Verify your email' }).waitFor()
    await visitor.picture('sign-up-code')
    await enterCode(visitor, await app.codeTo(EMAIL_ADDRESS))
    await atHome(visitor, app)
    const userId = await userOf(visitor)
    const { data } = await app.client.users.getUserList({ emailAddress: [EMAIL_ADDRESS] })
    expect(userId).toBe(data[0]!.id)

    await app.go(visitor, '/')
    await page.waitForFunction(() => (window as { Clerk?: { status: string } }).Clerk?.status === 'ready')
    expect(await userOf(visitor)).toBe(userId)
    const token = await tokenOf(visitor)
    const options = { jwtKey: await app.server.admin.jwtKey(app.instance.id), authorizedParties: [app.url] }
    for (const claims of [await verifyToken(token, options), await verifyTokenOfficially(token, options)]) {
      expect(claims).toMatchObject({ sub: userId, azp: app.url })
    }

    await signOut(visitor)
    await app.go(visitor, '/sign-in')
    expect(await page.evaluate(() => (window as { Clerk?: { user: unknown } }).Clerk!.user)).toBeNull()
    await signInWithPassword(visitor, EMAIL_ADDRESS, PASSWORD)
    await atHome(visitor, app)
    expect(await userOf(visitor)).toBe(userId)
    expectQuiet(visitor)
  })
}
