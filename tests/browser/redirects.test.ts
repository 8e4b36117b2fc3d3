import type { BrowserContext } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  frameworks,
  type Application,
  type ApplicationOptions,
  type StartApplication,
} from '../adapters/redirects/applications.test-support.js'
import type { Visitor } from '../adapters/redirects/visitor.test-support.js'
import { PRODUCTION, SATELLITE, signIn, useWorld, type Place } from '../adapters/redirects/world.test-support.js'
import { executablePath, useChromium } from './chromium.test-support.js'
import { buildNextApps, NEXT_BUILDS, nextVariants, startNextApp } from './next-app.test-support.js'
import { startTlsProxy, type TlsProxy } from './tls-proxy.test-support.js'

const APP = `app.${PRODUCTION}`
const SATELLITE_IN_DEVELOPMENT = 'shop.localhost'
const PATH = '/notes?tab=1'
const FIVE_MINUTES = 300_000

/** Each package in the server that it is made for: those for Next in a real one, not the middleware alone. */
const applications: Record<string, StartApplication> = {
  ...Object.fromEntries(Object.entries(frameworks).filter(([name]) => !/nextjs/.test(name))),
  ...Object.fromEntries(
    nextVariants.map((name) => [name, (options: ApplicationOptions) => startNextApp(name, options)]),
  ),
}

/** The numbers of tests/adapters/redirects and docs/frontend-api/browsers.md, in a browser. */
describe.skipIf(!executablePath)('in Chromium', () => {
  const world = useWorld()
  const hosts: Record<string, string> = {}
  beforeAll(() => buildNextApps(nextVariants), NEXT_BUILDS)
  let proxy: TlsProxy | undefined
  beforeAll(async () => {
    for (const host of [APP, SATELLITE]) hosts[host] = ''
    for (const host of [`clerk.${PRODUCTION}`, `clerk.${SATELLITE}`]) hosts[host] = world.apiUrl
    proxy = await startTlsProxy(hosts)
  })
  afterAll(() => proxy?.close())
  const chromium = useChromium({ args: () => proxy!.args })

  const running: Application[] = []
  afterEach(async () => {
    world.clock.ahead = 0
    await Promise.all(running.splice(0).map((application) => application.close()))
  })
  const start = async (name: string, { instance }: Place, options: object = {}) => {
    const { publishableKey, secretKey } = instance
    const application = await applications[name]!({ publishableKey, secretKey, apiUrl: world.apiUrl, ...options })
    running.push(application)
    return application.port
  }

  /** How often a visit is redirected, and who it is for the application in the end. */
  async function opened(context: BrowserContext, address: string) {
    const page = await context.newPage()
    const answer = (await page.goto(address))!
    let redirects = 0
    for (let from = answer.request().redirectedFrom(); from; from = from.redirectedFrom()) redirects++
    const seen = { status: answer.status(), redirects, user: await page.textContent('body') }
    await page.close()
    return seen
  }
  async function openWith(visitor?: Visitor): Promise<BrowserContext> {
    const { page } = await chromium.visit()
    const context = page.context()
    if (visitor) await context.addCookies(visitor.cookies())
    return context
  }
  const earlier = async (place: Place, address: string) => {
    world.clock.ahead = -FIVE_MINUTES
    const visitor = await signIn(world, place, address)
    world.clock.ahead = 0
    return visitor
  }
  const seen = (redirects: number, user: string) => ({ status: 200, redirects, user })

  describe.each(Object.keys(applications))('%s redirects', (name) => {
    it('visits in development as often as it should', async () => {
      const { development: place } = world
      const proxyUrl = world.apiUrl
      const page = `http://localhost:${await start(name, place, { proxyUrl })}${PATH}`
      const visitor = await openWith()
      expect(await opened(visitor, page)).toEqual(seen(3, 'nobody'))
      expect(await opened(visitor, page)).toEqual(seen(0, 'nobody'))
      expect(await opened(await openWith(await earlier(place, page)), page)).toEqual(seen(3, place.userId))
      const ada = await openWith(await signIn(world, place, page))
      expect(await opened(ada, page)).toEqual(seen(0, place.userId))
      await ada.clearCookies({ name: /^__session/ })
      expect(await opened(ada, page)).toEqual(seen(3, place.userId))

      const satellite = { proxyUrl, domain: SATELLITE_IN_DEVELOPMENT, isSatellite: true, satelliteAutoSync: true }
      const port = await start(name, place, { ...satellite, signInUrl: page })
      expect(await opened(ada, `http://${SATELLITE_IN_DEVELOPMENT}:${port}${PATH}`)).toEqual(seen(5, place.userId))
    })

    it('visits in production as often as it should', async () => {
      const { production: place } = world
      const page = `https://${APP}${PATH}`
      hosts[APP] = `http://127.0.0.1:${await start(name, place)}`
      expect(await opened(await openWith(), page)).toEqual(seen(0, 'nobody'))
      expect(await opened(await openWith(await earlier(place, page)), page)).toEqual(seen(2, place.userId))
      const signedIn = await signIn(world, place, page)
      const ada = await openWith(signedIn)
      expect(await opened(ada, page)).toEqual(seen(0, place.userId))
      await ada.clearCookies({ name: /^__session/ })
      expect(await opened(ada, page)).toEqual(seen(2, place.userId))

      const satellite = { domain: SATELLITE, isSatellite: true, satelliteAutoSync: true, signInUrl: page }
      hosts[SATELLITE] = `http://127.0.0.1:${await start(name, place, satellite)}`
      expect(await opened(ada, `https://${SATELLITE}${PATH}`)).toEqual(seen(6, place.userId))

      await signedIn.post(`${place.frontendApiUrl}/v1/client/sessions?_method=DELETE`, `https://${APP}`, {})
      signedIn.forget('__session')
      expect(await opened(await openWith(signedIn), page)).toEqual(seen(0, 'nobody'))
    })
  })
})
