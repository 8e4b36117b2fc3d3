import type { Queries } from '../../storage/database.js'
import { InstanceRows } from '../../storage/queries.js'
import { trustedDevices, type TrustedDeviceRecord } from '../../storage/tables.js'

export class TrustedDeviceStore extends InstanceRows<typeof trustedDevices> {
  constructor(queries: Queries, instanceId: string) {
    super(queries, 'trusted_devices', trustedDevices, instanceId)
  }

  /** @returns the revoked device, or undefined when the user has no active one with this id */
  async revoke(userId: string, id: string, now: number, tx: Queries): Promise<TrustedDeviceRecord | undefined> {
    const row = await tx
      .updateTable('trusted_devices')
      .set({ status: 'revoked', revoked_at: now, updated_at: now })
      .where('instance_id', '=', this.instanceId)
      .where('user_id', '=', userId)
      .where('id', '=', id)
      .where('status', '=', 'active')
      .returningAll()
      .executeTakeFirst()
    return row && this.decode(row)
  }
}
