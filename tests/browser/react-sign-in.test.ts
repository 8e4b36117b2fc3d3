import { describe, expect, it } from 'vitest'
import { totpAt } from '../../packages/server/src/flows/profile-security/profile-security.test-support.js'
import { executablePath, useChromium, type Visitor } from './chromium.test-support.js'
import { continueWith, enterCode, expectQuiet, signInWithPassword, tokenOf, userOf } from './clerk-js.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'
import { useReactApp, type ReactApp } from './react-app.test-support.js'

const PASSWORD = 'a quiet harbour at dusk'
const ANOTHER_PASSWORD = 'a loud market at noon'
const EMAIL_ADDRESS = 'ada@example.com'

describe.skipIf(!executablePath)('a React application', () => {
  const chromium = useChromium()
  const latchkey = useLatchkey()
  const open = useReactApp(latchkey)

  /** A visitor at one of the application's pages, of an instance where Ada has a password. */
  async function start(
    path: string,
    { settings }: { settings?: object } = {},
  ): Promise<{ app: ReactApp; visitor: Visitor; userId: string }> {
    const app = await open(settings)
    const { id } = await app.client.users.createUser({
      emailAddress: [EMAIL_ADDRESS],
      password: PASSWORD,
      firstName: 'Ada',
      lastName: 'Lovelace',
    })
    const visitor = await chromium.visit()
    await visitor.page.goto(app.url + path)
    return { app, visitor, userId: id }
  }

  const atHome = ({ page }: Visitor, app: ReactApp) => page.waitForURL(`${app.url}/`)
  const shownUser = async ({ page }: Visitor) => {
    await page.locator('#user').waitFor()
    return page.locator('#user').textContent()
  }

  it('with @clerk/clerk-react 5 signs a person in', async () => {
    const { visitor, userId } = await start('/older.html#/')
    await signInWithPassword(visitor, EMAIL_ADDRESS, PASSWORD)
    await visitor.page.waitForURL(/older\.html$/)
    expect(await shownUser(visitor)).toBe(userId)
    expectQuiet(visitor)
  })

  describe('leads a person through what is due first:', () => {
    it('another password', async () => {
      const { app, visitor, userId } = await start('/sign-in')
      const { page } = visitor
      await app.client.users.setPasswordCompromised(userId)
      await signInWithPassword(visitor, EMAIL_ADDRESS, PASSWORD)
      await page.getByRole('button', { name: /Email code to/ }).click()
      await enterCode(visitor, await app.codeTo(EMAIL_ADDRESS))
      await page.waitForURL(`${app.url}/tasks/reset-password**`)
      await page.getByLabel('New password', { exact: true }).fill(ANOTHER_PASSWORD)
      await page.getByLabel('Confirm password', { exact: true }).fill(ANOTHER_PASSWORD)
      await visitor.picture('react-task-password')
      await page.getByRole('button', { name: 'Reset Password' }).click()
      await atHome(visitor, app)
      expect(await userOf(visitor)).toBe(userId)
      expectQuiet(visitor)
    })

    it('an organization', async () => {
      const { app, visitor } = await start('/sign-in', {
        settings: { organization_settings: { enabled: true, personal_accounts_enabled: false } },
      })
      const { page } = visitor
      await signInWithPassword(visitor, EMAIL_ADDRESS, PASSWORD)
      await page.waitForURL(`${app.url}/tasks/choose-organization**`)
      await page.getByLabel('Name', { exact: true }).fill('Tea tasters')
      await visitor.picture('react-task-organization')
      await page.getByRole('button', { name: /Continue|Create organization/ }).click()
      await atHome(visitor, app)
      const { data } = await app.client.organizations.getOrganizationList()
      const claims = JSON.parse(Buffer.from((await tokenOf(visitor)).split('.')[1]!, 'base64url').toString())
      expect(claims).toMatchObject({ o: { id: data[0]!.id } })
      expectQuiet(visitor)
    })

    it('a second factor', async () => {
      const { app, visitor, userId } = await start('/sign-in', { settings: { sign_up: { mfa_required: true } } })
      const { page } = visitor
      await signInWithPassword(visitor, EMAIL_ADDRESS, PASSWORD)
      await page.waitForURL(`${app.url}/tasks/setup-mfa**`)
      await page
        .getByText(/authenticator/i)
        .first()
        .click()
      await page.getByRole('button', { name: /Can’t scan|Can't scan/ }).click()
      await visitor.picture('react-task-mfa')
      const secret = await page.locator('input[readonly]').first().inputValue()
      await page.getByRole('button', { name: 'Continue', exact: true }).click()
      await enterCode(visitor, totpAt(Date.now(), secret))
      await page.getByRole('button', { name: /Finish|Continue/ }).click()
      await atHome(visitor, app)
      expect((await app.client.users.getUser(userId)).totpEnabled).toBe(true)
      expectQuiet(visitor)
    })
  })

  it('holds several people at once, who sign out one by one', async () => {
    const { app, visitor, userId } = await start('/sign-in', { settings: { auth: { single_session_mode: false } } })
    const { page } = visitor
    const grace = await app.client.users.createUser({ emailAddress: ['grace@example.com'], password: PASSWORD })
    await signInWithPassword(visitor, EMAIL_ADDRESS, PASSWORD)
    await atHome(visitor, app)
    await page.getByRole('button', { name: 'Open user menu' }).click()
    await page.getByText('Add account').click()
    await page.waitForURL(`${app.url}/sign-in**`)
    await signInWithPassword(visitor, 'grace@example.com', PASSWORD)
    await atHome(visitor, app)
    expect(await shownUser(visitor)).toBe(grace.id)
    await page.getByRole('button', { name: 'Open user menu' }).click()
    await visitor.picture('react-two-people')
    await page.getByText('Ada Lovelace').click()
    await page.waitForFunction((id) => document.querySelector('#user')?.textContent === id, userId)
    await page.getByRole('button', { name: 'Open user menu' }).click()
    await page.getByText('Sign out', { exact: true }).first().click()
    await page.waitForURL(`${app.url}/sign-in/choose**`)
    const other = page.getByText('grace@example.com')
    await other.waitFor()
    await visitor.picture('react-choose')
    await other.click()
    await atHome(visitor, app)
    expect(await shownUser(visitor)).toBe(grace.id)
    const { data } = await app.client.sessions.getSessionList({ userId, status: 'active' })
    expect(data).toEqual([])
    expectQuiet(visitor)
  })

  it('shows who acts for somebody else, in the session and in its tokens', async () => {
    const { app, visitor, userId } = await start('/')
    const { page } = visitor
    const { token } = await app.client.actorTokens.create({
      userId,
      actor: { sub: 'user_support' },
      expiresInSeconds: 600,
    })
    await page.goto(`${app.url}/sign-in?__clerk_ticket=${token}`)
    await atHome(visitor, app)
    expect(await shownUser(visitor)).toBe(userId)
    expect(await page.locator('#actor').textContent()).toBe('user_support')
    const claims = JSON.parse(Buffer.from((await tokenOf(visitor)).split('.')[1]!, 'base64url').toString())
    expect(claims).toMatchObject({ sub: userId, act: { sub: 'user_support' } })
    await page.getByRole('button', { name: 'Open user menu' }).waitFor()
    await visitor.picture('react-impersonation')
    expectQuiet(visitor)
  })

  it('asks for a fresh factor before something sensitive, and then does it', async () => {
    const { app, visitor, userId } = await start('/sign-in', {
      settings: { attributes: { username: { enabled: true } } },
    })
    const { page } = visitor
    await signInWithPassword(visitor, EMAIL_ADDRESS, PASSWORD)
    await atHome(visitor, app)
    await latchkey.server.database.transaction((tx) =>
      tx
        .updateTable('sessions')
        .set({ first_factor_verified_at: Date.now() - 20 * 60_000 })
        .where('user_id', '=', userId)
        .execute(),
    )
    await page.goto(`${app.url}/rename`)
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.getByRole('heading', { name: 'Verification required' }).waitFor()
    await visitor.picture('react-reverification')
    await continueWith(visitor, 'Password', PASSWORD)
    await page.locator('#username', { hasText: 'countess' }).waitFor()
    expect((await app.client.users.getUser(userId)).username).toBe('countess')
    expectQuiet(visitor)
  })
})
