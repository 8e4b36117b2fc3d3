import fc from 'fast-check'
import type { NextRequest as OurNextRequest } from 'next/server.js'
import { describe, expect, it, vi } from 'vitest'
import { createRouteMatcher } from '@latchkey/nextjs/server'
import { createRouter, versions, type Next, type NextConfig, type Routes } from './next-router.test-support.js'

/** Paths for each version of Next, over all configurations. */
const PATHS = 10_000

const SEED = 20261122

const routes: Routes = {
  app: [
    '/',
    '/admin',
    '/admin/users',
    '/admin/[id]',
    '/admin/[id]/edit',
    '/admin/files/[...path]',
    '/Admin',
    '/administrator',
    '/docs/a/b',
    '/docs/[slug]',
    '/docs/[slug]/[page]',
    '/public',
    '/public/[id]',
    '/blog/[[...slug]]',
    '/über',
    '/my page',
    '/~team/[team]',
    '/shop/[category]/admin',
    '/open/[...rest]',
    '/[user]',
    '/[user]/settings',
  ],
  pages: ['/old', '/old/admin', '/old/[id]', '/api/admin', '/api/[name]'],
}

const patterns = [
  ['/admin(.*)'],
  ['/admin/(.*)'],
  ['/admin/:path*'],
  ['/admin'],
  ['/admin/:id'],
  ['/admin/:id/edit'],
  ['/docs/:slug'],
  ['/docs/a/b'],
  ['/docs/:slug/:page'],
  ['/public/(.*)', '/'],
  ['/blog(.*)', '/open/(.*)'],
  ['/über', '/my page'],
  ['/:user/settings'],
  ['/:user'],
  ['/shop/(.*)/admin'],
  ['/old/:id', '/api(.*)'],
  ['/~team/:x'],
  ['/((?!admin|docs).*)'],
  [/^\/admin(\/.*)?$/],
  ['/(.*)'],
]

const words = [
  ...new Set(
    [...routes.app, ...routes.pages].flatMap((page) =>
      page.split('/').filter((segment) => segment && !segment.startsWith('[')),
    ),
  ),
]

/** A character in another way: percent-encoded, once or twice, in small or capital hexadecimal. */
const wayOf = (character: string) =>
  fc.oneof(
    { weight: 30, arbitrary: fc.constant(character) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        encode(character),
        encode(character).toLowerCase(),
        encode(character).replaceAll('%', '%25'),
        character.toUpperCase(),
      ),
    },
  )

const written = (word: string) => fc.tuple(...[...word].map(wayOf)).map((ways) => ways.join(''))

const segment = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...words).chain(written) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'x',
      '1',
      'a',
      'b',
      'edit',
      'settings',
      'a b',
      'ä',
      'me@example.com',
      'a%2Fb',
      '%2e%2e',
      '..',
      '.',
      '%2F',
      '',
      '[id]',
      '%5Bid%5D',
      ';v=1',
      'a%5Cb',
      '%00',
      '%',
      '%zz',
      'admin.rsc',
      'admin.json',
    ),
  },
)

const separator = fc.oneof(
  { weight: 14, arbitrary: fc.constant('/') },
  { weight: 1, arbitrary: fc.constantFrom('%2F', '%2f', '//', '\\', '/./', '/../', '/%2e/', '%252F') },
)

/** Some page's path, its letters and slashes written in many ways, or any segments; with a slash at its end where that is usual. */
const pathsFor = ({ basePath = '', trailingSlash }: NextConfig) =>
  fc
    .tuple(
      fc.oneof(
        { weight: 9, arbitrary: fc.constant('') },
        { weight: 1, arbitrary: fc.constantFrom('/_next/data/B', '/x/..', '/de', '/DE') },
      ),
      fc.oneof(
        {
          weight: 3,
          arbitrary: fc.constantFrom(...routes.app, ...routes.pages).chain((page) =>
            fc.tuple(
              ...page
                .split('/')
                .slice(1)
                .map((part) => (part.startsWith('[') ? segment : written(part))),
            ),
          ),
        },
        { weight: 1, arbitrary: fc.tuple(fc.oneof(written('admin'), segment), segment, segment) },
      ),
      fc.array(separator, { minLength: 5, maxLength: 5 }),
      fc.oneof(
        { weight: 9, arbitrary: fc.constant(trailingSlash ? '/' : '') },
        { weight: 1, arbitrary: fc.constantFrom('', '/', '.json', '.rsc', '?q=/admin', '#x') },
      ),
    )
    .map(
      ([start, segments, separators, end]) =>
        `${basePath}${start}/${segments.map((text, index) => (index === 0 ? text : separators[index]! + text)).join('')}${end}`,
    )

/** As a browser writes the path of a page. */
const plainPath = fc
  .constantFrom(...[...routes.app, ...routes.pages].filter((page) => page !== '/Admin'))
  .chain((page) =>
    fc
      .tuple(
        ...page
          .split('/')
          .map((part) =>
            part.includes('[')
              ? fc.stringMatching(/^[0-9xyzäß @.-]{1,5}$/).filter((text) => !/^\.+$/.test(text))
              : fc.constant(part),
          ),
      )
      .map((parts) => new URL(`http://localhost${parts.join('/')}`).pathname),
  )

const configurations: NextConfig[] = [
  {},
  { basePath: '/base' },
  { trailingSlash: true },
  { i18n: { locales: ['en', 'de'], defaultLocale: 'en' } },
]

describe.each(versions)(`createRouteMatcher beside the router of Next $version (seed ${SEED})`, (next) => {
  it.each(configurations)(
    'gives an answer that is right for the page that is served, or none, with %j',
    async (config) => {
      const router = await createRouter(next, routes, config)
      const matchers = patterns.map(createRouteMatcher)
      const seen = { pages: 0, served: 0, decided: 0, protectedPages: 0 }
      await fc.assert(
        fc.asyncProperty(pathsFor(config), async (path) => {
          const request = requestFor(next, path, config)
          // The middleware lets the request on by the URL that it saw.
          const page = await router(new URL(request.url).pathname)
          if (page === null) return
          seen.pages++
          const canonical = canonicalPath(page, request, config)
          for (const [index, matcher] of matchers.entries()) {
            const answer = ask(matcher, request)
            seen.served++
            if (answer === 400) continue
            seen.decided++
            expect
              .soft(answer, `${path} is ${page}, ${canonical} for ${String(patterns[index])}`)
              .toBe(isMatch(next, patterns[index]!, canonical))
          }
          if (/^\/admin(\/|$)/.test(page)) {
            seen.protectedPages++
            for (const protection of [matchers[0]!, matchers[2]!])
              expect(ask(protection, request), path).not.toBe(false)
          }
        }),
        { numRuns: PATHS / configurations.length, seed: SEED },
      )
      // Not vacuous: half of the paths lead to a page, and most of those are decided.
      expect(seen.pages).toBeGreaterThan(PATHS / configurations.length / 2)
      expect(seen.protectedPages).toBeGreaterThan(200)
      expect(seen.decided / seen.served).toBeGreaterThan(0.9)
    },
  )

  it('refuses no path that is written as browsers write it', async () => {
    const router = await createRouter(next, routes)
    const matchers = patterns.map(createRouteMatcher)
    await fc.assert(
      fc.asyncProperty(plainPath, async (path) => {
        const request = requestFor(next, path, {})
        const page = await router(path)
        if (page === null) return
        const canonical = canonicalPath(page, request, {})
        for (const [index, matcher] of matchers.entries())
          expect(ask(matcher, request), `${path} for ${String(patterns[index])}`).toBe(
            isMatch(next, patterns[index]!, canonical),
          )
      }),
      { numRuns: 1000, seed: SEED },
    )
  })
})

describe('createRouteMatcher', () => {
  const matches = (route: Parameters<typeof createRouteMatcher>[0], path: string) =>
    ask(createRouteMatcher(route), requestFor(versions[1]!, path, {}))

  it('takes strings, regular expressions, lists of them and functions', () => {
    expect(matches('/admin/:path*', '/admin')).toBe(true)
    expect(matches('/admin/:path*', '/administrator')).toBe(false)
    expect(matches('/:locale(en|de)/about', '/de/about')).toBe(true)
    expect(matches(/^\/a/g, '/a')).toBe(true)
    expect(matches(['/x', /^\/y$/], '/y/')).toBe(true)
    expect(matches((request) => request.method === 'GET', '/')).toBe(true)
    expect(matches('', '/')).toBe(false)
    expect(matches([], '/')).toBe(false)
  })

  it('answers the same each time, also for an expression that remembers where it stopped', () => {
    const request = requestFor(versions[1]!, '/admin', {})
    for (const expression of [/admin/g, /\/admin/y, /\/ADMIN/gi]) {
      const matcher = createRouteMatcher(expression)
      expect([1, 2, 3].map(() => ask(matcher, request))).toEqual([true, true, true])
    }
  })

  it.each(['/(a', '/:', '/a{', '/((x))'])('says at once that %j is no pattern', (pattern) => {
    expect(() => createRouteMatcher(['/fine', pattern])).toThrow(/Invalid route ".*" in createRouteMatcher/)
  })

  // CVE-2026-41248: a path that the router reads in another way than the matcher is let past it.
  it.each([
    '/%61dmin',
    '/admin%2Fusers',
    '/ADMIN',
    '/ad%6din/',
    '//admin',
    '///admin//users',
    '/x/../admin',
    '/x/%2E%2e/admin',
    '\\admin',
    '/_next/data/B/admin.json',
    '/admin.rsc',
    '/admin.segments/_tree.segment.rsc',
    '/admin/a.segments/b.segments/_tree.segment.rsc',
    '/%c0%ae/admin',
    '/admin%',
  ])('lets nobody past with %j (CVE-2026-41248)', (path) => {
    expect(matches(['/admin', '/admin/(.*)'], path)).not.toBe(false)
  })

  it.each(['/_next/data/B/admin.json', '/_next/data/B/de/admin.json', '/_next/data/B/DE/admin/users.json'])(
    'lets nobody past to the data of a page in another language, with skipProxyUrlNormalize: %s',
    (path) => {
      vi.stubEnv('__NEXT_NO_MIDDLEWARE_URL_NORMALIZE', 'true')
      const matcher = createRouteMatcher(['/admin', '/admin/(.*)'])
      for (const next of versions)
        expect(ask(matcher, requestFor(next, path, { i18n: { locales: ['en', 'de'], defaultLocale: 'en' } }))).not.toBe(
          false,
        )
      vi.unstubAllEnvs()
    },
  )

  it('is done soon with long paths', () => {
    expect(matches('/x', `/${'a.segments/'.repeat(100_000)}b.rsc`)).toBe(false)
  })

  it('does not take another page for a public one', () => {
    expect(matches('/docs/:slug', '/docs/a%2Fb')).toBe(400)
    expect(matches('/about', '/ABOUT')).toBe(400)
    expect(matches('/public/(.*)', '/public/..%2Fadmin')).toBe(true)
    expect(matches('/public/(.*)', '/public/../admin')).toBe(false)
  })

  it('decides about parameters whatever is in them', () => {
    for (const id of ['a%2Fb', 'me%40example.com', '%C3%A4', 'a%3Fb', '%25', 'A'])
      expect(matches('/users/:path*', `/users/${id}`), id).toBe(true)
    for (const id of ['me%40example.com', '%C3%A4', 'a%3Fb', 'a%23b', '%25', 'A'])
      expect(matches('/users/:id', `/users/${id}`), id).toBe(true)
  })
})

function encode(character: string): string {
  return character.charCodeAt(0) < 128
    ? `%${character.charCodeAt(0).toString(16).toUpperCase()}`
    : encodeURIComponent(character)
}

/** The request as the middleware gets it. */
function requestFor(next: Next, path: string, config: NextConfig): OurNextRequest {
  const { NextRequest } = next.module('server/web/exports/index.js') as unknown as {
    NextRequest: typeof OurNextRequest
  }
  const normalizeRscURL = next.module('shared/lib/router/utils/app-paths.js').normalizeRscURL as (url: string) => string
  return new NextRequest(normalizeRscURL(`http://localhost${path}`), { nextConfig: config })
}

/** What the page is called with: its own path, or that of the request where it has parameters. */
function canonicalPath(page: string, { nextUrl }: OurNextRequest, { trailingSlash }: NextConfig): string {
  const path = nextUrl.pathname.replace(/(.)\/$/, '$1')
  const own = !page.includes('[') || decodeURIComponent(path) === page ? page : decodeOrdinary(path)
  return trailingSlash && own !== '/' ? `${own}/` : own
}

/** Decodes what browsers encode, and leaves what somebody encoded. */
function decodeOrdinary(path: string): string {
  return path.replace(/(?:%[89a-f][\da-f])+|%20|%22|%3[ce]|%60|%7[bd]|%5e|%3f|%23/gi, (text) =>
    decodeURIComponent(text),
  )
}

function isMatch(next: Next, list: (string | RegExp)[], path: string): boolean {
  const { pathToRegexp } = next.module('compiled/path-to-regexp/index.js') as unknown as {
    pathToRegexp: (pattern: string, keys: [], options: object) => RegExp
  }
  return list.some((pattern) =>
    (pattern instanceof RegExp ? pattern : pathToRegexp(pattern, [], { sensitive: true, delimiter: '/' })).test(path),
  )
}

function ask(matcher: (request: OurNextRequest) => boolean, request: OurNextRequest): boolean | 400 {
  try {
    return matcher(request)
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 400) return 400
    throw error
  }
}
