import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { operator } from '../../kernel/caller.js'
import { ENCRYPTION_KEY, servicesOf } from '../users/user-parts.test-support.js'
import type { NewTrustedDevice } from './trusted-devices.service.js'

const refused = (status: number, code: string) => ({ status, body: { errors: [{ code }] } })

describe.each(dialects)('trusted devices on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const users = () => server.client.users
  const list = (userId: string, key?: string) =>
    server.call('GET', `/users/${userId}/trusted_devices`, undefined, key ? { key } : {})
  const revoke = (userId: string, id: string, key?: string) =>
    server.call('DELETE', `/users/${userId}/trusted_devices/${id}`, undefined, key ? { key } : {})

  async function add(userId: string, device: Partial<NewTrustedDevice> = {}) {
    const { context, trustedDevices } = await servicesOf(server)
    const given = { platform: 'ios' as const, appIdentifier: 'com.example.app', publicKey: 'cHVibGlj', ...device }
    return context.transaction(operator('test'), (tx) => trustedDevices.insert(userId, given, tx))
  }

  it('lists the active devices of a user, oldest first', async () => {
    const user = await users().createUser({ username: 'ada_l' })
    const now = server.clock.now()
    await add(user.id, { id: 'tdev_second', platform: 'android', name: "Ada's phone", lastUsedAt: now, createdAt: now })
    await add(user.id, { id: 'tdev_first', createdAt: now - 1 })
    await add(user.id, { id: 'tdev_revoked', createdAt: now - 2, revokedAt: now - 1 })

    expect((await list(user.id)).body).toEqual({
      data: [
        {
          object: 'trusted_device',
          id: 'tdev_first',
          platform: 'ios',
          app_identifier: 'com.example.app',
          name: null,
          algorithm: 'ES256',
          status: 'active',
          created_at: now - 1,
          updated_at: now,
          last_used_at: null,
          revoked_at: null,
        },
        {
          object: 'trusted_device',
          id: 'tdev_second',
          platform: 'android',
          app_identifier: 'com.example.app',
          name: "Ada's phone",
          algorithm: 'ES256',
          status: 'active',
          created_at: now,
          updated_at: now,
          last_used_at: now,
          revoked_at: null,
        },
      ],
      total_count: 2,
    })
    expect(await users().getUserTrustedDeviceList(user.id)).toMatchObject({
      totalCount: 2,
      data: [{ id: 'tdev_first' }, { id: 'tdev_second' }],
    })
  })

  it('revokes a device, once', async () => {
    const user = await users().createUser({ username: 'ada_l' })
    const device = await add(user.id)
    server.clock.advance(1000)

    const revoked = await users().revokeUserTrustedDevice({ userId: user.id, trustedDeviceId: device.id })

    expect(revoked).toMatchObject({
      id: device.id,
      status: 'revoked',
      revokedAt: server.clock.now(),
      updatedAt: server.clock.now(),
    })
    expect((await list(user.id)).body).toEqual({ data: [], total_count: 0 })
    expect(await revoke(user.id, device.id)).toMatchObject(refused(404, 'resource_not_found'))
  })

  it('lets one of two who revoke at once do it', async () => {
    const user = await users().createUser({ username: 'ada_l' })
    const device = await add(user.id)

    const answers = await Promise.all([revoke(user.id, device.id), revoke(user.id, device.id)])

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404])
  })

  it("does not find what is another user's or another instance's", async () => {
    const ada = await users().createUser({ username: 'ada_l' })
    const bob = await users().createUser({ username: 'bob_b' })
    const device = await add(ada.id)
    const { secretKey } = await server.server.createInstance()

    const { id } = device
    const revoked = [
      await revoke(bob.id, id),
      await revoke('user_0', id),
      await revoke(ada.id, 'tdev_0'),
      await revoke(ada.id, id, secretKey),
    ]
    const answers = [await list('user_0'), await list(ada.id, secretKey), ...revoked]
    for (const answer of answers) expect(answer).toMatchObject(refused(404, 'resource_not_found'))
    expect((await list(bob.id)).body).toEqual({ data: [], total_count: 0 })
    expect((await list(ada.id)).body.total_count).toBe(1)
  })

  it('refuses a device whose id is taken, and unknown users', async () => {
    const user = await users().createUser({ username: 'ada_l' })
    await add(user.id, { id: 'tdev_1' })

    await expect(add(user.id, { id: 'tdev_1' })).rejects.toMatchObject({
      status: 409,
      errors: [{ code: 'trusted_device_already_enrolled' }],
    })
    await expect(add('user_0')).rejects.toMatchObject({ status: 404 })
    await users().deleteUser(user.id)
    expect((await list(user.id)).status).toBe(404)
  })
})
