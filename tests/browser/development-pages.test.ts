import { describe, expect, it } from 'vitest'
import { executablePath, useChromium } from './chromium.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'
import { usePlainApp } from './plain-app.test-support.js'

describe.skipIf(!executablePath)('the pages for development', () => {
  const chromium = useChromium()
  const latchkey = useLatchkey()
  const app = usePlainApp(latchkey)

  async function mail(subject: string, body: string): Promise<void> {
    const user = await latchkey.client.users.createUser({ emailAddress: [`ada-${Date.now()}@example.com`] })
    const emailAddressId = user.primaryEmailAddressId!
    await latchkey.client.emails.createEmail({ emailAddressId, fromEmailName: 'shop', subject, body })
  }

  it('show a message as it comes, as text', async () => {
    const { page, errors, picture } = await chromium.visit()
    await page.goto(`${latchkey.url}/inbox`)
    await page.getByText('No messages yet.').waitFor()
    await mail(
      '<img src=x onerror=alert(1)>',
      '<p>Dear Ada,</p><script>alert(1)</script><p><a href="https://example.com/a">Look</a></p>',
    )
    await page.getByRole('heading', { name: '<img src=x onerror=alert(1)>' }).waitFor()
    await page.getByRole('link', { name: 'https://example.com/a' }).waitFor()
    await picture('inbox')
    expect(errors).toEqual([])
  })

  it('show the HTML of a mail beside its text, one below the other on a phone', async () => {
    const { page, errors, picture } = await chromium.visit()
    const user = await latchkey.client.users.createUser({ emailAddress: ['alan@example.com'] })
    await latchkey.client.emailAddresses.prepareVerification(user.primaryEmailAddressId!)
    const code = await latchkey.codeTo('alan@example.com')
    await page.goto(`${latchkey.url}/inbox`)
    const parts = page.locator('article').filter({ hasText: 'alan@example.com' }).locator('.parts')
    await parts.frameLocator('iframe').getByText(code, { exact: true }).waitFor()
    const boxes = async () => {
      const [html, text] = [await parts.locator('iframe').boundingBox(), await parts.locator('.text').boundingBox()]
      return { html: html!, text: text! }
    }
    expect(await parts.locator('.text').textContent()).toContain(`\n${code}\n`)
    const { html, text } = await boxes()
    expect(text.x).toBeGreaterThanOrEqual(html.x + html.width)
    expect(text.y).toBe(html.y)
    await picture('inbox-side-by-side')
    await page.setViewportSize({ width: 375, height: 800 })
    const narrow = await boxes()
    expect(narrow.text.y).toBeGreaterThanOrEqual(narrow.html.y + narrow.html.height)
    expect(errors).toEqual([])
  })

  it('copy a code with one click', async () => {
    const { page, picture } = await chromium.visit({ permissions: ['clipboard-read', 'clipboard-write'] })
    const user = await latchkey.client.users.createUser({ emailAddress: ['grace@example.com'] })
    await latchkey.client.emailAddresses.prepareVerification(user.primaryEmailAddressId!)
    await page.goto(`${latchkey.url}/inbox`)
    await page.getByRole('button', { name: 'Copy code' }).first().click()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toBe(await latchkey.codeTo('grace@example.com'))
    await picture('inbox-code')
  })

  it('explain the requests of a page', async () => {
    const visitor = await chromium.visit()
    await app.open(visitor.page, '/')
    const { page, errors, picture } = await chromium.visit()
    await page.goto(`${latchkey.url}/explain`)
    const request = page.locator('details', { hasText: 'GET /v1/client' }).first()
    await request.locator('summary').click()
    await request
      .getByText(/__clerk_db_jwt in the query is the browser client_/)
      .last()
      .waitFor()
    await request
      .getByText(/^dvb_[\w-]{4}…$/)
      .first()
      .waitFor()
    await picture('explain')
    expect(errors).toEqual([])
  })

  it('cannot be read by another page, nor framed', async () => {
    const { page } = await chromium.visit()
    await app.open(page, '/')
    const outcome = await page.evaluate(async (url) => {
      const read = await fetch(`${url}/inbox/messages`).then(
        () => 'read',
        () => 'refused',
      )
      const frame = document.createElement('iframe')
      frame.src = `${url}/inbox`
      document.body.append(frame)
      await new Promise((resolve) => frame.addEventListener('load', resolve))
      return [read, frame.contentDocument === null ? 'not ours to see' : 'seen']
    }, latchkey.url)
    expect(outcome).toEqual(['refused', 'not ours to see'])
    const framed = page.frames().find((frame) => frame !== page.mainFrame())!
    expect(framed.url()).not.toBe(`${latchkey.url}/inbox`)
  })
})
