import type { RoleSet } from '../organization-role-records/organization-role-records.rules.js'
import type { OrganizationRoleRecord } from '../organization-role-records/organization-role-records.table.js'
import { roleSetErrors } from './role-sets.errors.js'

/** With how many members have each role, by its id, where the answer shows it. */
export interface ShownRoleSet extends RoleSet {
  membersCounts?: ReadonlyMap<string, number>
}

/** The key of a set that is given none: made of its name. */
export function roleSetKeyOf(name: string): string {
  const word = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, 64)
    .replaceAll(/^_+|_+$/g, '')
  return `role_set:${word === '' ? 'set' : word}`
}

/**
 * What each role that members hold becomes when their organizations move to another set.
 *
 * @param held the roles that members of the source set's organizations have
 * @param mappings keys of the source's roles, each with the key of one of the destination's
 * @returns the new role's id by the old one's; a role that stays is left out
 * @throws {ApiError} 422 `organization_role_set_reassignment_mappings_missing`, `…_invalid`
 */
export function reassignments(
  source: RoleSet,
  destination: RoleSet,
  held: readonly OrganizationRoleRecord[],
  mappings: Readonly<Record<string, string>>,
): Map<string, string> {
  const destinations = new Map(destination.roles.map((role) => [role.key, role]))
  const becomes = new Map<string, string>()
  for (const [from, to] of Object.entries(mappings)) {
    const role = [...source.roles, ...held].find(({ key }) => key === from)
    if (!role) throw roleSetErrors.mappingsInvalid(`${from} is not a role of ${source.key}`)
    const target = destinations.get(to)
    if (!target) throw roleSetErrors.mappingsInvalid(`${to} is not a role of ${destination.key}`)
    becomes.set(role.id, target.id)
  }
  const missing = held.filter(({ id, key }) => !becomes.has(id) && !destinations.has(key)).map(({ key }) => key)
  if (missing.length > 0) throw roleSetErrors.mappingsMissing(missing, destination.key)
  return new Map([...becomes].filter(([from, to]) => from !== to))
}
