import { beforeEach, describe, expect, it } from 'vitest'
import { combinations, useServerWithSdk } from './official-sdk.test-support.js'

const UNKNOWN = 'idn_2aaaaaaaaaaaaaaaaaaaaaaaaaa'
const notFound = { status: 404, errors: [{ code: 'resource_not_found' }] }

describe.each(combinations)('e-mail addresses and phone numbers of $sdk on $dialect', (combination) => {
  const official = useServerWithSdk(combination, ['emailAddresses', 'phoneNumbers'])
  let userId: string

  beforeEach(async () => {
    const user = await official.client.users.createUser({
      emailAddress: ['ada@example.com'],
      phoneNumber: ['+14155552671'],
    })
    userId = user.id
  })

  it('adds an e-mail address, verifies it, makes it the primary one and takes it away', async () => {
    const { emailAddresses, users } = official.client
    const created = await emailAddresses.createEmailAddress({ userId, emailAddress: 'countess@example.com' })

    expect(created).toMatchObject({ emailAddress: 'countess@example.com', linkedTo: [] })
    expect(created.verification?.status).not.toBe('verified')
    expect(await emailAddresses.getEmailAddress(created.id)).toEqual(created)
    expect((await users.getUser(userId)).primaryEmailAddress?.emailAddress).toBe('ada@example.com')

    const updated = await emailAddresses.updateEmailAddress(created.id, { verified: true, primary: true })
    expect(updated).toMatchObject({ id: created.id, verification: { status: 'verified', strategy: 'admin' } })
    expect((await users.getUser(userId)).primaryEmailAddressId).toBe(created.id)

    expect(await emailAddresses.deleteEmailAddress(created.id)).toMatchObject({
      object: 'email_address',
      id: created.id,
      deleted: true,
    })
    await expect(emailAddresses.getEmailAddress(created.id)).rejects.toMatchObject(notFound)
    expect((await users.getUser(userId)).emailAddresses.map(({ emailAddress }) => emailAddress)).toEqual([
      'ada@example.com',
    ])
  })

  it('refuses e-mail addresses that are taken, malformed or of nobody', async () => {
    const { emailAddresses, users } = official.client
    await users.createUser({ emailAddress: ['grace@example.com'] })

    await expect(
      emailAddresses.createEmailAddress({ userId, emailAddress: 'Grace@Example.com', verified: true }),
    ).rejects.toMatchObject({
      status: 422,
      errors: [{ code: 'form_identifier_exists', meta: { paramName: 'email_address' } }],
    })
    await expect(emailAddresses.createEmailAddress({ userId, emailAddress: 'nowhere' })).rejects.toMatchObject({
      status: 422,
      errors: [{ code: 'form_param_format_invalid', meta: { paramName: 'email_address' } }],
    })
    await expect(emailAddresses.getEmailAddress(UNKNOWN)).rejects.toMatchObject(notFound)
    await expect(emailAddresses.updateEmailAddress(UNKNOWN, { primary: true })).rejects.toMatchObject(notFound)
    await expect(emailAddresses.deleteEmailAddress(UNKNOWN)).rejects.toMatchObject(notFound)
  })

  it('adds a phone number, reserves it as a second factor and takes it away', async () => {
    const { phoneNumbers, users } = official.client
    const created = await phoneNumbers.createPhoneNumber({
      userId,
      phoneNumber: '+14155552672',
      verified: true,
      primary: true,
      reservedForSecondFactor: false,
    })

    expect(created).toMatchObject({
      phoneNumber: '+14155552672',
      reservedForSecondFactor: false,
      verification: { status: 'verified' },
    })
    expect(await phoneNumbers.getPhoneNumber(created.id)).toEqual(created)
    expect((await users.getUser(userId)).primaryPhoneNumberId).toBe(created.id)

    expect(await phoneNumbers.updatePhoneNumber(created.id, { reservedForSecondFactor: true })).toMatchObject({
      reservedForSecondFactor: true,
      defaultSecondFactor: true,
    })
    expect((await users.getUser(userId)).twoFactorEnabled).toBe(true)

    expect(await phoneNumbers.deletePhoneNumber(created.id)).toMatchObject({
      object: 'phone_number',
      id: created.id,
      deleted: true,
    })
    await expect(phoneNumbers.getPhoneNumber(created.id)).rejects.toMatchObject(notFound)
    expect((await users.getUser(userId)).phoneNumbers.map(({ phoneNumber }) => phoneNumber)).toEqual(['+14155552671'])
  })

  it('refuses phone numbers that are taken, malformed or of nobody', async () => {
    const { phoneNumbers, users } = official.client
    await users.createUser({ phoneNumber: ['+14155552673'] })

    await expect(
      phoneNumbers.createPhoneNumber({ userId, phoneNumber: '+14155552673', verified: true }),
    ).rejects.toMatchObject({
      status: 422,
      errors: [{ code: 'form_identifier_exists', meta: { paramName: 'phone_number' } }],
    })
    await expect(phoneNumbers.createPhoneNumber({ userId, phoneNumber: '+1' })).rejects.toMatchObject({
      status: 422,
      errors: [{ code: 'form_param_format_invalid', meta: { paramName: 'phone_number' } }],
    })
    await expect(phoneNumbers.getPhoneNumber(UNKNOWN)).rejects.toMatchObject(notFound)
    await expect(phoneNumbers.updatePhoneNumber(UNKNOWN, { primary: true })).rejects.toMatchObject(notFound)
    await expect(phoneNumbers.deletePhoneNumber(UNKNOWN)).rejects.toMatchObject(notFound)
  })
})
