// The part of program.mts that is about organizations, their roles and permissions.
import type { ClerkClient } from '@clerk/backend'

const list = { limit: 5, offset: 10 }
const file = new Blob(['picture'], { type: 'image/png' })

export const callOrganizations = async (client: ClerkClient): Promise<unknown[]> => [
  (await client.organizationPermissions.getOrganizationPermissionList({ query: 'a', orderBy: '-key', ...list }))
    .totalCount,
  (await client.organizationPermissions.getOrganizationPermission('perm_1')).id,
  (await client.organizationPermissions.createOrganizationPermission({ name: 'n', key: 'org:a:b', description: 'd' }))
    .id,
  (await client.organizationPermissions.updateOrganizationPermission({ permissionId: 'perm_1', name: 'm' })).id,
  (await client.organizationPermissions.deleteOrganizationPermission('perm_1')).id,
  (await client.organizationRoles.getOrganizationRoleList({ query: 'a', orderBy: '-key', ...list })).totalCount,
  (await client.organizationRoles.getOrganizationRole('role_1')).id,
  (
    await client.organizationRoles.createOrganizationRole({
      name: 'n',
      key: 'org:n',
      permissions: ['perm_1'],
      includeInInitialRoleSet: true,
    })
  ).id,
  (await client.organizationRoles.updateOrganizationRole({ organizationRoleId: 'role_1', description: null })).id,
  (await client.organizationRoles.deleteOrganizationRole('role_1')).id,
  (
    await client.organizationRoles.assignPermissionToOrganizationRole({
      organizationRoleId: 'role_1',
      permissionId: 'perm_1',
    })
  ).id,
  (
    await client.organizationRoles.removePermissionFromOrganizationRole({
      organizationRoleId: 'role_1',
      permissionId: 'perm_1',
    })
  ).id,
  (
    await client.organizations.getOrganizationList({
      includeMembersCount: true,
      query: 'a',
      orderBy: '-members_count',
      organizationId: ['org_1', '-org_2'],
      ...list,
    })
  ).totalCount,
  (
    await client.organizations.createOrganization({
      name: 'n',
      slug: 's',
      createdBy: 'user_1',
      maxAllowedMemberships: 0,
      publicMetadata: { camelCase: 1 },
    })
  ).id,
  (await client.organizations.getOrganization({ organizationId: 'org_1' })).id,
  (await client.organizations.updateOrganization('org_1', { name: 'n', adminDeleteEnabled: false })).id,
  (await client.organizations.updateOrganizationLogo('org_1', { file: file, uploaderUserId: 'user_1' })).id,
  (await client.organizations.deleteOrganizationLogo('org_1')).id,
  (await client.organizations.updateOrganizationMetadata('org_1', { publicMetadata: { aB: null } })).id,
  (await client.organizations.replaceOrganizationMetadata('org_1', { privateMetadata: {} })).id,
  (await client.organizations.deleteOrganization('org_1')).id,
  (
    await client.organizations.getOrganizationMembershipList({
      organizationId: 'org_1',
      role: ['org:admin'],
      userId: ['user_1'],
      lastActiveAtAfter: 1700000000000,
      orderBy: '-username',
      ...list,
    })
  ).totalCount,
  (await client.organizations.getInstanceOrganizationMembershipList({ orderBy: 'created_at', ...list })).totalCount,
  (
    await client.organizations.createOrganizationMembership({
      organizationId: 'org_1',
      userId: 'user_1',
      role: 'org:admin',
    })
  ).id,
  (
    await client.organizations.updateOrganizationMembership({
      organizationId: 'org_1',
      userId: 'user_1',
      role: 'org:member',
    })
  ).id,
  (
    await client.organizations.updateOrganizationMembershipMetadata({
      organizationId: 'org_1',
      userId: 'user_1',
      publicMetadata: { aB: 1 },
    })
  ).id,
  (await client.organizations.deleteOrganizationMembership({ organizationId: 'org_1', userId: 'user_1' })).id,
  (
    await client.organizations.getOrganizationInvitationList({
      organizationId: 'org_1',
      status: ['pending', 'revoked'],
      ...list,
    })
  ).totalCount,
  (
    await client.organizations.createOrganizationInvitation({
      organizationId: 'org_1',
      role: 'org:member',
      inviterUserId: 'user_1',
      emailAddress: 'a@x.y',
      publicMetadata: { camelCase: { innerKey: 1 } },
      redirectUrl: 'https://a.b',
      expiresInDays: 3,
    })
  ).id,
  (
    await client.organizations.createOrganizationInvitationBulk('org_1', [
      {
        role: 'org:member',
        emailAddress: 'a@x.y',
        publicMetadata: { camelCase: { innerKey: 1 } },
        redirectUrl: 'https://a.b',
        expiresInDays: 3,
      },
    ])
  ).totalCount,
  (await client.organizations.getOrganizationInvitation({ organizationId: 'org_1', invitationId: 'orginv_1' })).id,
  (
    await client.organizations.revokeOrganizationInvitation({
      organizationId: 'org_1',
      invitationId: 'orginv_1',
      requestingUserId: 'user_1',
    })
  ).id,
  (await client.organizations.getOrganizationDomainList({ organizationId: 'org_1', ...list })).totalCount,
  (
    await client.organizations.createOrganizationDomain({
      organizationId: 'org_1',
      name: 'a.b',
      enrollmentMode: 'manual_invitation',
    })
  ).id,
  (
    await client.organizations.updateOrganizationDomain({
      organizationId: 'org_1',
      domainId: 'orgdmn_1',
      enrollmentMode: 'automatic_invitation',
    })
  ).id,
  (await client.organizations.deleteOrganizationDomain({ organizationId: 'org_1', domainId: 'orgdmn_1' })).id,
  (await client.roleSets.getRoleSetList({ query: 'a', orderBy: 'key', ...list })).totalCount,
  (await client.roleSets.getRoleSet('rs_1')).id,
  (
    await client.roleSets.createRoleSet({
      name: 'n',
      defaultRoleKey: 'org:member',
      creatorRoleKey: 'org:admin',
      roles: ['org:member', 'org:admin'],
    })
  ).id,
  (await client.roleSets.updateRoleSet({ roleSetKeyOrId: 'rs_1', description: null })).id,
  (await client.roleSets.addRolesToRoleSet({ roleSetKeyOrId: 'rs_1', roleKeys: ['org:a'] })).id,
  (await client.roleSets.replaceRoleInRoleSet({ roleSetKeyOrId: 'rs_1', roleKey: 'org:a', toRoleKey: 'org:b' })).id,
  (
    await client.roleSets.replaceRoleSet({
      roleSetKeyOrId: 'rs_1',
      destRoleSetKey: 'role_set:b',
      reassignmentMappings: { 'org:camelCase': 'org:b' },
    })
  ).id,
]
