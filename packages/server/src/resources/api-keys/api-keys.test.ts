import type { User } from '@latchkey/backend'
import { beforeEach, describe, expect, it } from 'vitest'
import { operator } from '../../kernel/caller.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { servicesOf } from '../users/user-parts.test-support.js'

const refused = (status: number, code: string) => ({ status, body: { errors: [{ code }] } })
const missing = refused(404, 'resource_not_found')
const bad = refused(400, 'bad_request')
const conflict = refused(409, 'conflict')

describe.each(dialects)('API keys on %s', (dialect) => {
  const server = useTestServer(dialect)
  let user: User

  beforeEach(async () => {
    user = await server.client.users.createUser({ username: 'ada_l' })
  })

  const create = (body: object = {}) => server.call('POST', '/api_keys', { name: 'deploy', subject: user.id, ...body })
  const verify = (secret: string, key = server.instance.secretKey) =>
    server.call('POST', '/api_keys/verify', { secret }, { key })
  const configure = (api_keys: object) => server.server.admin.seed(server.instance.id, { instance: { api_keys } })

  // Who locks a user too does so before the organization. The database of SQLite has one writer.
  it.runIf(dialect === 'postgres')('are created without waiting for whoever changes their creator', async () => {
    await server.client.instance.updateOrganizationSettings({ enabled: true })
    const organization = await server.client.organizations.createOrganization({ name: 'Acme', createdBy: user.id })
    const { context, userRecords } = await servicesOf(server)
    await context.transaction(operator('test'), async (tx) => {
      await userRecords.locked(user.id, tx)
      expect(await create({ subject: organization.id, created_by: user.id })).toMatchObject({ status: 200 })
    })
    expect(await create({ name: 'other', created_by: 'user_0' })).toMatchObject({ status: 404 })
  })

  it('are created for a user, an organization or a machine', async () => {
    const key = await server.client.apiKeys.create({
      name: 'deploy',
      subject: user.id,
      description: 'Deploys',
      scopes: ['read:all', ''],
      claims: { plan: { name: 'pro' } },
      createdBy: user.id,
      secondsUntilExpiration: 60,
    })
    expect(key).toEqual({
      object: 'api_key',
      id: expect.stringMatching(/^ak_[0-9a-f]{32}$/),
      type: 'api_key',
      name: 'deploy',
      description: 'Deploys',
      subject: user.id,
      scopes: ['read:all', ''],
      claims: { plan: { name: 'pro' } },
      createdBy: user.id,
      secret: expect.stringMatching(/^ak_[0-9A-Za-z]{43}$/),
      revoked: false,
      revocationReason: null,
      expired: false,
      expiration: server.clock.now() + 60_000,
      lastUsedAt: null,
      createdAt: server.clock.now(),
      updatedAt: server.clock.now(),
    })
    const { secret, ...shown } = key
    expect(await server.client.apiKeys.get(key.id)).toEqual(shown)
    expect((await server.call('GET', `/api_keys/api_key_${key.id.slice(3)}`)).body).toMatchObject({ id: key.id })
    expect(await server.client.apiKeys.getSecret(key.id)).toEqual({ secret })
    const rows = await server.server.database.read.selectFrom('api_keys').selectAll().where('id', '=', key.id).execute()
    expect(JSON.stringify(rows)).not.toContain(secret!.slice(3))

    await server.client.instance.updateOrganizationSettings({ enabled: true })
    const organization = await server.client.organizations.createOrganization({ name: 'Acme', createdBy: user.id })
    const machine = await server.client.machines.create({ name: 'API' })
    for (const { id: subject } of [organization, machine]) {
      const { status, body } = await create({ subject })
      expect([status, body.subject, body.expiration, body.created_by]).toEqual([200, subject, null, null])
      expect((await verify(body.secret)).body).toMatchObject({ id: body.id, subject })
    }
  })

  it.each<[string, object]>([
    ['no name', { name: undefined }],
    ['a short name', { name: 'ab' }],
    ['a name that ends with a space', { name: 'deploy ' }],
    ['a name that begins with a space', { name: ' deploy' }],
    ['no subject', { subject: undefined }],
    ['a subject of another kind', { subject: 'sess_1' }],
    ['a creator that is no user', { created_by: 'org_1' }],
    ['a long description', { description: 'x'.repeat(256) }],
    ['a short type', { type: 'ab' }],
    ['a long type', { type: 'x'.repeat(26) }],
    ['scopes that are a text', { scopes: 'read' }],
    ['claims that are a list', { claims: [] }],
    ['large claims', { claims: { a: 'x'.repeat(8 * 1024) } }],
    ['a lifetime of nothing', { seconds_until_expiration: 0 }],
    ['a lifetime that is text', { seconds_until_expiration: '60' }],
    ['a field nobody knows', { secret: 'ak_mine' }],
  ])('are refused with %s', async (_, body) => {
    expect(await create(body)).toMatchObject(bad)
  })

  it('are refused for a subject or a creator that does not exist', async () => {
    for (const subject of ['user_unknown', 'org_unknown', 'mch_unknown', 'scim_unknown']) {
      expect(await create({ subject }), subject).toMatchObject(missing)
      expect(await server.call('GET', `/api_keys?subject=${subject}`), subject).toMatchObject(missing)
    }
    expect(await create({ created_by: 'user_unknown' })).toMatchObject(missing)
  })

  describe('have a name of their own', () => {
    it('among the valid keys of a subject', async () => {
      const first = (await create({ seconds_until_expiration: 60 })).body
      expect(await create()).toMatchObject(conflict)
      expect((await create({ name: 'Deploy' })).status).toBe(200)
      const other = await server.client.users.createUser({ username: 'grace' })
      expect((await create({ subject: other.id })).status).toBe(200)

      server.clock.advance(60_000)
      const second = (await create()).body
      expect(second.id).not.toBe(first.id)
      // The first one would become valid again.
      expect(await server.call('PATCH', `/api_keys/${first.id}`, { seconds_until_expiration: 60 })).toMatchObject(
        conflict,
      )
      await server.client.apiKeys.revoke({ apiKeyId: second.id })
      expect((await server.call('PATCH', `/api_keys/${first.id}`, { seconds_until_expiration: 60 })).status).toBe(200)
      expect((await verify(first.secret)).status).toBe(200)
      expect(await create()).toMatchObject(conflict)
    })

    it('however many are made at once', async () => {
      const answers = await Promise.all(Array.from({ length: 64 }, () => create()))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 63 }, () => 409)])
    })
  })

  it('are listed for a subject, newest first, the invalid ones on request', async () => {
    const ids: string[] = []
    for (const name of ['valid', 'Expired 100%', 'revoked']) {
      ids.push((await create({ name, ...(name.startsWith('E') ? { seconds_until_expiration: 1 } : {}) })).body.id)
      server.clock.advance(1000)
    }
    const [valid, expired, revoked] = ids
    await server.client.apiKeys.revoke({ apiKeyId: revoked! })
    const custom = (await create({ name: 'custom', type: 'robot' })).body.id
    const list = async (query: string) => {
      const { body } = await server.call('GET', `/api_keys?subject=${user.id}${query}`)
      return [body.data.map(({ id }: { id: string }) => id), body.total_count]
    }
    expect(await list('')).toEqual([[valid], 1])
    expect(await list('&include_invalid=true')).toEqual([[revoked, expired, valid], 3])
    expect(await list('&include_invalid=true&limit=1&offset=1')).toEqual([[expired], 3])
    expect(await list('&include_invalid=true&query=EXP')).toEqual([[expired], 1])
    expect(await list(`&include_invalid=true&query=${encodeURIComponent('%')}`)).toEqual([[expired], 1])
    expect(await list(`&query=${valid}`)).toEqual([[valid], 1])
    expect(await list('&type=robot')).toEqual([[custom], 1])
    const page = await server.client.apiKeys.list({ subject: user.id, includeInvalid: true })
    expect(page.data.map((key) => [key.expired, key.revoked, key.secret])).toEqual([
      [false, true, undefined],
      [true, false, undefined],
      [false, false, undefined],
    ])
    for (const query of ['', '?subject=x', `?subject=${user.id}&limit=101`, `?subject=${user.id}&include_invalid=1`]) {
      expect(await server.call('GET', `/api_keys${query}`), query).toMatchObject(bad)
    }
  })

  describe('are verified', () => {
    it('and record their last use at most once a minute', async () => {
      const { secret, ...made } = (await create()).body
      const first = server.clock.now()
      expect(await server.client.apiKeys.verify(secret)).toMatchObject({ id: made.id, lastUsedAt: first })
      await Promise.all(Array.from({ length: 8 }, () => verify(secret)))
      server.clock.advance(59_999)
      expect((await verify(secret)).body).toEqual({ ...made, last_used_at: first })
      server.clock.advance(1)
      expect((await verify(secret)).body.last_used_at).toBe(first + 60_000)
    })

    it('but not if they are unknown, of another instance, expired or revoked', async () => {
      const { secret, id } = (await create()).body
      const short = (await create({ name: 'short', seconds_until_expiration: 60 })).body
      const { secretKey } = await server.newInstance()
      expect(await verify('ak_unknown')).toMatchObject(missing)
      expect(await verify(secret, secretKey)).toMatchObject(missing)
      server.clock.advance(60_000)
      expect(await verify(short.secret)).toMatchObject(missing)
      await server.client.apiKeys.revoke({ apiKeyId: id })
      expect(await verify(secret)).toMatchObject(missing)
      expect(await server.call('POST', '/api_keys/verify', {})).toMatchObject(bad)
    })

    it('but not while their user is banned', async () => {
      const { secret } = (await create()).body
      await server.client.users.banUser(user.id)
      expect(await verify(secret)).toMatchObject(missing)
      await server.client.users.unbanUser(user.id)
      expect((await verify(secret)).status).toBe(200)
    })

    it('but not while API keys are switched off', async () => {
      const { secret, id } = (await create()).body
      await configure({ enabled: false })
      expect(await verify(secret)).toMatchObject(missing)
      const off = refused(422, 'api_keys_not_enabled')
      expect(await create({ name: 'other' })).toMatchObject(off)
      for (const [method, path, body] of [
        ['GET', `?subject=${user.id}`],
        ['GET', `/${id}`],
        ['PATCH', `/${id}`, {}],
        ['DELETE', `/${id}`],
        ['GET', `/${id}/secret`],
        ['POST', `/${id}/revoke`, {}],
      ] as const) {
        expect(await server.call(method, `/api_keys${path}`, body), `${method} ${path}`).toMatchObject(off)
      }
      await configure({ enabled: true })
      expect((await verify(secret)).status).toBe(200)
    })
  })

  it('show their secret later only if the instance lets them', async () => {
    const { secret, id } = (await create()).body
    await configure({ secrets_readable: false })
    expect(await server.call('GET', `/api_keys/${id}/secret`)).toMatchObject(missing)
    await configure({ secrets_readable: true })
    expect((await server.call('GET', `/api_keys/${id}/secret`)).body).toEqual({ secret })
  })

  it('are changed in what is given, and in nothing else', async () => {
    const { secret, ...made } = (await create({ scopes: ['read'], claims: { a: 1 }, description: 'One' })).body
    const update = (body: object) => server.call('PATCH', `/api_keys/${made.id}`, body)
    server.clock.advance(1000)
    const now = server.clock.now()
    expect((await update({ scopes: ['write'], claims: { b: 2 } })).body).toEqual({
      ...made,
      scopes: ['write'],
      claims: { b: 2 },
      updated_at: now,
    })
    expect((await update({ seconds_until_expiration: 60 })).body.expiration).toBe(now + 60_000)
    expect((await update({ description: null, claims: null })).body).toMatchObject({
      description: null,
      claims: null,
      scopes: ['write'],
      expiration: now + 60_000,
    })
    expect((await update({ seconds_until_expiration: null })).body.expiration).toBeNull()
    const grace = await server.client.users.createUser({ username: 'grace' })
    expect((await update({ subject: grace.id })).body.subject).toBe(grace.id)
    expect((await create()).status).toBe(200)
    expect(await update({ subject: user.id })).toMatchObject(conflict)
    expect(await update({ subject: 'user_unknown' })).toMatchObject(missing)
    for (const body of [{ name: 'other' }, { scopes: null }, { subject: 'x' }, { seconds_until_expiration: 0 }]) {
      expect(await update(body), JSON.stringify(body)).toMatchObject(bad)
    }
    await server.client.users.deleteUser(user.id)
    expect((await verify(secret)).status).toBe(200)
    await server.client.users.deleteUser(grace.id)
    expect(await verify(secret)).toMatchObject(missing)
    const entries = await server.server.admin.latestAudit(server.instance.id, { targetId: made.id }, 20)
    expect(entries.map(({ action, changed }) => [action, changed])).toEqual([
      ['api_key.created', []],
      ['api_key.updated', ['scopes', 'claims']],
      ['api_key.updated', ['expires_at']],
      ['api_key.updated', ['description', 'claims']],
      ['api_key.updated', ['expires_at']],
      ['api_key.updated', ['subject']],
    ])
  })

  it('are revoked once, for the first reason, and then stay as they are', async () => {
    const { id } = (await create()).body
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, index) =>
        server.call('POST', `/api_keys/${id}/revoke`, { revocation_reason: `reason ${index}` }),
      ),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ body }) => body.revocation_reason)).size).toBe(1)
    expect(await server.client.apiKeys.get(id)).toMatchObject({ revoked: true })
    expect(await server.call('PATCH', `/api_keys/${id}`, { description: 'x' })).toMatchObject(bad)
    const entries = await server.server.admin.latestAudit(server.instance.id, { targetId: id }, 10)
    expect(entries.map(({ action }) => action)).toEqual(['api_key.created', 'api_key.revoked'])
  })

  it('are deleted once', async () => {
    const { id, secret } = (await create()).body
    expect((await server.call('DELETE', `/api_keys/${id}`)).body).toEqual({ object: 'api_key', id, deleted: true })
    expect(await server.call('DELETE', `/api_keys/${id}`)).toMatchObject(missing)
    expect(await verify(secret)).toMatchObject(missing)
  })

  it('belong to one instance, and have ids that begin with ak_', async () => {
    const { id } = (await create()).body
    const { secretKey: key } = await server.newInstance()
    for (const [method, path, body] of [
      ['GET', ''],
      ['PATCH', '', { description: 'x' }],
      ['DELETE', ''],
      ['GET', '/secret'],
      ['POST', '/revoke', {}],
    ] as const) {
      expect(await server.call(method, `/api_keys/${id}${path}`, body, { key }), path).toMatchObject(missing)
      expect(await server.call(method, `/api_keys/mt_1${path}`, body), path).toMatchObject(bad)
    }
    expect(await server.events()).toMatchObject([{ type: 'user.created' }])
  })

  it('open no operation of the Backend API', async () => {
    const { secret } = (await create()).body
    for (const path of ['/users', `/api_keys?subject=${user.id}`, '/m2m_tokens?subject=mch_1']) {
      expect(await server.call('GET', path, undefined, { key: secret }), path).toMatchObject(
        refused(401, 'clerk_key_invalid'),
      )
    }
  })
})
