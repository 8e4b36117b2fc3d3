import { expect } from 'vitest'
import type { Answer, TestBrowser } from '../../browser.test-support.js'
import type { SettingsChange } from '../../instances/settings/settings.js'
import { Authenticator, type Quirks } from '../../resources/passkeys/authenticator.test-support.js'
import type { SignInBrowser } from '../sign-in/sign-in.test-support.js'

export const passkeysOn: SettingsChange = { attributes: { passkey: { enabled: true } } }

export const beginPasskey = (browser: TestBrowser) => browser.call('POST /me/passkeys', { form: {} })

export function confirmPasskey(browser: TestBrowser, id: string, publicKeyCredential: string): Promise<Answer> {
  const form = { strategy: 'passkey', public_key_credential: publicKeyCredential }
  return browser.call(`POST /me/passkeys/${id}/attempt_verification`, { form })
}

/** Adds a passkey to the account of who is signed in. */
export async function addPasskey(
  browser: TestBrowser,
  device = new Authenticator(),
): Promise<{ device: Authenticator; id: string }> {
  const { id, verification } = (await beginPasskey(browser)).body.response
  const { status } = await confirmPasskey(browser, id, device.create(verification.nonce))
  expect(status).toBe(200)
  return { device, id }
}

export interface Asked {
  id: string
  nonce: string
}

/** Begins to sign in with whichever passkey the device has, or with one of an identifier's. */
export async function askForPasskey(browser: SignInBrowser, identifier?: string): Promise<Asked> {
  const { body } = await browser.create({ strategy: 'passkey', ...(identifier ? { identifier } : {}) })
  return { id: body.response.id, nonce: body.response.first_factor_verification.nonce }
}

export function showPasskey(
  browser: SignInBrowser,
  { id, nonce }: Asked,
  device: Authenticator,
  quirks: Quirks = {},
): Promise<Answer> {
  const form = { strategy: 'passkey', public_key_credential: device.get(nonce, quirks) }
  return browser.step(id, 'attempt_first_factor', form)
}
