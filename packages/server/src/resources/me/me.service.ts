import type { MembershipRecords } from '../organization-records/membership-records.service.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import type { Me } from './me.wire.js'

interface MeOptions {
  userRecords: UserRecords
  membershipRecords: MembershipRecords
}

/** Users as they see themselves. */
export class MeService {
  constructor(private readonly options: MeOptions) {}

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(userId: string): Promise<Me> {
    const { userRecords, membershipRecords } = this.options
    return { ...(await userRecords.get(userId)), memberships: await membershipRecords.ofUser(userId) }
  }
}
