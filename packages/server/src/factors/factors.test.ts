import { describe, expect, it } from 'vitest'
import { ENCRYPTION_KEY } from '../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../server.test-support.js'
import type { Attempt, AttemptParams } from './factor.js'
import {
  factorsOf,
  lastCode,
  OTHER_SIGN_IN,
  otherThan,
  PASSWORD,
  SIGN_IN,
  totpAt,
  TOTP_SECRET,
  verificationsOf,
} from './factors.test-support.js'

type Factors = Awaited<ReturnType<typeof factorsOf>>

describe.each(dialects)('factors on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })

  const newUser = async (params: object = {}) =>
    (await server.client.users.createUser({ username: 'ada_l', ...params })).id
  const reserveNumber = (userId: string, phoneNumber: string) =>
    server.call('POST', '/phone_numbers', {
      user_id: userId,
      phone_number: phoneNumber,
      verified: true,
      reserved_for_second_factor: true,
    })
  const shown = async (userId: string) => (await server.call('GET', `/users/${userId}`)).body
  const count = (attempts: Attempt[], status: Attempt['status']) =>
    attempts.filter((attempt) => attempt.status === status).length

  /** A user who can use the factor, and what is right and wrong for it. Codes are sent already. */
  interface Case {
    name: string
    choose: (factors: Factors) => Factors['first'][keyof Factors['first']] | Factors['second'][keyof Factors['second']]
    arrange: (factors: Factors) => Promise<{ userId: string; right: AttemptParams; wrong: AttemptParams }>
    off: object
    /** What a second attempt with the same proof comes to, and one for another subject. */
    again: Attempt['status']
    elsewhere: Attempt['status']
    /** A missing proof. */
    param: string
  }

  const sent = async () => {
    const code = await lastCode(server)
    return { right: { code }, wrong: { code: otherThan(code) } }
  }
  const cases: Case[] = [
    {
      name: 'password',
      choose: ({ first }) => first.password,
      arrange: async () => ({
        userId: await newUser({ password: PASSWORD }),
        right: { password: PASSWORD },
        wrong: { password: 'wrong' },
      }),
      off: { password: { enabled: false } },
      again: 'verified',
      elsewhere: 'verified',
      param: 'password',
    },
    {
      name: 'email_code',
      choose: ({ first }) => first.email_code,
      arrange: async ({ first, prepare }) => {
        const userId = await newUser({ emailAddress: ['ada@example.com'] })
        await prepare(first.email_code, userId)
        return { userId, ...(await sent()) }
      },
      off: { identifiers: { emailAddress: { enabled: false, required: false } } },
      again: 'already_verified',
      elsewhere: 'missing',
      param: 'code',
    },
    {
      name: 'phone_code',
      choose: ({ first }) => first.phone_code,
      arrange: async ({ first, prepare }) => {
        const userId = await newUser({ phoneNumber: ['+14155552671'] })
        await prepare(first.phone_code, userId)
        return { userId, ...(await sent()) }
      },
      off: { identifiers: { phoneNumber: { enabled: false, required: false } } },
      again: 'already_verified',
      elsewhere: 'missing',
      param: 'code',
    },
    {
      name: 'phone_code as second factor',
      choose: ({ second }) => second.phone_code,
      arrange: async ({ second, prepare }) => {
        const userId = await newUser()
        await reserveNumber(userId, '+14155552671')
        await prepare(second.phone_code, userId)
        return { userId, ...(await sent()) }
      },
      off: { identifiers: { phoneNumber: { enabled: false, required: false } } },
      again: 'already_verified',
      elsewhere: 'missing',
      param: 'code',
    },
    {
      name: 'totp',
      choose: ({ second }) => second.totp,
      arrange: async () => {
        const now = server.clock.now()
        const near = [-30_000, 0, 30_000].map((offset) => totpAt(now + offset))
        return {
          userId: await newUser({ totpSecret: TOTP_SECRET }),
          right: { code: totpAt(now) },
          wrong: { code: otherThan(...near) },
        }
      },
      off: { attributes: { authenticator_app: { enabled: false } } },
      again: 'wrong',
      elsewhere: 'wrong',
      param: 'code',
    },
    {
      name: 'backup_code',
      choose: ({ second }) => second.backup_code,
      arrange: async () => ({
        userId: await newUser({ totpSecret: TOTP_SECRET, backupCodes: ['abcd2345', 'efgh6789'] }),
        right: { code: 'ABCD-2345' },
        wrong: { code: 'wrong234' },
      }),
      off: { attributes: { backup_code: { enabled: false } } },
      again: 'wrong',
      elsewhere: 'wrong',
      param: 'code',
    },
  ]

  describe.each(cases)('$name', ({ name, choose, arrange, off, again, elsewhere, param }) => {
    const strategy = name.split(' ')[0]
    const arranged = async () => {
      const factors = await factorsOf(server)
      return { ...factors, factor: choose(factors), ...(await arrange(factors)) }
    }

    it('is proved by what is right, and leaves a verification', async () => {
      const { attempt, factor, userId, right } = await arranged()

      expect(await attempt(factor, userId, right)).toMatchObject({
        status: 'verified',
        verification: { subjectKind: 'sign_in', subjectId: SIGN_IN.id, userId, strategy, status: 'verified' },
      })
      expect(await verificationsOf(server, SIGN_IN)).toMatchObject([
        { subject_kind: 'sign_in', user_id: userId, strategy, status: 'verified' },
      ])
    })

    it('is not proved by what is wrong, which counts towards the lockout', async () => {
      const { attempt, factor, userId, right, wrong } = await arranged()

      expect(await attempt(factor, userId, wrong)).toMatchObject({ status: 'wrong' })
      expect((await verificationsOf(server, SIGN_IN)).filter(({ status }) => status === 'verified')).toEqual([])
      expect(await shown(userId)).toMatchObject({ verification_attempts_remaining: 9 })
      expect(await attempt(factor, userId, right)).toMatchObject({ status: 'verified' })
      expect(await shown(userId)).toMatchObject({ verification_attempts_remaining: 10 })
    })

    it(`comes to ${again} the second time`, async () => {
      const { attempt, factor, userId, right } = await arranged()
      await attempt(factor, userId, right)

      expect(await attempt(factor, userId, right)).toMatchObject({ status: again })
    })

    it(`comes to ${elsewhere} for another subject`, async () => {
      const { attempt, factor, userId, right } = await arranged()
      if (elsewhere !== 'missing') await attempt(factor, userId, right)

      expect(await attempt(factor, userId, right, OTHER_SIGN_IN)).toMatchObject({ status: elsewhere })
    })

    it('is proved once by 32 attempts at once', async () => {
      const { attempt, factor, userId, right } = await arranged()

      const attempts = await Promise.all(Array.from({ length: 32 }, () => attempt(factor, userId, right)))

      expect(count(attempts, 'verified')).toBe(again === 'verified' ? 32 : 1)
      expect((await verificationsOf(server, SIGN_IN)).filter(({ status }) => status === 'verified')).toHaveLength(
        again === 'verified' ? 32 : 1,
      )
    })

    it('is not accepted from a locked user', async () => {
      const { attempt, factor, userId, right } = await arranged()
      await server.client.users.lockUser(userId)

      expect(await attempt(factor, userId, right)).toEqual({ status: 'locked' })
      await server.client.users.unlockUser(userId)
      expect(await attempt(factor, userId, right)).toMatchObject({ status: 'verified' })
    })

    it('is not offered to a user without it', async () => {
      const { attempt, offers, factor, right } = await arranged()
      const bob = await newUser({ username: 'bob_b' })

      expect(await attempt(factor, bob, right)).toEqual({ status: 'unsupported' })
      expect([...(await offers('first', bob)), ...(await offers('second', bob))]).toEqual([])
      expect(await shown(bob)).toMatchObject({ verification_attempts_remaining: 10 })
    })

    it('is not offered while the instance has switched it off', async () => {
      const { attempt, offers, set, factor, userId, right } = await arranged()
      await set(off)

      expect(await attempt(factor, userId, right)).toEqual({ status: 'unsupported' })
      expect((await offers(factor.stage, userId)).filter((offer) => offer.strategy === factor.strategy)).toEqual([])
      await set({})
      expect(await attempt(factor, userId, right)).toMatchObject({ status: 'verified' })
    })

    it('asks for a missing proof', async () => {
      const { attempt, factor, userId } = await arranged()

      await expect(attempt(factor, userId, {})).rejects.toMatchObject({
        status: 422,
        errors: [{ code: 'form_param_missing', meta: { param_name: param } }],
      })
    })
  })

  it.each(['password', 'totp', 'backup_code'])('gains no tries by guessing in parallel: %s', async (name) => {
    const { choose, arrange } = cases.find((one) => one.name === name)!
    const factors = await factorsOf(server)
    const { userId, right, wrong } = await arrange(factors)

    // Everything is compared before the first guess is counted.
    const settles = await Promise.all(
      Array.from({ length: 13 }, (_, index) => factors.check(choose(factors), userId, index < 12 ? wrong : right)),
    )
    const attempts: Attempt[] = []
    for (const settle of settles) attempts.push(await settle())

    expect(attempts.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 10 }, () => 'wrong'),
      ...Array.from({ length: 3 }, () => 'locked'),
    ])
    expect(await shown(userId)).toMatchObject({ locked: true })
  })

  it('locks once when guesses come at once', async () => {
    const { attempt, first } = await factorsOf(server)
    const userId = await newUser({ password: PASSWORD })

    const attempts = await Promise.all(
      Array.from({ length: 32 }, () => attempt(first.password, userId, { password: 'wrong' })),
    )

    expect([count(attempts, 'wrong'), count(attempts, 'locked')]).toEqual([10, 22])
  })

  it('do not let a first factor reset the count that guards the second', async () => {
    const { attempt, first, second } = await factorsOf(server)
    const userId = await newUser({ password: PASSWORD, totpSecret: TOTP_SECRET })
    const wrong = { code: otherThan(...[-30_000, 0, 30_000].map((offset) => totpAt(server.clock.now() + offset))) }
    for (let tries = 0; tries < 4; tries++) {
      await attempt(second.totp, userId, wrong)
      expect(await attempt(first.password, userId, { password: PASSWORD })).toMatchObject({ status: 'verified' })
    }
    expect(await shown(userId)).toMatchObject({ verification_attempts_remaining: 6 })

    await attempt(second.totp, userId, { code: totpAt(server.clock.now()) })

    expect(await shown(userId)).toMatchObject({ verification_attempts_remaining: 10 })
  })
})
