import axe from 'axe-core'
import { createPages } from '@latchkey/pages'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hostedPages } from '../../packages/pages/src/hosted/components.js'
import { arrive, executablePath, useChromium, type Visitor } from './chromium.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'

const DEVELOPMENT = ['/', '/inbox', '/explain', '/webhooks']
/** Hosted pages of somebody who is not signed in; the others are of somebody who is. */
const SIGNED_OUT = ['/sign-in', '/sign-up', '/waitlist', '/popup-callback']
const SIGNED_IN = Object.keys(hostedPages).filter((path) => !SIGNED_OUT.includes(path))
/** What they show in the end: a component draws its heading once its settings are there. */
const COMPONENT = 'h1, .cl-rootBox'

const AT = Date.UTC(2026, 0, 2, 3, 4)
const LANDING = {
  applicationName: 'Tea & Co',
  colors: { primary: { color: '#ffd400', text: '#1F2328' }, background: { color: '#0b1f3a', text: '#FCFCFD' } },
  action: 'http://localhost:4400/v1/verify',
  fields: { token: 'secret' },
}
const LINK = { ...LANDING, purpose: 'sign_in', redirectUrl: 'https://tea.example/' } as const
const SESSION = { browser: 'Firefox on Linux', place: '203.0.113.7', at: AT }
const NOTICE = { ...LANDING, securityPage: 'http://localhost:4400/user/security', session: SESSION }
const { linkLanding, sessionLanding } = createPages()({} as Parameters<ReturnType<typeof createPages>>[0])

/** What a link in a mail opens, in every state. */
const LANDINGS: [string, () => Response][] = [
  [
    'link-of-another-browser',
    () => linkLanding({ ...LINK, asked: { browser: 'Firefox', place: 'Vienna, AT', at: AT } }),
  ],
  ['link-of-this-browser', () => linkLanding({ ...LINK, asked: null })],
  ...(['open', 'revoked', 'over', 'expired'] as const).map((state): [string, () => Response] => [
    `session-${state}`,
    () => sessionLanding({ ...NOTICE, state }),
  ]),
]

/** What the vendor's components show is theirs. */
describe.skipIf(!executablePath)('our own pages', () => {
  const chromium = useChromium()
  const latchkey = useLatchkey({
    seed: { instance: { attributes: { username: {} }, organization_settings: { enabled: true } } },
  })
  const withoutOrganizations = useLatchkey()

  it.each([
    ['a screen', 1280],
    ['a phone', 375],
  ])('have nothing that axe finds, and fit, on %s', async (_, width) => {
    const user = await latchkey.client.users.createUser({ emailAddress: [`ada-${width}@example.com`] })
    await latchkey.client.emailAddresses.prepareVerification(user.primaryEmailAddressId!)
    // axe is put into the page, which its policy would refuse.
    const visitor = await chromium.visit({ bypassCSP: true, viewport: { width, height: 800 } })
    const open = async (url: string, shown: string, name: string) => {
      await visitor.page.goto(url)
      await visitor.page.locator(shown).filter({ visible: true }).first().waitFor()
      await check(visitor, `own-${name}-${width}`)
    }
    for (const path of DEVELOPMENT) await open(latchkey.url + path, 'h1', path.slice(1) || 'start')
    await open(`${withoutOrganizations.url}/organization`, 'h1', 'no-organizations')
    for (const [name, answer] of LANDINGS) {
      // Without the script by which the link goes on by itself.
      await visitor.page.setContent((await answer().text()).replace(/<script[\s\S]*?<\/script>/g, ''))
      await check(visitor, `own-${name}-${width}`)
    }
    const { token } = await latchkey.client.signInTokens.createSignInToken({ userId: user.id, expiresInSeconds: 600 })
    for (const path of SIGNED_OUT) await open(latchkey.url + path, COMPONENT, path.slice(1))
    await visitor.page.goto(`${latchkey.url}/sign-in?__clerk_ticket=${token}`)
    await arrive(visitor.page, /\/user|\/$/)
    for (const path of SIGNED_IN) await open(latchkey.url + path, COMPONENT, path.slice(1))
  })
})

async function check({ page, picture }: Visitor, name: string): Promise<void> {
  await picture(name)
  await page.addScriptTag({ content: axe.source })
  // A component draws its heading anew while its settings come.
  await expect.poll(() => foundBy(page), { message: name }).toEqual([])
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(tooWide, `${name} is too wide`).toBeLessThanOrEqual(0)
}

async function foundBy(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run({ exclude: [['#component']] }),
  )
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`))
}
