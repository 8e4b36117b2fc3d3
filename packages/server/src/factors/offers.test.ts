import { describe, expect, it } from 'vitest'
import { ENCRYPTION_KEY } from '../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../server.test-support.js'
import { factorsOf, PASSWORD, TOTP_SECRET } from './factors.test-support.js'
import { maskEmailAddress, maskPhoneNumber } from './masks.rules.js'

describe.each(dialects)('offered factors on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })

  const addNumber = async (userId: string, phoneNumber: string, more: object = {}) => {
    const params = { user_id: userId, phone_number: phoneNumber, verified: true, ...more }
    return (await server.call('POST', '/phone_numbers', params)).body.id as string
  }
  const reserved = { reserved_for_second_factor: true }

  it('have the password and each address and number, the primary one first and masked', async () => {
    const { offers } = await factorsOf(server)
    const user = await server.client.users.createUser({
      emailAddress: ['other@example.com', 'ada@example.com'],
      phoneNumber: ['+14155552671'],
      password: PASSWORD,
    })
    const [other, primary] = user.emailAddresses.map(({ id }) => id) as [string, string]
    await server.client.emailAddresses.updateEmailAddress(primary, { primary: true })

    const reset = { strategy: 'reset_password_email_code' }
    expect((await offers('first', user.id)).filter(({ strategy }) => strategy.startsWith('reset_'))).toEqual([
      { ...reset, emailAddressId: primary, safeIdentifier: 'a***@example.com', primary: true },
      { ...reset, emailAddressId: other, safeIdentifier: 'o***@example.com', primary: false },
      {
        strategy: 'reset_password_phone_code',
        phoneNumberId: user.primaryPhoneNumberId,
        safeIdentifier: '+1********71',
        primary: true,
        default: false,
      },
    ])
    expect((await offers('first', user.id)).filter(({ strategy }) => !strategy.startsWith('reset_'))).toEqual([
      { strategy: 'password' },
      { strategy: 'email_code', emailAddressId: primary, safeIdentifier: 'a***@example.com', primary: true },
      { strategy: 'email_code', emailAddressId: other, safeIdentifier: 'o***@example.com', primary: false },
      { strategy: 'email_link', emailAddressId: primary, safeIdentifier: 'a***@example.com', primary: true },
      { strategy: 'email_link', emailAddressId: other, safeIdentifier: 'o***@example.com', primary: false },
      {
        strategy: 'phone_code',
        phoneNumberId: user.primaryPhoneNumberId,
        safeIdentifier: '+1********71',
        primary: true,
        default: false,
      },
    ])
    expect(await offers('second', user.id)).toEqual([])
    expect(await offers('clientTrust', user.id)).toHaveLength(5)
  })

  it('show the identifier that was typed as it is', async () => {
    const { offers } = await factorsOf(server)
    const user = await server.client.users.createUser({
      emailAddress: ['ada@example.com', 'other@example.com'],
      phoneNumber: ['+14155552671'],
    })
    const safe = async (id: string) =>
      (await offers('first', user.id, id))
        .filter(({ strategy }) => strategy !== 'email_link')
        .map((offer) => 'safeIdentifier' in offer && offer.safeIdentifier)

    expect(await safe(user.primaryEmailAddressId!)).toEqual(['ada@example.com', 'o***@example.com', '+1********71'])
    expect(await safe(user.primaryPhoneNumberId!)).toEqual(['a***@example.com', 'o***@example.com', '+14155552671'])
  })

  it('leave out an address that is not verified, but not a reserved one', async () => {
    const { offers } = await factorsOf(server)
    const user = await server.client.users.createUser({ username: 'ada_l' })
    const { body: added } = await server.call('POST', '/email_addresses', {
      user_id: user.id,
      email_address: 'ada@example.com',
    })
    expect(await offers('first', user.id)).toEqual([])

    await server.server.database.transaction((tx) =>
      tx.updateTable('email_addresses').set({ claimed: 1, reserved: 1 }).where('id', '=', added.id).execute(),
    )

    expect(await offers('first', user.id)).toMatchObject([
      { strategy: 'email_code', emailAddressId: added.id },
      { strategy: 'email_link', emailAddressId: added.id },
    ])
  })

  it('have a number either as first or as second factor, the default second factor first', async () => {
    const { offers } = await factorsOf(server)
    const { id } = await server.client.users.createUser({ emailAddress: ['ada@example.com'] })
    const plain = await addNumber(id, '+14155552671')
    const second = await addNumber(id, '+14155552672', reserved)
    const third = await addNumber(id, '+14155552673', reserved)
    await server.server.database.transaction(async (tx) => {
      for (const [number, value] of [
        [second, 0],
        [third, 1],
      ] as const) {
        await tx.updateTable('phone_numbers').set({ default_second_factor: value }).where('id', '=', number).execute()
      }
    })

    expect((await offers('first', id)).filter(({ strategy }) => strategy === 'phone_code')).toMatchObject([
      { phoneNumberId: plain },
    ])
    expect((await offers('second', id)).filter(({ strategy }) => strategy === 'phone_code')).toMatchObject([
      { phoneNumberId: third, default: true },
      { phoneNumberId: second, default: false },
    ])
  })

  it('have backup codes only beside another second factor that is on', async () => {
    const { offers, set } = await factorsOf(server)
    const backupCodes = ['abcd2345']
    const strategies = async (userId: string) => (await offers('second', userId)).map(({ strategy }) => strategy)
    const ada = await server.client.users.createUser({ username: 'ada_l', totpSecret: TOTP_SECRET, backupCodes })
    const bob = await server.client.users.createUser({ username: 'bob_b', backupCodes })

    expect(await strategies(ada.id)).toEqual(['totp', 'backup_code'])
    expect(await strategies(bob.id)).toEqual([])
    await addNumber(bob.id, '+14155552671', reserved)
    expect(await strategies(bob.id)).toEqual(['phone_code', 'backup_code'])
    await set({ attributes: { authenticator_app: { enabled: false } } })
    expect(await strategies(ada.id)).toEqual([])
    expect(await strategies(bob.id)).toEqual(['phone_code', 'backup_code'])
  })
})

describe('masks', () => {
  it.each([
    ['a@example.com', 'a***@example.com'],
    ['ada.lovelace+tag@example.com', 'a***@example.com'],
    ['"a@b"@example.com', '"***@example.com'],
    ['😀grin@example.com', '😀***@example.com'],
  ])('hide %s as %s', (address, masked) => {
    expect(maskEmailAddress(address)).toBe(masked)
  })

  it.each([
    ['+14155552671', '+1********71'],
    ['+6835123', '+6****23'],
  ])('hide %s as %s', (number, masked) => {
    expect(maskPhoneNumber(number)).toBe(masked)
  })
})
