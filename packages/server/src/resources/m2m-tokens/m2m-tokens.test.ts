import { decodeJwt } from '@latchkey/crypto'
import type { Machine } from '@latchkey/backend'
import { beforeEach, describe, expect, it } from 'vitest'
import { removeExpiredM2MTokens } from './m2m-tokens.store.js'
import { dialects, useTestServer } from '../../server.test-support.js'

const refused = (status: number, code: string) => ({ status, body: { errors: [{ code }] } })
const missing = refused(404, 'resource_not_found')
const bad = refused(400, 'bad_request')

describe.each(dialects)('M2M tokens on %s', (dialect) => {
  const server = useTestServer(dialect)
  let target: Machine
  let caller: Machine
  /** The machine secret key of `caller`. */
  let key: string

  beforeEach(async () => {
    target = await server.client.machines.create({ name: 'Target' })
    caller = await server.client.machines.create({ name: 'Caller', scopedMachines: [target.id], defaultTokenTtl: 600 })
    key = caller.secretKey!
  })

  const create = (body: object = {}, by: string = key) => server.call('POST', '/m2m_tokens', body, { key: by })
  const verify = (token: string, by?: string) =>
    server.call('POST', '/m2m_tokens/verify', { token }, by ? { key: by } : {})

  it('that are JWTs say nothing about whom the machine may call, whatever it claims', async () => {
    const { body } = await create({
      token_format: 'jwt',
      claims: { plan: 'pro', scopes: 'mch_other', aud: ['mch_other'] },
    })
    const payload = JSON.parse(Buffer.from(body.token.split('.')[1], 'base64url').toString())
    expect(payload).toMatchObject({ plan: 'pro', sub: caller.id })
    expect(Object.keys(payload)).not.toEqual(expect.arrayContaining(['scopes']))
    expect(Object.keys(payload)).not.toEqual(expect.arrayContaining(['aud']))
  })

  describe('that are opaque', () => {
    it('are made by a machine for those it may call', async () => {
      const token = await server.client.m2m.createToken({ machineSecretKey: key, claims: { plan: 'pro' } })
      expect(token).toEqual({
        object: 'machine_to_machine_token',
        id: expect.stringMatching(/^mt_[0-9a-f]{32}$/),
        subject: caller.id,
        token: expect.stringMatching(/^mt_[0-9A-Za-z]{43}$/),
        claims: { plan: 'pro' },
        scopes: [target.id],
        revoked: false,
        revocationReason: null,
        expired: false,
        expiration: server.clock.now() + 600_000,
        lastUsedAt: null,
        createdAt: server.clock.now(),
        updatedAt: server.clock.now(),
      })
      const rows = await server.server.database.read
        .selectFrom('m2m_tokens')
        .selectAll()
        .where('id', '=', token.id)
        .execute()
      expect(JSON.stringify(rows)).not.toContain(token.token!.slice(3))
      const short = await server.client.m2m.createToken({ machineSecretKey: key, secondsUntilExpiration: 1.5 })
      expect(short.expiration).toBe(server.clock.now() + 1500)
      expect(await server.events()).toEqual([])
    })

    it('are verified by the application and by the machines they are for', async () => {
      const { token, ...made } = (await create()).body
      const used = { ...made, last_used_at: server.clock.now() }
      expect(await verify(token)).toMatchObject({ status: 200, body: used })
      expect((await verify(token)).body).not.toHaveProperty('token')
      expect(await verify(token, target.secretKey)).toMatchObject({ status: 200, body: used })

      const other = await server.client.machines.create({ name: 'Other' })
      for (const by of [other.secretKey!, key]) expect(await verify(token, by)).toMatchObject(missing)
      const { secretKey } = await server.newInstance()
      expect(await verify(token, secretKey)).toMatchObject(missing)
    })

    it('keep the scopes that they were made with', async () => {
      const { token } = (await create()).body
      const late = await server.client.machines.create({ name: 'Late' })
      await server.client.machines.createScope(caller.id, late.id)
      await server.client.machines.deleteScope(caller.id, target.id)
      expect((await verify(token, target.secretKey)).body.scopes).toEqual([target.id])
      expect(await verify(token, late.secretKey)).toMatchObject(missing)
      expect((await create()).body.scopes).toEqual([late.id])
    })

    it('are worth nothing once they are expired, revoked or changed by a letter', async () => {
      const { token, id } = (await create()).body
      const { token: other } = (await create()).body
      expect(await verify(`${token}x`)).toMatchObject(missing)
      await server.client.m2m.revokeToken({ m2mTokenId: id })
      expect(await verify(token)).toMatchObject(missing)
      server.clock.advance(599_999)
      expect((await verify(other)).status).toBe(200)
      server.clock.advance(1)
      expect(await verify(other)).toMatchObject(missing)
    })

    it('record their last use at most once a minute', async () => {
      const { token } = (await create()).body
      const first = server.clock.now()
      await Promise.all(Array.from({ length: 8 }, () => verify(token)))
      server.clock.advance(59_999)
      expect((await verify(token)).body.last_used_at).toBe(first)
      server.clock.advance(1)
      expect((await verify(token)).body.last_used_at).toBe(first + 60_000)
    })

    it.each<[string, object]>([
      ['a lifetime of nothing', { seconds_until_expiration: 0 }],
      ['a negative lifetime', { seconds_until_expiration: -1 }],
      ['a lifetime that is text', { seconds_until_expiration: '60' }],
      ['a lifetime of more than ten years', { seconds_until_expiration: 315_360_001 }],
      ['an unknown format', { token_format: 'paseto' }],
      ['claims that are a list', { claims: [] }],
      ['claims that are text', { claims: 'plan' }],
      ['large claims', { claims: { a: 'x'.repeat(8 * 1024) } }],
      ['a negative rest', { min_remaining_ttl_seconds: -1 }],
      ['a rest as long as the lifetime', { min_remaining_ttl_seconds: 600 }],
      ['a rest as long as a lifetime of its own', { min_remaining_ttl_seconds: 60, seconds_until_expiration: 60 }],
      ['a field nobody knows', { scopes: [] }],
    ])('are refused with %s', async (_, body) => {
      expect(await create(body)).toMatchObject(bad)
    })

    it.each(['iss', 'sub', 'exp', 'nbf', 'iat', 'jti'])('have no claim %s of the machine', async (name) => {
      for (const token_format of ['opaque', 'jwt']) {
        expect(await create({ token_format, claims: { [name]: 1 } })).toMatchObject(
          refused(400, 'machine_token_reserved_claim'),
        )
      }
    })
  })

  describe('are made once for several requests', () => {
    const reuse = (body: object = {}) => create({ min_remaining_ttl_seconds: 60, ...body })

    it('with the same claims and scopes, while enough time is left', async () => {
      const first = (await reuse({ claims: { a: 1, b: { c: [1, 2], d: null } } })).body
      const again = (await reuse({ claims: { b: { d: null, c: [1, 2] }, a: 1 } })).body
      expect(again).toEqual(first)
      expect((await verify(again.token, target.secretKey)).status).toBe(200)
      // Exactly the rest that was asked for, and then one millisecond less.
      server.clock.advance(540_000)
      expect((await reuse({ claims: first.claims })).body.id).toBe(first.id)
      server.clock.advance(1)
      expect((await reuse({ claims: first.claims })).body.id).not.toBe(first.id)
    })

    it('but not with others, for another machine, or without being asked to', async () => {
      const { id } = (await reuse({ claims: { a: 1 } })).body
      const ids = [
        (await reuse()).body.id,
        (await reuse({ claims: { a: '1' } })).body.id,
        (await reuse({ claims: {} })).body.id,
        (await create({ claims: { a: 1 } })).body.id,
      ]
      const other = await server.client.machines.create({ name: 'Other', scopedMachines: [target.id] })
      ids.push((await create({ claims: { a: 1 }, min_remaining_ttl_seconds: 0 }, other.secretKey!)).body.id)
      await server.client.machines.deleteScope(caller.id, target.id)
      ids.push((await reuse({ claims: { a: 1 } })).body.id)
      expect(new Set([id, ...ids]).size).toBe(7)
    })

    it('of which the longest-lived that is not revoked is taken', async () => {
      await create({ seconds_until_expiration: 300 })
      const long = (await create({ seconds_until_expiration: 3000 })).body
      await create({ seconds_until_expiration: 400 })
      expect((await reuse()).body.id).toBe(long.id)
      await server.client.m2m.revokeToken({ m2mTokenId: long.id })
      expect((await reuse()).body).toMatchObject({ expiration: server.clock.now() + 400_000 })
    })

    it('however many of them come at once', async () => {
      const answers = await Promise.all(Array.from({ length: 64 }, () => reuse()))
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
      expect(new Set(answers.map(({ body }) => body.token)).size).toBe(1)
      expect((await server.client.m2m.list({ subject: caller.id })).totalCount).toBe(1)
    })
  })

  describe('that are JWTs', () => {
    it('are signed with the key of the instance, and neither stored nor listed', async () => {
      const { status, body } = await create({
        token_format: 'jwt',
        claims: { plan: 'pro' },
        min_remaining_ttl_seconds: 9e9,
      })
      expect(status).toBe(201)
      const iat = Math.floor(server.clock.now() / 1000)
      const { header, payload } = decodeJwt(body.token)
      expect(header).toEqual({ alg: 'RS256', cat: 'cl_B7d4PD333AAA', kid: expect.stringMatching(/^ins_/), typ: 'JWT' })
      expect(payload).toEqual({
        plan: 'pro',
        exp: iat + 600,
        iat,
        iss: `https://${server.instance.frontendHost}`,
        jti: body.id,
        nbf: iat,
        sub: caller.id,
      })
      expect(body).toMatchObject({
        subject: caller.id,
        claims: { plan: 'pro' },
        scopes: [],
        expiration: (iat + 600) * 1000,
      })
      expect((await server.client.m2m.list({ subject: caller.id })).totalCount).toBe(0)
      expect(await server.call('POST', `/m2m_tokens/${body.id}/revoke`, {})).toMatchObject(missing)
      expect(await verify(body.token)).toMatchObject(bad)
    })

    it('pass for no session token', async () => {
      const { token } = (await create({ token_format: 'jwt' })).body
      expect((await server.call('POST', '/clients/verify', { token })).status).toBe(400)
      expect((await server.call('GET', '/users', undefined, { key: token })).status).toBe(401)
    })
  })

  it('are made with the key of a machine only: an API key looks like one, and is none (mistake 25)', async () => {
    expect(await create({}, server.instance.secretKey)).toMatchObject(refused(403, 'authorization_invalid'))
    const { id, token } = (await create()).body
    const user = await server.client.users.createUser({ username: 'ada_l' })
    const { secret: ofMachine } = await server.client.apiKeys.create({ name: 'key', subject: caller.id })
    const { secret: ofUser } = await server.client.apiKeys.create({ name: 'key', subject: user.id })
    const none = refused(401, 'clerk_key_invalid')
    for (const key of ['ak_unknown', token, ofMachine!, ofUser!]) {
      expect(await create({}, key)).toMatchObject(none)
      expect(await verify(token, key)).toMatchObject(none)
      for (const [method, path] of [
        ['GET', `/m2m_tokens?subject=${caller.id}`],
        ['POST', `/m2m_tokens/${id}/revoke`],
        ['GET', '/users'],
      ] as const) {
        expect(await server.call(method, path, method === 'GET' ? undefined : {}, { key }), path).toMatchObject(none)
      }
    }
    expect((await server.call('POST', '/m2m_tokens', {}, { key: null })).status).toBe(401)
  })

  it('are listed newest first, without those that are revoked or expired unless they are asked for', async () => {
    const old = (await create({ seconds_until_expiration: 1 })).body.id
    server.clock.advance(1000)
    const revoked = (await create()).body.id
    await server.client.m2m.revokeToken({ m2mTokenId: revoked })
    server.clock.advance(1)
    const valid = (await create()).body.id
    const list = async (query: string, by?: string) => {
      const { body } = await server.call(
        'GET',
        `/m2m_tokens?subject=${caller.id}${query}`,
        undefined,
        by ? { key: by } : {},
      )
      return [body.m2m_tokens.map(({ id }: { id: string }) => id), body.total_count]
    }
    expect(await list('')).toEqual([[valid], 1])
    expect(await list('', key)).toEqual([[valid], 1])
    expect(await list('&revoked=true')).toEqual([[valid, revoked], 2])
    expect(await list('&expired=true&revoked=false')).toEqual([[valid, old], 2])
    expect(await list('&expired=true&revoked=true&limit=1&offset=1')).toEqual([[revoked], 3])
    const listed = await server.client.m2m.list({ subject: caller.id, expired: true })
    expect(listed.data[1]).toMatchObject({ id: old, expired: true })
    expect(listed.data[1]).not.toHaveProperty('token')
  })

  it.each([
    '',
    '?subject=',
    '?subject=user_1',
    '?subject=mch_1&limit=101',
    '?subject=mch_1&limit=0',
    '?subject=mch_1&revoked=yes',
  ])('are not listed for %j', async (query) => {
    expect(await server.call('GET', `/m2m_tokens${query}`)).toMatchObject(bad)
  })

  it('of another machine are listed and revoked with the key of the application only', async () => {
    const { id } = (await create()).body
    const by = { key: target.secretKey! }
    expect(await server.call('GET', `/m2m_tokens?subject=${caller.id}`, undefined, by)).toMatchObject(
      refused(403, 'authorization_invalid'),
    )
    expect(await server.call('GET', '/m2m_tokens?subject=mch_unknown')).toMatchObject(missing)
    expect(await server.call('POST', `/m2m_tokens/${id}/revoke`, {}, by)).toMatchObject(missing)
    const { secretKey } = await server.newInstance()
    expect(await server.call('POST', `/m2m_tokens/${id}/revoke`, {}, { key: secretKey })).toMatchObject(missing)
    expect((await server.call('POST', `/m2m_tokens/${id}/revoke`, {}, { key })).body).toMatchObject({ revoked: true })
  })

  it('are removed long after they expired, and not before', async () => {
    await create({ seconds_until_expiration: 1 })
    const later = (await create({ seconds_until_expiration: 2 })).body.id
    await removeExpiredM2MTokens(server.server.database, server.clock.now() + 1001)
    const { data } = await server.client.m2m.list({ subject: caller.id, expired: true })
    expect(data.map(({ id }) => id)).toEqual([later])
  })

  it('are revoked once, for the first reason', async () => {
    const { id } = (await create()).body
    const reasons = Array.from({ length: 64 }, (_, index) => `reason ${index}`)
    const answers = await Promise.all(
      reasons.map((revocation_reason) => server.call('POST', `/m2m_tokens/${id}/revoke`, { revocation_reason })),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ body }) => body.revocation_reason)).size).toBe(1)
    const entries = await server.server.admin.latestAudit(server.instance.id, { targetId: id }, 10)
    expect(entries.map(({ action }) => action)).toEqual(['m2m_token.revoked'])
    for (const [path, body] of [
      [`/m2m_tokens/ak_1/revoke`, {}],
      [`/m2m_tokens/${id}/revoke`, { revocation_reason: 7 }],
      [`/m2m_tokens/${id}/revoke`, { reason: 'x' }],
    ] as const) {
      expect(await server.call('POST', path, body)).toMatchObject(bad)
    }
  })
})
