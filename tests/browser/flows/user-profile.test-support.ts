import { expect, it } from 'vitest'
import { totpAt } from '../../../packages/server/src/flows/profile-security/profile-security.test-support.js'
import { enterCode, expectQuiet } from '../clerk-js.test-support.js'
import type { Stage } from '../stage.test-support.js'
import { ANOTHER_PASSWORD, enter, enterAda, PASSWORD, PHONE_NUMBER } from './ada.test-support.js'
import { PICTURE, choose, item, openForm, press, section, submit } from './profile.test-support.js'

/** Each section of `UserProfile`. Passkeys are in `passkeyFlows`. */
export function userProfileFlows(stage: Stage): void {
  it('a person changes the picture, the names and the username', async () => {
    const { app, visitor, page, user } = await enterAda(stage, {
      settings: { attributes: { username: { enabled: true } } },
    })
    await app.go(visitor, '/user')
    await page.getByRole('heading', { name: 'Profile details' }).waitFor()
    await visitor.picture('profile')
    const profile = section(visitor, 'profile')
    const name = page.getByLabel('First name')
    await openForm(profile.getByRole('button', { name: 'Update profile' }), name)
    await page.locator('input[type=file]').setInputFiles(PICTURE)
    await expect.poll(async () => (await user()).hasImage).toBe(true)
    // With the picture the form closes.
    await name.waitFor({ state: 'detached' })
    await openForm(profile.getByRole('button', { name: 'Update profile' }), name)
    await submit(name, 'Augusta')
    await expect.poll(async () => (await user()).firstName).toBe('Augusta')

    const username = page.getByLabel('Username')
    await openForm(section(visitor, 'username').getByRole('button', { name: 'Set username' }), username)
    await submit(username, 'countess')
    await expect.poll(async () => (await user()).username).toBe('countess')
    expectQuiet(visitor)
  })

  it('a person adds an address and a number, makes them the primary ones, and removes them', async () => {
    const { app, visitor, page, user } = await enterAda(stage, {
      settings: { attributes: { phone_number: { enabled: true } } },
      user: { phoneNumber: ['+12015550142'] },
    })
    const primary = async () => {
      const { primaryEmailAddress, primaryPhoneNumber } = await user()
      return [primaryEmailAddress?.emailAddress, primaryPhoneNumber?.phoneNumber]
    }
    await app.go(visitor, '/user')
    const address = page.getByLabel('Email address', { exact: true })
    const addresses = section(visitor, 'emailAddresses')
    await openForm(addresses.getByRole('button', { name: 'Add email address' }), address)
    await submit(address, 'augusta@example.com')
    await enterCode(visitor, await app.codeTo('augusta@example.com'))
    await choose(item(visitor, 'emailAddresses', 'augusta@example.com'), 'Set as primary')
    await expect.poll(primary).toEqual(['augusta@example.com', '+12015550142'])

    const number = page.locator('input[name=phoneNumber]')
    await openForm(section(visitor, 'phoneNumbers').getByRole('button', { name: 'Add phone number' }), number)
    await submit(number, PHONE_NUMBER)
    await enterCode(visitor, await app.codeTo(PHONE_NUMBER))
    await choose(item(visitor, 'phoneNumbers', '555-2671'), 'Set as primary')
    await expect.poll(primary).toEqual(['augusta@example.com', PHONE_NUMBER])
    await visitor.picture('profile-changed')

    await choose(item(visitor, 'emailAddresses', 'ada@example.com'), 'Remove email')
    await press(visitor, 'Remove')
    await expect.poll(async () => (await user()).emailAddresses.length).toBe(1)
    await choose(item(visitor, 'phoneNumbers', '555-0142'), 'Remove phone number')
    await press(visitor, 'Remove')
    await expect.poll(async () => (await user()).phoneNumbers.length).toBe(1)
    expect(await primary()).toEqual(['augusta@example.com', PHONE_NUMBER])
    expectQuiet(visitor)
  })

  it('a person adds an address, and proves it by a link', async () => {
    const { app, visitor, page, user } = await enterAda(stage, {
      settings: { attributes: { email_address: { verifications: ['email_link'] } } },
    })
    await app.go(visitor, '/user')
    const address = page.getByLabel('Email address', { exact: true })
    const addresses = section(visitor, 'emailAddresses')
    await openForm(addresses.getByRole('button', { name: 'Add email address' }), address)
    await submit(address, 'augusta@example.com')
    const link = await app.linkTo('augusta@example.com')
    await visitor.picture('profile-link')
    const tab = await page.context().newPage()
    await tab.goto(link)
    const verified = async () =>
      (await user()).emailAddresses.map(({ emailAddress, verification }) => [emailAddress, verification?.status])
    await expect.poll(verified).toContainEqual(['augusta@example.com', 'verified'])
    await tab.getByText('Successfully verified email').waitFor()
    // The page that waits sees it by itself.
    await item(visitor, 'emailAddresses', 'augusta@example.com').getByText('Unverified').waitFor({ state: 'detached' })
    await visitor.picture('profile-linked')
    expectQuiet(visitor)
  })

  it('a person changes the password, and signs another device out', async () => {
    const { app, visitor, page, userId } = await enterAda(stage)
    await enter(app, await stage.visit(), userId)
    await app.go(visitor, '/user/security')
    await section(visitor, 'activeDevices').waitFor()
    await visitor.picture('security')
    const password = page.getByLabel('New password', { exact: true })
    await openForm(section(visitor, 'password').getByRole('button', { name: 'Update password' }), password)
    const current = page.getByLabel('Current password')
    if (await current.isVisible()) await current.fill(PASSWORD)
    await password.fill(ANOTHER_PASSWORD)
    await page.getByLabel('Confirm password', { exact: true }).fill(ANOTHER_PASSWORD)
    // Another session is to be left, for below.
    await page.getByRole('checkbox').uncheck()
    await press(visitor, 'Save')
    const verified = () =>
      app.client.users.verifyPassword({ userId, password: ANOTHER_PASSWORD }).then(
        () => true,
        () => false,
      )
    await expect.poll(verified).toBe(true)

    await page.reload()
    await choose(section(visitor, 'activeDevices'), 'Sign out of device')
    await expect
      .poll(async () => (await app.client.sessions.getSessionList({ userId, status: 'active' })).data.length)
      .toBe(1)
    expectQuiet(visitor)
  })

  it('a person sets up an authenticator app and backup codes, makes new ones, and removes the app', async () => {
    const { app, visitor, page, user } = await enterAda(stage)
    await app.go(visitor, '/user/security')
    await press(visitor, 'Add two-step verification')
    await page.getByRole('menuitem', { name: 'Authenticator application' }).click()
    await page.getByRole('button', { name: /Can.t scan/ }).click()
    const secret = await page.locator('input[readonly]').first().inputValue()
    await press(visitor, 'Continue')
    await enterCode(visitor, totpAt(Date.now(), secret))
    await page
      .getByText(/backup codes/i)
      .first()
      .waitFor()
    await visitor.picture('security-backup-codes')
    await expect.poll(async () => (await user()).totpEnabled).toBe(true)
    expect((await user()).backupCodeEnabled).toBe(true)
    await press(visitor, 'Finish')

    await choose(item(visitor, 'mfa', 'Backup codes'), 'Regenerate')
    await page.getByText('Store them securely').waitFor()
    await visitor.picture('security-new-codes')
    await press(visitor, 'Finish')

    await choose(item(visitor, 'mfa', 'Authenticator application'), 'Remove')
    await press(visitor, 'Remove')
    await expect.poll(async () => (await user()).totpEnabled).toBe(false)
    expectQuiet(visitor)
  })

  it('a person takes a number as the second factor, and gives it up', async () => {
    const { app, visitor, page, user } = await enterAda(stage, {
      settings: { attributes: { phone_number: { enabled: true, second_factors: ['phone_code'] } } },
      user: { phoneNumber: [PHONE_NUMBER] },
    })
    await app.go(visitor, '/user/security')
    await press(visitor, 'Add two-step verification')
    await page.getByRole('menuitem', { name: 'SMS code' }).click()
    await page.getByRole('button', { name: /555-2671/ }).click()
    await expect.poll(async () => (await user()).phoneNumbers[0]?.reservedForSecondFactor).toBe(true)
    await press(visitor, 'Finish')
    await choose(item(visitor, 'mfa', '555-2671'), 'Remove')
    await press(visitor, 'Remove')
    // The session has only one factor, and now the person has two.
    await page.getByRole('heading', { name: 'Verification required' }).waitFor()
    await enterCode(visitor, await app.codeTo(PHONE_NUMBER))
    await expect.poll(async () => (await user()).phoneNumbers[0]?.reservedForSecondFactor).toBe(false)
    expectQuiet(visitor)
  })

  it('a person is shown no way to delete the account where the instance keeps users from it', async () => {
    const { app, visitor } = await enterAda(stage, { settings: { actions: { delete_self: false } } })
    await app.go(visitor, '/user/security')
    await section(visitor, 'activeDevices').waitFor()
    expect(await section(visitor, 'danger').count()).toBe(0)
    expectQuiet(visitor)
  })

  it('a person deletes the account', async () => {
    const { app, visitor, page, user } = await enterAda(stage)
    await app.go(visitor, '/user/security')
    await section(visitor, 'danger').getByRole('button', { name: 'Delete account' }).click()
    await page.getByRole('textbox').fill('Delete account')
    await page.getByRole('button', { name: 'Delete account' }).last().click()
    const status = () =>
      user().then(
        () => 'there',
        (error: unknown) => (error as { status: number }).status,
      )
    await expect.poll(status).toBe(404)
    expectQuiet(visitor)
  })
}
