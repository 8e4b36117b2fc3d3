import * as official from '@clerk/backend/internal'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createClerkClient } from '../client.js'
import * as ours from '../internal.js'
import { decodeJwt } from '../jwt.js'
import { createFakeApi, createTestInstance } from '../testing.js'

const instance = await createTestInstance({ type: 'production' })
const { publishableKey, secretKey, jwtKey } = instance
const token = await instance.signSessionToken({ o: { id: 'org_1', rol: 'admin', slg: 'acme' } })
const pending = await instance.signSessionToken({ sts: 'pending' })
const types = ['session_token', 'api_key', 'm2m_token', 'oauth_token'] as const
const machine = {
  id: 'x_1',
  subject: 'user_1',
  scopes: ['a'],
  claims: { b: 1 },
  name: 'Key',
  clientId: 'app_1',
  expiration: null,
}

/** What JSON shows of an object; functions are compared by what they answer. */
function describeAuth(auth: object) {
  const { has } = auth as { has: (params: object) => boolean }
  return {
    ...(JSON.parse(JSON.stringify(auth)) as object),
    has: has({ role: 'admin' }),
    keys: Object.keys(auth).toSorted(),
  }
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('what frameworks use, beside @clerk/backend', () => {
  it('has the same names and constants', () => {
    expect(Object.keys(ours)).toEqual(expect.arrayContaining(Object.keys(official)))
    expect(ours.constants).toEqual(official.constants)
    expect(ours.TokenType).toEqual(official.TokenType)
    expect(ours.AuthStatus).toEqual(official.AuthStatus)
  })

  it('makes the same auth objects', () => {
    const options = { secretKey }
    const claims = decodeJwt(token).payload
    const pairs: [object, object][] = [
      [
        ours.signedInAuthObject(options, token, claims as never),
        official.signedInAuthObject(options, token, claims as never),
      ],
      [ours.signedOutAuthObject(), official.signedOutAuthObject()],
      [ours.signedOutAuthObject({}, 'pending'), official.signedOutAuthObject({}, 'pending')],
      [ours.invalidTokenAuthObject(), official.invalidTokenAuthObject()],
    ]
    for (const type of types.slice(1) as ('api_key' | 'm2m_token' | 'oauth_token')[]) {
      pairs.push([
        ours.authenticatedMachineObject(type, 't', machine),
        official.authenticatedMachineObject(type, 't', machine as never),
      ])
      pairs.push([ours.unauthenticatedMachineObject(type), official.unauthenticatedMachineObject(type)])
    }
    for (const [mine, theirs] of pairs) {
      expect(describeAuth(mine)).toEqual(describeAuth(theirs))
      for (const type of [...types, 'any', ['session_token', 'api_key'], ['m2m_token']] as never[]) {
        const answer = ours.getAuthObjectForAcceptedToken({ authObject: mine as never, acceptsToken: type })
        expect(describeAuth(answer)).toEqual(
          describeAuth(official.getAuthObjectForAcceptedToken({ authObject: theirs as never, acceptsToken: type })),
        )
      }
      expect(ours.makeAuthObjectSerializable(mine)).toEqual(official.makeAuthObjectSerializable(theirs as never))
    }
  })

  it('debugs an auth object only when that is asked for', () => {
    for (const { getAuthObjectForAcceptedToken } of [ours, official] as (typeof ours)[]) {
      const debug = vi.fn<() => object>(() => ({ secretKey }))
      const authObject = { ...ours.signedOutAuthObject(), debug } as never
      for (const acceptsToken of ['api_key', 'session_token', ['oauth_token']] as const)
        getAuthObjectForAcceptedToken({ authObject, acceptsToken: acceptsToken as never })
      const authenticated = ours.authenticatedMachineObject('api_key', 'ak_1', machine, () => debug() as never)
      const answer = ours.getAuthObjectForAcceptedToken({ authObject: authenticated, acceptsToken: 'm2m_token' })
      expect(debug).not.toHaveBeenCalled()
      expect(answer.debug()).toEqual({ secretKey: secretKey.slice(0, 7) })
    }
  })

  it('keeps all that a request says of how it is sent', () => {
    const request = new Request('https://a.example/', { referrerPolicy: 'no-referrer', keepalive: true })
    for (const { createClerkRequest } of [ours, official]) {
      const { referrerPolicy, keepalive } = createClerkRequest(request)
      expect([referrerPolicy, keepalive]).toEqual(['no-referrer', true])
    }
  })

  it('reads a verified token again', () => {
    for (const text of [token, pending]) {
      for (const treatPendingAsSignedOut of [true, false, undefined]) {
        const [mine, theirs] = [ours, official].map(({ getAuthObjectFromJwt }) =>
          getAuthObjectFromJwt(decodeJwt(text) as never, { secretKey, treatPendingAsSignedOut }),
        )
        expect(describeAuth(mine!)).toEqual(describeAuth(theirs!))
      }
    }
  })

  it('asks for tokens of templates', async () => {
    const tokenJSON = { object: 'token', jwt: 'x.y.z' }
    const asked = []
    for (const { createAuthenticateRequest } of [ours, official] as (typeof ours)[]) {
      const api = createFakeApi([
        { method: 'POST', path: '/sessions/*/tokens/*', body: tokenJSON },
        { method: 'POST', path: '/sessions/*/tokens', body: tokenJSON },
      ])
      vi.stubGlobal('fetch', api.fetch)
      const { authenticateRequest } = createAuthenticateRequest({
        options: { publishableKey, secretKey, jwtKey },
        apiClient: {} as never,
      })
      const auth = (
        await authenticateRequest(await instance.createRequest({ token }))
      ).toAuth() as ours.SignedInAuthObject
      expect(await auth.getToken()).toBe(token)
      expect(await auth.getToken({ template: 'mine' })).toBe('x.y.z')
      expect(await auth.getToken({ template: 'mine', expiresInSeconds: 30 })).toBe('x.y.z')
      expect(await auth.getToken({ expiresInSeconds: 0 })).toBe('x.y.z')
      asked.push(
        api.requests.map(({ method, path, query, body, headers }) => ({
          method,
          path,
          query,
          body,
          authorization: headers.authorization,
        })),
      )
    }
    expect(asked[0]).toEqual(asked[1])
  })

  it('debugs without secrets', async () => {
    const { authenticateRequest, debugRequestState } = createClerkClient({
      publishableKey,
      secretKey,
      jwtKey,
      machineSecretKey: 'ak_very_secret',
    })
    for (const carrier of ['header', 'cookie'] as const) {
      const state = await authenticateRequest(await instance.createRequest({ token, carrier }))
      const text = JSON.stringify([state.toAuth()!.debug(), debugRequestState(state)])
      for (const secret of [secretKey, token, 'ak_very_secret', jwtKey.slice(27, 80)])
        expect(text).not.toContain(secret)
      expect(text).toContain(publishableKey)
    }
  })

  it('lets a request override what its client says, but not whom it asks', async () => {
    const [api, other] = [createFakeApi([{ path: '/jwks', body: instance.keySet }]), createFakeApi([])]
    const { authenticateRequest } = createClerkClient({
      publishableKey,
      secretKey: 'sk_test_client',
      apiUrl: 'http://localhost:4999',
      fetch: api.fetch,
    })
    const request = await instance.createRequest({ token })
    await authenticateRequest(request, { secretKey: 'sk_test_request', apiUrl: 'http://evil.example' } as never)
    await authenticateRequest(request, { secretKey: '' })
    expect(api.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer sk_test_request',
      'Bearer sk_test_client',
    ])
    expect(other.requests).toEqual([])
  })

  it('makes the same requests, errors and bootstrap states', async () => {
    const init = { headers: { cookie: 'a=b; c=%20d', 'x-forwarded-host': 'a.example', 'x-forwarded-proto': 'https' } }
    const [mine, theirs] = [ours, official].map(({ createClerkRequest }) =>
      createClerkRequest(new Request('http://localhost/x?y', init)),
    )
    expect(mine!.toJSON()).toEqual(theirs!.toJSON())
    expect([mine!.method, mine!.clerkUrl.isCrossOrigin('https://a.example/z'), mine!.cookies.get('c')]).toEqual([
      'GET',
      false,
      ' d',
    ])
    expect(ours.createClerkRequest(mine!)).toBe(mine)
    expect(ours.reverificationError('strict')).toEqual(official.reverificationError('strict'))
    const [a, b] = [ours.reverificationErrorResponse('lax'), official.reverificationErrorResponse('lax')]
    expect([a.status, await a.text()]).toEqual([b.status, await b.text()])
    const [state, wanted] = [ours, official].map(({ createBootstrapSignedOutState }) =>
      createBootstrapSignedOutState({ signInUrl: '/in', message: 'x' }),
    )
    expect({ ...state, headers: [...state!.headers], toAuth: 0 }).toEqual({
      ...wanted,
      headers: [...wanted!.headers],
      toAuth: 0,
    })
    for (const text of [
      'mt_1',
      'ak_1',
      'oat_1',
      'x',
      token,
      await instance.signMachineToken(),
      await instance.signOAuthToken(),
    ]) {
      expect([ours.isMachineToken(text), ours.isMachineTokenByPrefix(text)]).toEqual([
        official.isMachineToken(text),
        official.isMachineTokenByPrefix(text),
      ])
    }
  })

  it('loads what an auth object names, without what is private', async () => {
    const user = {
      object: 'user',
      id: 'user_1',
      private_metadata: { secret: 1 },
      email_addresses: [],
      phone_numbers: [],
      web3_wallets: [],
      external_accounts: [],
      enterprise_accounts: [],
    }
    const api = createFakeApi([{ path: '/users/user_1', body: user }])
    const result = await ours.decorateObjectWithResources(
      { a: 1 },
      { userId: 'user_1', sessionId: 'sess_1', orgId: null },
      { secretKey, fetch: api.fetch, loadUser: true, loadOrganization: true },
    )
    expect(result).toMatchObject({ a: 1, session: undefined, user: { id: 'user_1' }, organization: undefined })
    expect(JSON.stringify(result)).not.toContain('secret')
    expect(api.requests).toHaveLength(1)
    expect(ours.stripPrivateDataFromObject({ user: { id: 'u', privateMetadata: 1, private_metadata: 2 } })).toEqual({
      user: { id: 'u' },
      organization: undefined,
    })
  })
})
