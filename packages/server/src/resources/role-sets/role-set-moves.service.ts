import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Tx } from '../../storage/tx.js'
import { membershipErrors } from '../organization-memberships/organization-memberships.errors.js'
import type { OrganizationInvitationRecords } from '../organization-records/invitation-records.service.js'
import type { MembershipRecords } from '../organization-records/membership-records.service.js'
import type { OrganizationRecords } from '../organization-records/organization-records.service.js'
import {
  hasMinimumPermissions,
  MINIMUM_PERMISSIONS,
  requireCreatorPermissions,
  requireOrganizations,
  type RoleSet,
} from '../organization-role-records/organization-role-records.rules.js'
import type { OrganizationRoleRecords } from '../organization-role-records/organization-role-records.service.js'
import { roleSetErrors } from './role-sets.errors.js'
import { reassignments, type ShownRoleSet } from './role-sets.rules.js'
import { RoleSetUseStore } from './role-sets.store.js'

interface RoleSetMoveServiceOptions {
  context: InstanceContext
  organizationRoleRecords: OrganizationRoleRecords
  organizationRecords: OrganizationRecords
  organizationInvitationRecords: OrganizationInvitationRecords
  membershipRecords: MembershipRecords
}

/**
 * Takes roles out of sets, and sets out of the instance; members, pending invitations and organizations move to others,
 * in one transaction.
 */
export class RoleSetMoveService {
  readonly #uses: RoleSetUseStore

  constructor(private readonly options: RoleSetMoveServiceOptions) {
    this.#uses = new RoleSetUseStore(options.context)
  }

  /**
   * Removes a role from a set. Members with it, and pending invitations, get the other role, which joins the set if it is not in it, and takes the
   * place of a default or creator role.
   *
   * @throws {ApiError} 400 `organization_minimum_permissions_needed` if an organization would have nobody left who can
   *   manage it, 404 `resource_not_found`, 422 `organization_missing_creator_role_permissions`
   */
  replaceRole(
    keyOrId: string,
    { roleKey, toRoleKey }: { roleKey: string; toRoleKey: string },
    caller: Caller,
  ): Promise<ShownRoleSet> {
    return this.#change(caller, async (records, tx) => {
      const { set, organizationIds } = await this.#locked(keyOrId, tx)
      const from = set.roles.find(({ key }) => key === roleKey)
      if (!from) throw errors.resourceNotFound('role in the role set', roleKey)
      const to = await records.roles.findByKey(toRoleKey, tx)
      if (!to) throw errors.resourceNotFound('organization role', toRoleKey)
      if (to.id === from.id) throw errors.paramValueInvalid('to_role_key', 'must be another role than role_key')
      const isCreator = set.creatorRoleId === from.id
      if (isCreator) requireCreatorPermissions(to.key, await records.permissionsOf(to.id, tx))

      await records.addToSet(set.id, [to.id], 'to_role_key', tx, from.id)
      const unkept = await this.#unkept(set.id, tx)
      await this.#changeRoles(organizationIds, new Map([[from.id, to.id]]), tx)
      await this.#requireKept(set.id, unkept, tx)
      const leading = {
        ...(set.defaultRoleId === from.id ? { defaultRoleId: to.id } : {}),
        ...(isCreator ? { creatorRoleId: to.id } : {}),
      }
      const after = (await records.roleSets.update(set.id, leading, tx))!
      const { roles: _, ...before } = set
      await tx.audit('role_set.updated', set.id, ['roles', ...records.changed(before, after)])
      const [shown] = await records.withRoles([after], tx)
      return { ...shown!, membersCounts: await this.#uses.membersCounts(set.id, tx) }
    })
  }

  /**
   * Deletes a set after its organizations have moved to another one.
   *
   * @param reassignmentMappings what becomes of roles, by key; needed for those that members have and the other set lacks
   * @throws {ApiError} 400 `organization_minimum_permissions_needed`, 403 `cannot_delete_initial_role_set`, 404
   *   `resource_not_found`, 422 `organization_role_set_reassignment_mappings_missing` and `…_invalid`
   */
  replaceSet(
    keyOrId: string,
    {
      destRoleSetKey,
      reassignmentMappings = {},
    }: { destRoleSetKey: string; reassignmentMappings?: Record<string, string> | undefined },
    caller: Caller,
  ): Promise<{ id: string }> {
    return this.#change(caller, async (records, tx) => {
      const { organizationRecords, organizationInvitationRecords } = this.options
      const { set: source, organizationIds } = await this.#locked(keyOrId, tx)
      const [destination] = await records.withRoles([await records.set(destRoleSetKey, tx)], tx)
      if (destination!.id === source.id) {
        throw errors.paramValueInvalid('dest_role_set_key', 'must be another role set than the one that is replaced')
      }
      if (source.type === 'initial') throw roleSetErrors.initialSet(source.key)

      const invitedTo = await organizationInvitationRecords.roleIdsOfSet(source.id, tx)
      const heldIds = new Set([...(await this.#uses.membersCounts(source.id, tx)).keys(), ...invitedTo])
      const held = await records.roles.findAll('id', [...heldIds], tx)
      const becomes = reassignments(source, destination!, held, reassignmentMappings)
      const unkept = [...(await this.#unkept(source.id, tx)), ...(await this.#unkept(destination!.id, tx))]
      for (const id of organizationIds) await organizationRecords.change(id, { roleSetId: destination!.id }, tx)
      await this.#changeRoles(organizationIds, becomes, tx)
      await this.#requireKept(destination!.id, unkept, tx)
      await records.roleSets.delete(source.id, tx)
      await tx.audit('role_set.deleted', source.id)
      return { id: source.id }
    })
  }

  async #changeRoles(organizationIds: readonly string[], roleIds: ReadonlyMap<string, string>, tx: Tx): Promise<void> {
    const { membershipRecords, organizationInvitationRecords } = this.options
    await membershipRecords.changeRoles(organizationIds, roleIds, tx)
    await organizationInvitationRecords.changeRoles(organizationIds, roleIds, tx)
  }

  async #change<T>(caller: Caller, body: (records: OrganizationRoleRecords, tx: Tx) => Promise<T>): Promise<T> {
    const { context, organizationRoleRecords: records } = this.options
    requireOrganizations(context)
    return context.transaction(caller, async (tx) => {
      await records.lock(tx)
      return body(records, tx)
    })
  }

  /**
   * The set and its organizations, all locked. Organizations first, as whoever makes a member locks the organization and
   * then shares the set; those that come in between are locked after the set, which no further ones can get then.
   */
  async #locked(keyOrId: string, tx: Tx): Promise<{ set: RoleSet; organizationIds: string[] }> {
    const { organizationRoleRecords: records, organizationRecords } = this.options
    const { id } = await records.findSet(keyOrId, tx)
    const locked = new Set<string>()
    const lockOrganizations = async () => {
      for (const organizationId of await this.#uses.organizationsOf(id, tx)) {
        if (locked.has(organizationId)) continue
        await organizationRecords.locked(organizationId, tx)
        locked.add(organizationId)
      }
    }
    await lockOrganizations()
    const [set] = await records.withRoles([await records.roleSets.locked(id, tx)], tx)
    await lockOrganizations()
    // One may have got another set before it was locked.
    return { set: set!, organizationIds: await this.#uses.organizationsOf(id, tx) }
  }

  /** Organizations whose members are all without the permissions to manage them. */
  async #unkept(roleSetId: string, tx: Tx): Promise<string[]> {
    const { organizationRoleRecords: records } = this.options
    const heldIds = [...(await this.#uses.membersCounts(roleSetId, tx)).keys()]
    const roles = await records.withPermissions(await records.roles.findAll('id', heldIds, tx), tx)
    const keepers = roles.filter(({ permissions }) => hasMinimumPermissions(permissions)).map(({ id }) => id)
    return this.#uses.lacking(roleSetId, keepers, tx)
  }

  /** @throws {ApiError} 400 `organization_minimum_permissions_needed` */
  async #requireKept(roleSetId: string, unkeptBefore: readonly string[], tx: Tx): Promise<void> {
    const before = new Set(unkeptBefore)
    const unkept = (await this.#unkept(roleSetId, tx)).filter((id) => !before.has(id))
    if (unkept.length > 0) throw membershipErrors.minimumPermissionsNeeded(MINIMUM_PERMISSIONS)
  }
}
