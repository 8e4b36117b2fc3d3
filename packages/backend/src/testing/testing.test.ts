import { verifyToken as verifyOfficially } from '@clerk/backend'
import { describe, expect, it } from 'vitest'
import { createAuthenticateRequest } from '../internal.js'
import { createTestInstance, createFakeApi, signWebhook } from '../testing.js'
import { verifyToken } from '../verify-token.js'
import { verifyWebhook } from '../webhooks.js'

const instance = await createTestInstance()
const { publishableKey, secretKey, jwtKey } = instance
const { authenticateRequest } = createAuthenticateRequest({ options: { publishableKey, secretKey, jwtKey } })

describe('an instance for tests', () => {
  it('signs session tokens that both SDKs take', async () => {
    const token = await instance.signSessionToken({ sub: 'user_7', o: { id: 'org_1', rol: 'admin' } })
    await expect(verifyToken(token, { jwtKey })).resolves.toMatchObject({ sub: 'user_7', sid: 'sess_test', v: 2 })
    await expect(verifyOfficially(token, { jwtKey })).resolves.toMatchObject({ sub: 'user_7', o: { id: 'org_1' } })
    await expect(verifyToken(await instance.signTemplateToken(), { jwtKey })).rejects.toMatchObject({
      reason: 'token-invalid',
    })
    await expect(verifyToken(await instance.signSessionToken({}, { lifetime: -60 }), { jwtKey })).rejects.toMatchObject(
      { reason: 'token-expired' },
    )
  })

  it('answers with its keys', async () => {
    const api = createFakeApi([{ path: '/jwks', body: instance.keySet }])
    await expect(
      verifyToken(await instance.signSessionToken(), { secretKey, fetch: api.fetch }),
    ).resolves.toMatchObject({ sub: 'user_test' })
    expect(api.requests).toMatchObject([
      { method: 'GET', path: '/jwks', headers: { authorization: `Bearer ${secretKey}` } },
    ])
  })

  it.each(['header', 'cookie'] as const)('builds requests signed in by %s', async (carrier) => {
    const state = await authenticateRequest(await instance.createRequest({ carrier }))
    expect(state.toAuth()).toMatchObject({ isAuthenticated: true, userId: 'user_test' })
    await expect(authenticateRequest(await instance.createRequest({ carrier, token: null }))).resolves.toMatchObject({
      isAuthenticated: false,
    })
  })

  it('signs tokens of machines', async () => {
    const machine = await instance.createRequest({
      token: await instance.signMachineToken({ scopes: 'mch_2', role: 'worker' }),
    })
    expect((await authenticateRequest(machine, { acceptsToken: 'm2m_token' })).toAuth()).toMatchObject({
      machineId: 'mch_test',
      scopes: ['mch_2'],
      claims: { role: 'worker' },
    })
    const oauth = await instance.createRequest({ token: await instance.signOAuthToken({ scope: 'email' }) })
    expect((await authenticateRequest(oauth, { acceptsToken: 'oauth_token' })).toAuth()).toMatchObject({
      userId: 'user_test',
      clientId: 'app_test',
      scopes: ['email'],
    })
  })

  it('signs webhooks', async () => {
    const signingSecret = `whsec_${btoa('secret for the tests')}`
    const event = { type: 'user.created', object: 'event', data: { id: 'user_1' } }
    const { headers, body } = await signWebhook(event, { signingSecret })
    await expect(
      verifyWebhook(new Request('http://localhost', { method: 'POST', headers, body }), { signingSecret }),
    ).resolves.toMatchObject(event)
  })
})

describe('a fake API', () => {
  it('answers from fixtures, in turn where they are limited, and says which it lacks', async () => {
    const api = createFakeApi([
      { path: '/users/*', body: { id: 'user_1' }, times: 1 },
      { path: '/users/user_1', status: 404, body: { errors: [] } },
      { method: 'POST', path: '/users', status: 204 },
      { path: '/users', query: { query: 'ada' }, body: '[]' },
    ])
    const ask = async (path: string, init?: RequestInit) => {
      const response = await api.fetch(`https://api.clerk.com/v1${path}`, init)
      return [response.status, await response.text()]
    }
    expect(await ask('/users/user_1')).toEqual([200, '{"id":"user_1"}'])
    expect(await ask('/users/user_1')).toEqual([404, '{"errors":[]}'])
    expect(await ask('/users', { method: 'POST', body: '{"a":1}' })).toEqual([204, ''])
    expect(await ask('/users?query=ada')).toEqual([200, '[]'])
    expect((await ask('/users?query=bob'))[1]).toContain('no fixture for GET /users')
    expect(api.requests[2]).toMatchObject({ method: 'POST', path: '/users', body: { a: 1 } })
  })
})
