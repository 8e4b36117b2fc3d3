import { describe, expect, it } from 'vitest'
import { itWithContract } from '../../../../../tests/contract/contract.test-support.js'
import { typesAsDescribed } from '../../described-events.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'

const refused = (status: number, code: string, param?: string) => ({
  status,
  body: { errors: [{ code, ...(param === undefined ? {} : { meta: { param_name: param } }) }] },
})
const MINIMUM = ['org:sys_memberships:read', 'org:sys_memberships:manage', 'org:sys_profile:delete']

describe.each(dialects)('organization roles on %s', (dialect) => {
  const server = useTestServer(dialect)
  const enable = () => server.client.instance.updateOrganizationSettings({ enabled: true })
  const role = (body: object = {}) =>
    server.call('POST', '/organization_roles', { name: 'Editor', key: 'org:editor', ...body })
  const roleByKey = async (key: string) =>
    (await server.client.organizationRoles.getOrganizationRoleList({ limit: 100 })).data.find(
      (candidate) => candidate.key === key,
    )!
  const permissionIds = async (...keys: string[]) => {
    const { data } = await server.client.organizationPermissions.getOrganizationPermissionList({ limit: 100 })
    return keys.map((key) => data.find((permission) => permission.key === key)!.id)
  }
  const permissionsOf = (answer: { body: { permissions: { key: string }[] } }) =>
    answer.body.permissions.map(({ key }) => key)

  it('are admin and member in a new instance', async () => {
    await enable()
    const { body } = await server.call('GET', '/organization_roles?order_by=key')

    expect(body).toMatchObject({
      total_count: 2,
      data: [
        { object: 'role', key: 'org:admin', name: 'Admin', is_creator_eligible: true },
        { object: 'role', key: 'org:member', name: 'Member', is_creator_eligible: false },
      ],
    })
    expect(body.data[0].permissions).toHaveLength(9)
    expect(body.data[1].permissions.map(({ key }: { key: string }) => key)).toEqual([
      'org:sys_billing:read',
      'org:sys_memberships:read',
    ])
  })

  it('are refused as long as organizations are off', async () => {
    const code = 'organization_not_enabled_in_instance'
    expect(await server.call('GET', '/organization_roles')).toMatchObject(refused(403, code))
    expect(await server.call('GET', '/organization_roles/role_1')).toMatchObject(refused(403, code))
    expect(await role()).toMatchObject(refused(403, code))
    expect(await server.call('GET', '/role_sets')).toMatchObject(refused(403, code))
  })

  it('are made with the permissions that are named by id', async () => {
    await enable()
    const permissions = await permissionIds(...MINIMUM)
    const { status, body } = await role({ description: 'Edits', permissions: [...permissions, permissions[0]] })

    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'role',
      id: expect.stringMatching(/^role_[0-9A-Za-z]{27}$/),
      key: 'org:editor',
      name: 'Editor',
      description: 'Edits',
      is_creator_eligible: true,
      permissions: expect.any(Array),
      created_at: server.clock.now(),
      updated_at: server.clock.now(),
    })
    expect(permissionsOf({ body } as never).toSorted()).toEqual(MINIMUM.toSorted())
    expect((await server.call('GET', `/organization_roles/${body.id}`)).body).toEqual(body)
    expect((await server.events()).map(({ type, payload }) => ({ type, payload }))).toEqual([
      { type: 'role.created', payload: body },
    ])
    expect((await server.client.roleSets.getRoleSet('role_set:default')).roles).toHaveLength(2)
    expect((await role({ key: 'org:bare', permissions: null })).body).toMatchObject({
      description: null,
      permissions: [],
    })
  })

  it('join the initial role set when they are told to', async () => {
    await enable()
    const { body } = await role({ include_in_initial_role_set: true })
    const set = await server.client.roleSets.getRoleSet('role_set:default')
    expect(set.roles.map(({ id }) => id)).toContain(body.id)
  })

  it('are changed where something is given; permissions are replaced', async () => {
    await enable()
    const { body: made } = await role({ description: 'Edits', permissions: await permissionIds(...MINIMUM) })
    server.clock.advance(1000)
    const path = `/organization_roles/${made.id}`

    expect((await server.call('PATCH', path, { name: 'Writer', description: null, permissions: null })).body).toEqual({
      ...made,
      name: 'Writer',
      updated_at: server.clock.now(),
    })
    const permissions = await permissionIds('org:sys_billing:read')
    const changed = await server.call('PATCH', path, { key: 'org:writer', description: '', permissions })
    expect(changed.body).toMatchObject({ key: 'org:writer', description: null, is_creator_eligible: false })
    expect(permissionsOf(changed)).toEqual(['org:sys_billing:read'])
    expect(permissionsOf(await server.call('PATCH', path, { permissions: [] }))).toEqual([])
    const last = (await server.events()).at(-1)!
    expect(last).toMatchObject({ type: 'role.updated', subjectId: made.id, payload: { permissions: [] } })
  })

  it('get and lose permissions one by one, each once', async () => {
    await enable()
    const { body: made } = await role()
    const [id] = await permissionIds('org:sys_billing:read')
    const path = `/organization_roles/${made.id}/permissions/${id}`
    server.clock.advance(1000)

    const answers = await Promise.all(Array.from({ length: 64 }, () => server.call('POST', path)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.find(({ status }) => status !== 200)).toMatchObject(
      refused(409, 'organization_role_permission_association_exists'),
    )
    const assigned = answers.find(({ status }) => status === 200)!
    expect(permissionsOf(assigned)).toEqual(['org:sys_billing:read'])
    expect(assigned.body.updated_at).toBe(server.clock.now())

    const removed = await server.client.organizationRoles.removePermissionFromOrganizationRole({
      organizationRoleId: made.id,
      permissionId: id!,
    })
    expect(removed.permissions).toEqual([])
    expect(await server.call('DELETE', path)).toMatchObject(
      refused(404, 'organization_role_permission_association_not_found'),
    )
    for (const wrong of [
      `/organization_roles/${made.id}/permissions/perm_1`,
      `/organization_roles/role_1/permissions/${id}`,
    ]) {
      for (const method of ['POST', 'DELETE']) {
        expect(await server.call(method, wrong)).toMatchObject(refused(404, 'resource_not_found'))
      }
    }
    expect((await server.events()).map(({ type }) => type)).toEqual(['role.created', 'role.updated', 'role.updated'])
  })

  it('of creators keep the permissions that a creator needs', async () => {
    await enable()
    const admin = await roleByKey('org:admin')
    const code = 'organization_missing_creator_role_permissions'
    for (const id of await permissionIds(...MINIMUM)) {
      expect(await server.call('DELETE', `/organization_roles/${admin.id}/permissions/${id}`)).toMatchObject(
        refused(422, code),
      )
    }
    expect(await server.call('PATCH', `/organization_roles/${admin.id}`, { permissions: [] })).toMatchObject(
      refused(422, code),
    )
    expect((await roleByKey('org:admin')).permissions).toHaveLength(9)

    const [billing] = await permissionIds('org:sys_billing:manage')
    expect((await server.call('DELETE', `/organization_roles/${admin.id}/permissions/${billing}`)).status).toBe(200)
  })

  it('show in the settings under their new keys', async () => {
    await enable()
    const admin = await roleByKey('org:admin')
    await server.client.organizationRoles.updateOrganizationRole({ organizationRoleId: admin.id, key: 'org:owner' })
    expect((await server.call('GET', '/instance/organization_settings')).body.creator_role).toBe('org:owner')
  })

  it('are deleted unless a role set needs them, and leave their sets', async () => {
    await enable()
    const { body: made } = await role({ include_in_initial_role_set: true })
    expect(await server.client.organizationRoles.deleteOrganizationRole(made.id)).toMatchObject({
      id: made.id,
      object: 'role',
      deleted: true,
    })
    expect((await server.client.roleSets.getRoleSet('role_set:default')).roles).toHaveLength(2)
    for (const method of ['GET', 'DELETE', 'PATCH']) {
      expect(
        await server.call(method, `/organization_roles/${made.id}`, method === 'PATCH' ? {} : undefined),
      ).toMatchObject(refused(404, 'resource_not_found'))
    }
    for (const [key, code] of [
      ['org:admin', 'organization_role_default_creator_role'],
      ['org:member', 'organization_role_domain_default_role'],
    ] as const) {
      const { id } = await roleByKey(key)
      expect(await server.call('DELETE', `/organization_roles/${id}`)).toMatchObject(refused(422, code))
    }
    expect((await server.events()).at(-1)).toMatchObject({
      type: 'role.deleted',
      payload: { object: 'role', id: made.id, deleted: true },
    })
  })

  it('are ten at most, however many are made at once', async () => {
    await enable()
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, index) => role({ key: `org:r${index}`, include_in_initial_role_set: true })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(8)
    expect(answers.find(({ status }) => status !== 200)).toMatchObject(
      refused(403, 'organization_instance_roles_quota_exceeded'),
    )
    expect((await server.call('GET', '/organization_roles')).body.total_count).toBe(10)
  })

  it('have keys of their own, in their instance', async () => {
    await enable()
    const answers = await Promise.all(Array.from({ length: 8 }, () => role()))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.find(({ status }) => status !== 200)).toMatchObject(refused(422, 'form_identifier_exists', 'key'))
    const { id } = await roleByKey('org:editor')
    expect(await server.call('PATCH', `/organization_roles/${id}`, { key: 'org:admin' })).toMatchObject(
      refused(422, 'form_identifier_exists', 'key'),
    )

    const { secretKey: key } = await server.server.createInstance()
    await server.call('PATCH', '/instance/organization_settings', { enabled: true }, { key })
    expect((await server.call('GET', `/organization_roles/${id}`, undefined, { key })).status).toBe(404)
    expect((await server.call('DELETE', `/organization_roles/${id}`, undefined, { key })).status).toBe(404)
    const permissions = await permissionIds('org:sys_billing:read')
    const foreign = { name: 'Editor', key: 'org:editor', permissions }
    expect(await server.call('POST', '/organization_roles', foreign, { key })).toMatchObject(
      refused(404, 'resource_not_found'),
    )
    expect((await server.call('GET', '/organization_roles', undefined, { key })).body.total_count).toBe(2)
  })

  it.each<[string, object, number, string, string?]>([
    ['no name', { name: undefined }, 422, 'form_param_missing', 'name'],
    ['an empty name', { name: '' }, 422, 'form_param_value_invalid', 'name'],
    ['no key', { key: undefined }, 422, 'form_param_missing', 'key'],
    ['a key without its beginning', { key: 'editor' }, 422, 'form_param_format_invalid', 'key'],
    ['a key with a dash', { key: 'org:co-editor' }, 422, 'form_param_format_invalid', 'key'],
    ['a key that is a number', { key: 7 }, 422, 'form_param_type_invalid', 'key'],
    ['permissions that are text', { permissions: 'perm_1' }, 422, 'form_param_type_invalid', 'permissions'],
    ['an unknown permission', { permissions: ['perm_1'] }, 404, 'resource_not_found'],
    ['a key of a permission', { permissions: ['org:sys_billing:read'] }, 404, 'resource_not_found'],
    ['an unknown parameter', { colour: 'red' }, 422, 'form_param_unknown', 'colour'],
  ])('are refused with %s', async (_, body, status, code, param) => {
    await enable()
    expect(await role(body)).toMatchObject(refused(status, code, param))
    expect(await server.events()).toEqual([])
    expect((await server.call('GET', '/organization_roles')).body.total_count).toBe(2)
  })

  it('are listed newest first, found by part of name or key', async () => {
    await enable()
    await server.call('GET', '/organization_roles')
    server.clock.advance(1000)
    const { body: made } = await role()
    const list = await server.client.organizationRoles.getOrganizationRoleList({ query: 'EDIT', orderBy: '-key' })
    expect(list).toMatchObject({ totalCount: 1, data: [{ id: made.id }] })
    expect((await server.call('GET', '/organization_roles?limit=1')).body).toMatchObject({
      total_count: 3,
      data: [{ id: made.id }],
    })
    expect(await server.call('GET', '/organization_roles?order_by=permissions')).toMatchObject(
      refused(422, 'form_param_value_invalid', 'order_by'),
    )
  })

  itWithContract('are told of as webhooks are described', async () => {
    await enable()
    const { body } = await role()
    await server.call('PATCH', `/organization_roles/${body.id}`, { name: 'Writer' })
    await server.call('DELETE', `/organization_roles/${body.id}`)
    expect(typesAsDescribed(await server.events())).toEqual(['role.created', 'role.updated', 'role.deleted'])
  })
})
