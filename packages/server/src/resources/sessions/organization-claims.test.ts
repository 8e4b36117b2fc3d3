import { signedInAuthObject as officialAuthObject } from '@clerk/backend/internal'
import { signedInAuthObject } from '@latchkey/backend/internal'
import { decodeJwt } from '@latchkey/crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { organizationClaimsV1, organizationClaimsV2, type ActiveOrganization } from './organization-claims.rules.js'

const base = { iss: 'https://clerk.example.com', sid: 'sess_1', sub: 'user_1', iat: 0, nbf: 0, exp: 60, fva: [0, -1] }
const organization = (permissionKeys: string[], roleKey = 'org:admin'): ActiveOrganization => ({
  id: 'org_1',
  slug: 'acme',
  roleKey,
  permissionKeys,
})

/** Both SDKs, as an application asks them about a token with these claims. */
const readers = (claims: object) => {
  const facts = { ...base, ...claims }
  return [
    officialAuthObject({} as never, 'token', facts as never),
    signedInAuthObject({}, 'token', facts as never),
  ] as unknown as { orgPermissions?: string[]; orgRole?: string; orgId?: string; has(params: object): boolean }[]
}

describe('the claims of an organization', () => {
  it('are those of the worked example', () => {
    const { o, fea } = organizationClaimsV2(
      organization(['org:teams:read', 'org:dashboard:read', 'org:dashboard:manage']),
      { organization: ['teams', 'dashboard'], user: ['beta'] },
    )
    expect(fea).toBe('o:dashboard,o:teams,u:beta')
    expect(o).toEqual({ id: 'org_1', slg: 'acme', rol: 'admin', per: 'manage,read', fpm: '3,2' })
  })

  it('never have permissions of the system', () => {
    const active = organization(['org:sys_memberships:manage', 'org:sys_profile:delete'])
    expect(organizationClaimsV2(active)).toEqual({ o: { id: 'org_1', slg: 'acme', rol: 'admin' } })
    expect(organizationClaimsV1(active)).toEqual({
      org_id: 'org_1',
      org_role: 'org:admin',
      org_slug: 'acme',
      org_permissions: [],
    })
  })

  it('have no slug where slugs are off', () => {
    const active = { ...organization([]), slug: null }
    expect(organizationClaimsV2(active).o).not.toHaveProperty('slg')
    expect(organizationClaimsV1(active)).not.toHaveProperty('org_slug')
  })

  it('leave out permissions of features that the plan does not grant', () => {
    const active = organization(['org:reports:read', 'org:invoices:pay'])
    const claims = organizationClaimsV2(active, { organization: ['reports', 'search'], user: [] })
    expect(claims).toMatchObject({ fea: 'o:reports,o:search', o: { per: 'read', fpm: '1,0' } })
    expect(organizationClaimsV2(active, { organization: [], user: ['search'] })).toEqual({
      o: { id: 'org_1', slg: 'acme', rol: 'admin' },
      fea: 'u:search',
    })
  })

  const word = fc.stringMatching(/^[a-z0-9_]{1,8}$/).filter((text) => !text.startsWith('sys_'))
  const permission = fc.tuple(word, word).map(([feature, action]) => `org:${feature}:${action}`)

  it('say exactly which permissions there are, to both SDKs and in both versions', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(permission, { maxLength: 120 }),
        fc.array(
          word.map((name) => `org:sys_${name}:read`),
          { maxLength: 3 },
        ),
        fc.array(word, { maxLength: 5 }),
        (keys, system, userFeatures) => {
          const features = {
            organization: [...new Set(keys.map((key) => key.split(':')[1]!)), 'unused'],
            user: userFeatures,
          }
          const active = organization([...system, ...keys], 'org:team_lead')
          for (const claims of [
            { v: 2, ...organizationClaimsV2(active) },
            { v: 2, ...organizationClaimsV2(active, features) },
            organizationClaimsV1(active),
          ]) {
            for (const reader of readers(claims)) {
              expect([...(reader.orgPermissions ?? [])].sort()).toEqual([...keys].sort())
              expect(reader.orgRole).toBe('org:team_lead')
              expect(reader.has({ role: 'org:team_lead' })).toBe(true)
              for (const key of keys) expect(reader.has({ permission: key })).toBe(true)
              expect(reader.has({ permission: 'org:reports:everything' })).toBe(false)
            }
          }
        },
      ),
      { numRuns: 100 },
    )
  })

  it('grant only what the plan grants, whatever the role has', () => {
    fc.assert(
      fc.property(fc.uniqueArray(permission, { maxLength: 30 }), fc.array(word, { maxLength: 8 }), (keys, granted) => {
        const claims = { v: 2, ...organizationClaimsV2(organization(keys), { organization: granted, user: [] }) }
        const expected = keys.filter((key) => granted.includes(key.split(':')[1]!)).sort()
        for (const reader of readers(claims)) expect([...(reader.orgPermissions ?? [])].sort()).toEqual(expected)
      }),
    )
  })
})

describe.each(dialects)('the active organization in tokens on %s', (dialect) => {
  const server = useTestServer(dialect)

  const createSession = async () => {
    await server.client.instance.updateOrganizationSettings({ enabled: true })
    const permissions: string[] = []
    for (const key of ['org:reports:read', 'org:reports:write', 'org:invoices:read']) {
      permissions.push(
        (await server.client.organizationPermissions.createOrganizationPermission({ name: key, key })).id,
      )
    }
    const { data } = await server.client.organizationPermissions.getOrganizationPermissionList({ query: 'org:sys_' })
    const role = await server.client.organizationRoles.createOrganizationRole({
      name: 'Editor',
      key: 'org:editor',
      permissions: [...permissions, data[0]!.id],
      includeInInitialRoleSet: true,
    })
    const owner = await server.client.users.createUser({ username: 'owner_1' })
    const user = await server.client.users.createUser({ username: 'ada_l' })
    const { id } = await server.client.organizations.createOrganization({
      name: 'Acme',
      slug: 'acme',
      createdBy: owner.id,
    })
    await server.client.organizations.createOrganizationMembership({
      organizationId: id,
      userId: user.id,
      role: 'org:editor',
    })
    const session = await server.client.sessions.createSession({ userId: user.id, activeOrganizationId: id })
    return { session, user, role, permissions, organizationId: id }
  }
  const claimsOf = async (sessionId: string, version = '2026-05-12') => {
    const { status, body } = await server.call('POST', `/sessions/${sessionId}/tokens`, undefined, { version })
    expect(status).toBe(200)
    return decodeJwt(body.jwt).payload
  }

  it('is told in both versions of the claims', async () => {
    const { session, organizationId } = await createSession()

    expect(await claimsOf(session.id)).toMatchObject({
      o: { id: organizationId, slg: 'acme', rol: 'editor', per: 'read,write', fpm: '1,3' },
      fea: 'o:invoices,o:reports',
    })
    const v1 = await claimsOf(session.id, '2024-10-01')
    expect(v1).toMatchObject({
      org_id: organizationId,
      org_slug: 'acme',
      org_role: 'org:editor',
      org_permissions: ['org:invoices:read', 'org:reports:read', 'org:reports:write'],
    })
    expect(v1).not.toHaveProperty('o')
  })

  it('follows the role, its permissions and the settings at once', async () => {
    const { session, role, permissions, user, organizationId } = await createSession()
    await server.client.organizationRoles.removePermissionFromOrganizationRole({
      organizationRoleId: role.id,
      permissionId: permissions[2]!,
    })
    expect(await claimsOf(session.id)).toMatchObject({ o: { per: 'read,write', fpm: '3' }, fea: 'o:reports' })

    await server.client.instance.updateOrganizationSettings({ slugDisabled: true })
    expect((await claimsOf(session.id))['o']).not.toHaveProperty('slg')
    await server.client.organizations.updateOrganizationMembership({
      organizationId,
      userId: user.id,
      role: 'org:member',
    })
    const member = await claimsOf(session.id)
    expect(member['o']).toEqual({ id: organizationId, rol: 'member' })
    expect(member).not.toHaveProperty('fea')
    await server.client.instance.updateOrganizationSettings({ enabled: false })
    expect(await claimsOf(session.id)).not.toHaveProperty('o')
  })

  it('is left out once the user is no longer a member', async () => {
    const { session, user, organizationId } = await createSession()
    await server.client.organizations.deleteOrganizationMembership({ organizationId, userId: user.id })
    expect(await claimsOf(session.id)).not.toHaveProperty('o')
    expect(await claimsOf(session.id, '2024-10-01')).not.toHaveProperty('org_id')
  })

  it('can be named by JWT templates', async () => {
    const { session, user, organizationId } = await createSession()
    await server.client.organizations.updateOrganization(organizationId, { name: 'Acme Ltd' })
    await server.client.organizations.updateOrganizationMembershipMetadata({
      organizationId,
      userId: user.id,
      publicMetadata: { desk: 7 },
    })
    const claims = {
      id: '{{org.id}}',
      slug: '{{org.slug}}',
      name: '{{org.name}}',
      role: '{{org.role}}',
      picture: '{{org.has_image}}',
      desk: '{{org_membership.public_metadata.desk}}',
      permissions: '{{org_membership.permissions}}',
      all: '{{user.organizations}}',
    }
    await server.client.jwtTemplates.create({ name: 'org', claims })
    const rendered = async (id: string) =>
      decodeJwt((await server.call('POST', `/sessions/${id}/tokens/org`)).body.jwt).payload
    expect(await rendered(session.id)).toMatchObject({
      id: organizationId,
      slug: 'acme',
      name: 'Acme Ltd',
      role: 'org:editor',
      picture: false,
      desk: 7,
      permissions: ['org:invoices:read', 'org:reports:read', 'org:reports:write'],
      all: { [organizationId]: 'org:editor' },
    })

    await server.client.organizations.deleteOrganizationMembership({ organizationId, userId: user.id })
    expect(await rendered(session.id)).toMatchObject({ id: null, role: null, permissions: null, all: {} })
  })
})
