import { expect } from 'vitest'
import { PIXEL } from '../../packages/server/src/transfer/seed/everything.test-support.js'
import { gone, type Rows, type World } from './every-method.test-support.js'

const ofOrganization = ({ own }: World) => ({ organizationId: own('org_1') })
const member = (world: World) => ({ ...ofOrganization(world), userId: world.own('user_1') })
const invitation = (world: World) => ({ ...ofOrganization(world), invitationId: world.own('orginv_1') })
const domain = (world: World) => ({ ...ofOrganization(world), domainId: world.own('orgdmn_1') })

const stored = (world: World) => world.client.organizations.getOrganization(ofOrganization(world))

async function membership(world: World) {
  const { organizationId, userId } = member(world)
  const { data } = await world.client.organizations.getOrganizationMembershipList({ organizationId, userId: [userId] })
  return data[0]
}

export const organizationRows: Rows = {
  organizations: {
    getOrganizationList: async ({ client, own }) =>
      expect(await client.organizations.getOrganizationList({ includeMembersCount: true })).toMatchObject({
        totalCount: 1,
        data: [{ id: own('org_1'), membersCount: 2 }],
      }),
    createOrganization: async ({ client, own }) => {
      const made = await client.organizations.createOrganization({ name: 'Next', createdBy: own('user_1') })
      expect(await client.organizations.getOrganization({ organizationId: made.id })).toMatchObject({ name: 'Next' })
    },
    getOrganization: async ({ client, own }) =>
      expect(await client.organizations.getOrganization({ slug: 's' })).toMatchObject({ id: own('org_1') }),
    updateOrganization: async (world) => {
      await world.client.organizations.updateOrganization(world.own('org_1'), {
        name: 'Changed',
        maxAllowedMemberships: 9,
      })
      expect(await stored(world)).toMatchObject({ name: 'Changed', maxAllowedMemberships: 9 })
    },
    updateOrganizationLogo: async (world) => {
      const file = new File([PIXEL], 'logo.png', { type: 'image/png' })
      const { imageUrl } = await world.client.organizations.updateOrganizationLogo(world.own('org_1'), { file })
      expect(await stored(world)).toMatchObject({ imageUrl, hasImage: true })
    },
    deleteOrganizationLogo: async (world) => {
      await world.client.organizations.deleteOrganizationLogo(world.own('org_1'))
      expect(await stored(world)).toMatchObject({ hasImage: false })
    },
    updateOrganizationMetadata: async (world) => {
      const { organizations } = world.client
      await organizations.updateOrganizationMetadata(world.own('org_1'), { publicMetadata: { plan: 'pro', old: 1 } })
      await organizations.updateOrganizationMetadata(world.own('org_1'), { publicMetadata: { old: null } })
      expect((await stored(world)).publicMetadata).toEqual({ plan: 'pro' })
    },
    replaceOrganizationMetadata: async (world) => {
      const { organizations } = world.client
      await organizations.updateOrganizationMetadata(world.own('org_1'), { privateMetadata: { old: 1 } })
      await organizations.replaceOrganizationMetadata(world.own('org_1'), { privateMetadata: { next: 2 } })
      expect((await stored(world)).privateMetadata).toEqual({ next: 2 })
    },
    deleteOrganization: async (world) => {
      await world.client.organizations.deleteOrganization(world.own('org_1'))
      await gone(stored(world))
    },
    getOrganizationMembershipList: async (world) =>
      expect(await membership(world)).toMatchObject({ role: 'org:member', organization: { id: world.own('org_1') } }),
    getInstanceOrganizationMembershipList: async ({ client }) =>
      expect(await client.organizations.getInstanceOrganizationMembershipList({ limit: 1 })).toMatchObject({
        totalCount: 2,
        data: [{ role: expect.any(String) as string }],
      }),
    createOrganizationMembership: async (world) => {
      const added = { ...ofOrganization(world), userId: world.own('user_3') }
      await world.client.organizations.createOrganizationMembership({ ...added, role: 'org:admin' })
      const { data } = await world.client.users.getOrganizationMembershipList({ userId: added.userId })
      expect(data).toMatchObject([{ role: 'org:admin' }])
    },
    updateOrganizationMembership: async (world) => {
      await world.client.organizations.updateOrganizationMembership({ ...member(world), role: 'org:admin' })
      expect(await membership(world)).toMatchObject({ role: 'org:admin' })
    },
    updateOrganizationMembershipMetadata: async (world) => {
      const publicMetadata = { desk: 7 }
      await world.client.organizations.updateOrganizationMembershipMetadata({ ...member(world), publicMetadata })
      expect(await membership(world)).toMatchObject({ publicMetadata })
    },
    deleteOrganizationMembership: async (world) => {
      const { publicUserData } = await world.client.organizations.deleteOrganizationMembership(member(world))
      expect(publicUserData?.userId).toBe(world.own('user_1'))
      expect(await membership(world)).toBeUndefined()
    },
    getOrganizationInvitationList: async (world) => {
      // Without a status, or with none in the list, which the official client leaves out: in whatever status.
      for (const status of [undefined, []]) {
        const asked = { ...ofOrganization(world), ...(status ? { status } : {}) }
        expect(await world.client.organizations.getOrganizationInvitationList(asked)).toMatchObject({
          totalCount: 1,
          data: [{ id: world.own('orginv_1'), status: 'pending' }],
        })
      }
    },
    createOrganizationInvitation: async (world) => {
      const { organizations } = world.client
      const asked = { ...ofOrganization(world), emailAddress: 'next@example.com', role: 'org:member' }
      const { id: invitationId } = await organizations.createOrganizationInvitation(asked)
      expect(await organizations.getOrganizationInvitation({ ...ofOrganization(world), invitationId })).toMatchObject({
        emailAddress: 'next@example.com',
        status: 'pending',
      })
    },
    createOrganizationInvitationBulk: async (world) => {
      const { organizations } = world.client
      await organizations.createOrganizationInvitationBulk(world.own('org_1'), [
        { emailAddress: 'a@example.com', role: 'org:member' },
        { emailAddress: 'b@example.com', role: 'org:admin' },
      ])
      const { totalCount } = await organizations.getOrganizationInvitationList(ofOrganization(world))
      expect(totalCount).toBe(3)
    },
    getOrganizationInvitation: async (world) =>
      expect(await world.client.organizations.getOrganizationInvitation(invitation(world))).toMatchObject({
        emailAddress: 'member@example.com',
        organizationId: world.own('org_1'),
      }),
    revokeOrganizationInvitation: async (world) => {
      await world.client.organizations.revokeOrganizationInvitation(invitation(world))
      const read = await world.client.organizations.getOrganizationInvitation(invitation(world))
      expect(read.status).toBe('revoked')
    },
    getOrganizationDomainList: async (world) =>
      expect(await world.client.organizations.getOrganizationDomainList(ofOrganization(world))).toMatchObject({
        totalCount: 1,
        data: [{ id: world.own('orgdmn_1'), name: 'acme.test' }],
      }),
    createOrganizationDomain: async (world) => {
      const { organizations } = world.client
      const added = { name: 'next.test', enrollmentMode: 'manual_invitation' as const }
      await organizations.createOrganizationDomain({ ...ofOrganization(world), ...added, verified: true })
      const { data } = await organizations.getOrganizationDomainList(ofOrganization(world))
      // The official client hands domains on as they came.
      expect(data).toContainEqual(expect.objectContaining({ name: 'next.test', enrollment_mode: 'manual_invitation' }))
    },
    updateOrganizationDomain: async (world) => {
      const { organizations } = world.client
      await organizations.updateOrganizationDomain({ ...domain(world), enrollmentMode: 'automatic_invitation' })
      const { data } = await organizations.getOrganizationDomainList(ofOrganization(world))
      expect(data).toMatchObject([{ enrollment_mode: 'automatic_invitation' }])
    },
    deleteOrganizationDomain: async (world) => {
      const { organizations } = world.client
      await organizations.deleteOrganizationDomain(domain(world))
      expect(await organizations.getOrganizationDomainList(ofOrganization(world))).toMatchObject({ totalCount: 0 })
    },
  },
  organizationPermissions: {
    getOrganizationPermissionList: async ({ client, own }) => {
      const found = await client.organizationPermissions.getOrganizationPermissionList({ query: 'org:x' })
      expect(found).toMatchObject({ totalCount: 1, data: [{ id: own('perm_1') }] })
    },
    getOrganizationPermission: async ({ client, own }) =>
      expect(await client.organizationPermissions.getOrganizationPermission(own('perm_1'))).toMatchObject({
        key: 'org:x:y',
      }),
    createOrganizationPermission: async ({ client }) => {
      const { organizationPermissions } = client
      const made = await organizationPermissions.createOrganizationPermission({ name: 'Next', key: 'org:next:read' })
      expect(await organizationPermissions.getOrganizationPermission(made.id)).toEqual(made)
    },
    updateOrganizationPermission: async ({ client, own }) => {
      const { organizationPermissions } = client
      await organizationPermissions.updateOrganizationPermission({ permissionId: own('perm_1'), name: 'Changed' })
      expect(await organizationPermissions.getOrganizationPermission(own('perm_1'))).toMatchObject({ name: 'Changed' })
    },
    deleteOrganizationPermission: async ({ client, own }) => {
      const { organizationPermissions } = client
      await organizationPermissions.deleteOrganizationPermission(own('perm_1'))
      await gone(organizationPermissions.getOrganizationPermission(own('perm_1')))
    },
  },
  organizationRoles: {
    getOrganizationRoleList: async ({ client, own }) => {
      const found = await client.organizationRoles.getOrganizationRoleList({ query: 'org:a' })
      expect(found.data.map(({ id }) => id)).toContain(own('role_1'))
    },
    getOrganizationRole: async ({ client, own }) =>
      expect(await client.organizationRoles.getOrganizationRole(own('role_1'))).toMatchObject({
        key: 'org:a',
        permissions: [{ key: 'org:x:y' }],
      }),
    createOrganizationRole: async ({ client, own }) => {
      const { organizationRoles } = client
      const asked = { name: 'Next', key: 'org:next', permissions: [own('perm_1')] }
      const made = await organizationRoles.createOrganizationRole(asked)
      expect(await organizationRoles.getOrganizationRole(made.id)).toMatchObject({
        key: 'org:next',
        permissions: [{ key: 'org:x:y' }],
      })
    },
    updateOrganizationRole: async ({ client, own }) => {
      const { organizationRoles } = client
      await organizationRoles.updateOrganizationRole({ organizationRoleId: own('role_1'), name: 'Changed' })
      expect(await organizationRoles.getOrganizationRole(own('role_1'))).toMatchObject({ name: 'Changed' })
    },
    // A role set has it.
    deleteOrganizationRole: async ({ client, own }) => {
      const { organizationRoles } = client
      const { id } = await organizationRoles.createOrganizationRole({ name: 'Next', key: 'org:next' })
      await organizationRoles.deleteOrganizationRole(id)
      await gone(organizationRoles.getOrganizationRole(id))
      await organizationRoles.getOrganizationRole(own('role_1'))
    },
    assignPermissionToOrganizationRole: async ({ client, own }) => {
      const { organizationRoles, organizationPermissions } = client
      const made = await organizationPermissions.createOrganizationPermission({ name: 'Next', key: 'org:next:read' })
      const asked = { organizationRoleId: own('role_1'), permissionId: made.id }
      await organizationRoles.assignPermissionToOrganizationRole(asked)
      const { permissions } = await organizationRoles.getOrganizationRole(own('role_1'))
      expect(permissions.map(({ key }) => key)).toEqual(expect.arrayContaining(['org:x:y', 'org:next:read']))
    },
    removePermissionFromOrganizationRole: async ({ client, own }) => {
      const { organizationRoles } = client
      const asked = { organizationRoleId: own('role_1'), permissionId: own('perm_1') }
      await organizationRoles.removePermissionFromOrganizationRole(asked)
      expect(await organizationRoles.getOrganizationRole(own('role_1'))).toMatchObject({ permissions: [] })
    },
  },
  roleSets: {
    getRoleSetList: async ({ client, own }) =>
      expect((await client.roleSets.getRoleSetList()).data.map(({ id }) => id)).toContain(own('rs_1')),
    getRoleSet: async ({ client, own }) =>
      expect(await client.roleSets.getRoleSet('role_set:a')).toMatchObject({ id: own('rs_1') }),
    createRoleSet: async ({ client }) => {
      const made = await client.roleSets.createRoleSet({
        name: 'Next',
        key: 'role_set:next',
        defaultRoleKey: 'org:member',
        creatorRoleKey: 'org:admin',
        roles: ['org:member', 'org:admin'],
      })
      expect(await client.roleSets.getRoleSet('role_set:next')).toEqual(made)
    },
    updateRoleSet: async ({ client, own }) => {
      await client.roleSets.updateRoleSet({ roleSetKeyOrId: own('rs_1'), name: 'Changed' })
      expect(await client.roleSets.getRoleSet(own('rs_1'))).toMatchObject({ name: 'Changed' })
    },
    addRolesToRoleSet: async ({ client, own }) => {
      await client.roleSets.addRolesToRoleSet({ roleSetKeyOrId: own('rs_1'), roleKeys: ['org:b'] })
      expect(rolesOf(await client.roleSets.getRoleSet(own('rs_1')))).toContain('org:b')
    },
    replaceRoleInRoleSet: async ({ client, own }) => {
      await client.roleSets.replaceRoleInRoleSet({ roleSetKeyOrId: own('rs_1'), roleKey: 'org:a', toRoleKey: 'org:b' })
      const roles = rolesOf(await client.roleSets.getRoleSet(own('rs_1')))
      expect([roles.includes('org:a'), roles.includes('org:b')]).toEqual([false, true])
    },
    replaceRoleSet: async ({ client, own }) => {
      const asked = { roleSetKeyOrId: own('rs_1'), destRoleSetKey: 'role_set:b' }
      expect(await client.roleSets.replaceRoleSet(asked)).toMatchObject({ deleted: true })
      await gone(client.roleSets.getRoleSet(own('rs_1')))
    },
  },
}

function rolesOf({ roles }: { roles: { key: string }[] }): string[] {
  return roles.map(({ key }) => key)
}
