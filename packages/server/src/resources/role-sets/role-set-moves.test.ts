import { beforeEach, describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

const refused = (status: number, code: string, param?: string) => ({
  status,
  body: { errors: [{ code, ...(param === undefined ? {} : { meta: { param_name: param } }) }] },
})
const MINIMUM = ['org:sys_memberships:read', 'org:sys_memberships:manage', 'org:sys_profile:delete']

describe.each(dialects)('moves between roles and role sets on %s', (dialect) => {
  const server = useTestServer(dialect)
  beforeEach(() => server.client.instance.updateOrganizationSettings({ enabled: true }))

  const createRole = async (key: string, permissions: string[] = []) => {
    const { data } = await server.client.organizationPermissions.getOrganizationPermissionList({ limit: 100 })
    return server.client.organizationRoles.createOrganizationRole({
      name: key,
      key,
      permissions: permissions.map((name) => data.find((permission) => permission.key === name)!.id),
    })
  }
  const createSet = (word: string, roles: string[]) =>
    server.client.roleSets.createRoleSet({
      name: word,
      key: `role_set:${word}`,
      roles,
      defaultRoleKey: roles.at(-1)!,
      creatorRoleKey: roles[0]!,
    })
  const createUser = (username: string) => server.client.users.createUser({ username })
  /** An organization with an admin and members with these roles. */
  const createOrganization = async (roleSetKey: string, ...roles: string[]) => {
    const name = `o${Math.random().toString(36).slice(2)}`
    const creator = await createUser(`${name}_0`)
    const { body } = await server.call('POST', '/organizations', {
      name,
      created_by: creator.id,
      role_set_key: roleSetKey,
      max_allowed_memberships: 0,
    })
    for (const [index, role] of roles.entries()) {
      const { id } = await createUser(`${name}_${index + 1}`)
      const joined = await server.call('POST', `/organizations/${body.id}/memberships`, { user_id: id, role })
      expect(joined.status).toBe(200)
    }
    return body.id as string
  }
  const rolesOf = async (organizationId: string) => {
    const { body } = await server.call('GET', `/organizations/${organizationId}/memberships?limit=100`)
    return body.data.map(({ role }: { role: string }) => role).sort() as string[]
  }
  const setOf = async (organizationId: string) =>
    (await server.call('GET', `/organizations/${organizationId}`)).body.role_set_key
  const keysOf = (set: { roles: { key: string }[] }) => set.roles.map(({ key }) => key).sort()
  const replaceRole = (set: string, role_key: string, to_role_key: string) =>
    server.call('POST', `/role_sets/role_set:${set}/roles/replace`, { role_key, to_role_key })
  const replaceSet = (set: string, destination: string, reassignment_mappings?: object) =>
    server.call('POST', `/role_sets/role_set:${set}/replace`, {
      dest_role_set_key: `role_set:${destination}`,
      ...(reassignment_mappings ? { reassignment_mappings } : {}),
    })

  it('show how many members have each role of a set', async () => {
    const pro = await createSet('pro', ['org:admin', 'org:member'])
    await createOrganization(pro.key, 'org:member', 'org:member')
    await createOrganization(pro.key, 'org:member')
    await createOrganization('role_set:default', 'org:member')

    const { body } = await server.call('GET', '/role_sets/role_set:pro')
    expect(body.roles).toMatchObject([
      { key: 'org:admin', members_count: 2, has_members: true },
      { key: 'org:member', members_count: 3, has_members: true },
    ])
    const { data } = (await server.call('GET', '/role_sets')).body
    expect(data[0].roles[0]).not.toHaveProperty('members_count')
  })

  it('give the members of a replaced role another one, in the set alone', async () => {
    await createRole('org:guest')
    const pro = await createSet('pro', ['org:admin', 'org:member'])
    const moved = await createOrganization(pro.key, 'org:member', 'org:member')
    const other = await createOrganization('role_set:default', 'org:member')
    const before = (await server.events()).length

    const { status, body } = await replaceRole('pro', 'org:member', 'org:guest')

    expect(status).toBe(200)
    expect(keysOf(body)).toEqual(['org:admin', 'org:guest'])
    expect(body.default_role).toMatchObject({ key: 'org:guest', members_count: 2 })
    expect(body.creator_role.key).toBe('org:admin')
    expect(await rolesOf(moved)).toEqual(['org:admin', 'org:guest', 'org:guest'])
    expect(await rolesOf(other)).toEqual(['org:admin', 'org:member'])
    const events = (await server.events()).slice(before)
    expect(events.map(({ type }) => type)).toEqual(['organizationMembership.updated', 'organizationMembership.updated'])
    expect(events[0]!.payload).toMatchObject({ role: 'org:guest', organization: { id: moved } })
  })

  it('replace the role of creators by one that may as much', async () => {
    await createRole('org:owner', MINIMUM)
    const pro = await createSet('pro', ['org:admin', 'org:member'])
    const organization = await createOrganization(pro.key)

    expect(await replaceRole('pro', 'org:admin', 'org:member')).toMatchObject(
      refused(422, 'organization_missing_creator_role_permissions'),
    )
    expect((await replaceRole('pro', 'org:admin', 'org:owner')).body).toMatchObject({
      creator_role: { key: 'org:owner' },
      default_role: { key: 'org:member' },
    })
    expect(await rolesOf(organization)).toEqual(['org:owner'])
  })

  it('leave no organization without somebody who can manage it', async () => {
    await createRole('org:owner', MINIMUM)
    const pro = await createSet('pro', ['org:owner', 'org:admin', 'org:member'])
    const kept = await createOrganization(pro.key, 'org:admin')
    expect(await rolesOf(kept)).toEqual(['org:admin', 'org:owner'])
    expect((await replaceRole('pro', 'org:admin', 'org:member')).status).toBe(200)

    await server.client.roleSets.addRolesToRoleSet({ roleSetKeyOrId: pro.key, roleKeys: ['org:admin'] })
    await server.client.roleSets.updateRoleSet({ roleSetKeyOrId: pro.key, creatorRoleKey: 'org:admin' })
    const managed = await createOrganization(pro.key, 'org:member')
    expect(await replaceRole('pro', 'org:owner', 'org:member')).toMatchObject(
      refused(400, 'organization_minimum_permissions_needed'),
    )
    expect(await rolesOf(kept)).toEqual(['org:member', 'org:owner'])
    expect(await rolesOf(managed)).toEqual(['org:admin', 'org:member'])
  })

  it('refuse to replace a role that is not there', async () => {
    const { key } = await createSet('pro', ['org:admin', 'org:member'])
    await createRole('org:guest')
    expect(await replaceRole('pro', 'org:guest', 'org:member')).toMatchObject(refused(404, 'resource_not_found'))
    expect(await replaceRole('pro', 'org:member', 'org:ghost')).toMatchObject(refused(404, 'resource_not_found'))
    expect(await replaceRole('none', 'org:member', 'org:guest')).toMatchObject(refused(404, 'resource_not_found'))
    expect(await replaceRole('pro', 'org:member', 'org:member')).toMatchObject(
      refused(422, 'form_param_value_invalid', 'to_role_key'),
    )
    expect(await server.call('POST', `/role_sets/${key}/roles/replace`, { role_key: 'org:member' })).toMatchObject(
      refused(422, 'form_param_missing', 'to_role_key'),
    )
    const answers = await Promise.all(Array.from({ length: 64 }, () => replaceRole('pro', 'org:member', 'org:guest')))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('move the organizations of a replaced set, and their members as they are told', async () => {
    await createRole('org:guest')
    await createRole('org:editor')
    const pro = await createSet('pro', ['org:admin', 'org:member', 'org:guest'])
    await createSet('team', ['org:admin', 'org:editor'])
    const moved = await createOrganization(pro.key, 'org:member', 'org:guest')
    const other = await createOrganization('role_set:default', 'org:member')

    expect(await replaceSet('pro', 'team')).toMatchObject(
      refused(422, 'organization_role_set_reassignment_mappings_missing'),
    )
    expect(await replaceSet('pro', 'team', { 'org:member': 'org:editor' })).toMatchObject(
      refused(422, 'organization_role_set_reassignment_mappings_missing'),
    )
    for (const mappings of [
      { 'org:member': 'org:editor', 'org:guest': 'org:member' },
      { 'org:member': 'org:editor', 'org:guest': 'org:editor', 'org:ghost': 'org:editor' },
    ]) {
      expect(await replaceSet('pro', 'team', mappings)).toMatchObject(
        refused(422, 'organization_role_set_reassignment_mappings_invalid'),
      )
    }
    expect(await rolesOf(moved)).toEqual(['org:admin', 'org:guest', 'org:member'])
    const before = (await server.events()).length

    const mappings = { 'org:member': 'org:editor', 'org:guest': 'org:editor' }
    expect(await replaceSet('pro', 'team', mappings)).toMatchObject({
      status: 200,
      body: { object: 'role_set', id: pro.id, deleted: true },
    })

    expect(await rolesOf(moved)).toEqual(['org:admin', 'org:editor', 'org:editor'])
    expect([await setOf(moved), await setOf(other)]).toEqual(['role_set:team', 'role_set:default'])
    expect((await server.call('GET', '/role_sets/role_set:pro')).status).toBe(404)
    expect((await server.events()).slice(before).map(({ type }) => type)).toEqual([
      'organization.updated',
      'organizationMembership.updated',
      'organizationMembership.updated',
    ])
  })

  it('let two roles change places', async () => {
    await createRole('org:guest')
    const pro = await createSet('pro', ['org:admin', 'org:member', 'org:guest'])
    await createSet('team', ['org:admin', 'org:member', 'org:guest'])
    const moved = await createOrganization(pro.key, 'org:member', 'org:guest', 'org:guest')
    expect((await replaceSet('pro', 'team', { 'org:member': 'org:guest', 'org:guest': 'org:member' })).status).toBe(200)
    expect(await rolesOf(moved)).toEqual(['org:admin', 'org:guest', 'org:member', 'org:member'])
  })

  it('keep the initial set, and need another one to move to', async () => {
    await createSet('pro', ['org:admin', 'org:member'])
    expect(await replaceSet('default', 'pro')).toMatchObject(refused(403, 'cannot_delete_initial_role_set'))
    expect(await replaceSet('pro', 'pro')).toMatchObject(refused(422, 'form_param_value_invalid', 'dest_role_set_key'))
    expect(await replaceSet('pro', 'none')).toMatchObject(refused(404, 'resource_not_found'))
    const answers = await Promise.all(Array.from({ length: 64 }, () => replaceSet('pro', 'default')))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.find(({ status }) => status !== 200)).toMatchObject(refused(404, 'resource_not_found'))
  })

  it('keep managers when a whole set goes', async () => {
    await createRole('org:owner', MINIMUM)
    const pro = await createSet('pro', ['org:owner', 'org:member'])
    const moved = await createOrganization(pro.key, 'org:member')
    expect(await replaceSet('pro', 'default', { 'org:owner': 'org:member' })).toMatchObject(
      refused(400, 'organization_minimum_permissions_needed'),
    )
    expect(await setOf(moved)).toBe('role_set:pro')
    expect((await replaceSet('pro', 'default', { 'org:owner': 'org:admin' })).status).toBe(200)
    expect(await rolesOf(moved)).toEqual(['org:admin', 'org:member'])
  })

  it('leave no member with a role outside of the set, whatever happens at once', async () => {
    await createRole('org:guest')
    const pro = await createSet('pro', ['org:admin', 'org:member'])
    const organization = await createOrganization(pro.key)
    const users = await Promise.all(Array.from({ length: 32 }, (_, index) => createUser(`joining_${index}`)))
    const joins = users.map(({ id }) =>
      server.call('POST', `/organizations/${organization}/memberships`, { user_id: id, role: 'org:member' }),
    )
    const [replaced, ...joined] = await Promise.all([replaceRole('pro', 'org:member', 'org:guest'), ...joins])

    expect(replaced!.status).toBe(200)
    expect(joined.every(({ status }) => status === 200 || status === 404)).toBe(true)
    expect(await rolesOf(organization)).not.toContain('org:member')
  })

  it('do not delete a role that members have, nor lose members to a deletion at once', async () => {
    const guest = await createRole('org:guest')
    const pro = await createSet('pro', ['org:admin', 'org:guest', 'org:member'])
    const organization = await createOrganization(pro.key, 'org:guest')
    expect(await server.call('DELETE', `/organization_roles/${guest.id}`)).toMatchObject(
      refused(422, 'organization_role_assigned_members'),
    )
    expect(await rolesOf(organization)).toEqual(['org:admin', 'org:guest'])

    const visitor = await createRole('org:visitor')
    await server.client.roleSets.addRolesToRoleSet({ roleSetKeyOrId: pro.key, roleKeys: ['org:visitor'] })
    const { id } = await createUser('visitor')
    const [joined, gone] = await Promise.all([
      server.call('POST', `/organizations/${organization}/memberships`, { user_id: id, role: 'org:visitor' }),
      server.call('DELETE', `/organization_roles/${visitor.id}`),
    ])
    expect([
      [200, 422],
      [404, 200],
    ]).toContainEqual([joined.status, gone.status])
    expect(await rolesOf(organization)).toHaveLength(joined.status === 200 ? 3 : 2)
  })
})
