import { describe, expect, it } from 'vitest'
import { frontendEndpoints } from '../../compose/endpoints.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { outcomeOf, useMembers, type Person } from '../organizations/member-browsers.test-support.js'

const guarded = frontendEndpoints.filter(({ permission }) => permission !== undefined)
const limited = guarded.filter(({ permission }) => permission !== 'member')

/** What the permission table of the Frontend API says. Whoever changes a permission changes it here too. */
const PERMISSIONS: Record<string, string> = {
  getOrganization: 'member',
  deleteOrganizationMemberships: 'member',
  ListOrganizationRoles: 'member',
  updateOrganization: 'org:sys_profile:manage',
  updateOrganizationLogo: 'org:sys_profile:manage',
  deleteOrganizationLogo: 'org:sys_profile:manage',
  deleteOrganization: 'org:sys_profile:delete',
  ListOrganizationMemberships: 'org:sys_memberships:read or org:sys_memberships:manage',
  CreateOrganizationMembership: 'org:sys_memberships:manage',
  UpdateOrganizationMembership: 'org:sys_memberships:manage',
  removeOrganizationMember: 'org:sys_memberships:manage',
  listOrganizationMembershipRequests: 'org:sys_memberships:manage',
  acceptOrganizationMembershipRequest: 'org:sys_memberships:manage',
  rejectOrganizationMembershipRequest: 'org:sys_memberships:manage',
  createOrganizationInvitations: 'org:sys_memberships:manage',
  bulkCreateOrganizationInvitations: 'org:sys_memberships:manage',
  getOrganizationInvitations: 'org:sys_memberships:manage',
  getAllPendingOrganizationInvitations: 'org:sys_memberships:manage',
  revokePendingOrganizationInvitation: 'org:sys_memberships:manage',
  ListOrganizationDomains: 'org:sys_domains:read or org:sys_domains:manage',
  GetOrganizationDomain: 'org:sys_domains:read or org:sys_domains:manage',
  CreateOrganizationDomain: 'org:sys_domains:manage',
  deleteOrganizationDomain: 'org:sys_domains:manage',
  UpdateOrganizationDomainEnrollmentMode: 'org:sys_domains:manage',
  prepareOrganizationDomainVerification: 'org:sys_domains:manage',
  attemptOrganizationDomainVerification: 'org:sys_domains:manage',
}

it('every operation on an organization says which permission it needs', () => {
  const inOrganizations = frontendEndpoints.filter(({ path }) => path.includes('/:organization'))
  expect(inOrganizations.filter(({ permission }) => permission === undefined).map((one) => one.operationId)).toEqual([])
  const declared = Object.fromEntries(
    guarded.map(({ operationId, permission }) => [
      operationId,
      permission === 'member' ? permission : permission!.join(' or '),
    ]),
  )
  expect(declared).toEqual(PERMISSIONS)
})

describe.each(dialects)('operations on an organization on %s', (dialect) => {
  const server = useTestServer(dialect)
  const { newPerson, newOrganization, newMember } = useMembers(server)

  const send = (person: Person, organizationId: string, { method, path }: (typeof guarded)[number]) =>
    person.call(
      `${method} ${path.replace(/:organization_?i[dD]/i, organizationId).replaceAll(/:\w+/g, 'none_1')}`,
      method === 'GET' ? {} : { form: {} },
    )
  const attempt = async (...call: Parameters<typeof send>) => outcomeOf(await send(...call))

  /** A role of the organizations' with these permissions. */
  const newRole = async (permissions: readonly string[]) => {
    const known = (await server.client.organizationPermissions.getOrganizationPermissionList({ limit: 100 })).data
    const role = await server.client.organizationRoles.createOrganizationRole({
      name: 'Clerk',
      key: 'org:clerk',
      permissions: known.filter(({ key }) => permissions.includes(key)).map(({ id }) => id),
      includeInInitialRoleSet: true,
    })
    return role.key
  }

  it('do not exist for who is not a member, be there such an organization or not (mistake 38)', async () => {
    const { id } = await newOrganization()
    const stranger = await newPerson()
    for (const endpoint of guarded) {
      const refused = [endpoint.operationId, 404, 'organization_not_found_or_unauthorized']
      expect([endpoint.operationId, ...(await attempt(stranger, id, endpoint))]).toEqual(refused)
      expect([endpoint.operationId, ...(await attempt(stranger, 'org_none', endpoint))]).toEqual(refused)
    }
  })

  it('are refused to a member whose role lacks the permission, with its name', async () => {
    const { id } = await newOrganization()
    const weak = await newMember(id, await newRole(['org:sys_billing:read']))
    for (const endpoint of limited) {
      const { status, body } = await send(weak, id, endpoint)
      expect([endpoint.operationId, status, body.errors]).toMatchObject([
        endpoint.operationId,
        403,
        [{ code: 'missing_organization_permission', meta: { permissions: endpoint.permission } }],
      ])
    }
  })

  it('are open to each of their permissions alone', async () => {
    for (const endpoint of limited) {
      for (const permission of endpoint.permission as readonly string[]) {
        const { id } = await newOrganization()
        const key = await newRole([permission])
        const person = await newMember(id, key)
        const [, code] = await attempt(person, id, endpoint)
        const refusals = ['missing_organization_permission', 'organization_not_found_or_unauthorized']
        expect([endpoint.operationId, permission, refusals.includes(code as string)]).toEqual([
          endpoint.operationId,
          permission,
          false,
        ])
        await server.client.organizations.deleteOrganization(id).catch(() => {})
        const roles = await server.client.organizationRoles.getOrganizationRoleList({ query: 'org:clerk' })
        await server.client.organizationRoles.deleteOrganizationRole(roles.data[0]!.id)
      }
    }
  })

  it('ask the database: who has just lost a role is refused, whatever the token says', async () => {
    const { id, path } = await newOrganization()
    const second = await newMember(id, 'org:admin')
    await second.call(`POST /client/sessions/${second.sessionId}/touch`, { form: { active_organization_id: id } })
    expect((await second.call(`PATCH ${path}`, { form: { name: 'Second' } })).status).toBe(200)
    await server.client.organizations.updateOrganizationMembership({
      organizationId: id,
      userId: second.id,
      role: 'org:member',
    })
    expect(outcomeOf(await second.call(`PATCH ${path}`, { form: { name: 'Third' } }))).toEqual([
      403,
      'missing_organization_permission',
    ])
    await server.client.organizations.deleteOrganizationMembership({ organizationId: id, userId: second.id })
    expect(outcomeOf(await second.call(`GET ${path}`))).toEqual([404, 'organization_not_found_or_unauthorized'])
  })

  it('need organizations, and somebody who is signed in', async () => {
    const { admin, id } = await newOrganization()
    await server.client.instance.updateOrganizationSettings({ enabled: false })
    for (const endpoint of guarded) {
      const outcome = await attempt(admin, id, endpoint)
      expect([endpoint.operationId, ...outcome]).toEqual([
        endpoint.operationId,
        403,
        'organization_not_enabled_in_instance',
      ])
    }
    await admin.call(`POST /client/sessions/${admin.sessionId}/end`, { form: {} })
    for (const endpoint of guarded) {
      expect([endpoint.operationId, ...(await attempt(admin, id, endpoint))]).toEqual([
        endpoint.operationId,
        401,
        'signed_out',
      ])
    }
  })
})
