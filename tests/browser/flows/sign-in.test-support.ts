import { expect, it, vi } from 'vitest'
import { arrive, type Visitor } from '../chromium.test-support.js'
import { continueWith, enterCode, expectQuiet, signInWithPassword, signOut, userOf } from '../clerk-js.test-support.js'
import type { Stage } from '../stage.test-support.js'
import { totpAt } from '../../../packages/server/src/flows/profile-security/profile-security.test-support.js'
import { TOTP_SECRET } from '../../../packages/server/src/flows/sign-in/sign-in.test-support.js'
import { ANOTHER_PASSWORD, atHome, EMAIL_ADDRESS, meetAda, PASSWORD, type Ada } from './ada.test-support.js'

export async function chooseAnotherMethod({ page }: Visitor, method: RegExp): Promise<void> {
  const methods = page.getByRole('link', { name: /Use another method/ })
  // Without a router a step is shown, then its page is loaded: what was chosen before that is gone.
  await vi.waitFor(
    async () => {
      if (await methods.isVisible()) await methods.click({ timeout: 5000 })
      await page.getByRole('button', { name: method }).click({ timeout: 5000 })
    },
    { timeout: 60_000 },
  )
}

/** Each way of signing in, other than with a password alone: see `coreFlows`. */
export function signInFlows(stage: Stage): void {
  it('a person signs in with a code by e-mail', async () => {
    const { app, visitor, page, userId } = await meetAda(stage)
    await app.go(visitor, '/sign-in')
    await continueWith(visitor, 'Email address', EMAIL_ADDRESS)
    await chooseAnotherMethod(visitor, /Email code to/)
    await page.getByRole('heading', { name: 'Check your email' }).waitFor()
    await enterCode(visitor, await app.codeTo(EMAIL_ADDRESS))
    await atHome(visitor, app)
    expect(await userOf(visitor)).toBe(userId)
    expectQuiet(visitor)
  })

  it('a person with a wrong password is told so, and can try another', async () => {
    const { app, visitor, page, userId } = await meetAda(stage)
    await app.go(visitor, '/sign-in')
    await continueWith(visitor, 'Email address', EMAIL_ADDRESS)
    await continueWith(visitor, 'Password', ANOTHER_PASSWORD)
    await page.getByTestId('form-feedback-error').waitFor()
    await visitor.picture('sign-in-wrong-password')
    await continueWith(visitor, 'Password', PASSWORD)
    await atHome(visitor, app)
    expect(await userOf(visitor)).toBe(userId)
    expectQuiet(visitor)
  })

  it('a person who is not known is told so', async () => {
    const app = await stage.open()
    const visitor = await stage.visit()
    await app.go(visitor, '/sign-in')
    await continueWith(visitor, 'Email address', EMAIL_ADDRESS)
    await visitor.page.getByTestId('form-feedback-error').waitFor()
    expectQuiet(visitor)
  })

  linkFlows(stage)

  it('a person who forgot the password sets another one', async () => {
    const { app, visitor, page, userId } = await meetAda(stage)
    await app.go(visitor, '/sign-in')
    await continueWith(visitor, 'Email address', EMAIL_ADDRESS)
    await page.getByRole('link', { name: 'Forgot password?' }).click()
    await visitor.picture('forgot-password')
    await page.getByRole('button', { name: 'Reset your password' }).click()
    await page.getByRole('heading', { name: 'Reset password' }).waitFor()
    await enterCode(visitor, await app.codeTo(EMAIL_ADDRESS))
    await enterNewPassword(visitor, 'reset-password')
    await atHome(visitor, app)
    expect(await userOf(visitor)).toBe(userId)
    const { verified } = await app.client.users.verifyPassword({ userId, password: ANOTHER_PASSWORD })
    expect(verified).toBe(true)
    expectQuiet(visitor)
  })

  const BACKUP_CODE = 'k3j9x2m4'
  const secondFactors = { totpSecret: TOTP_SECRET, backupCodes: [BACKUP_CODE, 'another1'] }

  it('a person is asked for a code of the authenticator app', async () => {
    const { app, visitor, page, userId } = await meetAda(stage, { user: secondFactors })
    await app.go(visitor, '/sign-in')
    await signInWithPassword(visitor, EMAIL_ADDRESS, PASSWORD)
    await page.getByRole('heading', { name: 'Two-step verification' }).waitFor()
    await visitor.picture('totp')
    await enterCode(visitor, totpAt(Date.now()))
    await atHome(visitor, app)
    expect(await userOf(visitor)).toBe(userId)
    expectQuiet(visitor)
  })

  it('a person signs in with a backup code, which counts once', async () => {
    const { app, visitor, page, userId } = await meetAda(stage, { user: secondFactors })
    const useBackupCode = async () => {
      await app.go(visitor, '/sign-in')
      await signInWithPassword(visitor, EMAIL_ADDRESS, PASSWORD)
      await chooseAnotherMethod(visitor, /Use a backup code/)
      await visitor.picture('backup-code')
      await continueWith(visitor, 'Backup code', BACKUP_CODE)
    }
    await useBackupCode()
    await atHome(visitor, app)
    expect(await userOf(visitor)).toBe(userId)
    await signOut(visitor)
    await useBackupCode()
    await page.getByTestId('form-feedback-error').waitFor()
    expectQuiet(visitor)
  })

  it('a person signs in with a code by text message as a second factor', async () => {
    const number = '+14155552671'
    const ada = await meetAda(stage, { settings: { attributes: { phone_number: { enabled: true } } } })
    const { app, visitor, userId } = ada
    const reserved = { verified: true, reservedForSecondFactor: true }
    await app.client.phoneNumbers.createPhoneNumber({ userId, phoneNumber: number, ...reserved })
    await signInWithCodeToo(ada, number, 'second-factor-phone')
    expectQuiet(visitor)
  })

  it('a browser that is not known is asked for a code, once', async () => {
    const ada = await meetAda(stage, { settings: { auth: { client_trust: true } } })
    const { app, visitor, userId } = ada
    await signInWithCodeToo(ada, EMAIL_ADDRESS, 'client-trust')
    await signOut(visitor)
    await app.go(visitor, '/sign-in')
    await signInWithPassword(visitor, EMAIL_ADDRESS, PASSWORD)
    await atHome(visitor, app)
    expect(await userOf(visitor)).toBe(userId)
    expectQuiet(visitor)
  })
}

/** With the password, and then with the code that is sent. @param to its address or number @param name of the picture */
async function signInWithCodeToo({ app, visitor, userId }: Ada, to: string, name: string): Promise<void> {
  await app.go(visitor, '/sign-in')
  await signInWithPassword(visitor, EMAIL_ADDRESS, PASSWORD)
  await visitor.page.locator('input[autocomplete="one-time-code"]').waitFor()
  await visitor.picture(name)
  await enterCode(visitor, await app.codeTo(to))
  await atHome(visitor, app)
  expect(await userOf(visitor)).toBe(userId)
}

/** Fills in the form for a new password, and goes on. @param name of its picture */
export async function enterNewPassword({ page, picture }: Visitor, name: string): Promise<void> {
  await page.getByLabel('New password', { exact: true }).fill(ANOTHER_PASSWORD)
  const again = page.getByLabel('Confirm password', { exact: true })
  await again.fill(ANOTHER_PASSWORD)
  await picture(name)
  // The button moves when what is said of the password changes.
  await again.press('Enter')
}

/** A link is for the browser that asked for it. */
export function linkFlows(stage: Stage): void {
  /** @param isStrict whether the link is for no other browser at all */
  const ask = async ({ isStrict = false } = {}) => {
    const ada = await meetAda(stage, {
      settings: {
        attributes: { email_address: { first_factors: ['email_link'], verifications: ['email_link'] } },
        attack_protection: { email_link_require_same_client: isStrict },
      },
      user: { password: undefined },
    })
    await ada.app.go(ada.visitor, '/sign-in')
    await continueWith(ada.visitor, 'Email address', EMAIL_ADDRESS)
    const link = await ada.app.linkTo(EMAIL_ADDRESS)
    // Without a router the page of this step is loaded after the mail was asked for, and begins to wait then.
    await arrive(ada.page, /factor-one/)
    await ada.page.getByRole('heading', { name: 'Check your email' }).waitFor()
    await ada.page.waitForLoadState('networkidle')
    return { ...ada, link }
  }
  const isNobody = ({ page }: Visitor) =>
    page.evaluate(() => (window as { Clerk?: { user: unknown } }).Clerk!.user === null)

  it('a link by e-mail signs in at once in the browser that asked for it', async () => {
    const { visitor, page, userId, link } = await ask({ isStrict: true })
    // The page that waits may see that the link was opened, and leave, before the link's own answer is there.
    await Promise.allSettled([page.goto(link)])
    expect(await userOf(visitor)).toBe(userId)
    expectQuiet(visitor)
  })

  it('a link by e-mail waits for a person in another browser, and signs in where it was asked for', async () => {
    const { app, visitor, userId, link } = await ask()
    const other = await stage.visit()
    await other.page.goto(link)
    await other.page.getByText('Another browser asked for this').waitFor()
    await other.page.getByText(/Chrome on /).waitFor()
    await other.picture('link-landing')
    expect(await isNobody(visitor)).toBe(true)
    await other.page.getByRole('button', { name: 'Sign in' }).click()
    await atHome(visitor, app)
    expect(await userOf(visitor)).toBe(userId)
    expectQuiet(visitor)
    expectQuiet(other)
  })

  it('a link by e-mail is refused in another browser, where it is for one alone', async () => {
    const { visitor, link } = await ask({ isStrict: true })
    const other = await stage.visit()
    await other.page.goto(link)
    await other.page.getByRole('heading', { name: 'Verification link is invalid for this device' }).waitFor()
    await other.picture('link-refused')
    expect([await isNobody(visitor), await isNobody(other)]).toEqual([true, true])
    expectQuiet(visitor)
    expectQuiet(other)
  })
}
