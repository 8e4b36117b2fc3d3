import { z } from 'zod'
import { createPermission } from '../../resources/organization-permissions/organization-permissions.wire.js'
import { createRole } from '../../resources/organization-roles/organization-roles.wire.js'
import { createRoleSet } from '../../resources/role-sets/role-sets.wire.js'

const id = z.string().min(1).max(256).optional()

export const organizationPermission = createPermission.extend({ id }).strict()

/** `permissions` are keys here: ids of permissions differ from instance to instance. */
export const organizationRole = createRole.extend({ id }).strict()

export const roleSet = createRoleSet.extend({ id, key: z.string() }).strict()
