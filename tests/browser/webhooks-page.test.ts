import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { executablePath, useChromium } from './chromium.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'

describe.skipIf(!executablePath)('the page of webhooks', () => {
  const chromium = useChromium()
  const latchkey = useLatchkey()
  const received: string[] = []
  let status = 500
  let receiver: Server

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      received.push(String(request.headers['svix-id']))
      request.resume().on('end', () => response.writeHead(status).end('<b>not now</b>'))
    })
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => void receiver.close())

  it('adds an endpoint, shows an attempt with request and answer, and sends it again', async () => {
    const { page, errors, picture } = await chromium.visit()
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`
    await page.goto(`${latchkey.url}/webhooks`)
    await page.getByText('No endpoints yet').waitFor()
    await page.getByText('Add an endpoint').click()
    await page.getByLabel('URL').fill(url)
    await page.getByLabel('Events').fill('user.created')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('heading', { name: url }).waitFor()

    await latchkey.client.users.createUser({
      firstName: '<img src=x onerror=alert(1)>',
      emailAddress: ['ada@example.com'],
    })
    await expect.poll(() => received.length).toBe(1)
    const attempts = page.locator('article details')
    await expect
      .poll(async () => {
        await page.getByRole('button', { name: 'Attempts' }).click()
        return attempts.count()
      })
      .toBeGreaterThan(0)
    await attempts.first().locator('summary').click()
    await page.getByText('Request: user.created').waitFor()
    await page.getByText('<b>not now</b>').waitFor()
    await page.getByText('<img src=x onerror=alert(1)>').waitFor()
    await picture('webhooks')
    await page.setViewportSize({ width: 375, height: 800 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375)
    await picture('webhooks-375')

    status = 204
    await page.getByRole('button', { name: 'Send again' }).click()
    await page.getByText('Delivered · 204').waitFor()
    expect(new Set(received).size).toBe(1)
    expect(errors).toEqual([])
  })

  it('is opened by a link once, and stays open in its tab', async () => {
    const { svix_url: link } = await latchkey.client.webhooks.generateSvixAuthURL()
    const { page, errors } = await chromium.visit()
    await page.goto(link)
    await page.getByRole('button', { name: 'Attempts' }).first().waitFor()
    expect(page.url()).toBe(`${latchkey.url}/login`)
    await page.reload()
    await page.getByRole('button', { name: 'Recover what failed' }).click()
    await page.getByText('What failed is on its way again.').waitFor()
    expect(errors).toEqual([])

    const stranger = await chromium.visit()
    await stranger.page.goto(link)
    await stranger.page.getByText('The link was opened before').waitFor()
    await stranger.page.goto('about:blank')
    await stranger.page.goto(`${latchkey.url}/login`)
    await stranger.page.getByText('opened by a link').waitFor()
  })

  it('lets whoever came by a link add public addresses only', async () => {
    const { svix_url: link } = await latchkey.client.webhooks.generateSvixAuthURL()
    const { page } = await chromium.visit()
    await page.goto(link)
    await page.getByText('Add an endpoint').click()
    await page.getByLabel('URL').fill('http://127.0.0.1:9999/hooks')
    await page.getByRole('button', { name: 'Add' }).click()
    await page.locator('#note.bad').waitFor()
    expect(await page.getByRole('heading', { name: '9999' }).count()).toBe(0)
  })
})
