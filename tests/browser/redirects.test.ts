import type { BrowserContext } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { frameworks, type Application } from '../adapters/redirects/applications.test-support.js'
import type { Visitor } from '../adapters/redirects/visitor.test-support.js'
import { PRODUCTION, SATELLITE, signIn, useWorld, type Place } from '../adapters/redirects/world.test-support.js'
import { executablePath, useChromium } from './chromium.test-support.js'
import { startTlsProxy, type TlsProxy } from './tls-proxy.test-support.js'

const APP = `app.${PRODUCTION}`
const PATH = '/notes?tab=1'
const FIVE_MINUTES = 300_000

/** The packages that are not ours: our adapters are visited in tests/adapters/redirects, by a program. */
const official = Object.keys(frameworks).filter((name) => !name.startsWith('@latchkey/'))
/** In development a browser does nothing that depends on the framework. */
const inDevelopment = ['@clerk/express', '@clerk/nextjs 7']

/** The numbers of tests/adapters/redirects, in a browser. */
describe.skipIf(!executablePath)('in Chromium', () => {
  const world = useWorld()
  const hosts: Record<string, string> = {}
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
    const application = await frameworks[name]!({ publishableKey, secretKey, apiUrl: world.apiUrl, ...options })
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

  it.each(inDevelopment)('%s redirects visits in development as often as it should', async (name) => {
    const { development: place } = world
    const page = `http://localhost:${await start(name, place, { proxyUrl: world.apiUrl })}${PATH}`
    const visitor = await openWith()
    expect(await opened(visitor, page)).toEqual(seen(3, 'nobody'))
    expect(await opened(visitor, page)).toEqual(seen(0, 'nobody'))
    expect(await opened(await openWith(await earlier(place, page)), page)).toEqual(seen(3, place.userId))
    const ada = await openWith(await signIn(world, place, page))
    expect(await opened(ada, page)).toEqual(seen(0, place.userId))
    await ada.clearCookies({ name: /^__session/ })
    expect(await opened(ada, page)).toEqual(seen(3, place.userId))
  })

  it.each(official)('%s redirects visits in production as often as it should', async (name) => {
    const { production: place } = world
    const page = `https://${APP}${PATH}`
    hosts[APP] = `http://127.0.0.1:${await start(name, place)}`
    expect(await opened(await openWith(), page)).toEqual(seen(0, 'nobody'))
    expect(await opened(await openWith(await earlier(place, page)), page)).toEqual(seen(2, place.userId))
    const ada = await openWith(await signIn(world, place, page))
    expect(await opened(ada, page)).toEqual(seen(0, place.userId))
    await ada.clearCookies({ name: /^__session/ })
    expect(await opened(ada, page)).toEqual(seen(2, place.userId))

    const satellite = { domain: SATELLITE, isSatellite: true, satelliteAutoSync: true, signInUrl: page }
    hosts[SATELLITE] = `http://127.0.0.1:${await start(name, place, satellite)}`
    expect(await opened(ada, `https://${SATELLITE}${PATH}`)).toEqual(seen(6, place.userId))
  })
})
