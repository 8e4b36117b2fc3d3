import { beforeEach, describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

const refused = (status: number, code: string, param?: string) => ({
  status,
  body: { errors: [{ code, ...(param === undefined ? {} : { meta: { param_name: param } }) }] },
})

describe.each(dialects)('role sets on %s', (dialect) => {
  const server = useTestServer(dialect)
  beforeEach(() => server.client.instance.updateOrganizationSettings({ enabled: true }))

  const createRole = (key: string) => server.client.organizationRoles.createOrganizationRole({ name: key, key })
  const roleSet = (body: object = {}) =>
    server.call('POST', '/role_sets', {
      name: 'Pro plan',
      roles: ['org:admin', 'org:member'],
      default_role_key: 'org:member',
      creator_role_key: 'org:admin',
      ...body,
    })
  const keysOf = (set: { roles: { key: string }[] }) => set.roles.map(({ key }) => key).sort()

  it('are one in a new instance', async () => {
    const { body } = await server.call('GET', '/role_sets')
    const now = server.clock.now()

    const item = (key: string, name: string, description: string) => ({
      object: 'role_set_item',
      id: expect.stringMatching(/^role_[0-9A-Za-z]{27}$/),
      key,
      name,
      description,
      created_at: now,
      updated_at: now,
    })
    const admin = item('org:admin', 'Admin', 'Manages the organization and its members')
    const member = item('org:member', 'Member', 'Uses the organization')
    expect(body).toEqual({
      data: [
        {
          object: 'role_set',
          id: expect.stringMatching(/^rset_[0-9A-Za-z]{27}$/),
          key: 'role_set:default',
          name: 'Primary',
          description: null,
          type: 'initial',
          roles: [admin, member],
          default_role: member,
          creator_role: admin,
          created_at: now,
          updated_at: now,
        },
      ],
      total_count: 1,
    })
  })

  it('are made, and read by key and by id with the number of their members', async () => {
    const { status, body: made } = await roleSet({ description: 'For paying organizations' })
    expect(status).toBe(200)
    expect(made).toMatchObject({
      key: 'role_set:pro_plan',
      type: 'custom',
      description: 'For paying organizations',
      default_role: { key: 'org:member', members_count: 0, has_members: false },
      creator_role: { key: 'org:admin' },
    })
    expect((await server.call('GET', `/role_sets/${made.id}`)).body).toEqual(made)
    expect((await server.call('GET', '/role_sets/role_set:pro_plan')).body).toEqual(made)
    expect(await server.call('GET', '/role_sets/role_set:none')).toMatchObject(refused(404, 'resource_not_found'))
    expect(await server.events()).toEqual([])
    expect((await roleSet()).body.key).toBe('role_set:pro_plan_2')
    expect((await roleSet({ name: '漢字' })).body.key).toBe('role_set:set')
    expect((await roleSet({ name: 'Élite -- Plus!' })).body.key).toBe('role_set:elite_plus')
  })

  it('have one initial set among them, and the settings show it', async () => {
    const sets = await Promise.all(
      Array.from({ length: 16 }, (_, index) => roleSet({ type: 'initial', key: `role_set:s${index}` })),
    )
    expect(sets.map(({ status }) => status)).toEqual(Array.from({ length: 16 }, () => 200))
    const initial = async () => {
      const { data } = await server.client.roleSets.getRoleSetList({ limit: 100 })
      return data.filter(({ type }) => type === 'initial').map(({ key }) => key)
    }
    const settings = async () => (await server.call('GET', '/instance/organization_settings')).body
    expect(await initial()).toEqual([(await settings()).initial_role_set_key])

    await server.client.roleSets.updateRoleSet({ roleSetKeyOrId: 'role_set:default', type: 'initial' })
    expect(await initial()).toEqual(['role_set:default'])
    expect((await settings()).initial_role_set_key).toBe('role_set:default')
  })

  it('are changed where something is given', async () => {
    const { body: made } = await roleSet({ description: 'Old' })
    server.clock.advance(1000)
    const path = `/role_sets/${made.key}`
    const { body } = await server.call('PATCH', path, { name: 'Team', type: null, description: null, key: null })
    expect(body).toEqual({ ...made, name: 'Team', updated_at: server.clock.now() })
    const changed = await server.client.roleSets.updateRoleSet({
      roleSetKeyOrId: made.id,
      key: 'role_set:team',
      description: '',
      defaultRoleKey: 'org:admin',
    })
    expect(changed).toMatchObject({ key: 'role_set:team', description: null, defaultRole: { key: 'org:admin' } })
    expect((await server.call('PATCH', path, { name: 'x' })).status).toBe(404)

    for (const [change, code, param] of [
      [{ key: 'role_set:default' }, 'form_identifier_exists', 'key'],
      [{ key: 'team' }, 'form_param_format_invalid', 'key'],
      [{ type: 'custom' }, 'form_param_value_invalid', 'type'],
      [{ default_role_key: 'org:guest' }, 'form_param_value_invalid', 'default_role_key'],
      [{ creator_role_key: 'org:member' }, 'organization_missing_creator_role_permissions', undefined],
      [{ roles: [] }, 'form_param_unknown', 'roles'],
    ] as const) {
      expect(await server.call('PATCH', `/role_sets/${made.id}`, change)).toMatchObject(refused(422, code, param))
    }
  })

  it.each<[string, object, number, string, string?]>([
    ['no name', { name: undefined }, 422, 'form_param_missing', 'name'],
    ['no roles', { roles: [] }, 422, 'form_param_value_invalid', 'roles'],
    [
      'eleven roles',
      { roles: Array.from({ length: 11 }, (_, i) => `org:r${i}`) },
      422,
      'form_param_array_size_exceeded',
      'roles',
    ],
    ['a role twice', { roles: ['org:admin', 'org:member', 'org:admin'] }, 422, 'form_param_duplicate', 'roles'],
    ['an unknown role', { roles: ['org:admin', 'org:member', 'org:ghost'] }, 404, 'resource_not_found'],
    ['a default role outside', { roles: ['org:admin'] }, 422, 'form_param_value_invalid', 'default_role_key'],
    ['a creator role outside', { roles: ['org:member'] }, 422, 'form_param_value_invalid', 'creator_role_key'],
    [
      'a creator role that may too little',
      { creator_role_key: 'org:member' },
      422,
      'organization_missing_creator_role_permissions',
    ],
    ['a key that is taken', { key: 'role_set:default' }, 422, 'form_identifier_exists', 'key'],
    ['a key of another form', { key: 'org:default' }, 422, 'form_param_format_invalid', 'key'],
    ['an unknown type', { type: 'first' }, 422, 'form_param_value_invalid', 'type'],
    ['an unknown parameter', { colour: 'red' }, 422, 'form_param_unknown', 'colour'],
  ])('are refused with %s', async (_, body, status, code, param) => {
    expect(await roleSet(body)).toMatchObject(refused(status, code, param))
    expect((await server.call('GET', '/role_sets')).body.total_count).toBe(1)
  })

  it('get roles, each once', async () => {
    await createRole('org:guest')
    await createRole('org:billing')
    const { body: made } = await roleSet()
    const path = `/role_sets/${made.id}/roles`
    const { status, body } = await server.call('POST', path, {
      role_keys: ['org:guest', 'org:billing'],
      default_role_key: 'org:guest',
    })
    expect(status).toBe(200)
    expect(keysOf(body)).toEqual(['org:admin', 'org:billing', 'org:guest', 'org:member'])
    expect(body.default_role.key).toBe('org:guest')

    await createRole('org:owner')
    for (const [change, code, param] of [
      [{ role_keys: ['org:guest'] }, 'form_param_value_invalid', 'role_keys'],
      [{ role_keys: ['org:owner', 'org:owner'] }, 'form_param_duplicate', 'role_keys'],
      [{ role_keys: [] }, 'form_param_value_invalid', 'role_keys'],
      [{}, 'form_param_missing', 'role_keys'],
      [{ role_keys: ['org:owner'], default_role_key: 'org:guest' }, 'form_param_value_invalid', 'default_role_key'],
      [
        { role_keys: ['org:owner'], creator_role_key: 'org:owner' },
        'organization_missing_creator_role_permissions',
        undefined,
      ],
    ] as const) {
      expect(await server.call('POST', path, change)).toMatchObject(refused(422, code, param))
    }
    expect(await server.call('POST', path, { role_keys: ['org:ghost'] })).toMatchObject(
      refused(404, 'resource_not_found'),
    )
    expect(keysOf((await server.call('GET', `/role_sets/${made.id}`)).body)).toHaveLength(4)

    const added = await Promise.all(
      Array.from({ length: 64 }, () => server.call('POST', path, { role_keys: ['org:owner'] })),
    )
    expect(added.filter((answer) => answer.status === 200)).toHaveLength(1)
  })

  it('belong to their instance', async () => {
    const { body: made } = await roleSet()
    const { secretKey: key } = await server.server.createInstance()
    await server.call('PATCH', '/instance/organization_settings', { enabled: true }, { key })
    for (const [method, path, body] of [
      ['GET', `/role_sets/${made.id}`, undefined],
      ['GET', `/role_sets/${made.key}`, undefined],
      ['PATCH', `/role_sets/${made.id}`, {}],
      ['POST', `/role_sets/${made.id}/roles`, { role_keys: ['org:admin'] }],
      ['POST', `/role_sets/${made.id}/replace`, { dest_role_set_key: 'role_set:default' }],
      ['POST', `/role_sets/${made.id}/roles/replace`, { role_key: 'org:admin', to_role_key: 'org:member' }],
    ] as const) {
      expect(await server.call(method, path, body, { key })).toMatchObject(refused(404, 'resource_not_found'))
    }
  })

  it('are listed newest first, found by part of name or key', async () => {
    server.clock.advance(1000)
    const { body: made } = await roleSet()
    expect((await server.call('GET', '/role_sets?limit=1&query=ROLE_SET')).body).toMatchObject({
      total_count: 2,
      data: [{ id: made.id }],
    })
    expect(await server.client.roleSets.getRoleSetList({ query: 'prim', orderBy: 'name' })).toMatchObject({
      totalCount: 1,
      data: [{ key: 'role_set:default' }],
    })
    expect(await server.call('GET', '/role_sets?order_by=type')).toMatchObject(
      refused(422, 'form_param_value_invalid', 'order_by'),
    )
  })
})
