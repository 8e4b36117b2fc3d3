import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { executablePath, useChromium } from './chromium.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'

/** Each with what it shows in the end: a component draws its heading once its settings are there. */
const PAGES = [
  ['/', 'h1'],
  ['/sign-in', '#component h1'],
  ['/user', '#component h1'],
  ['/popup-callback', 'h1, .cl-rootBox'],
  ['/inbox', 'h1'],
  ['/explain', 'h1'],
] as const

/** What the vendor's components show is theirs. */
describe.skipIf(!executablePath)('our own pages', () => {
  const chromium = useChromium()
  const latchkey = useLatchkey()

  it.each([
    ['a screen', 1280],
    ['a phone', 375],
  ])('have nothing that axe finds, on %s', async (_, width) => {
    const user = await latchkey.client.users.createUser({ emailAddress: [`ada-${width}@example.com`] })
    await latchkey.client.emailAddresses.prepareVerification(user.primaryEmailAddressId!)
    // axe is put into the page, which its policy would refuse.
    const { page, picture } = await chromium.visit({ bypassCSP: true, viewport: { width, height: 800 } })
    for (const [path, shown] of PAGES) {
      await page.goto(latchkey.url + path)
      await page.locator(shown).filter({ visible: true }).first().waitFor()
      await picture(`own${path.replace('/', '-')}-${width}`)
      await page.addScriptTag({ content: axe.source })
      // A component draws its heading anew while its settings come.
      await expect.poll(() => foundBy(page), { message: path }).toEqual([])
    }
  })
})

async function foundBy(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run({ exclude: [['#component']] }),
  )
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`))
}
