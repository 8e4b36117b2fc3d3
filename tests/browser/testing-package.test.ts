import { createTestServer, type TestServer } from '@latchkey/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { executablePath, useChromium, type Visitor } from './chromium.test-support.js'
import { enterCode, expectQuiet, userOf } from './clerk-js.test-support.js'
import type { Latchkey } from './latchkey.test-support.js'
import { usePlainApp } from './plain-app.test-support.js'

const EMAIL = 'ada@example.com'

describe.skipIf(!executablePath)('a page of Playwright with @latchkey/testing', () => {
  const chromium = useChromium({ isOwn: (hostname) => hostname === '127.0.0.1' })
  let server: TestServer
  const reached = {} as Latchkey
  let userId: string

  beforeAll(async () => {
    server = await createTestServer({ port: 0, clock: 'running' })
    Object.assign(reached, { url: server.url, instance: server.instance })
    userId = (await server.client.users.createUser({ emailAddress: [EMAIL] })).id
  })
  afterAll(() => server?.close())
  // After the server, which it asks for the instance.
  const app = usePlainApp(reached)

  const isSignedOut = ({ page }: Visitor) =>
    page.waitForFunction(() => (window as unknown as { Clerk?: { user?: unknown } }).Clerk?.user === null)

  it('is signed in by signIn() before it loads, until the clock is turned past the session', async () => {
    const visitor = await chromium.visit()
    await server.signIn(visitor.page, { id: userId }, app.url)
    await app.open(visitor.page, '/')
    expect(await userOf(visitor)).toBe(userId)

    server.clock.advance(7 * 24 * 60 * 60_000)
    await app.open(visitor.page, '/')
    await isSignedOut(visitor)
    expectQuiet(visitor)
  })

  it('is signed in by signIn() where it is, from when it loads again', async () => {
    const visitor = await chromium.visit()
    await app.open(visitor.page, '/')
    await isSignedOut(visitor)
    await server.signIn(visitor.page, userId)
    await app.open(visitor.page, '/')
    expect(await userOf(visitor)).toBe(userId)
    expectQuiet(visitor)
  })

  it('signs in by a form with the code in messages()', async () => {
    const visitor = await chromium.visit()
    await app.open(visitor.page, '/sign-in')
    await visitor.page.locator('input[name=identifier]').fill(EMAIL)
    await visitor.page.getByRole('button', { name: 'Continue', exact: true }).click()
    await visitor.page.locator('input[autocomplete="one-time-code"]').waitFor()
    await enterCode(visitor, (await server.messages()).at(-1)!.data!['otp_code'] as string)
    expect(await userOf(visitor)).toBe(userId)
    expectQuiet(visitor)
  })
})
