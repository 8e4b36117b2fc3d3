import type { Locator } from 'playwright-core'
import { vi } from 'vitest'
import type { Visitor } from '../chromium.test-support.js'

/** One pixel, as an upload. */
export const PICTURE = {
  name: 'picture.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
}

/** A section of a profile. */
export const section = ({ page }: Visitor, id: string) => page.locator(`.cl-profileSection__${id}`)

/** An entry in the list of a section. */
export const item = (visitor: Visitor, id: string, hasText?: string) =>
  section(visitor, id).locator(`.cl-profileSectionItem__${id}`, hasText === undefined ? {} : { hasText })

/** A form that closes by itself draws the page anew, and a click in that moment is lost. */
export const openForm = (button: Locator, field: Locator) =>
  vi.waitFor(
    async () => {
      if (!(await field.isVisible())) await button.click()
      await field.waitFor({ timeout: 2000 })
    },
    { timeout: 30_000 },
  )

/** Chooses from the menu of an entry, in the same way. */
export const choose = async (entry: Locator, name: string) => {
  const choice = entry.page().getByRole('menuitem', { name, exact: true })
  await openForm(entry.getByRole('button', { name: 'Open menu' }), choice)
  await choice.click()
}

/** Fills in the last field of a form and sends it, with the keyboard: see `continueWith`. */
export const submit = async (field: Locator, text: string) => {
  await field.fill(text)
  await field.press('Enter')
}

/** Presses a button, with the keyboard: a form that is opening moves it away under a click. */
export const press = ({ page }: Visitor, name: string) => page.getByRole('button', { name, exact: true }).press('Enter')
