import type { z } from 'zod'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Camelized } from '../../kernel/wire.js'
import { at } from './seed-error.js'
import type { organizationPermission, organizationRole, roleSet } from './seed-roles.schema.js'
import type { SeedServices } from './seed-services.js'

type Items<Schema extends z.ZodType> = Camelized<z.output<Schema>>[] | undefined

interface SeedOfRoles {
  organizationPermissions?: Items<typeof organizationPermission>
  organizationRoles?: Items<typeof organizationRole>
  roleSets?: Items<typeof roleSet>
}

/** Makes what is not there yet, known by its key: permissions, then the roles that have them, then sets of roles. */
export async function seedRoles(seed: SeedOfRoles, services: SeedServices, caller: Caller): Promise<void> {
  const { organizationPermissions, organizationRoles, roleSets } = services
  await eachOf('organization_permissions', seed.organizationPermissions, async (permission) => {
    if (await organizationPermissions.find(permission.key)) return
    await organizationPermissions.create(permission, caller)
  })
  await eachOf('organization_roles', seed.organizationRoles, async ({ permissions, ...role }) => {
    if (await organizationRoles.exists(role.key)) return
    const ids: string[] = []
    for (const key of permissions ?? []) {
      const permission = await organizationPermissions.find(key)
      if (!permission) throw errors.resourceNotFound('organization permission', key)
      ids.push(permission.id)
    }
    await organizationRoles.create({ ...role, permissions: ids }, caller)
  })
  await eachOf('role_sets', seed.roleSets, async (set) => {
    if (!(await roleSets.exists(set.key))) await roleSets.create(set, caller)
  })
}

async function eachOf<Item>(
  name: string,
  items: readonly Item[] | undefined,
  bring: (item: Item) => Promise<void>,
): Promise<void> {
  for (const [index, item] of (items ?? []).entries()) {
    try {
      await bring(item)
    } catch (error) {
      throw at([name, index], error)
    }
  }
}
