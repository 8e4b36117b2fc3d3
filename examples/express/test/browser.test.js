import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { createTestServer } from '@latchkey/testing'
import { chromium } from 'playwright-core'
import { startApp } from './start.js'

const executablePath = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path && existsSync(path))
const skip = executablePath ? false : 'There is no Chromium. Set CHROMIUM to its path.'

describe('in a browser', { skip }, () => {
  let latchkey
  let app
  let browser
  let users = 0
  before(async () => {
    latchkey = await createTestServer({ port: 0, clock: 'running' })
    app = await startApp({
      CLERK_SECRET_KEY: latchkey.secretKey,
      CLERK_PUBLISHABLE_KEY: latchkey.publishableKey,
      CLERK_API_URL: latchkey.url,
      CLERK_PROXY_URL: latchkey.url,
      // The session is verified in the application; only the user is requested from the server.
      CLERK_JWT_KEY: await latchkey.jwtKey(),
      CLERK_WEBHOOK_SIGNING_SECRET: `whsec_${btoa('a secret of the tests')}`,
    })
    const args = [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ]
    browser = await chromium.launch({ executablePath, args })
  })
  after(async () => {
    await browser?.close()
    await app?.stop()
    await latchkey?.close()
  })

  /** @param cookies those of a browser, as `latchkey.cookies()` makes them; none for one that was never here */
  async function open(path, cookies = []) {
    const context = await browser.newContext()
    await context.addCookies(cookies)
    const page = await context.newPage()
    await page.goto(app.url + path)
    return page
  }

  async function shoot(page, name) {
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/express-${name}.png` })
  }

  async function signIn() {
    const user = await latchkey.client.users.createUser({
      emailAddress: [`user${++users}@example.com`],
      firstName: 'Ada',
      lastName: 'Lovelace',
    })
    return latchkey.cookies(user, app.url)
  }

  test('a visitor reads the first page, and is told to sign in for the next', async () => {
    const page = await open('/')
    assert.equal(await page.textContent('h1'), 'Notes that are yours')
    await shoot(page, 'welcome')
    await page.click('text=Open your notes')
    assert.equal(await page.textContent('h1'), 'Sign in first')
    await shoot(page, 'sign-in')
  })

  test('a user with a session cookie writes a note', async () => {
    const page = await open('/notes', await signIn())
    assert.equal(await page.textContent('h1'), 'Hello, Ada Lovelace')
    await page.fill('textarea', 'Weave algebraical patterns\n<script>document.title = "broken"</script>')
    await page.click('text=Keep it')
    assert.deepEqual(await page.locator('.notes li p').allTextContents(), [
      'Weave algebraical patterns\n<script>document.title = "broken"</script>',
    ])
    assert.equal(await page.title(), 'Your notes')
    await shoot(page, 'notes')
  })

  test('a person signs in with the form, stays signed in, and signs out', async () => {
    await latchkey.client.users.createUser({ emailAddress: ['grace@example.com'], password: 'a quiet harbour at dusk' })
    const page = await open('/notes')
    const failures = []
    page.on('pageerror', (error) => failures.push(error.message))
    await page.fill('input[name=identifier]', 'grace@example.com')
    await page.getByRole('button', { name: 'Continue', exact: true }).click()
    await page.fill('input[name=password]', 'a quiet harbour at dusk')
    await shoot(page, 'sign-in-form')
    await page.getByRole('button', { name: 'Continue', exact: true }).click()
    await page.waitForSelector('textarea')
    await page.reload()
    await page.fill('textarea', 'Write a compiler')
    await page.click('text=Keep it')
    assert.deepEqual(await page.locator('.notes li p').allTextContents(), ['Write a compiler'])
    await page.getByRole('button', { name: 'Open user menu' }).click()
    await page.getByText('Sign out').click()
    await page.waitForURL((url) => url.pathname === '/')
    await page.goto(`${app.url}/notes`)
    assert.equal(await page.textContent('h1'), 'Sign in first')
    assert.deepEqual(failures, [])
  })

  test('a forged session is none', async () => {
    const cookies = (await signIn()).map((cookie) => {
      const [header, payload] = cookie.value.split('.')
      return payload ? { ...cookie, value: `${header}.${payload}.${'A'.repeat(342)}` } : cookie
    })
    // Without JavaScript: the browser itself is known, so clerk-js would get it another token.
    const context = await browser.newContext({ javaScriptEnabled: false })
    await context.addCookies(cookies)
    const page = await context.newPage()
    await page.goto(`${app.url}/notes`)
    assert.equal(await page.textContent('h1'), 'Sign in first')
  })
})
