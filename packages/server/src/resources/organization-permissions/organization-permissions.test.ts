import { describe, expect, it } from 'vitest'
import { itWithContract } from '../../../../../tests/contract/contract.test-support.js'
import { typesAsDescribed } from '../../described-events.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'

const refused = (status: number, code: string, param?: string) => ({
  status,
  body: { errors: [{ code, ...(param === undefined ? {} : { meta: { param_name: param } }) }] },
})

describe.each(dialects)('organization permissions on %s', (dialect) => {
  const server = useTestServer(dialect)
  const permission = (body: object = {}) =>
    server.call('POST', '/organization_permissions', {
      name: 'Read reports',
      key: 'org:reports:read',
      description: 'See all reports',
      ...body,
    })
  const byKey = async (key: string) => {
    const { data } = await server.client.organizationPermissions.getOrganizationPermissionList({ limit: 100 })
    return data.find((candidate) => candidate.key === key)!
  }

  it('of the system are there from the first request on, whether organizations are on or not', async () => {
    const { body } = await server.call('GET', '/organization_permissions?limit=500&order_by=key')

    expect(body.total_count).toBe(9)
    expect(body.data.map(({ key, type }: { key: string; type: string }) => `${type} ${key}`)).toEqual([
      'system org:sys_billing:manage',
      'system org:sys_billing:read',
      'system org:sys_domains:manage',
      'system org:sys_domains:read',
      'system org:sys_entconns:manage',
      'system org:sys_memberships:manage',
      'system org:sys_memberships:read',
      'system org:sys_profile:delete',
      'system org:sys_profile:manage',
    ])
    expect(await server.events()).toEqual([])
  })

  it('of the system are made once by 64 requests at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => server.call('GET', '/organization_permissions?limit=500')),
    )
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.total_count}`))).toEqual(new Set(['200 9']))
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  })

  it('of the system cannot be changed or deleted', async () => {
    const { id } = await byKey('org:sys_profile:manage')
    const code = 'organization_system_permission_not_modifiable'
    expect(await server.call('PATCH', `/organization_permissions/${id}`, { name: 'x' })).toMatchObject(
      refused(403, code),
    )
    expect(await server.call('DELETE', `/organization_permissions/${id}`)).toMatchObject(refused(403, code))
    expect((await byKey('org:sys_profile:manage')).name).toBe('Manage organization')
  })

  it('are made, changed and deleted, and webhooks tell of it', async () => {
    const { status, body: made } = await permission()
    expect(status).toBe(200)
    expect(made).toEqual({
      object: 'permission',
      id: expect.stringMatching(/^perm_[0-9A-Za-z]{27}$/),
      key: 'org:reports:read',
      name: 'Read reports',
      description: 'See all reports',
      type: 'user',
      created_at: server.clock.now(),
      updated_at: server.clock.now(),
    })
    server.clock.advance(1000)
    const changed = await server.client.organizationPermissions.updateOrganizationPermission({
      permissionId: made.id,
      key: 'org:reports:see',
      description: '',
    })
    expect(changed).toMatchObject({ name: 'Read reports', key: 'org:reports:see', description: '' })
    expect((await server.call('GET', `/organization_permissions/${made.id}`)).body).toEqual({
      ...made,
      key: 'org:reports:see',
      description: '',
      updated_at: server.clock.now(),
    })
    const unchanged = await server.call('PATCH', `/organization_permissions/${made.id}`, {
      name: null,
      key: null,
      description: null,
    })
    expect(unchanged.body).toMatchObject({ name: 'Read reports', key: 'org:reports:see' })
    expect(await server.call('DELETE', `/organization_permissions/${made.id}`)).toMatchObject({
      status: 200,
      body: { object: 'permission', id: made.id, deleted: true },
    })
    for (const method of ['GET', 'DELETE']) {
      expect(await server.call(method, `/organization_permissions/${made.id}`)).toMatchObject(
        refused(404, 'resource_not_found'),
      )
    }
    expect((await server.events()).map(({ type, subjectId }) => `${type} ${subjectId}`)).toEqual([
      `permission.created ${made.id}`,
      `permission.updated ${made.id}`,
      `permission.updated ${made.id}`,
      `permission.deleted ${made.id}`,
    ])
  })

  it('leave the roles that have them when they are deleted', async () => {
    await server.client.instance.updateOrganizationSettings({ enabled: true })
    const { body: made } = await permission()
    const role = await server.client.organizationRoles.createOrganizationRole({
      name: 'Reader',
      key: 'org:reader',
      permissions: [made.id],
    })
    server.clock.advance(1000)
    await server.client.organizationPermissions.deleteOrganizationPermission(made.id)

    const shown = (await server.call('GET', `/organization_roles/${role.id}`)).body
    expect(shown).toMatchObject({ permissions: [], updated_at: server.clock.now() })
    const [deletion, update] = (await server.events()).slice(-2)
    expect(deletion).toMatchObject({ type: 'permission.deleted', subjectId: made.id })
    expect(update).toMatchObject({ type: 'role.updated', subjectId: role.id, payload: shown })
  })

  it('have keys of their own', async () => {
    const answers = await Promise.all(Array.from({ length: 64 }, () => permission()))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.find(({ status }) => status !== 200)).toMatchObject(refused(422, 'form_identifier_exists', 'key'))

    const { body: other } = await permission({ key: 'org:reports:write' })
    expect(
      await server.call('PATCH', `/organization_permissions/${other.id}`, { key: 'org:reports:read' }),
    ).toMatchObject(refused(422, 'form_identifier_exists', 'key'))
    const { secretKey: key } = await server.server.createInstance()
    expect((await server.call('GET', `/organization_permissions/${other.id}`, undefined, { key })).status).toBe(404)
    expect((await server.call('DELETE', `/organization_permissions/${other.id}`, undefined, { key })).status).toBe(404)
    expect((await server.call('PATCH', `/organization_permissions/${other.id}`, {}, { key })).status).toBe(404)
  })

  it.each<[string, object, string, string]>([
    ['no name', { name: undefined }, 'form_param_missing', 'name'],
    ['an empty name', { name: '' }, 'form_param_value_invalid', 'name'],
    ['a name that is a number', { name: 1 }, 'form_param_type_invalid', 'name'],
    ['no key', { key: undefined }, 'form_param_missing', 'key'],
    ['a key of the system', { key: 'org:sys_reports:read' }, 'form_param_format_invalid', 'key'],
    ['a key without an action', { key: 'org:reports' }, 'form_param_format_invalid', 'key'],
    ['a key in capitals', { key: 'org:Reports:read' }, 'form_param_format_invalid', 'key'],
    ['a key with a comma', { key: 'org:reports:read,write' }, 'form_param_format_invalid', 'key'],
    ['a key of two lines', { key: 'org:reports:read\n' }, 'form_param_format_invalid', 'key'],
    ['a key of four parts', { key: 'org:reports:read:all' }, 'form_param_format_invalid', 'key'],
    ['a long description', { description: 'x'.repeat(1025) }, 'form_param_max_length_exceeded', 'description'],
    ['an unknown parameter', { type: 'system' }, 'form_param_unknown', 'type'],
  ])('are refused with %s', async (_, body, code, param) => {
    expect(await permission(body)).toMatchObject(refused(422, code, param))
    expect(await server.events()).toEqual([])
  })

  it('are found by id, part of the name and part of the key, whatever the case', async () => {
    const { body: made } = await permission({ name: 'Élan 100%' })
    const found = async (query: string) =>
      (await server.call('GET', `/organization_permissions?query=${encodeURIComponent(query)}`)).body
    for (const query of [made.id, 'élan', 'ÉLAN', '100%', 'REPORTS:re']) {
      expect(await found(query)).toMatchObject({ data: [{ id: made.id }], total_count: 1 })
    }
    expect(await found('r%p')).toEqual({ data: [], total_count: 0 })
    expect(await found(made.id.slice(0, -1))).toEqual({ data: [], total_count: 0 })
    expect((await found('')).total_count).toBe(10)
    const newest = (await server.call('GET', '/organization_permissions?limit=1&order_by=+name')).body
    expect(newest).toMatchObject({ total_count: 10, data: [{ name: 'Delete organization' }] })
    expect(await server.call('GET', '/organization_permissions?order_by=type')).toMatchObject(
      refused(422, 'form_param_value_invalid', 'order_by'),
    )
    expect((await server.call('GET', '/organization_permissions?limit=501')).status).toBe(422)
  })

  itWithContract('are told of as webhooks are described', async () => {
    const { body } = await permission()
    await server.call('PATCH', `/organization_permissions/${body.id}`, { name: 'Reports' })
    await server.call('DELETE', `/organization_permissions/${body.id}`)
    expect(typesAsDescribed(await server.events())).toEqual([
      'permission.created',
      'permission.updated',
      'permission.deleted',
    ])
  })
})
