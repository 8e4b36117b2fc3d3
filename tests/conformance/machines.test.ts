import { createClerkClient } from '@clerk/backend'
import type { Machine } from '@clerk/backend'
import { createClerkClient as createFormerClient } from 'clerk-backend-2'
import { createClerkClient as createOwnClient } from '@latchkey/backend'
import { beforeEach, describe, expect, it } from 'vitest'
import { combinations, useServerWithSdk } from './official-sdk.test-support.js'

const notFound = { status: 404, errors: [{ code: 'resource_not_found' }] }

describe.each(combinations)('machines of $sdk on $dialect', (combination) => {
  const official = useServerWithSdk(combination, ['machines'])

  it('creates, changes, connects and deletes machines', async () => {
    const { machines } = official.client
    const target = await machines.create({ name: 'Target' })
    const caller = await machines.create({ name: 'Caller', scopedMachines: [target.id], defaultTokenTtl: 600 })
    expect(caller).toMatchObject({ name: 'Caller', defaultTokenTtl: 600, scopedMachines: [{ id: target.id }] })
    expect(await machines.list({ query: 'call', orderBy: '-name' })).toMatchObject({ totalCount: 1 })
    expect(await machines.update({ machineId: caller.id, name: 'Worker' })).toMatchObject({ name: 'Worker' })
    expect(await machines.get(caller.id)).toMatchObject({ name: 'Worker', defaultTokenTtl: 600 })
    const scopesOfTarget = async () => (await machines.get(target.id)).scopedMachines.map(({ id }) => id)
    expect(await machines.createScope(target.id, caller.id)).toMatchObject({ toMachineId: caller.id })
    expect(await scopesOfTarget()).toEqual([caller.id])
    expect(await machines.deleteScope(target.id, caller.id)).toMatchObject({ deleted: true })
    expect(await scopesOfTarget()).toEqual([])
    const { secret } = await machines.getSecretKey(caller.id)
    expect(secret).toMatch(/^ak_/)
    if (combination.sdk === '@clerk/backend 3') {
      const rotated = await machines.rotateSecretKey({ machineId: caller.id, previousTokenTtl: 60 })
      expect(rotated.secret).not.toBe(secret)
      expect((await machines.getSecretKey(caller.id)).secret).toBe(rotated.secret)
    }
    await machines.delete(caller.id)
    await expect(machines.get(caller.id)).rejects.toMatchObject(notFound)
  })
})

const newest = combinations.filter(({ sdk }) => sdk === '@clerk/backend 3')

describe.each(newest)('M2M tokens and API keys of $sdk on $dialect', (combination) => {
  const official = useServerWithSdk(combination, ['m2m', 'apiKeys'])
  let target: Machine
  let key: string

  beforeEach(async () => {
    target = await official.client.machines.create({ name: 'Target' })
    const caller = await official.client.machines.create({ name: 'Caller', scopedMachines: [target.id] })
    key = (await official.client.machines.getSecretKey(caller.id)).secret
  })

  it('makes, lists, verifies and revokes tokens of machines', async () => {
    const { m2m, machines } = official.client
    const made = await m2m.createToken({ machineSecretKey: key, secondsUntilExpiration: 60, claims: { plan: 'pro' } })
    expect(made).toMatchObject({ scopes: [target.id], claims: { plan: 'pro' }, expired: false, revoked: false })
    const { secret: targetKey } = await machines.getSecretKey(target.id)
    expect(await m2m.verify({ token: made.token!, machineSecretKey: targetKey })).toMatchObject({ id: made.id })
    expect(await m2m.verify({ token: made.token! })).toMatchObject({ id: made.id, claims: { plan: 'pro' } })
    expect(await m2m.list({ subject: made.subject })).toMatchObject({ totalCount: 1, data: [{ id: made.id }] })
    expect(await m2m.revokeToken({ m2mTokenId: made.id, revocationReason: 'leaked' })).toMatchObject({
      revoked: true,
      revocationReason: 'leaked',
    })
    await expect(m2m.verify({ token: made.token! })).rejects.toMatchObject(notFound)
  })

  it('verifies JWTs of machines without the server', async () => {
    const { m2m, jwks } = official.client
    const made = await m2m.createToken({ machineSecretKey: key, tokenFormat: 'jwt', claims: { plan: 'pro' } })
    const { keys } = await jwks.getJwks()
    const jwtKey = await official.test.server.admin.jwtKey(official.test.instance.id)
    expect(keys).toHaveLength(1)
    const offline = { secretKey: 'sk_test_x', jwtKey, apiUrl: 'http://127.0.0.1:1' }
    const theirs = await createClerkClient({ ...offline, telemetry: { disabled: true } }).m2m.verify({
      token: made.token!,
    })
    const ours = await createOwnClient(offline).m2m.verify({ token: made.token! })
    for (const token of [theirs, ours]) {
      expect(token).toMatchObject({ id: made.id, subject: made.subject, claims: { plan: 'pro' }, scopes: [] })
    }
  })

  it('makes, changes, verifies, revokes and deletes keys of users', async () => {
    const { apiKeys, users } = official.client
    const { id: subject } = await users.createUser({ username: 'ada_l' })
    const made = await apiKeys.create({ name: 'deploy', subject, scopes: ['read'], createdBy: subject })
    expect(await apiKeys.getSecret(made.id)).toMatchObject({ secret: made.secret })
    expect(await apiKeys.get(made.id)).toMatchObject({ id: made.id, createdBy: subject })
    expect(await apiKeys.update({ apiKeyId: made.id, subject, scopes: ['write'] })).toMatchObject({ scopes: ['write'] })
    expect(await apiKeys.verify(made.secret!)).toMatchObject({ id: made.id, subject, scopes: ['write'] })
    expect(await apiKeys.list({ subject })).toMatchObject({ totalCount: 1 })
    expect(await apiKeys.revoke({ apiKeyId: made.id })).toMatchObject({ revoked: true })
    await expect(apiKeys.verify(made.secret!)).rejects.toMatchObject(notFound)
    expect(await apiKeys.list({ subject, includeInvalid: true })).toMatchObject({ totalCount: 1 })
    expect(await apiKeys.delete(made.id)).toMatchObject({ deleted: true })
    await expect(apiKeys.get(made.id)).rejects.toMatchObject(notFound)
    expect(await apiKeys.list({ subject, includeInvalid: true })).toMatchObject({ totalCount: 0 })
  })
})

const former = combinations.filter(({ sdk }) => sdk === '@clerk/backend 2')

describe.each(former)('M2M tokens and API keys of $sdk on $dialect', (combination) => {
  const official = useServerWithSdk(combination, [])

  it('are made and verified by its own methods', async () => {
    const { test, apiUrl } = official
    const { machines, apiKeys } = test.client
    const target = await machines.create({ name: 'Target' })
    const caller = await machines.create({ name: 'Caller', scopedMachines: [target.id] })
    const client = createFormerClient({ secretKey: test.instance.secretKey, apiUrl, telemetry: { disabled: true } })
    const made = await client.m2m.createToken({ machineSecretKey: caller.secretKey! })
    expect(await client.m2m.verifyToken({ token: made.token!, machineSecretKey: target.secretKey! })).toMatchObject({
      id: made.id,
      scopes: [target.id],
    })
    expect(await client.m2m.revokeToken({ m2mTokenId: made.id })).toMatchObject({ revoked: true })

    const key = await client.apiKeys.create({ name: 'deploy', subject: target.id })
    const { secret } = await apiKeys.getSecret(key.id)
    expect(await client.apiKeys.verifySecret(secret)).toMatchObject({ id: key.id })
    expect(await client.apiKeys.revoke({ apiKeyId: key.id })).toMatchObject({ revoked: true })
    await expect(client.apiKeys.verifySecret(secret)).rejects.toMatchObject(notFound)
  })
})

describe.each(combinations)('a request with a token that was made here, to $sdk on $dialect', (combination) => {
  const official = useServerWithSdk(combination, [])
  const former = combination.sdk === '@clerk/backend 2'

  /** What each SDK says of a request with the token: the official one, and ours. */
  async function states(token: string, acceptsToken: 'api_key' | 'm2m_token', machineSecretKey?: string) {
    const { instance } = official.test
    const options = {
      secretKey: instance.secretKey,
      publishableKey: instance.publishableKey,
      apiUrl: official.apiUrl,
      telemetry: { disabled: true },
      ...(machineSecretKey ? { machineSecretKey } : {}),
    }
    const request = () => new Request('https://app.example.com', { headers: { authorization: `Bearer ${token}` } })
    const theirs = former
      ? (createFormerClient(options) as unknown as typeof official.client)
      : createClerkClient(options)
    return Promise.all([
      theirs.authenticateRequest(request(), { acceptsToken }).then((state) => state.toAuth()),
      createOwnClient(options)
        .authenticateRequest(request(), { acceptsToken })
        .then((state) => state.toAuth()),
    ])
  }

  it('is authenticated with an API key, until the key is revoked', async () => {
    const { id } = await official.client.users.createUser({ username: 'ada_l' })
    const own = official.test.client
    const key = await own.apiKeys.create({ name: 'deploy', subject: id, scopes: ['read:all'] })
    for (const auth of await states(key.secret!, 'api_key')) {
      expect(auth).toMatchObject({ tokenType: 'api_key', id: key.id, userId: id, subject: id, scopes: ['read:all'] })
      expect(auth?.has({ permission: 'org:a:b' })).toBe(false)
    }
    await own.apiKeys.revoke({ apiKeyId: key.id })
    for (const auth of await states(key.secret!, 'api_key')) expect(auth).toMatchObject({ isAuthenticated: false })
  })

  it('is authenticated with an M2M token by the machine it is for, and by no other', async () => {
    const { machines, m2m } = official.test.client
    const target = await machines.create({ name: 'Target' })
    const caller = await machines.create({ name: 'Caller', scopedMachines: [target.id] })
    const { token, id } = await m2m.createToken({ machineSecretKey: caller.secretKey! })
    for (const auth of await states(token!, 'm2m_token', target.secretKey)) {
      expect(auth).toMatchObject({ tokenType: 'm2m_token', id, machineId: caller.id, scopes: [target.id] })
      expect(auth?.has({ permission: 'org:a:b' })).toBe(false)
    }
    for (const auth of await states(token!, 'm2m_token', caller.secretKey)) {
      expect(auth).toMatchObject({ isAuthenticated: false })
    }
  })
})
