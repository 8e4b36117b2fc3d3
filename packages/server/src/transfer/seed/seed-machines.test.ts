import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('a seed on %s', (dialect) => {
  const server = useTestServer(dialect)
  const apply = (document: unknown) => server.server.admin.seed(server.instance.id, document)
  /** Machine secret keys are one server's, so each test has its own. */
  const secretKey = () => `ak_${server.instance.id}`

  it('makes machines with keys of their own, that may call those that it names', async () => {
    const document = {
      machines: [
        { name: 'Worker', secret_key: secretKey(), default_token_ttl: 60, scoped_machines: ['API', 'Mail'] },
        { name: 'API' },
        { name: 'Mail', scoped_machines: ['API'] },
      ],
    }
    await apply(document)
    const { data } = await server.client.machines.list({ orderBy: 'name' })
    expect(
      data.map(({ name, defaultTokenTtl, scopedMachines }) => [
        name,
        defaultTokenTtl,
        scopedMachines.map((machine) => machine.name),
      ]),
    ).toEqual([
      ['API', 3600, []],
      ['Mail', 3600, ['API']],
      ['Worker', 60, ['API', 'Mail']],
    ])
    expect((await server.client.machines.getSecretKey(data[2]!.id)).secret).toBe(secretKey())
    expect(await server.client.m2m.createToken({ machineSecretKey: secretKey() })).toMatchObject({
      subject: data[2]!.id,
    })

    // What is there stays as it is.
    await server.client.machines.deleteScope(data[2]!.id, data[0]!.id)
    await apply(document)
    expect((await server.client.machines.list()).totalCount).toBe(3)
    expect((await server.client.machines.get(data[2]!.id)).scopedMachines).toHaveLength(1)
  })

  it('makes API keys of users and machines', async () => {
    const own = server.instance.id
    const document = {
      users: [{ id: `user_keys_${own}`, username: 'ada_l' }],
      machines: [{ id: `mch_keys_${own}`, name: 'API' }],
      api_keys: [
        { name: 'deploy', subject: `user_keys_${own}`, secret: 'ak_fixed', scopes: ['read'], claims: { plan: 'pro' } },
        { name: 'old', subject: `mch_keys_${own}`, secret: 'ak_revoked', status: 'revoked' },
      ],
    }
    await apply(document)
    await apply(document)
    // Ids of a seed are shorter than those that the contract knows.
    const services = await server.server.admin.seed(own, {})
    expect(services).toMatchObject({ users: 0 })
    const rows = await server.server.database.read
      .selectFrom('api_keys')
      .select(['name', 'scopes', 'claims', 'revoked_at'])
      .where('instance_id', '=', own)
      .orderBy('name')
      .execute()
    expect(rows).toEqual([
      { name: 'deploy', scopes: '["read"]', claims: '{"plan":"pro"}', revoked_at: null },
      { name: 'old', scopes: '[]', claims: null, revoked_at: server.clock.now() },
    ])
  })

  it.each<[string, object, object]>([
    [
      'a machine that nobody knows',
      { machines: [{ name: 'A', scoped_machines: ['B'] }] },
      { path: ['machines', 0, 'scoped_machines', 0] },
    ],
    [
      'a machine that calls itself',
      { machines: [{ name: 'A', scoped_machines: ['A'] }] },
      { path: ['machines', 0, 'scoped_machines', 0, 'to_machine_id'] },
    ],
    [
      'a secret key of another kind',
      { machines: [{ name: 'A', secret_key: 'sk_test_1' }] },
      { path: ['machines', 0, 'secret_key'] },
    ],
    ['a key of nobody', { api_keys: [{ name: 'key', subject: 'user_unknown' }] }, { path: ['api_keys', 0] }],
    [
      'a secret of another kind',
      { api_keys: [{ name: 'key', subject: 'user_1', secret: 'x' }] },
      { path: ['api_keys', 0, 'secret'] },
    ],
  ])('with %s is refused there', async (_, document, error) => {
    await expect(apply(document)).rejects.toMatchObject({ name: 'SeedError', ...error })
  })
})
