import { describe, expect, it } from 'vitest'
import { ENCRYPTION_KEY } from '../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../server.test-support.js'
import { factorsOf, lastCode, OTHER_SIGN_IN, otherThan, SIGN_IN, verificationsOf } from './factors.test-support.js'

const MINUTE = 60_000
const NUMBER = '+14155552671'

describe.each(dialects)('codes that are sent on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })

  const newUser = async (params: object = { emailAddress: ['ada@example.com'] }) =>
    server.client.users.createUser({ username: 'ada_l', ...params })
  const refused = (status: number, code: string) => ({ status, errors: [{ code }] })

  it('go to the primary address, or the one that is named', async () => {
    const { first, prepare } = await factorsOf(server)
    const user = await newUser({ emailAddress: ['other@example.com', 'ada@example.com'] })
    const ids = user.emailAddresses.map(({ id }) => id)
    await server.client.emailAddresses.updateEmailAddress(ids[1]!, { primary: true })

    const verification = await prepare(first.email_code, user.id)
    server.clock.advance(1)
    await prepare(first.email_code, user.id, { emailAddressId: ids[0] })

    expect(verification).toMatchObject({
      subjectKind: 'sign_in',
      subjectId: SIGN_IN.id,
      userId: user.id,
      identificationId: ids[1],
      strategy: 'email_code',
      status: 'unverified',
      attempts: 0,
      expireAt: server.clock.now() - 1 + 10 * MINUTE,
    })
    expect((await server.messages()).map(({ toAddress, slug }) => [toAddress, slug])).toEqual([
      ['ada@example.com', 'verification_code'],
      ['other@example.com', 'verification_code'],
    ])
  })

  it('are accepted for ten minutes', async () => {
    const { first, prepare, attempt } = await factorsOf(server)
    const user = await newUser()
    await prepare(first.email_code, user.id)
    const code = await lastCode(server)

    server.clock.advance(10 * MINUTE)

    expect(await attempt(first.email_code, user.id, { code })).toMatchObject({
      status: 'expired',
      verification: { status: 'expired' },
    })
    expect((await server.call('GET', `/users/${user.id}`)).body).toMatchObject({ verification_attempts_remaining: 10 })
  })

  it('replace the one that was sent before', async () => {
    const { first, prepare, attempt } = await factorsOf(server)
    const user = await newUser()
    await prepare(first.email_code, user.id)
    const before = await lastCode(server)
    server.clock.advance(1)
    await prepare(first.email_code, user.id)
    const code = await lastCode(server)

    if (before !== code) {
      expect(await attempt(first.email_code, user.id, { code: before })).toMatchObject({ status: 'wrong' })
    }
    expect(await attempt(first.email_code, user.id, { code })).toMatchObject({ status: 'verified' })
  })

  it('fail with the fifth wrong try, and then the right code is too late', async () => {
    const { first, prepare, attempt } = await factorsOf(server)
    const user = await newUser()
    await prepare(first.email_code, user.id)
    const code = await lastCode(server)

    const guesses = await Promise.all(
      Array.from({ length: 8 }, () => attempt(first.email_code, user.id, { code: otherThan(code) })),
    )

    expect(guesses.map(({ status }) => status).sort()).toEqual([
      ...Array.from({ length: 3 }, () => 'failed'),
      ...Array.from({ length: 5 }, () => 'wrong'),
    ])
    expect(await attempt(first.email_code, user.id, { code })).toMatchObject({ status: 'failed' })
    expect((await server.call('GET', `/users/${user.id}`)).body).toMatchObject({ verification_attempts_remaining: 5 })
  })

  it('are accepted for their own strategy and subject only', async () => {
    const { first, prepare, attempt } = await factorsOf(server)
    const user = await newUser({ emailAddress: ['ada@example.com'], phoneNumber: [NUMBER] })
    await prepare(first.email_code, user.id)
    const code = await lastCode(server)

    expect(await attempt(first.phone_code, user.id, { code })).toEqual({ status: 'missing' })
    expect(await attempt(first.email_code, user.id, { code }, OTHER_SIGN_IN)).toEqual({ status: 'missing' })
    expect(await attempt(first.email_code, user.id, { code }, { kind: 'session', id: 'sess_1' })).toEqual({
      status: 'missing',
    })
    expect(await attempt(first.email_code, user.id, { code })).toMatchObject({ status: 'verified' })
  })

  it('are of no use to another user', async () => {
    const { first, prepare, attempt } = await factorsOf(server)
    const ada = await newUser()
    const bob = await newUser({ username: 'bob_b', emailAddress: ['bob@example.com'] })
    await prepare(first.email_code, ada.id)

    expect(await attempt(first.email_code, bob.id, { code: await lastCode(server) })).toEqual({ status: 'missing' })
  })

  it('of a first factor do not serve as the second', async () => {
    const { first, second, prepare, attempt } = await factorsOf(server)
    const user = await newUser({ phoneNumber: [NUMBER] })
    await server.call('POST', '/phone_numbers', {
      user_id: user.id,
      phone_number: '+14155552672',
      verified: true,
      reserved_for_second_factor: true,
    })
    await prepare(first.phone_code, user.id)
    const code = await lastCode(server)

    expect(await attempt(second.phone_code, user.id, { code })).toEqual({ status: 'missing' })
    expect(await attempt(first.phone_code, user.id, { code })).toMatchObject({ status: 'verified' })
    expect(await attempt(second.phone_code, user.id, { code })).toEqual({ status: 'missing' })
  })

  it('end with the address they were sent to', async () => {
    const { first, prepare, attempt } = await factorsOf(server)
    const user = await newUser({ emailAddress: ['ada@example.com', 'other@example.com'] })
    const other = user.emailAddresses[1]!
    await prepare(first.email_code, user.id, { emailAddressId: other.id })
    const code = await lastCode(server)
    await server.client.emailAddresses.deleteEmailAddress(other.id)

    expect(await attempt(first.email_code, user.id, { code })).toEqual({ status: 'missing' })
  })

  it('are not sent to an address that is not verified, is unknown or is of somebody else', async () => {
    const { first, prepare } = await factorsOf(server)
    const ada = await newUser({})
    const bob = await newUser({ username: 'bob_b', emailAddress: ['bob@example.com'] })
    const { body: added } = await server.call('POST', '/email_addresses', {
      user_id: ada.id,
      email_address: 'ada@example.com',
    })

    await expect(prepare(first.email_code, ada.id)).rejects.toMatchObject(refused(400, 'strategy_for_user_invalid'))
    for (const emailAddressId of [added.id, 'idn_1', ada.id]) {
      await expect(prepare(first.email_code, bob.id, { emailAddressId })).rejects.toMatchObject(
        refused(422, 'form_resource_not_found'),
      )
    }
    expect(await server.messages()).toEqual([])
  })

  it('go to one number three times in half a minute, whatever they are for', async () => {
    const { first, prepare, set } = await factorsOf(server)
    await set({ rateLimits: { enabled: true } })
    const user = await newUser({ phoneNumber: [NUMBER] })
    await prepare(first.phone_code, user.id, {}, { kind: 'session', id: 'sess_1' })
    server.clock.advance(10_000)

    const prepared = await Promise.allSettled(
      Array.from({ length: 5 }, (_, index) =>
        prepare(first.phone_code, user.id, {}, { kind: 'sign_in', id: `sia_${index}` }),
      ),
    )

    expect(prepared.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
    await expect(prepare(first.phone_code, user.id)).rejects.toMatchObject({
      ...refused(429, 'too_many_requests'),
      headers: { 'retry-after': '20' },
    })
    expect(await server.messages()).toHaveLength(3)
    server.clock.advance(20_000)
    await prepare(first.phone_code, user.id)
  })

  it('of test identities are 424242, and nothing is sent', async () => {
    const { first, prepare, attempt } = await factorsOf(server)
    const user = await newUser({ emailAddress: ['ada+clerk_test@example.com'], phoneNumber: ['+12015550100'] })

    for (const factor of [first.email_code, first.phone_code]) {
      await prepare(factor, user.id)
      expect(await attempt(factor, user.id, { code: '424241' })).toMatchObject({ status: 'wrong' })
      expect(await attempt(factor, user.id, { code: '424242' })).toMatchObject({ status: 'verified' })
    }
    expect(await server.messages()).toEqual([])
  })

  it('are not 424242 where test mode is off', async () => {
    await server.call('PATCH', '/instance', { test_mode: false })
    const { first, prepare } = await factorsOf(server)
    const user = await newUser({ emailAddress: ['ada+clerk_test@example.com'] })

    await prepare(first.email_code, user.id)

    expect((await server.messages()).map(({ toAddress }) => toAddress)).toEqual(['ada+clerk_test@example.com'])
  })

  it('do not change what is shown of the address', async () => {
    const { first, prepare, attempt } = await factorsOf(server)
    const user = await newUser()
    const path = `/email_addresses/${user.primaryEmailAddressId}`
    const { body: before } = await server.call('GET', path)
    await prepare(first.email_code, user.id)
    await attempt(first.email_code, user.id, { code: await lastCode(server) })

    expect((await server.call('GET', path)).body).toEqual(before)
    expect(await verificationsOf(server, SIGN_IN)).toHaveLength(1)
  })
})
