import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import {
  hasMinimumPermissions,
  MINIMUM_PERMISSIONS,
  SYSTEM_PERMISSIONS,
} from '../organization-role-records/organization-role-records.rules.js'
import { useOrganizations } from '../organizations/organizations.test-support.js'
import { requireKeeper } from './keepers.rules.js'

const role = fc
  .subarray(SYSTEM_PERMISSIONS.map(({ key }) => key))
  .map((keys) => ({ permissions: keys.map((key) => ({ key })) }))
const keeps = ({ permissions }: { permissions: { key: string }[] }) => hasMinimumPermissions(permissions)

describe('an organization that somebody can manage', () => {
  it('stays so, whatever roles its members get and in whatever order they leave', () => {
    const step = fc.record({ member: fc.nat(), role: fc.option(role, { nil: undefined }) })
    fc.assert(
      fc.property(fc.array(role, { minLength: 1, maxLength: 6 }), fc.array(step, { maxLength: 30 }), (roles, steps) => {
        let members = [...roles]
        let managed = members.some(keeps)
        for (const { member, role: after } of steps) {
          if (members.length === 0) return
          const at = member % members.length
          const others = members.filter((_, index) => index !== at)
          const result = after ? members.map((before, index) => (index === at ? after : before)) : others
          try {
            requireKeeper({ before: members[at]!, after, others })
            members = result
          } catch (error) {
            expect(error).toMatchObject({ status: 400, errors: [{ code: 'organization_minimum_permissions_needed' }] })
            // Only what would have left nobody is refused.
            expect(result.some(keeps)).toBe(false)
          }
          expect(members.some(keeps) || !managed).toBe(true)
          managed = members.some(keeps)
        }
      }),
    )
  })
})

describe.each(dialects)('the last member who can manage an organization, on %s', (dialect) => {
  const server = useTestServer(dialect)
  const { createOrganization, addMember } = useOrganizations(server)
  const refused = { status: 400, body: { errors: [{ code: 'organization_minimum_permissions_needed' }] } }

  it('neither leaves nor gets a role without the permissions, until another one has them', async () => {
    const { organization, creator } = await createOrganization()
    const other = await addMember(organization.id)
    const path = `/organizations/${organization.id}/memberships/${creator.id}`
    expect(await server.call('DELETE', path)).toMatchObject(refused)
    expect(await server.call('PATCH', path, { role: 'org:member' })).toMatchObject(refused)
    await server.client.organizations.updateOrganizationMembership({
      organizationId: organization.id,
      userId: other.id,
      role: 'org:admin',
    })
    expect((await server.call('PATCH', path, { role: 'org:member' })).status).toBe(200)
    expect((await server.call('DELETE', path)).status).toBe(200)
  })

  it('is known by permissions: a role of another name with all three will do, one with two will not', async () => {
    const { organization, creator } = await createOrganization({ maxAllowedMemberships: 0 })
    const permissions = await server.client.organizationPermissions.getOrganizationPermissionList({ limit: 100 })
    const idOf = (key: string) => permissions.data.find((permission) => permission.key === key)!.id
    const makeRole = (name: string, keys: readonly string[]) =>
      server.call('POST', '/organization_roles', {
        name,
        key: `org:${name}`,
        permissions: keys.map(idOf),
        include_in_initial_role_set: true,
      })
    expect((await makeRole('keeper', MINIMUM_PERMISSIONS)).status).toBe(200)
    expect((await makeRole('half', MINIMUM_PERMISSIONS.slice(0, 2))).status).toBe(200)
    const path = `/organizations/${organization.id}/memberships/${creator.id}`
    await addMember(organization.id, 'org:half')
    expect(await server.call('DELETE', path)).toMatchObject(refused)
    expect(await server.call('PATCH', path, { role: 'org:half' })).toMatchObject(refused)
    expect((await server.call('PATCH', path, { role: 'org:keeper' })).status).toBe(200)
    await addMember(organization.id, 'org:keeper')
    expect((await server.call('DELETE', path)).status).toBe(200)
  })

  it('is one of 64 who leave at once (mistake 37)', async () => {
    const { organization, creator } = await createOrganization({ maxAllowedMemberships: 0 })
    const users = [creator]
    for (let count = 0; count < 63; count++) users.push(await addMember(organization.id, 'org:admin'))
    const leave = async (id: string, index: number) => {
      const path = `/organizations/${organization.id}/memberships/${id}`
      const once = () => (index % 2 ? server.call('DELETE', path) : server.call('PATCH', path, { role: 'org:member' }))
      // All wait for one row. On a busy machine some wait too long, and are told to come again.
      for (;;) {
        const answer = await once()
        if (answer.status !== 503) return answer
      }
    }
    const answers = await Promise.all(users.map(({ id }, index) => leave(id, index)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(63)
    expect(answers.find(({ status }) => status !== 200)).toMatchObject(refused)
    const admins = await server.client.organizations.getOrganizationMembershipList({
      organizationId: organization.id,
      role: ['org:admin'],
    })
    expect(admins.totalCount).toBe(1)
  })

  it('is missing from an organization that nobody created, whose members come and go', async () => {
    const { id } = await server.client.organizations.createOrganization({ name: 'Acme' })
    const user = await addMember(id)
    const shown = async () =>
      (await server.call('GET', `/organizations/${id}?include_missing_member_with_elevated_permissions=true`)).body
    expect(await shown()).toMatchObject({ missing_member_with_elevated_permissions: true })
    expect((await server.call('DELETE', `/organizations/${id}/memberships/${user.id}`)).status).toBe(200)
    await addMember(id, 'org:admin')
    expect(await shown()).toMatchObject({ missing_member_with_elevated_permissions: false })
  })
})
