import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { frameworks, type Application, type ApplicationOptions } from './applications.test-support.js'
import { Visitor } from './visitor.test-support.js'
import { PRODUCTION, SATELLITE, signIn, useWorld, type Place } from './world.test-support.js'

const APP = `app.${PRODUCTION}`
const SATELLITE_IN_DEVELOPMENT = 'shop.localhost'
/** Longer than a session token lives, in milliseconds. */
const FIVE_MINUTES = 300_000

const world = useWorld()

/** It asks for a handshake at each visit of a satellite. Later ones do where they know nobody, and only if they are told to. */
const ALWAYS_ASKS = '@clerk/nextjs 6'

/** The table of docs/frontend-api/browsers.md has the same numbers. */
describe.each(Object.keys(frameworks))('an application with %s', (name) => {
  const alwaysAsks = name === ALWAYS_ASKS
  const running: Application[] = []
  afterEach(async () => {
    world.clock.ahead = 0
    await Promise.all(running.splice(0).map((application) => application.close()))
  })

  async function start({ instance }: Place, options: Partial<ApplicationOptions> = {}): Promise<number> {
    const { publishableKey, secretKey } = instance
    const application = await frameworks[name]!({ publishableKey, secretKey, apiUrl: world.apiUrl, ...options })
    running.push(application)
    return application.port
  }

  const signedInEarlier = async (place: Place, page: string) => {
    world.clock.ahead = -FIVE_MINUTES
    const visitor = await signIn(world, place, page)
    world.clock.ahead = 0
    return visitor
  }

  /** Somebody with an expired token who has the refresh token of a handshake. */
  const withRefreshToken = async (place: Place, page: string) => {
    const visitor = await signedInEarlier(place, page)
    const expired = visitor.valueOf(page, '__session')
    await visitor.visit(page)
    visitor.replace('__session', expired)
    return visitor
  }

  /** How often a visit is redirected, and who it is for the application in the end. */
  async function opened(visitor: Visitor, page: string) {
    // It ends the visit at a loop; a browser forgets it after three seconds.
    visitor.forget('__clerk_redirect_count')
    const { redirects, status, text } = await visitor.visit(page)
    const last = redirects.at(-1) ?? new URL(page)
    expect(status, text).toBe(200)
    expect([last.origin, last.pathname, last.searchParams.get('tab')]).toEqual([new URL(page).origin, '/notes', '1'])
    expect([...last.searchParams.keys()].filter((key) => /handshake|db_jwt/.test(key))).toEqual([])
    return { redirects: redirects.length, user: text }
  }

  /** The same, where the page is shown at once the second time. */
  async function openedOnce(visitor: Visitor, page: string) {
    const first = await opened(visitor, page)
    expect(await opened(visitor, page)).toEqual({ redirects: 0, user: first.user })
    return first
  }

  describe('in development', () => {
    let place: Place
    let page: string
    beforeEach(async () => {
      place = world.development
      page = `http://localhost:${await start(place, { proxyUrl: world.apiUrl })}/notes?tab=1`
    })

    it('redirects a first visit three times', async () => {
      expect(await openedOnce(new Visitor(world.network), page)).toEqual({ redirects: 3, user: 'nobody' })
    })

    it('shows a page at once to somebody with a token, and to a signed-out visitor', async () => {
      const visitor = await signIn(world, place, page)
      expect(await openedOnce(visitor, page)).toEqual({ redirects: 0, user: place.userId })
      const signedOut = new Visitor(world.network)
      await signedOut.visit(page)
      expect(await openedOnce(signedOut, page)).toEqual({ redirects: 0, user: 'nobody' })
    })

    it('shows a page at once with an expired token and a refresh token', async () => {
      const visitor = await withRefreshToken(place, page)
      expect(await openedOnce(visitor, page)).toEqual({ redirects: 0, user: place.userId })
    })

    it('redirects three times with an expired token alone', async () => {
      expect(await openedOnce(await signedInEarlier(place, page), page)).toEqual({ redirects: 3, user: place.userId })
    })

    it('redirects three times where the session cookie is lost', async () => {
      const visitor = await signIn(world, place, page)
      visitor.forget('__session')
      expect(await openedOnce(visitor, page)).toEqual({ redirects: 3, user: place.userId })
    })

    it('redirects three times where the token of the browser is lost, which is a new browser then', async () => {
      const visitor = await signIn(world, place, page)
      visitor.forget('__clerk_db_jwt')
      expect((await opened(visitor, page)).redirects).toBe(3)
    })

    describe('at a satellite', () => {
      let satellite: string
      beforeEach(async () => {
        const options = { domain: SATELLITE_IN_DEVELOPMENT, isSatellite: true, proxyUrl: world.apiUrl }
        const port = await start(place, { ...options, satelliteAutoSync: true, signInUrl: page })
        satellite = `http://${SATELLITE_IN_DEVELOPMENT}:${port}/notes?tab=1`
      })

      it('asks the primary domain on the first visit', async () => {
        const visitor = await signIn(world, place, page)
        expect(await opened(visitor, satellite)).toEqual({ redirects: 5, user: place.userId })
        expect(await opened(visitor, satellite)).toEqual({ redirects: alwaysAsks ? 5 : 0, user: place.userId })
      })

      it('asks the primary domain at each visit of nobody', async () => {
        const visitor = new Visitor(world.network)
        expect(await opened(visitor, satellite)).toEqual({ redirects: 5, user: 'nobody' })
        expect(await opened(visitor, satellite)).toEqual({ redirects: 2, user: 'nobody' })
      })
    })
  })

  describe('in production', () => {
    const page = `https://${APP}/notes?tab=1`
    let place: Place
    beforeEach(async () => {
      place = world.production
      world.network.set(APP, await start(place))
    })

    it('redirects no first visit', async () => {
      expect(await openedOnce(new Visitor(world.network), page)).toEqual({ redirects: 0, user: 'nobody' })
    })

    it('shows a page at once to somebody with a token', async () => {
      expect(await openedOnce(await signIn(world, place, page), page)).toEqual({ redirects: 0, user: place.userId })
    })

    it('shows a page at once with an expired token and a refresh token', async () => {
      const visitor = await withRefreshToken(place, page)
      expect(await openedOnce(visitor, page)).toEqual({ redirects: 0, user: place.userId })
    })

    it('redirects twice with an expired token alone', async () => {
      expect(await openedOnce(await signedInEarlier(place, page), page)).toEqual({ redirects: 2, user: place.userId })
    })

    it('redirects twice where the session cookie is lost', async () => {
      const visitor = await signIn(world, place, page)
      visitor.forget('__session')
      expect(await openedOnce(visitor, page)).toEqual({ redirects: 2, user: place.userId })
    })

    it('redirects twice where the browser is lost: then nobody is signed in', async () => {
      const visitor = await signedInEarlier(place, page)
      visitor.forget('__client')
      expect(await openedOnce(visitor, page)).toEqual({ redirects: 2, user: 'nobody' })
    })

    it('redirects nobody who has signed out', async () => {
      const visitor = await signIn(world, place, page)
      await visitor.post(`${place.frontendApiUrl}/v1/client/sessions?_method=DELETE`, `https://${APP}`, {})
      visitor.forget('__session')
      expect(await openedOnce(visitor, page)).toEqual({ redirects: 0, user: 'nobody' })
    })

    describe('at a satellite', () => {
      const satellite = `https://${SATELLITE}/notes?tab=1`
      const options = { domain: SATELLITE, isSatellite: true, signInUrl: `https://${APP}/sign-in` }
      const begin = async (satelliteAutoSync: boolean) =>
        void world.network.set(SATELLITE, await start(place, { ...options, satelliteAutoSync }))

      it('asks the primary domain on the first visit', async () => {
        await begin(true)
        const visitor = await signIn(world, place, page)
        expect(await opened(visitor, satellite)).toEqual({ redirects: 6, user: place.userId })
        expect(await opened(visitor, satellite)).toEqual({ redirects: alwaysAsks ? 2 : 0, user: place.userId })
      })

      it('asks the primary domain at each visit of nobody', async () => {
        await begin(true)
        const visitor = new Visitor(world.network)
        for (const visit of ['first', 'second']) {
          expect(await opened(visitor, satellite), visit).toEqual({ redirects: alwaysAsks ? 6 : 4, user: 'nobody' })
        }
      })

      it('brings back a lost session cookie without the primary domain', async () => {
        await begin(true)
        const visitor = await signIn(world, place, page)
        await visitor.visit(satellite)
        visitor.forget('__session')
        expect(await opened(visitor, satellite)).toEqual({ redirects: 2, user: place.userId })
      })

      it.skipIf(alwaysAsks)('asks nobody by itself where it is told so, but after a sign-in', async () => {
        await begin(false)
        const visitor = await signIn(world, place, page)
        expect(await openedOnce(visitor, satellite)).toEqual({ redirects: 0, user: 'nobody' })
        expect((await visitor.visit(`${satellite}&__clerk_synced=false`)).redirects).toHaveLength(6)
        expect(await openedOnce(visitor, satellite)).toEqual({ redirects: 0, user: place.userId })
      })
    })
  })
})
