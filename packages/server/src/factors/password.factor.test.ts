import { describe, expect, it } from 'vitest'
import { ENCRYPTION_KEY } from '../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../server.test-support.js'
import { factorsOf, PASSWORD, SIGN_IN, verificationsOf } from './factors.test-support.js'

describe.each(dialects)('the password factor on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })

  const newUser = (params: object = { password: PASSWORD }) =>
    server.client.users.createUser({ username: 'ada_l', ...params })
  const digestOf = (id: string) =>
    server.server.database.read
      .selectFrom('users')
      .select(['password_digest', 'password_hasher'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()

  it('does not accept a compromised password, though it is right', async () => {
    const { first, attempt } = await factorsOf(server)
    const { id } = await newUser()
    await server.call('POST', `/users/${id}/password/set_compromised`)

    expect(await attempt(first.password, id, { password: PASSWORD })).toEqual({ status: 'compromised' })
    expect(await attempt(first.password, id, { password: 'wrong' })).toMatchObject({ status: 'wrong' })
    expect(await verificationsOf(server, SIGN_IN)).toEqual([])
    expect((await server.call('GET', `/users/${id}`)).body).toMatchObject({ verification_attempts_remaining: 9 })
    await server.call('POST', `/users/${id}/password/unset_compromised`)
    expect(await attempt(first.password, id, { password: PASSWORD })).toMatchObject({ status: 'verified' })
  })

  it('does not accept a password that was replaced or removed since it was checked', async () => {
    const { first, check } = await factorsOf(server)
    const { id } = await newUser()
    const replaced = await check(first.password, id, { password: PASSWORD })
    await server.client.users.updateUser(id, { password: 'difference engine' })

    expect(await replaced()).toMatchObject({ status: 'wrong' })
    const removed = await check(first.password, id, { password: 'difference engine' })
    await server.call('POST', `/users/${id}/remove_password`, {})
    expect(await removed()).toEqual({ status: 'unsupported' })
  })

  it('replaces a weak digest with the first right password, also when several come at once', async () => {
    const { first, attempt } = await factorsOf(server)
    const { id } = await newUser({ passwordDigest: '5ebe2294ecd0e0f08eab7690d2a6ee69', passwordHasher: 'md5' })

    const attempts = await Promise.all(
      Array.from({ length: 4 }, () => attempt(first.password, id, { password: 'secret' })),
    )

    expect(attempts.map(({ status }) => status)).toEqual(Array.from({ length: 4 }, () => 'verified'))
    expect(await digestOf(id)).toMatchObject({ password_hasher: 'argon2id' })
    expect(await attempt(first.password, id, { password: 'secret' })).toMatchObject({ status: 'verified' })
  })
})
