import type { InstanceContext } from '../../instances/instance-context.js'
import type { MembershipRecords } from '../organization-records/membership-records.service.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import type { Me } from './me.wire.js'

/** More organizations than anybody can be in. */
const ALL = { limit: 500, offset: 0 }

interface MeOptions {
  context: InstanceContext
  userRecords: UserRecords
  membershipRecords: MembershipRecords
}

/** Users as they see themselves. */
export class MeService {
  constructor(private readonly options: MeOptions) {}

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(userId: string): Promise<Me> {
    const { context, userRecords, membershipRecords } = this.options
    const user = await userRecords.get(userId)
    const { enabled } = context.instance.settings.organizations
    const memberships = enabled ? (await membershipRecords.search({ userId }, ALL)).data : []
    return { ...user, memberships }
  }
}
