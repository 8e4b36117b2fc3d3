import { describe, expect, it } from 'vitest'
import { dialects, useTestServer, type TestServer } from '../../server.test-support.js'

const invalid = (status: number, code: string, param?: string) => ({
  status,
  body: { errors: [{ code, ...(param ? { meta: { param_name: param } } : {}) }] },
})
const missing = invalid(404, 'resource_not_found')

/** How the server answers this machine key: 200 while it is accepted. */
async function useOf(server: TestServer, key: string, machineId: string): Promise<number> {
  return (await server.call('GET', `/m2m_tokens?subject=${machineId}`, undefined, { key })).status
}

async function auditOf(server: TestServer, id: string): Promise<[string, string[]][]> {
  const entries = await server.server.admin.latestAudit(server.instance.id, { targetId: id }, 50)
  return entries.map(({ action, changed }) => [action, changed as string[]])
}

describe.each(dialects)('machines on %s', (dialect) => {
  const server = useTestServer(dialect)

  it('are created with a secret key, which can be read again, and the machines they may call', async () => {
    const { machines } = server.client
    const api = await machines.create({ name: 'API' })
    expect(api).toEqual({
      object: 'machine',
      id: expect.stringMatching(/^mch_\w{27}$/),
      name: 'API',
      instanceId: server.instance.id,
      defaultTokenTtl: 3600,
      scopedMachines: [],
      secretKey: expect.stringMatching(/^ak_[0-9A-Za-z]{43}$/),
      createdAt: server.clock.now(),
      updatedAt: server.clock.now(),
    })
    const worker = await machines.create({ name: 'Worker', scopedMachines: [api.id, api.id], defaultTokenTtl: 60 })
    expect(worker.defaultTokenTtl).toBe(60)
    const { secretKey, ...shown } = api
    expect(worker.scopedMachines).toEqual([shown])

    expect(await machines.get(api.id)).toEqual(shown)
    expect(await machines.getSecretKey(api.id)).toEqual({ object: 'machine_secret_key', secret: secretKey })
    expect(await auditOf(server, api.id)).toEqual([['machine.created', []]])
    expect(await server.events()).toEqual([])
  })

  it('are kept with a secret that a copy of the database does not show', async () => {
    const { id, secretKey } = await server.client.machines.create({ name: 'API' })
    const rows = await server.server.database.read
      .selectFrom('secrets')
      .selectAll()
      .where('machine_id', '=', id)
      .execute()
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(secretKey!.slice(3))
  })

  it.each<[string, object, number, string, string]>([
    ['no name', { name: undefined }, 422, 'form_param_missing', 'name'],
    ['an empty name', { name: '' }, 422, 'form_param_value_invalid', 'name'],
    ['a name that is too long', { name: 'x'.repeat(256) }, 422, 'form_param_max_length_exceeded', 'name'],
    ['a name that is a number', { name: 7 }, 422, 'form_param_type_invalid', 'name'],
    ['a lifetime of nothing', { default_token_ttl: 0 }, 422, 'form_param_value_invalid', 'default_token_ttl'],
    [
      'a lifetime of too long',
      { default_token_ttl: 315_360_001 },
      422,
      'form_param_value_invalid',
      'default_token_ttl',
    ],
    ['a lifetime that is text', { default_token_ttl: '60' }, 422, 'form_param_type_invalid', 'default_token_ttl'],
    ['a field nobody knows', { colour: 'red' }, 422, 'form_param_unknown', 'colour'],
  ])('are refused with %s, new and changed', async (_, body, status, code, param) => {
    expect(await server.call('POST', '/machines', { name: 'API', ...body })).toMatchObject(invalid(status, code, param))
    const { id } = await server.client.machines.create({ name: 'API' })
    if (code === 'form_param_missing') return
    expect(await server.call('PATCH', `/machines/${id}`, body)).toMatchObject(invalid(status, code, param))
  })

  it.each<[string, unknown, string]>([
    ['unknown', ['mch_unknown'], 'form_resource_not_found'],
    ['more than 150', Array.from({ length: 151 }, (_, index) => `mch_${index}`), 'form_param_array_size_exceeded'],
    ['no list', 'mch_1', 'form_param_type_invalid'],
  ])('are refused with machines to call that are %s', async (_, scoped_machines, code) => {
    expect(await server.call('POST', '/machines', { name: 'API', scoped_machines })).toMatchObject(
      invalid(422, code, 'scoped_machines'),
    )
    expect((await server.client.machines.list()).totalCount).toBe(0)
  })

  it('are changed in what is given, and in nothing else', async () => {
    const { id } = await server.client.machines.create({ name: 'API', defaultTokenTtl: 60 })
    server.clock.advance(1000)
    const renamed = await server.client.machines.update({ machineId: id, name: 'Gateway' })
    expect(renamed).toMatchObject({ name: 'Gateway', defaultTokenTtl: 60, updatedAt: server.clock.now() })
    expect(renamed).not.toHaveProperty('secretKey')
    expect(await server.client.machines.update({ machineId: id, defaultTokenTtl: 90 })).toMatchObject({
      name: 'Gateway',
      defaultTokenTtl: 90,
    })
    expect(await auditOf(server, id)).toEqual([
      ['machine.created', []],
      ['machine.updated', ['name']],
      ['machine.updated', ['default_token_ttl']],
    ])
  })

  it('are listed newest first, by name, and by what is asked for', async () => {
    const { machines } = server.client
    const made: string[] = []
    for (const name of ['beta', 'Alpha', '100%']) {
      made.push((await machines.create({ name, scopedMachines: made.slice(0, 1) })).id)
      server.clock.advance(1)
    }
    const names = async (params: Parameters<typeof machines.list>[0]) =>
      (await machines.list(params)).data.map(({ name }) => name)
    expect(await names({})).toEqual(['100%', 'Alpha', 'beta'])
    expect(await names({ orderBy: 'created_at' })).toEqual(['beta', 'Alpha', '100%'])
    expect(await names({ orderBy: '+name' })).toEqual(['100%', 'Alpha', 'beta'])
    expect(await names({ orderBy: '-name' })).toEqual(['beta', 'Alpha', '100%'])
    expect(await names({ query: 'ALPH' })).toEqual(['Alpha'])
    expect(await names({ query: '%' })).toEqual(['100%'])
    expect(await names({ query: made[0] })).toEqual(['beta'])
    expect(await names({ query: made[0]!.slice(0, -1) })).toEqual([])
    const page = await machines.list({ limit: 1, offset: 1 })
    expect(page).toMatchObject({ totalCount: 3, data: [{ name: 'Alpha', scopedMachines: [{ name: 'beta' }] }] })
    expect(await server.call('GET', '/machines?order_by=id')).toMatchObject(
      invalid(422, 'form_param_value_invalid', 'order_by'),
    )
    expect(await server.call('GET', '/machines?limit=501')).toMatchObject(
      invalid(422, 'form_param_value_invalid', 'limit'),
    )
  })

  it('are deleted once, with their keys, permissions in both directions, tokens and API keys', async () => {
    const { machines } = server.client
    const target = await machines.create({ name: 'Target' })
    const caller = await machines.create({ name: 'Caller', scopedMachines: [target.id] })
    const other = await machines.create({ name: 'Other', scopedMachines: [caller.id] })
    const { token } = await server.client.m2m.createToken({ machineSecretKey: caller.secretKey! })
    const { secret } = await server.client.apiKeys.create({ name: 'key', subject: caller.id })

    expect((await server.call('DELETE', `/machines/${caller.id}`)).body).toEqual({
      object: 'machine',
      id: caller.id,
      deleted: true,
    })
    expect(await server.call('DELETE', `/machines/${caller.id}`)).toMatchObject(missing)
    expect((await machines.get(other.id)).scopedMachines).toEqual([])
    expect(await useOf(server, caller.secretKey!, caller.id)).toBe(401)
    expect(await server.call('POST', '/m2m_tokens/verify', { token })).toMatchObject(missing)
    expect(await server.call('POST', '/api_keys/verify', { secret })).toMatchObject(missing)
    expect(await auditOf(server, caller.id)).toEqual([
      ['machine.created', []],
      ['machine.deleted', []],
    ])
  })

  it('belong to one instance', async () => {
    const { id } = await server.client.machines.create({ name: 'API' })
    const other = await server.client.machines.create({ name: 'Other' })
    const { secretKey: key } = await server.newInstance()
    const calls: [string, string, object?][] = [
      ['GET', ''],
      ['PATCH', '', { name: 'Mine' }],
      ['DELETE', ''],
      ['GET', '/secret_key'],
      ['POST', '/secret_key/rotate', { previous_token_ttl: 0 }],
      ['POST', '/scopes', { to_machine_id: other.id }],
      ['DELETE', `/scopes/${other.id}`],
    ]
    for (const [method, path, body] of calls) {
      expect(await server.call(method, `/machines/${id}${path}`, body, { key }), path).toMatchObject(missing)
    }
    expect((await server.call('GET', '/machines', undefined, { key })).body).toEqual({ data: [], total_count: 0 })
    expect(await server.call('POST', '/machines', { name: 'X', scoped_machines: [id] }, { key })).toMatchObject(
      invalid(422, 'form_resource_not_found', 'scoped_machines'),
    )
    expect((await server.client.machines.get(id)).name).toBe('API')
  })

  describe('may call each other', () => {
    it('in one direction, once', async () => {
      const { machines } = server.client
      const [one, two] = [await machines.create({ name: 'One' }), await machines.create({ name: 'Two' })]
      expect(await machines.createScope(one.id, two.id)).toEqual({
        object: 'machine_scope',
        fromMachineId: one.id,
        toMachineId: two.id,
        createdAt: server.clock.now(),
      })
      expect((await machines.get(one.id)).scopedMachines.map(({ id }) => id)).toEqual([two.id])
      expect((await machines.get(two.id)).scopedMachines).toEqual([])
      expect(await server.call('POST', `/machines/${one.id}/scopes`, { to_machine_id: two.id })).toMatchObject(
        invalid(409, 'conflict'),
      )

      expect((await server.call('DELETE', `/machines/${one.id}/scopes/${two.id}`)).body).toEqual({
        object: 'machine_scope',
        from_machine_id: one.id,
        to_machine_id: two.id,
        deleted: true,
      })
      expect(await server.call('DELETE', `/machines/${one.id}/scopes/${two.id}`)).toMatchObject(missing)
      expect((await machines.get(one.id)).scopedMachines).toEqual([])
      expect((await auditOf(server, one.id)).map(([action]) => action)).toEqual([
        'machine.created',
        'machine_scope.created',
        'machine_scope.deleted',
      ])
    })

    it.each<[string, unknown, string]>([
      ['itself', undefined, 'form_param_value_invalid'],
      ['one that does not exist', 'mch_unknown', 'form_resource_not_found'],
      ['a number', 7, 'form_param_type_invalid'],
      ['nothing', null, 'form_param_nil'],
    ])('but not %s', async (_, to, code) => {
      const { id } = await server.client.machines.create({ name: 'API' })
      expect(
        await server.call('POST', `/machines/${id}/scopes`, { to_machine_id: to === undefined ? id : to }),
      ).toMatchObject(invalid(422, code, 'to_machine_id'))
    })

    it('150 at most, however many ask at once', async () => {
      const { machines } = server.client
      const targets = await Promise.all(
        Array.from({ length: 160 }, (_, index) => machines.create({ name: `Target ${index}` })),
      )
      const ids = targets.map(({ id }) => id)
      const { id } = await machines.create({ name: 'API', scopedMachines: ids.slice(0, 145) })
      const answers = await Promise.all(
        ids.slice(145).map((to_machine_id) => server.call('POST', `/machines/${id}/scopes`, { to_machine_id })),
      )
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(5)
      expect(answers.find(({ status }) => status !== 200)).toMatchObject(
        invalid(422, 'form_param_array_size_exceeded', 'to_machine_id'),
      )
      expect((await machines.get(id)).scopedMachines).toHaveLength(150)
    })

    it('once, however many ask at once', async () => {
      const { machines } = server.client
      const [one, two] = [await machines.create({ name: 'One' }), await machines.create({ name: 'Two' })]
      const answers = await Promise.all(
        Array.from({ length: 64 }, () => server.call('POST', `/machines/${one.id}/scopes`, { to_machine_id: two.id })),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 63 }, () => 409)])
    })
  })

  describe('get another secret key', () => {
    it('while the one before is accepted for as long as was asked', async () => {
      const { machines } = server.client
      const { id, secretKey: first } = await machines.create({ name: 'API' })
      const { secret: second } = await machines.rotateSecretKey({ machineId: id, previousTokenTtl: 60 })
      expect(second).not.toBe(first)
      expect((await machines.getSecretKey(id)).secret).toBe(second)
      server.clock.advance(30_000)
      const { secret: third } = await machines.rotateSecretKey({ machineId: id, previousTokenTtl: 28_800 })
      for (const key of [first!, second, third]) expect(await useOf(server, key, id)).toBe(200)

      // The second rotation did not prolong the first key.
      server.clock.advance(30_000)
      expect(await useOf(server, first!, id)).toBe(401)
      expect(await useOf(server, second, id)).toBe(200)
      server.clock.advance(28_800_000 - 30_000)
      expect(await useOf(server, second, id)).toBe(401)
      expect(await useOf(server, third, id)).toBe(200)
      expect((await auditOf(server, id)).map(([action]) => action)).toEqual([
        'machine.created',
        'machine_secret_key.rotated',
        'machine_secret_key.rotated',
      ])
    })

    it('and the one before ends at once if it is to', async () => {
      const { id, secretKey: first } = await server.client.machines.create({ name: 'API' })
      expect(await useOf(server, first!, id)).toBe(200)
      const { secret } = await server.client.machines.rotateSecretKey({ machineId: id, previousTokenTtl: 0 })
      expect(await useOf(server, first!, id)).toBe(401)
      expect(await useOf(server, secret, id)).toBe(200)
    })

    it('one after the other, when 64 ask at once: one key is current, and without a time for the others it is alone', async () => {
      const { id } = await server.client.machines.create({ name: 'API' })
      const rotateAll = (ttl: number) =>
        Promise.all(
          Array.from({ length: 64 }, async () => {
            const answer = await server.call('POST', `/machines/${id}/secret_key/rotate`, { previous_token_ttl: ttl })
            expect(answer.status).toBe(200)
            return answer.body.secret as string
          }),
        )
      const accepted = async (keys: string[]) => {
        const uses = await Promise.all(keys.map(async (key) => [key, await useOf(server, key, id)] as const))
        return uses.filter(([, status]) => status === 200).map(([key]) => key)
      }
      const overlapping = await rotateAll(60)
      expect(new Set(overlapping).size).toBe(64)
      expect(await accepted(overlapping)).toHaveLength(64)
      const { secret: current } = await server.client.machines.getSecretKey(id)
      expect(overlapping).toContain(current)
      server.clock.advance(60_000)
      expect(await accepted(overlapping)).toEqual([current])

      const alone = await rotateAll(0)
      const { secret: last } = await server.client.machines.getSecretKey(id)
      expect(await accepted([...overlapping, ...alone])).toEqual([last])
    })

    it.each<[string, unknown, string]>([
      ['no time', undefined, 'form_param_missing'],
      ['null', null, 'form_param_nil'],
      ['a negative time', -1, 'form_param_value_invalid'],
      ['more than eight hours', 28_801, 'form_param_value_invalid'],
      ['a fraction', 1.5, 'form_param_type_invalid'],
    ])('but not with %s for the one before', async (_, previous_token_ttl, code) => {
      const { id, secretKey } = await server.client.machines.create({ name: 'API' })
      expect(await server.call('POST', `/machines/${id}/secret_key/rotate`, { previous_token_ttl })).toMatchObject(
        invalid(422, code, 'previous_token_ttl'),
      )
      expect((await server.client.machines.getSecretKey(id)).secret).toBe(secretKey)
    })
  })

  it('cannot call what is for the application alone', async () => {
    const { id, secretKey: key } = await server.client.machines.create({ name: 'API' })
    for (const [method, path] of [
      ['GET', '/users'],
      ['GET', `/machines/${id}`],
      ['GET', `/machines/${id}/secret_key`],
      ['GET', `/api_keys?subject=${id}`],
    ] as const) {
      expect(await server.call(method, path, undefined, { key: key! }), path).toMatchObject(
        invalid(401, 'clerk_key_invalid'),
      )
    }
  })

  it('do not show their keys among those of the instance', async () => {
    await server.client.machines.create({ name: 'API' })
    const keys = await server.server.admin.listKeys(server.instance.id)
    expect(keys.map(({ name }) => name)).toEqual(['default'])
  })
})
