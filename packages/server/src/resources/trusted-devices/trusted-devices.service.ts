import { apiError } from '../../http/api-error.js'
import { errors } from '../../http/errors.js'
import type { Page } from '../../http/pagination.js'
import type { Queries } from '../../storage/database.js'
import type { TrustedDeviceRecord } from '../../storage/tables.js'
import type { InstanceContext } from '../instances/instance-context.js'
import type { UserChanges } from '../users/user-changes.js'
import { TrustedDeviceStore } from './trusted-devices.store.js'

export interface NewTrustedDevice {
  /** Default is a new one. */
  id?: string | undefined
  platform: 'ios' | 'android'
  /** The app's bundle identifier or package name. */
  appIdentifier: string
  name?: string | null | undefined
  /** Of the ES256 key in the device, SPKI as base64url. */
  publicKey: string
  /** Unix milliseconds. Default is never. */
  lastUsedAt?: number | null | undefined
  /** Unix milliseconds of the revocation. Default is null: the device is active. */
  revokedAt?: number | null | undefined
  /** Unix milliseconds. Default is now. */
  createdAt?: number | undefined
}

/** Phones and tablets whose key signs their user in. They are not shown with a user, so a user does not change with them. */
export class TrustedDeviceService {
  readonly store: TrustedDeviceStore

  constructor(private readonly options: { context: InstanceContext; users: UserChanges }) {
    const { database, instanceId } = options.context
    this.store = new TrustedDeviceStore(database.read, instanceId)
  }

  /** @throws {ApiError} 404 for an unknown user, 409 `trusted_device_already_enrolled` when the id is another device's */
  async add(userId: string, device: NewTrustedDevice, tx: Queries): Promise<TrustedDeviceRecord> {
    const { context, users } = this.options
    const now = context.clock.now()
    const record: TrustedDeviceRecord = {
      id: device.id ?? context.ids.next('tdev'),
      instanceId: context.instanceId,
      userId,
      platform: device.platform,
      appIdentifier: device.appIdentifier,
      name: device.name ?? null,
      algorithm: 'ES256',
      publicKey: device.publicKey,
      status: device.revokedAt == null ? 'active' : 'revoked',
      lastUsedAt: device.lastUsedAt ?? null,
      revokedAt: device.revokedAt ?? null,
      createdAt: device.createdAt ?? now,
      updatedAt: now,
    }
    await users.locked(userId, tx)
    if (!(await this.store.insertUnlessTaken(record, tx))) {
      throw apiError(409, 'trusted_device_already_enrolled', 'Already enrolled', 'This device is enrolled already')
    }
    return record
  }

  /** The active ones, oldest first. */
  async list(userId: string): Promise<Page<TrustedDeviceRecord>> {
    await this.options.users.get(userId)
    const data = (await this.store.listOfUser(userId)).filter(({ status }) => status === 'active')
    return { data, totalCount: data.length }
  }

  /** @throws {ApiError} 404 when the user has no active device with this id */
  async revoke(userId: string, id: string): Promise<TrustedDeviceRecord> {
    const { context, users } = this.options
    return context.database.transaction(async (tx) => {
      await users.get(userId, tx)
      const device = await this.store.revoke(userId, id, context.clock.now(), tx)
      if (!device) throw errors.resourceNotFound('active trusted device', id)
      return device
    })
  }
}
