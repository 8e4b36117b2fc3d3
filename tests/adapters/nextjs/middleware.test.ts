import { createRequire } from 'node:module'
import type * as Navigation from 'next/navigation.js'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { createFakeApi, createTestInstance } from '@latchkey/backend/testing'
import type { ClerkMiddlewareAuth, ClerkMiddlewareOptions } from '@latchkey/nextjs/server'
import type { NextRequest } from 'next/server.js'
import { event, headersForPage, loadBoth, Next, requestTo, see, type Seen } from './both-middlewares.test-support.js'

const { instance, ours, official } = await loadBoth()
afterAll(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

type Handler = (auth: ClerkMiddlewareAuth, request: NextRequest) => unknown

const page = { accept: 'text/html', cookie: '__clerk_db_jwt=dvb_1' }
const action = { accept: 'text/x-component', 'next-url': '/', 'next-action': 'abc' }
const { jwtKey } = instance

/** Long enough for a slow machine, in seconds. */
const lasting = { lifetime: 600 }

const credentials: Record<string, Record<string, string>> = {
  nobody: {},
  'somebody by header': { authorization: `Bearer ${await instance.signSessionToken({}, lasting)}` },
  'somebody by cookie': {
    cookie: `__clerk_db_jwt=dvb_1; __client_uat=1; __session=${await instance.signSessionToken({}, lasting)}`,
  },
  'a member': {
    authorization: `Bearer ${await instance.signSessionToken({ o: { id: 'org_1', slg: 'acme', rol: 'admin', per: 'read', fpm: '1' }, fea: 'o:invoices' } as never, lasting)}`,
  },
  'a pending session': { authorization: `Bearer ${await instance.signSessionToken({ sts: 'pending' }, lasting)}` },
  'somebody late': { authorization: `Bearer ${await instance.signSessionToken({}, { lifetime: -60 })}` },
  'garbage': { authorization: 'Bearer garbage' },
  'basic credentials': { authorization: 'Basic dXNlcjpwYXNz' },
  'a machine': { authorization: `Bearer ${await instance.signMachineToken({}, lasting)}` },
  'an OAuth application': { authorization: `Bearer ${await instance.signOAuthToken({}, lasting)}` },
}

const kinds: Record<string, Record<string, string>> = {
  'a visit': page,
  'an iframe': { 'sec-fetch-dest': 'iframe', cookie: page.cookie },
  'a call': {},
  'a server action': action,
  'a navigation': { 'next-url': '/x' },
  'a data request': { 'x-nextjs-data': '1' },
}

const handlers: Record<string, Handler | undefined> = {
  nothing: undefined,
  'protect()': async (auth) => void (await auth.protect()),
  'protect() with a role': async (auth) => void (await auth.protect({ role: 'org:admin' })),
  'protect() with another role': async (auth) => void (await auth.protect({ role: 'org:owner' })),
  'protect() with a function': async (auth) => void (await auth.protect((has) => has({ role: 'org:admin' }))),
  'protect() with URLs': async (auth) =>
    void (await auth.protect(
      { role: 'org:owner' },
      { unauthenticatedUrl: 'http://localhost:3000/in', unauthorizedUrl: 'http://localhost:3000/no' },
    )),
  'protect() with a reverification': async (auth) => void (await auth.protect({ reverification: 'strict' })),
  'protect() for OAuth tokens': async (auth) => void (await auth.protect({ token: 'oauth_token' })),
  'protect() for machines and people': async (auth) =>
    void (await auth.protect({ token: ['session_token', 'm2m_token'] })),
  'protect() for anybody': async (auth) => void (await auth.protect({ token: 'any' })),
  'redirectToSignIn()': async (auth) => (await auth()).redirectToSignIn?.(),
  'redirectToSignIn() and back elsewhere': async (auth) =>
    (await auth()).redirectToSignIn?.({ returnBackUrl: 'http://localhost:3000/back' }),
  'redirectToSignIn() and not back': async (auth) => (await auth()).redirectToSignIn?.({ returnBackUrl: null }),
  'redirectToSignUp()': async (auth) => (await auth()).redirectToSignUp?.(),
  'an answer': async (auth) => Response.json({ userId: (await auth()).userId }),
  'an answer about tokens': async (auth) => {
    const { tokenType, isAuthenticated } = await auth({ acceptsToken: ['oauth_token', 'm2m_token'] })
    return Response.json({ tokenType, isAuthenticated })
  },
  'a redirect': () => Next.NextResponse.redirect('http://localhost:3000/elsewhere', 308),
  'a rewrite': () => Next.NextResponse.rewrite('http://localhost:3000/other'),
  'a rewrite to another server': () => Next.NextResponse.rewrite('https://elsewhere.example/other'),
  'an error': () => {
    throw new Error('The handler is broken.')
  },
}

it('there is every function that @clerk/nextjs/server has', () => {
  expect(Object.keys(official).filter((name) => typeof ours[name as keyof typeof ours] !== 'function')).toEqual([])
})

describe('clerkMiddleware beside that of @clerk/nextjs', () => {
  for (const [handlerName, handler] of Object.entries(handlers)) {
    it(`answers the same with ${handlerName}`, async () => {
      for (const [who, headers] of Object.entries(credentials)) {
        for (const [kind, kindHeaders] of Object.entries(kinds)) {
          const cookie = [kindHeaders.cookie, headers.cookie].filter(Boolean).join('; ')
          const answers = [ours, official].map(({ clerkMiddleware }) => {
            const middleware = clerkMiddleware((handler ?? (() => undefined)) as never, { jwtKey })
            const request = requestTo('/dash?x=1', {
              method: kind === 'a server action' ? 'POST' : 'GET',
              headers: { ...kindHeaders, ...headers, ...(cookie ? { cookie } : {}) },
            })
            return see(middleware(request, event) as Promise<Response>)
          })
          const [mine, theirs] = await Promise.all(answers)
          expect(mine, `${who} with ${kind}`).toEqual(theirs)
        }
      }
    })
  }

  const options: Record<string, ClerkMiddlewareOptions> = {
    'a sign-in page elsewhere': { signInUrl: 'https://accounts.example.com/in' },
    'hosted pages': { signInUrl: '', signUpUrl: '' },
    'a satellite': { isSatellite: true, domain: 'satellite.example', signInUrl: 'https://primary.example/in' },
    'a proxy': { proxyUrl: '/__clerk' },
    'a domain that depends on the URL': {
      isSatellite: () => true,
      domain: (url) => url.hostname,
      signInUrl: 'https://primary.example/in',
    },
    'parties': { authorizedParties: ['http://localhost:3000'] },
    'patterns of organizations': { organizationSyncOptions: { organizationPatterns: ['/orgs/:slug'] } },
  }
  it.each(Object.entries(options))('answers the same with %s', async (_name, given) => {
    for (const headers of [
      page,
      { ...page, cookie: credentials['somebody by cookie']!.cookie! },
      credentials['a member']!,
    ]) {
      for (const path of ['/dash', '/orgs/other', '/dash?__clerk_db_jwt=dvb_2']) {
        const [mine, theirs] = await Promise.all(
          [ours, official].map(({ clerkMiddleware }) =>
            see(
              clerkMiddleware(async (auth) => void (await auth.protect()), { jwtKey, ...given })(
                requestTo(path, { headers }),
                event,
              ) as Promise<Response>,
            ),
          ),
        )
        expect(mine, path).toEqual(theirs)
      }
    }
  })

  it('sends the same policies for what a page may load', async () => {
    const policies = [
      {},
      { reportOnly: true, reportTo: '/reports' },
      {
        directives: {
          'connect-src': ['https://api.example'],
          'object-src': 'none',
          'img-src': ["'none'"],
          'x-src': ['self', 'self'],
        },
      },
    ]
    for (const contentSecurityPolicy of policies) {
      const [mine, theirs] = await Promise.all(
        [ours, official].map(async ({ clerkMiddleware }) => {
          const response = (await clerkMiddleware({ jwtKey, contentSecurityPolicy } as never)(
            requestTo('/'),
            event,
          )) as Response
          return ['content-security-policy', 'content-security-policy-report-only', 'reporting-endpoints'].map(
            (name) => [response.headers.get(name), headersForPage(response).get(name)],
          )
        }),
      )
      expect(mine).toEqual(theirs)
    }
  })

  it('lets only scripts with its nonce run, and tells the page which that is', async () => {
    const response = (await ours.clerkMiddleware({ jwtKey, contentSecurityPolicy: { strict: true } })(
      requestTo('/'),
      event,
    )) as Response
    const nonce = headersForPage(response).get('x-nonce')
    expect(nonce).toMatch(/^[\w+/]{22}==$/)
    expect(response.headers.get('content-security-policy')).toMatch(
      new RegExp(`script-src [^;]*'strict-dynamic' 'nonce-${nonce!.replaceAll('+', '\\+')}'`),
    )
    expect(response.headers.get('content-security-policy')).not.toMatch(/script-src [^;]*https?:( |;)/)
  })
})

describe('clerkMiddleware', () => {
  it('can be the middleware itself, be called without a handler, and find its options for each request', async () => {
    const direct = (await ours.clerkMiddleware(
      requestTo('/', { headers: credentials['somebody by header'] }),
      event,
    )) as Response
    expect(headersForPage(direct).get('x-clerk-auth-status')).toBe('signed-in')
    const asked: string[] = []
    const dynamic = ours.clerkMiddleware(
      async (auth) => Response.json((await auth()).userId),
      async (request) => {
        asked.push(request.nextUrl.pathname)
        return { jwtKey }
      },
    )
    const answer = (await dynamic(
      requestTo('/path', { headers: credentials['somebody by header'] }),
      event,
    )) as Response
    expect([await answer.json(), asked]).toEqual(['user_test', ['/path']])
  })

  it("understands Next's own ways to end a request, and paths of the application", async () => {
    const { forbidden, notFound, permanentRedirect, redirect } = createRequire(import.meta.url)(
      'next/navigation',
    ) as typeof Navigation
    vi.stubEnv('__NEXT_EXPERIMENTAL_AUTH_INTERRUPTS', '1')
    const ends: [Handler, Seen][] = [
      [() => redirect('/in;x?y=1'), { status: 307, location: 'http://localhost:3000/in;x?y=1' }],
      [() => permanentRedirect('https://elsewhere.example/'), { status: 308, location: 'https://elsewhere.example/' }],
      [() => notFound(), { status: 200, rewrite: 'http://localhost:3000/clerk_<time>' }],
      [() => forbidden(), { status: 403, location: null }],
      [
        async (auth) => void (await auth.protect({ unauthenticatedUrl: '/in' })),
        { status: 307, location: 'http://localhost:3000/in' },
      ],
    ]
    for (const [handler, seen] of ends)
      expect(
        await see(ours.clerkMiddleware(handler as never, { jwtKey })(requestTo('/page'), event) as Promise<Response>),
      ).toMatchObject(seen)
  })

  it('answers 400 to a path that a matcher cannot decide about', async () => {
    const isAdmin = ours.createRouteMatcher('/admin/(.*)')
    const middleware = ours.clerkMiddleware((_auth, request) => void isAdmin(request), { jwtKey })
    for (const path of ['/admin%2Fusers', '/admin/%zz'])
      expect((await see(middleware(requestTo(path), event) as Promise<Response>)).status, path).toBe(400)
    expect((await see(middleware(requestTo('/other'), event) as Promise<Response>)).status).toBe(200)
  })

  it('keeps what the handler says to the page and to the browser', async () => {
    const middleware = ours.clerkMiddleware(
      (_auth, request) => {
        const headers = new Headers(request.headers)
        headers.set('x-tenant', 'acme')
        headers.delete('x-secret')
        const response = Next.NextResponse.next({ request: { headers } })
        response.cookies.set('seen', '1')
        return response
      },
      { jwtKey },
    )
    const response = (await middleware(
      requestTo('/', { headers: { 'x-secret': 's', 'x-kept': 'k', ...credentials['somebody by header'] } }),
      event,
    )) as Response
    const headers = headersForPage(response)
    expect([headers.get('x-tenant'), headers.get('x-kept'), headers.get('x-secret')]).toEqual(['acme', 'k', null])
    expect(headers.get('x-clerk-auth-status')).toBe('signed-in')
    expect(response.headers.getSetCookie()).toEqual(['seen=1; Path=/'])
  })

  it('adds to answers that cannot be changed', async () => {
    for (const result of [
      () => Response.redirect('http://localhost:3000/x'),
      () => new Response('own', { status: 418 }),
    ]) {
      expect(
        (await see(ours.clerkMiddleware(result, { jwtKey })(requestTo('/'), event) as Promise<Response>)).error,
      ).toBeUndefined()
    }
  })

  it('says which line is missing where', async () => {
    for (const name of ['NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY', 'CLERK_SECRET_KEY']) {
      const before = process.env[name]!
      vi.stubEnv(name, '')
      const { error } = await see(ours.clerkMiddleware()(requestTo('/'), event) as Promise<Response>)
      vi.stubEnv(name, before)
      expect(error).toContain(`Put the line\n\n  ${name}=`)
    }
  })

  it('signs nobody in with a key of another instance, and says so of what is no key', async () => {
    const headers = credentials['somebody by header']!
    const other = await createTestInstance()
    const response = (await ours.clerkMiddleware({ jwtKey: other.jwtKey })(
      requestTo('/', { headers }),
      event,
    )) as Response
    expect(headersForPage(response).get('x-clerk-auth-status')).toBe('signed-out')
    const { error } = await see(
      ours.clerkMiddleware({ jwtKey, publishableKey: 'pk_wrong' })(
        requestTo('/', { headers }),
        event,
      ) as Promise<Response>,
    )
    expect(error).toContain('The publishable key is not valid')
  })

  it('signs nobody in with a secret key that the API refuses, and says why', async () => {
    const api = createFakeApi([
      {
        path: '/jwks',
        status: 401,
        body: { errors: [{ code: 'clerk_key_invalid', message: 'The provided Clerk Secret Key is invalid.' }] },
      },
    ])
    vi.stubGlobal('fetch', api.fetch)
    vi.stubEnv('CLERK_JWT_KEY', '')
    const response = (await ours.clerkMiddleware()(
      requestTo('/', { headers: credentials['somebody by header'] }),
      event,
    )) as Response
    vi.stubEnv('CLERK_JWT_KEY', jwtKey)
    expect(headersForPage(response).get('x-clerk-auth-status')).toBe('signed-out')
    expect(response.headers.get('x-clerk-auth-reason')).toBe('secret-key-invalid')
    expect(api.requests).toHaveLength(1)
  })

  it('passes the Frontend API through, below its path only', async () => {
    const asked: string[] = []
    vi.stubGlobal('fetch', async (input: URL | string) => {
      asked.push(String(input))
      return new Response('{}', { status: 200 })
    })
    const middleware = ours.clerkMiddleware({ jwtKey, frontendApiProxy: { enabled: true } })
    expect((await middleware(requestTo('/__clerk/v1/client?x=1'), event))!.status).toBe(200)
    expect(asked).toEqual(['https://frontend-api.clerk.dev/v1/client?x=1'])
    const visit = (await middleware(requestTo('/__clerkish', { headers: { accept: 'text/html' } }), event)) as Response
    expect(visit.headers.get('location')).toMatch(/^http:\/\/localhost:3000\/__clerk\/v1\/client\/handshake\?/)
  })

  it('writes what it decided to the console when it is told to, without a token', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {})
    await ours.clerkMiddleware({ jwtKey, debug: true })(
      requestTo('/?token=t', { headers: credentials['somebody by header'] }),
      event,
    )
    expect(log.mock.calls).toEqual([
      ['clerkMiddleware', { method: 'GET', path: '/', status: 'signed-in', tokenType: 'session_token', reason: null }],
    ])
    log.mockRestore()
  })
})
