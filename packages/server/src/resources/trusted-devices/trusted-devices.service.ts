import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { apiError } from '../../kernel/errors/api-error.js'
import { errors } from '../../kernel/errors/errors.js'
import type { Page } from '../../kernel/page.js'
import { Rows, type New } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { trustedDevices, type TrustedDeviceRecord } from './trusted-devices.table.js'

/** Active, unless `revokedAt` is given. */
export type NewTrustedDevice = Omit<New<typeof trustedDevices>, 'userId' | 'algorithm' | 'status'>

/**
 * Phones and tablets whose key signs their user in. A user's JSON does not contain them, so changing one does not
 * change the user.
 */
export class TrustedDeviceService {
  readonly #rows: Rows<typeof trustedDevices>

  constructor(private readonly options: { context: InstanceContext; userRecords: UserRecords }) {
    this.#rows = new Rows(trustedDevices, options.context)
  }

  /** @throws {ApiError} 404 for an unknown user, 409 `trusted_device_already_enrolled` if the id is another device's */
  async insert(userId: string, fields: NewTrustedDevice, tx: Tx): Promise<TrustedDeviceRecord> {
    await this.options.userRecords.locked(userId, tx)
    const status = fields.revokedAt == null ? 'active' : 'revoked'
    const device = await this.#rows.create({ ...fields, userId, algorithm: 'ES256', status }, tx)
    if (!device) {
      throw apiError(409, 'trusted_device_already_enrolled', 'Already enrolled', 'This device is enrolled already')
    }
    return device
  }

  /** The active ones, oldest first. */
  async list(userId: string): Promise<Page<TrustedDeviceRecord>> {
    await this.options.userRecords.get(userId)
    const data = await this.#rows.list({ userId, status: 'active' })
    return { data, totalCount: data.length }
  }

  /** @throws {ApiError} 404 if the user has no active device with this id */
  revoke(userId: string, id: string, caller: Caller): Promise<TrustedDeviceRecord> {
    const { context, userRecords } = this.options
    return context.transaction(caller, async (tx) => {
      // Locked, so that of two calls at once one revokes.
      await userRecords.locked(userId, tx)
      const device = await this.#rows.find(id, tx)
      if (device?.userId !== userId || device.status !== 'active')
        throw errors.resourceNotFound('active trusted device', id)
      await tx.audit('trusted_device.revoked', id, ['status', 'revoked_at'])
      return (await this.#rows.update(id, { status: 'revoked', revokedAt: context.clock.now() }, tx))!
    })
  }
}
