import type { Database } from '../../storage/database.js'

/** Domains, of any instance, whose users have not all been enrolled yet: the server stopped while it did. */
export function unfinishedEnrolments({ read }: Database): Promise<{ instance_id: string; id: string }[]> {
  return read
    .selectFrom('organization_domains')
    .select(['instance_id', 'id'])
    .where('enrolled_until', 'is not', null)
    .orderBy('id')
    .limit(100)
    .execute()
}
