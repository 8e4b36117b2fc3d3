import type { Locator } from 'playwright-core'
import { describe, expect, it, vi } from 'vitest'
import { totpAt } from '../../packages/server/src/flows/profile-security/profile-security.test-support.js'
import { cookiesOf } from '../../packages/testing/src/browser.js'
import { executablePath, useChromium, type Visitor } from './chromium.test-support.js'
import { enterCode, expectQuiet } from './clerk-js.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'
import { useReactApp, type ReactApp } from './react-app.test-support.js'

const PASSWORD = 'a quiet harbour at dusk'
const ANOTHER_PASSWORD = 'a loud market at noon'
const PHONE_NUMBER = '+12015552671'
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Each section of the published profiles, used once. */
describe.skipIf(!executablePath)('in a React application', () => {
  const chromium = useChromium()
  const latchkey = useLatchkey()
  const open = useReactApp(latchkey)

  /** Ada, signed in, at a page of the application. */
  async function start(path: string, settings?: object) {
    const app = await open(settings)
    const user = await app.client.users.createUser({
      emailAddress: ['ada@example.com'],
      password: PASSWORD,
      firstName: 'Ada',
      lastName: 'Lovelace',
    })
    const visitor = await visit(app, user.id)
    return { app, visitor, page: visitor.page, userId: user.id, user: () => app.client.users.getUser(user.id), path }
  }

  async function visit(app: ReactApp, userId: string): Promise<Visitor> {
    const visitor = await chromium.visit()
    const { instance, client } = app
    await visitor.page.context().addCookies(await cookiesOf(userId, app.url, { instance, client, fetch }))
    return visitor
  }

  /** The row of a section, which is named as on the screen. */
  const section = ({ page }: Visitor, id: string) => page.locator(`.cl-profileSection__${id}`)

  /** A form that closes by itself draws the page anew, and a click in that moment is lost. */
  const openForm = (button: Locator, field: Locator) =>
    vi.waitFor(
      async () => {
        if (!(await field.isVisible())) await button.click()
        await field.waitFor({ timeout: 2000 })
      },
      { timeout: 30_000 },
    )

  /** The switcher, while it shows what is chosen. */
  const switcher = ({ page }: Visitor, hasText: string) => page.locator('.cl-organizationSwitcherTrigger', { hasText })

  it('a person changes the profile: names, picture, username, addresses and numbers', async () => {
    const { app, visitor, page, user } = await start('/user', {
      attributes: { username: { enabled: true }, phone_number: { enabled: true } },
    })
    await page.goto(`${app.url}/user`)
    await page.getByRole('heading', { name: 'Profile details' }).waitFor()
    await visitor.picture('react-profile')

    await section(visitor, 'profile').getByRole('button', { name: 'Update profile' }).click()
    await page.locator('input[type=file]').setInputFiles({ name: 'ada.png', mimeType: 'image/png', buffer: PICTURE })
    await expect.poll(async () => (await user()).hasImage, { timeout: 30_000 }).toBe(true)
    // With the picture the form closes.
    await page.getByLabel('First name').waitFor({ state: 'detached' })
    await section(visitor, 'profile').getByRole('button', { name: 'Update profile' }).click()
    await page.getByLabel('First name').fill('Augusta')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect.poll(async () => (await user()).firstName, { timeout: 30_000 }).toBe('Augusta')

    const username = page.getByLabel('Username')
    await openForm(section(visitor, 'username').getByRole('button', { name: 'Set username' }), username)
    await username.fill('countess')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect.poll(async () => (await user()).username, { timeout: 30_000 }).toBe('countess')

    const address = page.getByLabel('Email address', { exact: true })
    await openForm(section(visitor, 'emailAddresses').getByRole('button', { name: 'Add email address' }), address)
    await address.fill('augusta@example.com')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await enterCode(visitor, await app.codeTo('augusta@example.com'))
    await section(visitor, 'emailAddresses').getByText('augusta@example.com', { exact: true }).waitFor()

    const number = page.locator('input[name=phoneNumber]')
    await openForm(section(visitor, 'phoneNumbers').getByRole('button', { name: 'Add phone number' }), number)
    await number.fill(PHONE_NUMBER)
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await enterCode(visitor, await app.codeTo(PHONE_NUMBER))
    await expect
      .poll(async () => (await user()).phoneNumbers[0]?.verification?.status, { timeout: 30_000 })
      .toBe('verified')
    await visitor.picture('react-profile-changed')
    expectQuiet(visitor)
  })

  it('a person changes the password, sets up the app and backup codes, and ends another session', async () => {
    const { app, visitor, page, user, userId } = await start('/user')
    await visit(app, userId)
    await page.goto(`${app.url}/user/security`)
    await section(visitor, 'activeDevices').waitFor()
    await visitor.picture('react-security')

    await section(visitor, 'password').getByRole('button', { name: 'Update password' }).click()
    const current = page.getByLabel('Current password')
    if (await current.isVisible()) await current.fill(PASSWORD)
    await page.getByLabel('New password', { exact: true }).fill(ANOTHER_PASSWORD)
    await page.getByLabel('Confirm password', { exact: true }).fill(ANOTHER_PASSWORD)
    // Another session is to be left, for below.
    const signOutOthers = page.getByRole('checkbox')
    if (await signOutOthers.isVisible()) await signOutOthers.uncheck()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect
      .poll(
        () =>
          app.client.users.verifyPassword({ userId, password: ANOTHER_PASSWORD }).then(
            ({ verified }) => verified,
            () => false,
          ),
        { timeout: 30_000 },
      )
      .toBe(true)

    await section(visitor, 'mfa').getByRole('button', { name: 'Add two-step verification' }).click()
    await page.getByRole('menuitem', { name: 'Authenticator application' }).click()
    await page.getByRole('button', { name: /Can.t scan/ }).click()
    const secret = await page.locator('input[readonly]').first().inputValue()
    await page.getByRole('button', { name: 'Continue', exact: true }).click()
    await enterCode(visitor, totpAt(Date.now(), secret))
    await page
      .getByText(/backup codes/i)
      .first()
      .waitFor()
    await visitor.picture('react-security-backup-codes')
    await expect.poll(async () => (await user()).totpEnabled, { timeout: 30_000 }).toBe(true)
    expect((await user()).backupCodeEnabled).toBe(true)

    await page.reload()
    const devices = section(visitor, 'activeDevices')
    await devices.getByRole('button', { name: 'Open menu' }).click()
    await page.getByRole('menuitem', { name: 'Sign out of device' }).click()
    await expect
      .poll(async () => (await app.client.sessions.getSessionList({ userId, status: 'active' })).data.length, {
        timeout: 30_000,
      })
      .toBe(1)
    expectQuiet(visitor)
  })

  it('a person deletes the account', async () => {
    const { app, visitor, page, userId } = await start('/user')
    await page.goto(`${app.url}/user/security`)
    await section(visitor, 'danger').getByRole('button', { name: 'Delete account' }).click()
    await page.getByRole('textbox').fill('Delete account')
    await page.getByRole('button', { name: 'Delete account' }).last().click()
    await expect
      .poll(
        () =>
          app.client.users.getUser(userId).then(
            () => 'there',
            (error: unknown) => (error as { status: number }).status,
          ),
        {
          timeout: 30_000,
        },
      )
      .toBe(404)
    expectQuiet(visitor)
  })

  it('a person makes an organization with the switcher, and is in it', async () => {
    const { app, visitor, page } = await start('/switcher', { organization_settings: { enabled: true } })
    await page.goto(`${app.url}/switcher`)
    await page.getByRole('button', { name: 'Open organization switcher' }).click()
    await visitor.picture('react-switcher')
    await page.getByText('Create organization').click()
    await page.getByLabel('Name', { exact: true }).fill('Tea tasters')
    await page.getByRole('button', { name: 'Create organization' }).last().click()
    await expect
      .poll(async () => (await app.client.organizations.getOrganizationList()).data.map(({ name }) => name), {
        timeout: 30_000,
      })
      .toEqual(['Tea tasters'])
    await switcher(visitor, 'Tea tasters').waitFor()
    expectQuiet(visitor)
  })

  it('an administrator uses each section of an organization', async () => {
    const { app, visitor, page, userId } = await start('/organization', {
      organization_settings: {
        enabled: true,
        domains_enabled: true,
        domains_enrollment_modes: ['automatic_invitation', 'automatic_suggestion'],
      },
    })
    const { id: organizationId } = await app.client.organizations.createOrganization({
      name: 'Tea tasters',
      createdBy: userId,
    })
    const grace = await app.client.users.createUser({ emailAddress: ['grace@example.com'], firstName: 'Grace' })
    await app.client.organizations.createOrganizationMembership({
      organizationId,
      userId: grace.id,
      role: 'org:member',
    })
    await page.goto(`${app.url}/switcher`)
    await page.getByRole('button', { name: 'Open organization switcher' }).click()
    await page.getByText('Tea tasters').click()
    await switcher(visitor, 'Tea tasters').waitFor()

    await page.goto(`${app.url}/organization`)
    await section(visitor, 'organizationProfile').getByRole('button', { name: 'Update profile' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Tea drinkers')
    await page.getByRole('button', { name: 'Save' }).click()
    const organization = () => app.client.organizations.getOrganization({ organizationId })
    await expect.poll(async () => (await organization()).name, { timeout: 30_000 }).toBe('Tea drinkers')
    await visitor.picture('react-organization')

    await section(visitor, 'organizationDomains').getByRole('button', { name: 'Add domain' }).click()
    await page.getByLabel(/Domain/).fill('tea.example')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByLabel('Verification email address').fill('ada')
    await page.getByRole('button', { name: 'Save' }).click()
    await enterCode(visitor, await app.codeTo('ada@tea.example'))
    await expect
      .poll(
        async () =>
          (await app.client.organizations.getOrganizationDomainList({ organizationId })).data.map(
            ({ verification }) => verification?.status,
          ),
        { timeout: 30_000 },
      )
      .toEqual(['verified'])

    await page.goto(`${app.url}/organization/organization-members`)
    await page.getByText('grace@example.com').waitFor()
    await visitor.picture('react-organization-members')
    await page.getByRole('button', { name: 'Invite' }).click()
    await page.getByPlaceholder('example@email.com').pressSequentially('joan@example.com,')
    await page.getByRole('button', { name: 'Send invitations' }).click()
    await expect
      .poll(
        async () =>
          (await app.client.organizations.getOrganizationInvitationList({ organizationId })).data.map(
            ({ emailAddress }) => emailAddress,
          ),
        { timeout: 30_000 },
      )
      .toEqual(['joan@example.com'])
    expectQuiet(visitor)
  })
})
