import { expect, it } from 'vitest'
import { continueWith, enterCode, expectQuiet, signOut, userOf } from '../clerk-js.test-support.js'
import type { Stage } from '../stage.test-support.js'
import { atHome, EMAIL_ADDRESS, PASSWORD, PHONE_NUMBER } from './ada.test-support.js'
import { chooseAnotherMethod } from './sign-in.test-support.js'

export function signUpFlows(stage: Stage): void {
  it('a person signs up and in by a code to the phone', async () => {
    const app = await stage.open({
      attributes: { phone_number: { enabled: true, required: true }, email_address: { enabled: false } },
    })
    const visitor = await stage.visit()
    const { page } = visitor
    await app.go(visitor, '/sign-up')
    await page.locator('input[name=phoneNumber]').fill(PHONE_NUMBER)
    await continueWith(visitor, 'Password', PASSWORD)
    await page.getByRole('heading', { name: 'Verify your phone' }).waitFor()
    await visitor.picture('sign-up-phone')
    await enterCode(visitor, await app.codeTo(PHONE_NUMBER))
    await atHome(visitor, app)
    const userId = await userOf(visitor)
    const { phoneNumbers } = await app.client.users.getUser(userId)
    expect(phoneNumbers).toMatchObject([{ phoneNumber: PHONE_NUMBER, verification: { status: 'verified' } }])

    await signOut(visitor)
    await app.go(visitor, '/sign-in')
    await page.locator('input[name=identifier]').fill(PHONE_NUMBER)
    await page.getByRole('button', { name: 'Continue', exact: true }).click()
    await chooseAnotherMethod(visitor, /SMS code to/)
    await page.getByRole('heading', { name: 'Check your phone' }).waitFor()
    await enterCode(visitor, await app.codeTo(PHONE_NUMBER))
    await atHome(visitor, app)
    expect(await userOf(visitor)).toBe(userId)
    expectQuiet(visitor)
  })

  it('a person who signs up is told of a wrong code, and the right one counts after it', async () => {
    const app = await stage.open()
    const visitor = await stage.visit()
    const { page } = visitor
    await app.go(visitor, '/sign-up')
    await page.locator('input[name=emailAddress]').fill(EMAIL_ADDRESS)
    await continueWith(visitor, 'Password', PASSWORD)
    const code = await app.codeTo(EMAIL_ADDRESS)
    await enterCode(visitor, code === '000000' ? '111111' : '000000')
    await page.getByTestId('form-feedback-error').getByText('Incorrect code').waitFor()
    await visitor.picture('sign-up-wrong-code')
    // The component takes the wrong one away a moment after it has said so.
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('input[autocomplete="one-time-code"]')?.value === '',
    )
    await enterCode(visitor, code)
    await atHome(visitor, app)
    expect(await userOf(visitor)).toMatch(/^user_/)
    expectQuiet(visitor)
  })

  it('a person agrees to the terms before anything else, where everybody has to', async () => {
    const app = await stage.open({
      sign_up: { legal_consent_enabled: true },
      display: { terms_url: 'https://tea.example/terms', privacy_policy_url: 'https://tea.example/privacy' },
    })
    const visitor = await stage.visit()
    const { page } = visitor
    await app.go(visitor, '/sign-up')
    await page.locator('input[name=emailAddress]').fill(EMAIL_ADDRESS)
    const links = await page.getByRole('link', { name: /Terms of Service|Privacy Policy/ }).all()
    expect(await Promise.all(links.map((link) => link.getAttribute('href')))).toEqual([
      'https://tea.example/terms',
      'https://tea.example/privacy',
    ])
    await continueWith(visitor, 'Password', PASSWORD)
    await visitor.picture('sign-up-terms')
    expect(await page.locator('input[name=legalAccepted]').isChecked()).toBe(false)
    await page.locator('input[name=legalAccepted]').check()
    await continueWith(visitor, 'Password', PASSWORD)
    await enterCode(visitor, await app.codeTo(EMAIL_ADDRESS))
    await atHome(visitor, app)
    const { legalAcceptedAt } = await app.client.users.getUser(await userOf(visitor))
    expect(legalAcceptedAt).toBeTypeOf('number')
    expectQuiet(visitor)
  })
}
