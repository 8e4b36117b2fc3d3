import { decodeJwt } from '@latchkey/backend/jwt'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Visitor } from './chromium.test-support.js'

/** What the tests ask of clerk-js in a page. */
interface ClerkJs {
  loaded: boolean
  user: { id: string } | null
  session: { id: string; getToken(options?: object): Promise<string | null> } | null
  client: { sessions: { id: string; user: { id: string } }[] }
  signOut(options?: { sessionId?: string }): Promise<void>
}

type ClerkWindow = Window & { Clerk?: ClerkJs }

/** Goes to a page with clerk-js. Resolves once that has loaded and asks for nothing more. */
export async function openApplication(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.waitForFunction(() => (window as ClerkWindow).Clerk?.loaded)
  await page.waitForLoadState('networkidle')
}

/**
 * Fills in a field and goes on, with the keyboard: a field that loses the focus to the button shows what it thinks of a new
 * password, which moves the button away under the click.
 */
export async function continueWith({ page }: Visitor, label: string, text: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true })
  await field.fill(text)
  await field.press('Enter')
}

export async function signInWithPassword(visitor: Visitor, emailAddress: string, password: string): Promise<void> {
  // By their names: the label says which identifiers an instance takes.
  for (const [name, value] of Object.entries({ identifier: emailAddress, password })) {
    await visitor.page.locator(`input[name=${name}]`).fill(value)
    await visitor.page.getByRole('button', { name: 'Continue', exact: true }).click()
  }
}

/** Types a code into the field for codes, which sends it by itself. No page has asked for one too often. */
export async function enterCode({ page }: Visitor, code: string): Promise<void> {
  // One that is closing has a field too.
  await page.waitForFunction(() => document.querySelectorAll('input[autocomplete="one-time-code"]').length === 1)
  await page.waitForLoadState('networkidle')
  expect(await page.getByText(/Too many (codes|requests)/).count()).toBe(0)
  await page.locator('input[autocomplete="one-time-code"]').pressSequentially(code)
}

/** The id of the user that clerk-js has, as soon as it has one. */
export async function userOf({ page }: Visitor): Promise<string> {
  const id = await page.waitForFunction(() => (window as ClerkWindow).Clerk?.user?.id)
  return (await id.jsonValue())!
}

/** A session token, as an application asks for it once clerk-js has a session. */
export async function tokenOf({ page }: Visitor): Promise<string> {
  await page.waitForFunction(() => (window as ClerkWindow).Clerk?.session)
  return (await page.evaluate(() => (window as ClerkWindow).Clerk!.session!.getToken()))!
}

/** The claims in a {@link tokenOf}. */
export async function claimsOf(visitor: Visitor): Promise<Record<string, unknown>> {
  return decodeJwt(await tokenOf(visitor)).payload
}

/** Ends all sessions. clerk-js then opens the page for people who signed out: whoever goes elsewhere must wait for it. */
export async function signOut({ page }: Visitor): Promise<void> {
  // Next changes the page inside the document; elsewhere another document is loaded.
  if (await page.evaluate(() => 'next' in window)) {
    await page.evaluate(() => (window as ClerkWindow).Clerk!.signOut())
    await page.waitForLoadState('networkidle')
    return
  }
  const opened = page.waitForEvent('load')
  await page.evaluate(() => void (window as ClerkWindow).Clerk!.signOut())
  await opened
}

/** No error on the console, where a page's policy says what it refuses, and no request to a host of others. */
export function expectQuiet({ errors, foreign }: Visitor): void {
  expect({ errors, foreign }).toEqual({ errors: [], foreign: [] })
}
