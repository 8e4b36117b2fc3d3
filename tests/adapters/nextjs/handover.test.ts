import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { createFakeApi, createTestInstance } from '@latchkey/backend/testing'
import { sign } from '../../../packages/nextjs/src/handover-crypto.js'
import type { ClerkMiddlewareOptions } from '@latchkey/nextjs/server'
import { event, headersForPage, loadBoth, requestTo, type Both } from './both-middlewares.test-support.js'

const current = vi.hoisted(() => ({ headers: new Headers() as Headers | Error }))
vi.mock('next/headers.js', () => ({
  headers: async () => {
    if (current.headers instanceof Error) throw current.headers
    return current.headers
  },
}))

const { instance, ours, official } = await loadBoth()
const { auth, buildClerkProps, clerkClient, clerkMiddleware, currentUser, getAuth } = ours
const { jwtKey, secretKey, publishableKey } = instance
const token = await instance.signSessionToken({ sub: 'user_1' }, { lifetime: 600 })

afterEach(() => vi.useRealTimers())
afterAll(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

const user = {
  object: 'user',
  id: 'user_1',
  first_name: 'Ada',
  email_addresses: [],
  phone_numbers: [],
  web3_wallets: [],
  external_accounts: [],
  enterprise_accounts: [],
  public_metadata: {},
  private_metadata: { secret: 1 },
  unsafe_metadata: {},
}

/** What the middleware makes of a request, as the page gets it. */
async function pass(
  headers: Record<string, string>,
  options: ClerkMiddlewareOptions = { jwtKey },
  path = '/page?x=1',
  { clerkMiddleware: middleware }: Pick<Both['ours'], 'clerkMiddleware'> = ours,
): Promise<Headers> {
  const response = (await middleware(options)(requestTo(path, { headers }), event)) as Response
  return headersForPage(response)
}

/** A request of the older router. */
function nodeRequest(headers: Headers) {
  return { url: '/page', method: 'GET', headers: Object.fromEntries(headers), cookies: {} } as never
}

const signedIn = { authorization: `Bearer ${token}` }

describe('what the middleware decided', () => {
  it('reaches auth() and getAuth(), in both routers', async () => {
    current.headers = await pass(signedIn)
    expect(await auth()).toMatchObject({
      isAuthenticated: true,
      userId: 'user_1',
      sessionId: 'sess_test',
      tokenType: 'session_token',
    })
    expect(await (await auth()).getToken()).toBe(token)
    expect(getAuth(nodeRequest(current.headers))).toMatchObject({ isAuthenticated: true, userId: 'user_1' })
    expect(getAuth(requestTo('/', { headers: Object.fromEntries(current.headers) }))).toMatchObject({
      userId: 'user_1',
    })
    current.headers = await pass({})
    expect(await auth()).toMatchObject({ isAuthenticated: false, userId: null })
    expect(getAuth(nodeRequest(current.headers))).toMatchObject({ isAuthenticated: false, userId: null })
  })

  it('is to getAuth() what it is to that of @clerk/nextjs', async () => {
    const member = await instance.signSessionToken({
      o: { id: 'org_1', slg: 'acme', rol: 'admin', per: 'read', fpm: '1' },
      fea: 'o:invoices',
    } as never)
    const pending = await instance.signSessionToken({ sts: 'pending' })
    for (const authorization of [
      '',
      `Bearer ${token}`,
      `Bearer ${member}`,
      `Bearer ${pending}`,
      'Bearer garbage',
      `Bearer ${await instance.signMachineToken()}`,
    ]) {
      const headers: Record<string, string> = authorization ? { authorization } : {}
      for (const options of [{}, { treatPendingAsSignedOut: false }, { acceptsToken: 'api_key' as const }]) {
        const [mine, theirs] = await Promise.all(
          [ours, official].map(async (sdk) =>
            describeAuth(sdk.getAuth(nodeRequest(await pass(headers, { jwtKey }, '/', sdk)), options)),
          ),
        )
        if (options.acceptsToken) expect(mine).toMatchObject({ isAuthenticated: false, tokenType: 'api_key' })
        else expect(mine).toEqual(theirs)
      }
    }
  })

  it('has a way to the sign-in page from every page', async () => {
    current.headers = await pass({ cookie: '__clerk_db_jwt=dvb_1' })
    const { redirectToSignIn, redirectToSignUp } = await auth()
    const back = encodeURIComponent('http://localhost:3000/page?x=1')
    expect(digestOf(() => redirectToSignIn())).toBe(
      `NEXT_REDIRECT;replace;http://localhost:3000/sign-in?redirect_url=${back};307;`,
    )
    expect(digestOf(() => redirectToSignIn({ returnBackUrl: null }))).toBe(
      'NEXT_REDIRECT;replace;http://localhost:3000/sign-in;307;',
    )
    expect(digestOf(() => redirectToSignUp({ returnBackUrl: '//evil.example' }))).toBe(
      `NEXT_REDIRECT;replace;http://localhost:3000/sign-in/create?redirect_url=${back};307;`,
    )
  })

  it('lets protect() end the page for those who may not see it', async () => {
    current.headers = await pass({ accept: 'text/html', cookie: '__clerk_db_jwt=dvb_1' })
    await expect(auth.protect()).rejects.toMatchObject({
      digest: expect.stringMatching(/^NEXT_REDIRECT;replace;http:\/\/localhost:3000\/sign-in\?/),
    })
    await expect(auth.protect({ unauthenticatedUrl: '/in' })).rejects.toMatchObject({
      digest: 'NEXT_REDIRECT;replace;/in;307;',
    })
    current.headers = await pass({})
    await expect(auth.protect()).rejects.toMatchObject({ digest: 'NEXT_HTTP_ERROR_FALLBACK;404' })
    await expect(auth.protect({ token: 'm2m_token' })).rejects.toMatchObject({ digest: 'NEXT_HTTP_ERROR_FALLBACK;401' })
    current.headers = await pass({ 'next-url': '/', 'next-action': 'a' })
    await expect(auth.protect()).rejects.toMatchObject({ digest: 'NEXT_HTTP_ERROR_FALLBACK;401' })
    current.headers = await pass(signedIn)
    await expect(auth.protect({ role: 'org:admin' })).rejects.toMatchObject({ digest: 'NEXT_HTTP_ERROR_FALLBACK;404' })
    await expect(auth.protect({ role: 'org:admin' }, { unauthorizedUrl: '/no' })).rejects.toMatchObject({
      digest: 'NEXT_REDIRECT;replace;/no;307;',
    })
    await expect(auth.protect((has) => has({ permission: 'org:x:y' }))).rejects.toMatchObject({
      digest: 'NEXT_HTTP_ERROR_FALLBACK;404',
    })
    await expect(auth.protect(() => true)).resolves.toMatchObject({ userId: 'user_1' })
  })

  it('has machines too, for those who accept them', async () => {
    const machineToken = await instance.signMachineToken({ scopes: 'mch_2' })
    current.headers = await pass({ authorization: `Bearer ${machineToken}` })
    expect(await auth()).toMatchObject({ tokenType: 'session_token', userId: null })
    const machine = await auth({ acceptsToken: 'm2m_token' })
    expect(machine).toMatchObject({ isAuthenticated: true, machineId: 'mch_test', scopes: ['mch_2'] })
    expect(await machine.getToken()).toBe(machineToken)
    expect(await auth({ acceptsToken: ['api_key'] })).toMatchObject({ tokenType: null, isAuthenticated: false })
    expect(await auth.protect({ token: ['session_token', 'm2m_token'] })).toMatchObject({ machineId: 'mch_test' })
    expect(getAuth(nodeRequest(current.headers)).userId).toBeNull()
    expect([...current.headers.values()].join()).not.toContain('mch_test')
  })

  it('goes to the components of the older router without what is private', async () => {
    const headers = nodeRequest(await pass(signedIn))
    const props = buildClerkProps(headers, { user: { id: 'user_1', privateMetadata: { secret: 1 } } as never })
    expect(props).toMatchObject({ __clerk_ssr_state: { userId: 'user_1', user: { id: 'user_1' } } })
    expect(JSON.stringify(props)).not.toContain('secret')
    expect(JSON.parse(JSON.stringify(props))).toEqual(props)
  })

  it('finds the user at the API', async () => {
    const api = createFakeApi([{ path: '/users/user_1', body: user }])
    vi.stubGlobal('fetch', api.fetch)
    current.headers = await pass(signedIn)
    expect(await currentUser()).toMatchObject({ id: 'user_1', firstName: 'Ada' })
    expect(api.requests[0]!.headers.authorization).toBe(`Bearer ${secretKey}`)
    current.headers = await pass({})
    expect(await currentUser()).toBeNull()
  })
})

describe('what a client says in the place of the middleware', () => {
  /** As the middleware of the attacker's own application would sign it. */
  async function forge(changes: Record<string, string> = {}): Promise<Headers> {
    const headers = await pass(signedIn, { jwtKey, secretKey: 'sk_test_of_the_attacker' }).catch(() => new Headers())
    return new Headers({
      ...Object.fromEntries(headers),
      'x-clerk-auth-status': 'signed-in',
      'x-clerk-auth-token': token,
      ...changes,
    })
  }

  // CVE-2024-22206, CVE-2025-29927: the page believed headers although the middleware had not run.
  it.each([
    ['no signature', {}],
    ['an empty one', { 'x-clerk-auth-signature': '' }],
    ['a wrong one', { 'x-clerk-auth-signature': 'a'.repeat(64) }],
    ['one of another length', { 'x-clerk-auth-signature': 'aa' }],
    ['one that is none', { 'x-clerk-auth-signature': 'ä'.repeat(64) }],
  ])('is an error in the page, with %s (CVE-2024-22206, CVE-2025-29927)', async (_name, changes) => {
    current.headers = await forge(changes)
    await expect(auth()).rejects.toThrow('auth_signature_invalid')
    await expect(auth.protect()).rejects.toThrow('auth_signature_invalid')
    await expect(currentUser()).rejects.toThrow('auth_signature_invalid')
    expect(() => getAuth(nodeRequest(current.headers as Headers))).toThrow('auth_signature_invalid')
  })

  it('is an error for any other value than the one that was signed', async () => {
    const signed = await pass(signedIn)
    const other = await instance.signSessionToken({ sub: 'user_victim' })
    for (const [name, value] of [
      ['x-clerk-auth-token', other],
      ['x-clerk-auth-status', 'signed-out'],
      ['x-clerk-clerk-url', 'http://evil.example/'],
      ['x-clerk-auth-reason', 'x'],
      ['x-clerk-auth-message', 'x'],
    ] as const) {
      const headers = new Headers(signed)
      headers.set(name, value)
      expect(() => getAuth(nodeRequest(headers)), name).toThrow('auth_signature_invalid')
    }
    const headers = new Headers(signed)
    headers.set('x-clerk-request-data', 'ab'.repeat(50))
    expect(() => getAuth(nodeRequest(headers))).toThrow('encryption_key_invalid')
  })

  it('is dropped by the middleware, whoever is or is not signed in', async () => {
    const forged = {
      'x-clerk-auth-status': 'signed-in',
      'x-clerk-auth-token': token,
      'x-clerk-auth-signature': 'a'.repeat(64),
      'x-clerk-request-data': 'abcd',
      'x-clerk-clerk-url': 'http://evil.example',
      'x-clerk-auth-reason': 'r',
      'x-clerk-auth-message': 'm',
      'x-clerk-debug': 'true',
    }
    for (const own of [{}, signedIn]) {
      const headers = await pass({ ...forged, ...own })
      for (const [name, value] of Object.entries(forged))
        if (value !== 'signed-in' && value !== token) expect(headers.get(name), name).not.toBe(value)
      expect(getAuth(nodeRequest(headers)).userId).toBe('authorization' in own ? 'user_1' : null)
    }
  })

  it('does not count when the middleware has not run', async () => {
    current.headers = new Headers(signedIn)
    await expect(auth()).rejects.toThrow(/auth\(\) was called, but clerkMiddleware\(\) has not seen the request/)
    expect(() => getAuth(nodeRequest(new Headers(signedIn)))).toThrow(/getAuth\(\) was called, but clerkMiddleware\(\)/)
  })

  it('does not count long after its token has ended, though the signature is right', async () => {
    current.headers = await pass({ authorization: `Bearer ${await instance.signSessionToken({ sub: 'user_1' })}` })
    vi.useFakeTimers({ now: Date.now() + 4 * 60_000 })
    expect(await auth()).toMatchObject({ userId: 'user_1' })
    vi.setSystemTime(Date.now() + 4 * 60_000)
    expect(await auth()).toMatchObject({ userId: null })
    expect(getAuth(nodeRequest(current.headers))).toMatchObject({ userId: null })
  })

  it.each<[name: string, claims: Record<string, unknown>]>([
    ['says that its session is active', {}],
    ['says nothing of its session', { sts: undefined }],
  ])(
    'is verified once more by auth(), when the token %s: who could sign a header still cannot sign a token',
    async (_name, claims) => {
      const other = await createTestInstance()
      current.headers = await pass(
        { authorization: `Bearer ${await other.signSessionToken(claims)}` },
        { jwtKey: other.jwtKey },
      )
      expect(getAuth(nodeRequest(current.headers)).userId).toBe('user_test')
      expect((await auth()).userId).toBe('user_test')
      current.headers = withoutOptions(current.headers)
      expect((await auth()).userId).toBeNull()
    },
  )
})

describe('a secret key that the middleware was given', () => {
  const options = { jwtKey, secretKey: 'sk_test_of_a_tenant', publishableKey }

  it('needs a key to be encrypted with', async () => {
    await expect(pass(signedIn, options)).rejects.toThrow('CLERK_ENCRYPTION_KEY')
    await expect(pass(signedIn, { jwtKey, secretKey })).resolves.toBeInstanceOf(Headers)
  })

  it('reaches the page encrypted, and is used there', async () => {
    vi.stubEnv('CLERK_ENCRYPTION_KEY', 'a key for the tests')
    const api = createFakeApi([{ path: '/users/user_1', body: user }])
    vi.stubGlobal('fetch', api.fetch)
    current.headers = await pass(signedIn, options)
    expect([...current.headers].join()).not.toContain('sk_test_of_a_tenant')
    expect(await auth()).toMatchObject({ userId: 'user_1' })
    expect(getAuth(nodeRequest(current.headers)).userId).toBe('user_1')
    await currentUser()
    await (await clerkClient()).users.getUser('user_1')
    expect(api.requests.map(({ headers }) => headers.authorization)).toEqual(
      Array(2).fill('Bearer sk_test_of_a_tenant'),
    )
    vi.stubEnv('CLERK_ENCRYPTION_KEY', 'another key')
    await expect(auth()).rejects.toThrow('encryption_key_invalid')
    vi.stubEnv('CLERK_ENCRYPTION_KEY', '')
    expect(() => getAuth(nodeRequest(current.headers as Headers))).toThrow('encryption_key_invalid')
  })

  it('is used by clerkClient() in the handler of the middleware', async () => {
    vi.stubEnv('CLERK_ENCRYPTION_KEY', 'a key for the tests')
    const api = createFakeApi([{ path: '/users/user_1', body: user }])
    vi.stubGlobal('fetch', api.fetch)
    await clerkMiddleware(async () => void (await (await clerkClient()).users.getUser('user_1')), options)(
      requestTo('/', { headers: signedIn }),
      event,
    )
    expect(api.requests[0]!.headers.authorization).toBe('Bearer sk_test_of_a_tenant')
  })
})

describe('outside of a request', () => {
  it('auth() says where it works, and clerkClient() works', async () => {
    current.headers = new Error('`headers` was called outside a request scope. Read more: https://nextjs.org/docs')
    await expect(auth()).rejects.toThrow('In "pages" use getAuth(request)')
    vi.stubEnv('CLERK_ENCRYPTION_KEY', 'a key for the tests')
    const api = createFakeApi([{ path: '/users/user_1', body: user }])
    vi.stubGlobal('fetch', api.fetch)
    await (await clerkClient()).users.getUser('user_1')
    expect(api.requests[0]!.headers.authorization).toBe(`Bearer ${secretKey}`)
  })

  it('lets through what Next throws to learn that a page cannot be rendered ahead of time', async () => {
    const bailout = Object.assign(
      new Error("Dynamic server usage: Route / couldn't be rendered statically because it used `headers`."),
      { digest: 'DYNAMIC_SERVER_USAGE' },
    )
    current.headers = bailout
    await expect(auth()).rejects.toBe(bailout)
    await expect(currentUser()).rejects.toBe(bailout)
    vi.stubEnv('CLERK_ENCRYPTION_KEY', 'a key for the tests')
    await expect(clerkClient()).rejects.toBe(bailout)
  })
})

describe('while the API is down', () => {
  it('sessions are let in that can be verified without it, and others are not', async () => {
    vi.stubEnv('CLERK_JWT_KEY', '')
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('fetch failed')
    })
    current.headers = await pass(signedIn, { jwtKey })
    expect(await auth()).toMatchObject({ userId: 'user_1' })
    // The page cannot verify the token once more; the middleware could.
    current.headers = withoutOptions(current.headers)
    expect(await auth()).toMatchObject({ userId: 'user_1' })
    current.headers = await pass(signedIn, {})
    expect(await auth()).toMatchObject({ userId: null })
    expect(getAuth(nodeRequest(current.headers)).userId).toBeNull()
  })
})

/** The same decision, well signed, without the options that the middleware was given. */
function withoutOptions(handed: Headers): Headers {
  const headers = new Headers(handed)
  headers.delete('x-clerk-request-data')
  const names = [
    'x-clerk-auth-status',
    'x-clerk-auth-token',
    'x-clerk-auth-reason',
    'x-clerk-auth-message',
    'x-clerk-clerk-url',
    'x-clerk-request-data',
  ]
  headers.set(
    'x-clerk-auth-signature',
    sign(
      names.map((name) => headers.get(name) ?? ''),
      secretKey,
    ),
  )
  return headers
}

function digestOf(work: () => never): unknown {
  try {
    return work()
  } catch (error) {
    return (error as { digest?: string }).digest
  }
}

function describeAuth(authObject: object): object {
  return Object.fromEntries(
    Object.entries(authObject).map(([name, value]) => [
      name,
      typeof value === 'function' ? 'function' : (value as unknown),
    ]),
  )
}
