import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { executablePath, useChromium } from './chromium.test-support.js'
import { continueWith, expectQuiet, signInWithPassword, signOut, userOf } from './clerk-js.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'
import { usePlainApp } from './plain-app.test-support.js'

const PASSWORD = 'a quiet harbour at dusk'

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

describe.skipIf(!executablePath)('a passkey', { timeout: 180_000 }, () => {
  const chromium = useChromium()
  const latchkey = useLatchkey()
  const app = usePlainApp(latchkey)
  let userId: string

  beforeAll(async () => {
    await latchkey.server.database.transaction((tx) =>
      tx
        .updateTable('instances')
        // Nothing is offered to the field of the identifier: a page waits for that until it is left.
        .set({
          settings: JSON.stringify({
            attributes: { passkey: { enabled: true } },
            passkey: { allowAutofill: false },
            auth: { singleSessionMode: true },
          }),
          updated_at: Date.now(),
        })
        .where('id', '=', latchkey.instance.id)
        .execute(),
    )
    await new Promise((resolve) => setTimeout(resolve, 1100))
    const user = await latchkey.client.users.createUser({ emailAddress: ['ada@example.com'], password: PASSWORD })
    userId = user.id
  })

  it('is added in UserProfile, and signs its user in: alone, and after the identifier', async () => {
    const visitor = await chromium.visit()
    const { page } = visitor
    await app.open(page, '/sign-in')
    await plugIn(page)
    await signInWithPassword(visitor, 'ada@example.com', PASSWORD)
    expect(await userOf(visitor)).toBe(userId)

    await app.open(page, '/user/security')
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByText('Chrome on Linux').waitFor()
    await visitor.picture('user-profile-passkey')
    const passkeys = await page.evaluate(() => (window as unknown as ClerkWindow).Clerk.user.passkeys)
    expect(passkeys).toMatchObject([{ name: 'Chrome on Linux' }])
    expect((await latchkey.client.users.getUser(userId)).publicMetadata).toEqual({})

    await signOut(visitor)
    await app.open(page, '/sign-in')
    await visitor.picture('sign-in-passkey')
    await page.getByRole('link', { name: /passkey/i }).click()
    expect(await userOf(visitor)).toBe(userId)

    await signOut(visitor)
    await app.open(page, '/sign-in')
    await continueWith(visitor, 'Email address', 'ada@example.com')
    await page.getByRole('heading', { name: /passkey/i }).waitFor()
    await visitor.picture('sign-in-passkey-factor')
    await page.getByRole('button', { name: 'Continue', exact: true }).click()
    expect(await userOf(visitor)).toBe(userId)
    expectQuiet(visitor)
  })
})
