import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('a seed of roles on %s', (dialect) => {
  const server = useTestServer(dialect)
  const apply = (document: unknown) => server.server.admin.seed(server.instance.id, document)
  const seed = () => ({
    instance: { organization_settings: { enabled: true, max_allowed_roles: 20 } },
    organization_permissions: [{ id: `perm_${server.instance.id}`, key: 'org:reports:read', name: 'Read reports' }],
    organization_roles: [
      {
        id: `role_${server.instance.id}`,
        key: 'org:auditor',
        name: 'Auditor',
        permissions: ['org:reports:read', 'org:sys_memberships:read'],
        include_in_initial_role_set: true,
      },
    ],
    role_sets: [
      {
        id: `rset_${server.instance.id}`,
        key: 'role_set:pro',
        name: 'Pro',
        roles: ['org:admin', 'org:auditor'],
        default_role_key: 'org:auditor',
        creator_role_key: 'org:admin',
        type: 'initial',
      },
    ],
  })

  it('makes permissions, roles and sets, once', async () => {
    await apply(seed())
    await apply(seed())

    expect((await server.call('GET', `/organization_roles/role_${server.instance.id}`)).body).toMatchObject({
      key: 'org:auditor',
      permissions: [{ id: `perm_${server.instance.id}` }, { key: 'org:sys_memberships:read' }],
    })
    expect((await server.call('GET', `/role_sets/rset_${server.instance.id}`)).body).toMatchObject({
      type: 'initial',
      default_role: { key: 'org:auditor' },
    })
    expect((await server.client.roleSets.getRoleSet('role_set:default')).roles).toHaveLength(3)
    expect((await server.call('GET', '/instance/organization_settings')).body).toMatchObject({
      max_allowed_roles: 20,
      initial_role_set_key: 'role_set:pro',
    })
  })

  it.each<[string, (document: ReturnType<typeof seed>) => void, string]>([
    ['an unknown permission', (s) => s.organization_roles[0]!.permissions.push('org:a:b'), 'organization_roles.0'],
    ['a key of another form', (s) => (s.organization_roles[0]!.key = 'auditor'), 'organization_roles.0.key'],
    [
      'a permission of the system',
      (s) => (s.organization_permissions[0]!.key = 'org:sys_x:y'),
      'organization_permissions.0.key',
    ],
    ['an unknown role', (s) => s.role_sets[0]!.roles.push('org:ghost'), 'role_sets.0'],
    ['organizations off', (s) => (s.instance.organization_settings.enabled = false), 'organization_roles.0'],
  ])('names the place of %s', async (_, spoil, place) => {
    const document = seed()
    spoil(document)
    await expect(apply(document)).rejects.toMatchObject({
      path: place.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
    })
  })
})
