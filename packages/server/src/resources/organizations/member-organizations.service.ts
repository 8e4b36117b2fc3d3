import type { InstanceContext } from '../../instances/instance-context.js'
import type { CallerOf } from '../../kernel/caller.js'
import type { Tx } from '../../storage/tx.js'
import type { ShownOrganization } from '../organization-records/organization-records.rules.js'
import type { OrganizationRecords } from '../organization-records/organization-records.service.js'
import type { OrganizationRecord } from '../organization-records/organization-records.table.js'
import type { BrowserSessionService } from '../sessions/browser-sessions.service.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { organizationErrors } from './organizations.errors.js'
import { creationLimit } from './organizations.rules.js'
import type { OrganizationService } from './organizations.service.js'

interface MemberOrganizationOptions {
  context: InstanceContext
  organizations: OrganizationService
  organizationRecords: OrganizationRecords
  userRecords: UserRecords
  browserSessions: BrowserSessionService
}

type Person = CallerOf<'session'>

/** An empty text is how browsers send null. */
interface NamedInput {
  name?: string | null | undefined
  slug?: string | null | undefined
}

/** Organizations as their members use them in a browser. The endpoints say which permission each needs. */
export class MemberOrganizationService {
  constructor(private readonly options: MemberOrganizationOptions) {}

  get(id: string): Promise<ShownOrganization> {
    return this.options.organizations.get(id, { includeMembersCount: true })
  }

  /**
   * Makes an organization whose creator is its first member.
   *
   * @throws {ApiError} 403 `user_create_organization_not_enabled`, `organization_quota_exceeded`, and as
   *   `OrganizationService.create` does
   */
  async create({ name, slug }: { name: string; slug?: string | null | undefined }, caller: Person) {
    const { context, organizations, browserSessions } = this.options
    const insert = organizations.prepare({ name, slug: slug || null, createdBy: caller.userId })
    const { id } = await context.transaction(caller, async (tx) => {
      await this.#requireMayCreate(caller.userId, tx)
      const organization = await insert(tx)
      await browserSessions.joined(caller.sessionId, organization.id, tx)
      return organization
    })
    return this.get(id)
  }

  /** @throws {ApiError} as `OrganizationService.update` does */
  async update(id: string, { name, slug }: NamedInput, caller: Person): Promise<ShownOrganization> {
    await this.options.organizations.update(id, { name: name || null, slug: slug || null }, caller)
    return this.get(id)
  }

  /** @throws {ApiError} 403 `organization_admin_delete_not_enabled`, `resource_forbidden` for an impersonator */
  async delete(id: string, caller: Person): Promise<OrganizationRecord> {
    const { context, organizations, organizationRecords } = this.options
    if (caller.actorId !== null) throw organizationErrors.impersonated()
    return context.transaction(caller, async (tx) => {
      const { adminDeleteEnabled } = await organizationRecords.locked(id, tx)
      if (!adminDeleteEnabled || !context.instance.settings.organizations.adminDeleteEnabled) {
        throw organizationErrors.adminDeleteNotEnabled()
      }
      return organizations.deleteIn(id, tx)
    })
  }

  /** @throws {ApiError} as `OrganizationService.setLogo` does */
  async setLogo(id: string, file: File | undefined, caller: Person): Promise<ShownOrganization> {
    await this.options.organizations.setLogo(id, file, caller)
    return this.get(id)
  }

  /** @throws {ApiError} as `OrganizationService.deleteLogo` does */
  async deleteLogo(id: string, caller: Person): Promise<ShownOrganization> {
    await this.options.organizations.deleteLogo(id, caller)
    return this.get(id)
  }

  /** Counted under the lock of the user, which a creation keeps to its end. */
  async #requireMayCreate(userId: string, tx: Tx): Promise<void> {
    const { context, organizationRecords, userRecords } = this.options
    const user = await userRecords.locked(userId, tx)
    if (!user.createOrganizationEnabled) throw organizationErrors.creationNotEnabled()
    const limit = creationLimit(user.createOrganizationsLimit, context.instance)
    if (limit !== undefined && (await organizationRecords.countCreatedBy(userId, tx)) >= limit) {
      throw organizationErrors.quotaExceeded(limit)
    }
  }
}
