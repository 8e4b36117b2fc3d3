import { verifyToken } from '@latchkey/backend'
import { describe, expect, it } from 'vitest'
import { arrive, executablePath, useChromium, type Visitor } from './chromium.test-support.js'
import {
  continueWith,
  enterCode,
  expectQuiet,
  signInWithPassword,
  signOut,
  tokenOf,
  userOf,
} from './clerk-js.test-support.js'
import { openPlainPage } from './plain-app.test-support.js'
import { APP, FRONTEND_HOST, PROXIED, useProduction } from './production.test-support.js'
import { VISITOR } from './tls-proxy.test-support.js'

const PASSWORD = 'a quiet harbour at dusk'

describe.skipIf(!executablePath)('in production', () => {
  const production = useProduction()
  const chromium = useChromium({ args: () => production.args(), isOwn: (host) => host.endsWith('.example.test') })

  const cookiesOf = async ({ page }: Visitor) => {
    const cookies = await page.context().cookies()
    return Object.fromEntries(cookies.map((cookie) => [`${cookie.name} of ${cookie.domain}`, cookie]))
  }
  const me = ({ page }: Visitor) => page.evaluate(async () => (await fetch('/me')).json() as Promise<unknown>)

  async function signUp(visitor: Visitor, app: string, emailAddress: string): Promise<void> {
    const { page } = visitor
    await openPlainPage(page, `${app}/sign-up`)
    await page.getByLabel('Email address', { exact: true }).fill(emailAddress)
    await continueWith(visitor, 'Password', PASSWORD)
    await page.getByRole('heading', { name: 'Verify your email' }).waitFor()
    await enterCode(visitor, await production.codeTo(emailAddress))
    await arrive(page, `${APP}/`)
  }

  it("the application's server knows who signed up, and the session shows the address of the visitor", async () => {
    const visitor = await chromium.visit()
    await openPlainPage(visitor.page, `${APP}/`)
    expect(Object.keys(await cookiesOf(visitor)).filter((name) => name.startsWith('__client '))).toEqual([])
    expect(await me(visitor)).toEqual({ userId: null, page: null })
    await signUp(visitor, APP, 'grace@example.com')
    const userId = await userOf(visitor)
    const claims = await verifyToken(await tokenOf(visitor), { jwtKey: production.summary.jwtKey })
    expect(claims).toMatchObject({ sub: userId, iss: `https://${FRONTEND_HOST}`, azp: APP })
    expect(await me(visitor)).toEqual({ userId, page: APP })
    const { data } = await production.client.sessions.getSessionList({ userId })
    expect(data.map(({ latestActivity }) => latestActivity?.ipAddress)).toEqual([VISITOR])
    expectQuiet(visitor)
  })

  it('the cookies are as tight as they can be', async () => {
    const visitor = await chromium.visit()
    await signUp(visitor, APP, 'joan@example.com')
    await userOf(visitor)
    const cookies = await cookiesOf(visitor)
    const suffixed = Object.keys(cookies).find((name) => name.startsWith('__client_uat_'))
    const shared = { path: '/', secure: true, sameSite: 'Lax' }
    expect(cookies).toMatchObject({
      [`__client of ${FRONTEND_HOST}`]: { ...shared, httpOnly: true },
      '__client_uat of .example.test': { ...shared, httpOnly: false },
      '__session of app.example.test': { ...shared, httpOnly: false },
    })
    expect(suffixed).toMatch(/^__client_uat_[\w-]{8} of \.example\.test$/)
    expect(Number(cookies['__client_uat of .example.test']!.value)).toBeGreaterThan(1_700_000_000)
    // Nothing that signs somebody in is left to be read once they are out.
    await signOut(visitor)
    const left = await cookiesOf(visitor)
    expect(Object.keys(left).filter((name) => name.startsWith('__session'))).toEqual([])
    expect(left['__client_uat of .example.test']!.value).toBe('0')
  })

  it('the proxy of an application passes everything on, for its own host', async () => {
    const visitor = await chromium.visit()
    const { page } = visitor
    const asked: string[] = []
    page.on('request', (request) => {
      const { protocol, host } = new URL(request.url())
      // Pictures inside the page and the worker that clerk-js makes of text have no host.
      if (protocol !== 'data:' && protocol !== 'blob:') asked.push(host)
    })
    await openPlainPage(page, `${PROXIED}/sign-up?redirect_url=${encodeURIComponent(`${PROXIED}/`)}`)
    await page.getByLabel('Email address', { exact: true }).fill('mary@example.com')
    await continueWith(visitor, 'Password', PASSWORD)
    await page.getByRole('heading', { name: 'Verify your email' }).waitFor()
    await enterCode(visitor, await production.codeTo('mary@example.com'))
    await arrive(page, `${PROXIED}/`)
    const userId = await userOf(visitor)
    await page.reload()
    expect(await userOf(visitor)).toBe(userId)
    expect(await me(visitor)).toEqual({ userId, page: PROXIED })
    expect(await verifyToken(await tokenOf(visitor), { jwtKey: production.summary.jwtKey })).toMatchObject({
      sub: userId,
      azp: PROXIED,
    })
    expect((await cookiesOf(visitor))['__client of proxied.example.test']).toMatchObject({
      httpOnly: true,
      secure: true,
      path: '/',
    })
    expect([...new Set(asked)]).toEqual([new URL(PROXIED).host])
    expectQuiet(visitor)
  })

  it.each([
    { where: 'at its own host', hosted: `https://${FRONTEND_HOST}`, app: APP, emailAddress: 'hedy@example.com' },
    { where: 'through a proxy', hosted: `${PROXIED}/__clerk`, app: PROXIED, emailAddress: 'rosa@example.com' },
  ])('the hosted page $where leads back to the application', async ({ hosted, app, emailAddress }) => {
    await production.client.users.createUser({ emailAddress: [emailAddress], password: PASSWORD })
    const visitor = await chromium.visit()
    const { page } = visitor
    await page.goto(`${hosted}/sign-in?redirect_url=${encodeURIComponent(`${app}/?from=hosted`)}`)
    await page.getByRole('heading', { name: 'Sign in to Tea & Co' }).waitFor()
    await signInWithPassword(visitor, emailAddress, PASSWORD)
    await arrive(page, `${app}/?from=hosted`)
    expect(await userOf(visitor)).toMatch(/^user_/)
    expectQuiet(visitor)
  })

  it('the pages of an account work through a proxy', async () => {
    const { id } = await production.client.users.createUser({ emailAddress: ['mae@example.com'], password: PASSWORD })
    const visitor = await chromium.visit()
    const { page } = visitor
    await page.goto(`${PROXIED}/__clerk/user`)
    await arrive(page, `${PROXIED}/__clerk/sign-in?*`)
    await signInWithPassword(visitor, 'mae@example.com', PASSWORD)
    await arrive(page, `${PROXIED}/__clerk/user`)
    await page.getByRole('heading', { name: 'Profile details' }).waitFor()
    await page.getByRole('button', { name: 'Security' }).click()
    await arrive(page, `${PROXIED}/__clerk/user/security`)
    expect(await userOf(visitor)).toBe(id)
    expectQuiet(visitor)
  })

  it('there are no pages for development', async () => {
    const { page } = await chromium.visit()
    for (const path of ['/inbox', '/explain']) {
      const answer = await page.goto(`https://${FRONTEND_HOST}${path}`)
      expect(answer!.status(), path).toBe(404)
    }
  })
})
