import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { continueWith, expectQuiet, signOut, userOf } from '../clerk-js.test-support.js'
import type { Stage } from '../stage.test-support.js'
import { atHome, EMAIL_ADDRESS, enterAda } from './ada.test-support.js'
import { choose, item, press, submit } from './profile.test-support.js'

const PASSKEYS = { attributes: { passkey: { enabled: true } } }

interface ClerkWindow {
  Clerk: { user: { passkeys: { name: string }[] } }
}

/** A device of the browser's own, which verifies its user without being asked. */
async function plugIn(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

export function passkeyFlows(stage: Stage): void {
  it('a passkey that the browser offers for the field of the identifier signs in', async () => {
    const { app, visitor, page, userId } = await enterAda(stage, { settings: PASSKEYS })
    await plugIn(page)
    await app.go(visitor, '/user/security')
    await press(visitor, 'Add a passkey')
    await item(visitor, 'passkeys', 'Chrome on Linux').waitFor()
    await signOut(visitor)
    // The device takes the offer by itself.
    await page.goto(app.at('/sign-in'))
    await atHome(visitor, app)
    expect(await userOf(visitor)).toBe(userId)
    expectQuiet(visitor)
  })

  it('a passkey is added in UserProfile, signs in alone and after the identifier, and is removed', async () => {
    const { app, visitor, page, userId, user } = await enterAda(stage, {
      settings: { ...PASSKEYS, passkey: { allow_autofill: false } },
    })
    await plugIn(page)
    const passkeys = () => page.evaluate(() => (window as unknown as ClerkWindow).Clerk.user.passkeys)
    await app.go(visitor, '/user/security')
    await press(visitor, 'Add a passkey')
    await choose(item(visitor, 'passkeys', 'Chrome on Linux'), 'Rename')
    await submit(page.getByLabel('Name of passkey'), 'Laptop')
    await item(visitor, 'passkeys', 'Laptop').waitFor()
    await visitor.picture('user-profile-passkey')
    expect(await passkeys()).toMatchObject([{ name: 'Laptop' }])
    expect((await user()).publicMetadata).toEqual({})

    await signOut(visitor)
    await app.go(visitor, '/sign-in')
    await visitor.picture('sign-in-passkey')
    await page.getByRole('link', { name: /passkey/i }).click()
    await atHome(visitor, app)
    expect(await userOf(visitor)).toBe(userId)

    await signOut(visitor)
    await app.go(visitor, '/sign-in')
    await continueWith(visitor, 'Email address', EMAIL_ADDRESS)
    await page.getByRole('heading', { name: /passkey/i }).waitFor()
    await visitor.picture('sign-in-passkey-factor')
    await press(visitor, 'Continue')
    await atHome(visitor, app)
    expect(await userOf(visitor)).toBe(userId)

    await app.go(visitor, '/user/security')
    await choose(item(visitor, 'passkeys', 'Laptop'), 'Remove')
    await press(visitor, 'Remove')
    await expect.poll(passkeys).toEqual([])
    expectQuiet(visitor)
  })
}
