import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

const HOUR = 60 * 60 * 1000

describe.each(dialects)('lockout on %s', (dialect) => {
  const server = useTestServer(dialect)

  const newUser = () => server.client.users.createUser({ username: 'ada_l', password: 'analytical engine' })
  const check = (userId: string, password: string) =>
    server.call('POST', `/users/${userId}/verify_password`, { password })
  const userOf = async (id: string) => (await server.call('GET', `/users/${id}`)).body
  const set = (lockout: object) =>
    server.server.database.transaction((tx) =>
      tx
        .updateTable('instances')
        .set({ settings: JSON.stringify({ lockout }) })
        .where('id', '=', server.instance.id)
        .execute(),
    )

  it('comes with the tenth of many failures at once, and is told once', async () => {
    const { id } = await newUser()

    await Promise.all(Array.from({ length: 15 }, () => check(id, 'wrong')))

    expect(await userOf(id)).toMatchObject({
      locked: true,
      verification_attempts_remaining: 0,
      lockout_expires_in_seconds: 3600,
    })
    expect((await server.events()).map(({ type, payload }) => [type, (payload as { locked: boolean }).locked])).toEqual(
      [
        ['user.created', false],
        ['user.updated', true],
      ],
    )
  })

  it('ends after its hour, and counting starts again', async () => {
    const { id } = await newUser()
    for (let count = 0; count < 10; count++) await check(id, 'wrong')
    server.clock.advance(HOUR - 1)
    await check(id, 'wrong')
    expect(await userOf(id)).toMatchObject({ locked: true, lockout_expires_in_seconds: 1 })

    server.clock.advance(1)
    expect(await userOf(id)).toMatchObject({ locked: false, lockout_expires_in_seconds: null })
    await check(id, 'wrong')
    expect(await userOf(id)).toMatchObject({ locked: false, verification_attempts_remaining: 9 })
  })

  it('counts only failures without a success between them', async () => {
    const { id } = await newUser()
    for (let count = 0; count < 9; count++) await check(id, 'wrong')
    await check(id, 'analytical engine')
    for (let count = 0; count < 9; count++) await check(id, 'wrong')

    expect(await userOf(id)).toMatchObject({ locked: false, verification_attempts_remaining: 1 })
  })

  it('has no end where the instance gives it none', async () => {
    await set({ maxAttempts: 5, durationSeconds: null })
    const { id } = await newUser()

    for (let count = 0; count < 5; count++) await check(id, 'wrong')

    expect(await userOf(id)).toMatchObject({ locked: true, lockout_expires_in_seconds: null })
  })

  it('never comes where it is off', async () => {
    await set({ enabled: false })
    const { id } = await newUser()

    for (let count = 0; count < 12; count++) await check(id, 'wrong')

    expect(await userOf(id)).toMatchObject({ locked: false, verification_attempts_remaining: null })
  })
})
