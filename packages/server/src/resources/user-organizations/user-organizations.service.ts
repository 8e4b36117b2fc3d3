import type { Page } from '../../kernel/page.js'
import type { UserRecords } from '../user-records/user-records.service.js'

/** A user's relations to organizations: empty until organizations are served. */
export class UserOrganizationService {
  constructor(private readonly options: { userRecords: UserRecords }) {}

  /** @throws {ApiError} 404 for an unknown user */
  async listMemberships(userId: string): Promise<Page<never>> {
    await this.options.userRecords.get(userId)
    return { data: [], totalCount: 0 }
  }

  /** @throws {ApiError} 404 for an unknown user */
  async listInvitations(userId: string): Promise<Page<never>> {
    await this.options.userRecords.get(userId)
    return { data: [], totalCount: 0 }
  }
}
