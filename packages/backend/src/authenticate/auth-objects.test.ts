import { describe, expect, it } from 'vitest'
import type { SessionClaims } from '@latchkey/types'
import { createFakeApi } from '../testing.js'
import {
  authenticatedMachineObject,
  getAuthObjectForAcceptedToken,
  getAuthObjectFromJwt,
  invalidTokenAuthObject,
  makeAuthObjectSerializable,
  signedInAuthObject,
  signedOutAuthObject,
  unauthenticatedMachineObject,
  type AuthObject,
} from './auth-objects.js'

const claims = {
  v: 2,
  sub: 'user_1',
  sid: 'sess_1',
  sts: 'active',
  fva: [1, -1],
  act: { sub: 'user_2' },
  o: { id: 'org_1', slg: 'acme', rol: 'admin', per: 'read', fpm: '1' },
  fea: 'o:widgets',
} as unknown as SessionClaims
const nobody = {
  userId: null,
  sessionId: null,
  sessionClaims: null,
  actor: null,
  orgId: null,
  orgRole: null,
  orgSlug: null,
  orgPermissions: null,
  factorVerificationAge: null,
  isAuthenticated: false,
}
const verified = {
  id: 'x_1',
  subject: 'user_1',
  scopes: ['a'],
  claims: { b: 1 },
  name: 'Key',
  clientId: 'app_1',
  expiration: null,
}
const facts = (auth: object) => makeAuthObjectSerializable(auth)

describe('who is signed in', () => {
  it('is what a token of the second version says', () => {
    expect(facts(signedInAuthObject({}, 'token', claims))).toEqual({
      tokenType: 'session_token',
      sessionClaims: claims,
      userId: 'user_1',
      sessionId: 'sess_1',
      sessionStatus: 'active',
      actor: { sub: 'user_2' },
      factorVerificationAge: [1, -1],
      orgId: 'org_1',
      orgRole: 'org:admin',
      orgSlug: 'acme',
      orgPermissions: ['org:widgets:read'],
      isAuthenticated: true,
    })
  })

  it('is what a token of the first version says', () => {
    const old = {
      sub: 'user_1',
      sid: 'sess_1',
      org_id: 'org_1',
      org_role: 'admin',
      org_slug: 'acme',
      org_permissions: ['a'],
      o: { id: 'org_2' },
    } as unknown as SessionClaims
    expect(signedInAuthObject({}, 'token', old)).toMatchObject({
      orgId: 'org_1',
      orgRole: 'admin',
      orgSlug: 'acme',
      orgPermissions: ['a'],
      sessionStatus: null,
      factorVerificationAge: null,
      actor: undefined,
    })
  })

  it('may be in no organization', () => {
    const alone = signedInAuthObject({}, 'token', {
      ...claims,
      o: undefined,
      org_id: 'org_1',
      org_role: 'admin',
    } as never)
    expect(alone).toMatchObject({ orgId: undefined, orgRole: undefined, orgSlug: undefined, orgPermissions: undefined })
    const plain = signedInAuthObject({}, 'token', { ...claims, o: { id: 'org_1' }, fea: undefined } as never)
    expect(plain).toMatchObject({ orgId: 'org_1', orgRole: undefined, orgSlug: undefined, orgPermissions: [] })
  })

  it('must have features that say whose they are', () => {
    expect(() => signedInAuthObject({}, 'token', { ...claims, fea: 'widgets' } as never)).toThrow(
      'Invalid claim element (missing colon): widgets',
    )
  })

  it('is read again of a token that was verified before, if pending as signed out', () => {
    const jwt = { raw: { text: 'token' }, payload: claims }
    expect(facts(getAuthObjectFromJwt(jwt, {}))).toMatchObject({ userId: 'user_1' })
    const pending = { raw: { text: 'token' }, payload: { ...claims, sts: 'pending' } }
    expect(getAuthObjectFromJwt(pending, { secretKey: 'sk_test_secret' })).toMatchObject({
      userId: null,
      sessionStatus: 'pending',
    })
    expect(getAuthObjectFromJwt(pending, { treatPendingAsSignedOut: true })).toMatchObject({ userId: null })
    expect(getAuthObjectFromJwt(pending, { treatPendingAsSignedOut: false })).toMatchObject({
      userId: 'user_1',
      sessionStatus: 'pending',
    })
    for (const { payload } of [jwt, pending])
      expect(getAuthObjectFromJwt({ ...jwt, payload }, { secretKey: 'sk_test_secret' }).debug()).toEqual({
        secretKey: 'sk_test',
      })
  })
})

describe('further tokens of a session', () => {
  const setUp = (sessionClaims = claims) => {
    const api = createFakeApi([
      { method: 'POST', path: '/sessions/sess_1/tokens/*', body: { jwt: 'of a template' } },
      { method: 'POST', path: '/sessions/sess_1/tokens', body: { jwt: 'a new one' } },
    ])
    return {
      ...signedInAuthObject({ secretKey: 'sk_test_x', fetch: api.fetch }, 'token', sessionClaims),
      requests: api.requests,
    }
  }

  it('are asked for by template and lifetime, and else it is its own', async () => {
    const { getToken, requests } = setUp()
    expect([await getToken(), await getToken({}), await getToken({ template: '' })]).toEqual([
      'token',
      'token',
      'token',
    ])
    expect(requests).toEqual([])
    expect(await getToken({ template: 'mine' })).toBe('of a template')
    expect(await getToken({ template: 'mine', expiresInSeconds: 30 })).toBe('of a template')
    expect(await getToken({ expiresInSeconds: 0 })).toBe('a new one')
    expect(requests.map(({ path, body }) => ({ path, body }))).toEqual([
      { path: '/sessions/sess_1/tokens/mine', body: undefined },
      { path: '/sessions/sess_1/tokens/mine', body: { expires_in_seconds: 30 } },
      { path: '/sessions/sess_1/tokens', body: { expires_in_seconds: 0 } },
    ])
  })

  it('are none where there is no session', async () => {
    const { getToken, requests } = setUp({ ...claims, sid: '' })
    expect([await getToken(), await getToken({ template: 'mine' })]).toEqual([null, null])
    expect(requests).toEqual([])
  })
})

describe('who is not signed in', () => {
  it('is nobody', async () => {
    const auth = signedOutAuthObject()
    expect(facts(auth)).toEqual({ ...nobody, tokenType: 'session_token', sessionStatus: null })
    expect([await auth.getToken(), auth.has({ role: 'admin' }), auth.debug()]).toEqual([null, false, {}])
    expect(signedOutAuthObject({ reason: 'x' }, 'pending')).toMatchObject({ sessionStatus: 'pending' })
    expect(signedOutAuthObject({ reason: 'x' }).debug()).toEqual({ reason: 'x' })
  })

  it('may have brought a token of no kind that was asked for', async () => {
    const auth = invalidTokenAuthObject()
    expect(facts(auth)).toEqual({ tokenType: null, isAuthenticated: false })
    expect([await auth.getToken(), auth.has({ role: 'admin' }), auth.debug()]).toEqual([null, false, {}])
  })
})

describe('a machine', () => {
  it.each([
    ['api_key', { name: 'Key', claims: { b: 1 }, userId: 'user_1', orgId: null }],
    ['m2m_token', { claims: { b: 1 }, machineId: 'user_1' }],
    ['oauth_token', { userId: 'user_1', clientId: 'app_1' }],
  ] as const)('is known by its %s', async (tokenType, more) => {
    const auth = authenticatedMachineObject(tokenType, 'token', verified, { secretKey: 'sk_test_secret' })
    expect(facts(auth)).toEqual({
      id: 'x_1',
      subject: 'user_1',
      scopes: ['a'],
      tokenType,
      isAuthenticated: true,
      ...more,
    })
    expect([await auth.getToken(), auth.has({ role: 'admin' }), auth.debug()]).toEqual([
      'token',
      false,
      { secretKey: 'sk_test' },
    ])
    const unknown = unauthenticatedMachineObject(tokenType, { reason: 'x' })
    const nothing = Object.fromEntries(Object.keys(more).map((name) => [name, null]))
    expect(facts(unknown)).toEqual({
      id: null,
      subject: null,
      scopes: null,
      tokenType,
      isAuthenticated: false,
      ...nothing,
    })
    expect([await unknown.getToken(), unknown.has({ role: 'admin' }), unknown.debug()]).toEqual([
      null,
      false,
      { reason: 'x' },
    ])
  })

  it.each([
    ['user_1', 'user_1', null],
    ['org_1', null, 'org_1'],
    ['mch_1', null, null],
    ['xuser_1', null, null],
    ['xorg_1', null, null],
  ])('with a key of %s acts for the user %j and the organization %j', (subject, userId, orgId) => {
    expect(authenticatedMachineObject('api_key', 'token', { ...verified, subject })).toMatchObject({ userId, orgId })
  })

  it('may have no claims', () => {
    for (const type of ['api_key', 'm2m_token'] as const)
      expect(authenticatedMachineObject(type, 'token', { ...verified, claims: undefined })).toMatchObject({
        claims: null,
      })
  })
})

describe('what is told to who looks for a mistake', () => {
  it('has every secret cut, and no functions', () => {
    const secrets = [
      'secretKey',
      'machineSecretKey',
      'jwtKey',
      'sessionToken',
      'tokenInHeader',
      'sessionTokenInCookie',
      'refreshTokenInCookie',
      'devBrowserToken',
      'handshakeToken',
      'handshakeNonce',
    ]
    const data = Object.fromEntries(secrets.map((name) => [name, '1234567890']))
    const told = { ...data, publishableKey: 'pk_1234567890', fetch: () => undefined }
    const expected = {
      ...Object.fromEntries(secrets.map((name) => [name, '1234567'])),
      publishableKey: 'pk_1234567890',
    }
    expect(signedOutAuthObject(told).debug()).toEqual(expected)
    expect(signedOutAuthObject(() => told).debug()).toEqual(expected)
    expect(signedOutAuthObject({ jwtKey: { k: 'an object' }, secretKey: undefined }).debug()).toEqual({
      jwtKey: '',
      secretKey: '',
    })
    expect(signedInAuthObject({ secretKey: 'sk_test_secret' }, 'token', claims).debug()).toEqual({
      secretKey: 'sk_test',
    })
  })

  it('is sent to no browser, as no function is', () => {
    expect(Object.keys(makeAuthObjectSerializable({ a: 1, ...signedOutAuthObject() }))).toEqual([
      'a',
      'tokenType',
      'sessionClaims',
      'sessionId',
      'sessionStatus',
      'userId',
      'actor',
      'orgId',
      'orgRole',
      'orgSlug',
      'orgPermissions',
      'factorVerificationAge',
      'isAuthenticated',
    ])
  })
})

describe('for who accepts other kinds of token', () => {
  const session = signedInAuthObject({}, 'token', claims, { a: 1 })
  const key = authenticatedMachineObject('api_key', 'token', verified, { a: 1 })
  const none = invalidTokenAuthObject()
  it.each([
    ['a session', session, undefined, session],
    ['a session', session, 'session_token', session],
    ['a session', session, 'any', session],
    ['a session', session, ['api_key', 'session_token'], session],
    ['a session', session, ['api_key'], { tokenType: null, isAuthenticated: false }],
    ['a session', session, [], { tokenType: null, isAuthenticated: false }],
    ['a session', session, 'api_key', { tokenType: 'api_key', isAuthenticated: false, id: null }],
    ['a session', session, 'm2m_token', { tokenType: 'm2m_token', isAuthenticated: false, id: null }],
    ['a session', session, 'oauth_token', { tokenType: 'oauth_token', isAuthenticated: false, id: null }],
    ['a key', key, undefined, { tokenType: 'session_token', isAuthenticated: false, userId: null }],
    ['a key', key, 'api_key', key],
    ['a key', key, 'any', key],
    ['a key', key, 'session_token', { tokenType: 'session_token', isAuthenticated: false, userId: null }],
    ['no token', none, 'any', none],
    ['no token', none, ['api_key'], { tokenType: null, isAuthenticated: false }],
    ['no token', none, undefined, { tokenType: 'session_token', isAuthenticated: false }],
  ] as [string, AuthObject, never, object][])('what %s is (%#)', (_, authObject, acceptsToken, expected) => {
    const answer = getAuthObjectForAcceptedToken({ authObject, acceptsToken })
    if (expected === authObject) expect(answer).toBe(authObject)
    else expect(answer).toMatchObject(expected)
    if (answer.tokenType !== null) expect(answer.debug()).toEqual(authObject.debug())
  })
})
