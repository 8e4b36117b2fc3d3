import { arrive } from '../chromium.test-support.js'
import { expect, it, vi } from 'vitest'
import { totpAt } from '../../../packages/server/src/flows/profile-security/profile-security.test-support.js'
import { claimsOf, continueWith, enterCode, expectQuiet, signInWithPassword, userOf } from '../clerk-js.test-support.js'
import type { Stage } from '../stage.test-support.js'
import {
  ANOTHER_PASSWORD,
  atHome,
  EMAIL_ADDRESS,
  enter,
  enterAda,
  enterAdaLongAgo,
  enterWith,
  meetAda,
  PASSWORD,
} from './ada.test-support.js'
import { section, submit } from './profile.test-support.js'
import { enterNewPassword } from './sign-in.test-support.js'

/** What a session can be beside one person's who is done with signing in. */
export function sessionFlows(stage: Stage): void {
  it('a person with a bad password is led to set another one first', async () => {
    const { app, visitor, page, userId } = await meetAda(stage)
    await app.client.users.setPasswordCompromised(userId)
    await app.go(visitor, '/sign-in')
    await signInWithPassword(visitor, EMAIL_ADDRESS, PASSWORD)
    const asked = page.getByRole('heading', { name: 'Check your email' })
    // The ways in are shown a moment before the page takes a click on one.
    await vi.waitFor(
      async () => {
        if (!(await asked.isVisible()))
          await page.getByRole('button', { name: /Email code to/ }).click({ timeout: 5000 })
        await asked.waitFor({ timeout: 5000 })
      },
      { timeout: 60_000 },
    )
    await enterCode(visitor, await app.codeTo(EMAIL_ADDRESS))
    await arrive(page, '**/tasks/reset-password**')
    await enterNewPassword(visitor, 'task-password')
    await atHome(visitor, app)
    expect(await userOf(visitor)).toBe(userId)
    const { verified } = await app.client.users.verifyPassword({ userId, password: ANOTHER_PASSWORD })
    expect(verified).toBe(true)
    expectQuiet(visitor)
  })

  it('a person without an organization is led to make one first, where everybody is in one', async () => {
    const { app, visitor, page } = await meetAda(stage, {
      settings: { organization_settings: { enabled: true, personal_accounts_enabled: false } },
    })
    await app.go(visitor, '/sign-in')
    await signInWithPassword(visitor, EMAIL_ADDRESS, PASSWORD)
    await arrive(page, '**/tasks/choose-organization**')
    await page.getByLabel('Name', { exact: true }).fill('Tea tasters')
    await visitor.picture('task-organization')
    await page.getByRole('button', { name: /Continue|Create organization/ }).click()
    await atHome(visitor, app)
    const { data } = await app.client.organizations.getOrganizationList()
    expect(data).toMatchObject([{ name: 'Tea tasters' }])
    expect(await claimsOf(visitor)).toMatchObject({ o: { id: data[0]!.id } })
    expectQuiet(visitor)
  })

  it('a person without a second factor is led to set one up first, where everybody has one', async () => {
    const { app, visitor, page, user } = await meetAda(stage, { settings: { sign_up: { mfa_required: true } } })
    await app.go(visitor, '/sign-in')
    await signInWithPassword(visitor, EMAIL_ADDRESS, PASSWORD)
    await arrive(page, '**/tasks/setup-mfa**')
    await page
      .getByText(/authenticator/i)
      .first()
      .click()
    await page.getByRole('button', { name: /Can.t scan/ }).click()
    await visitor.picture('task-mfa')
    const secret = await page.locator('input[readonly]').first().inputValue()
    await page.getByRole('button', { name: 'Continue', exact: true }).click()
    await enterCode(visitor, totpAt(Date.now(), secret))
    await page.getByRole('button', { name: /Finish|Continue/ }).click()
    await atHome(visitor, app)
    expect((await user()).totpEnabled).toBe(true)
    expectQuiet(visitor)
  })

  it('several people are signed in at once, change places and sign out one by one', async () => {
    const { app, visitor, page, userId } = await enterAda(stage, { settings: { auth: { single_session_mode: false } } })
    const grace = await app.client.users.createUser({ emailAddress: ['grace@example.com'], password: PASSWORD })
    const openMenu = async () => {
      await app.go(visitor, '/button')
      await page.getByRole('button', { name: 'Open user menu' }).click()
    }
    await openMenu()
    await page.getByText('Add account').click()
    await arrive(page, `${app.at('/sign-in')}**`)
    await signInWithPassword(visitor, 'grace@example.com', PASSWORD)
    await atHome(visitor, app)
    expect(await userOf(visitor)).toBe(grace.id)

    await openMenu()
    await visitor.picture('two-people')
    await page.getByText('Ada Lovelace').click()
    await page.waitForFunction((id) => (window as { Clerk?: { user?: { id: string } } }).Clerk?.user?.id === id, userId)

    await openMenu()
    await page.getByText('Sign out', { exact: true }).first().click()
    await arrive(page, `${app.at('/sign-in/choose')}**`)
    const other = page.getByText('grace@example.com')
    await other.waitFor()
    await visitor.picture('choose')
    await other.click()
    await atHome(visitor, app)
    expect(await userOf(visitor)).toBe(grace.id)
    const { data } = await app.client.sessions.getSessionList({ userId, status: 'active' })
    expect(data).toEqual([])
    expectQuiet(visitor)
  })

  it('somebody who acts for a person is named in the session and in its tokens', async () => {
    const { app, visitor, page, userId } = await meetAda(stage)
    const actor = { sub: 'user_support' }
    const { token } = await app.client.actorTokens.create({ userId, actor, expiresInSeconds: 600 })
    await enterWith(app, visitor, token!)
    expect(await userOf(visitor)).toBe(userId)
    expect(await claimsOf(visitor)).toMatchObject({ sub: userId, act: actor })
    const shown = await page.evaluate(
      () => (window as unknown as { Clerk: { session: { actor: object } } }).Clerk.session.actor,
    )
    expect(shown).toMatchObject(actor)
    await app.go(visitor, '/button')
    await page.getByRole('button', { name: 'Open user menu' }).waitFor()
    await visitor.picture('impersonation')
    expectQuiet(visitor)
  })

  it('a session that is not fresh is asked for a factor before something sensitive, which is then done', async () => {
    const { app, visitor, page, user } = await enterAdaLongAgo(stage, {
      settings: { attributes: { username: { enabled: true } } },
    })
    await app.go(visitor, '/user')
    await section(visitor, 'username').getByRole('button', { name: 'Set username' }).click()
    await submit(page.getByLabel('Username'), 'countess')
    await page.getByRole('heading', { name: 'Verification required' }).waitFor()
    await visitor.picture('reverification')
    await continueWith(visitor, 'Password', PASSWORD)
    await expect.poll(async () => (await user()).username).toBe('countess')
    expectQuiet(visitor)
  })

  it('the button signs a person out', async () => {
    const { app, visitor, page, userId } = await enterAda(stage)
    await app.go(visitor, '/button')
    await page.getByRole('button', { name: 'Open user menu' }).click()
    await page.getByText('Manage account').waitFor()
    await visitor.picture('user-button')
    await page.getByText('Sign out').click()
    await atHome(visitor, app)
    await page.waitForFunction(() => (window as { Clerk?: { user: unknown } }).Clerk?.user === null)
    const { data } = await app.client.sessions.getSessionList({ userId, status: 'active' })
    expect(data).toEqual([])
    // And the browser is free for the next person.
    await enter(app, visitor, userId)
    expectQuiet(visitor)
  })
}
