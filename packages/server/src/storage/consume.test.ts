import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { Consume } from '../kernel/limits.js'
import { dialects, newMigratedDatabase, StillClock } from '../server.test-support.js'
import { createConsume, removeEndedWindows } from './consume.js'
import type { Database } from './database.js'
import { migrate } from './migrate.js'
import { openDatabase } from './open-database.js'

const START = Date.UTC(2026, 0, 1)

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Counters of one database; `again` is that of another node. */
async function counter(dialect: 'sqlite' | 'postgres') {
  const clock = new StillClock(START)
  const { location, drop } = await newMigratedDatabase(dialect)
  cleanups.push(drop)
  const open = async () => {
    const opened = await openDatabase({ location })
    cleanups.push(() => opened.close())
    return opened
  }
  const database = await open()
  await migrate(database, START)
  const again = async () => createConsume(await open(), clock)
  return { clock, database, consume: createConsume(database, clock), again }
}

const refusedFor = (retryAfterSeconds: number, ...reached: string[]) => ({
  retryAfterSeconds,
  reached: reached.length === 0 ? ['key'] : reached,
})

const rows = (database: Database) => database.read.selectFrom('rate_limits').selectAll().execute()

describe.each(dialects)('what limits count on %s', (dialect) => {
  it('is allowed up to the maximum, then refused until the window ends', async () => {
    const { consume, clock } = await counter(dialect)
    const spend = () => consume({ key: 'key', max: 2, windowSeconds: 10 })

    expect([await spend(), await spend()]).toEqual([undefined, undefined])
    clock.advance(3500)
    expect([await spend(), await spend()]).toEqual([refusedFor(7), refusedFor(7)])
    clock.advance(6499)
    expect(await spend()).toEqual(refusedFor(1))
    clock.advance(1)
    expect([await spend(), await spend()]).toEqual([undefined, undefined])
    expect(await spend()).toEqual(refusedFor(10))
  })

  it('opens a window with the first call, not by the clock', async () => {
    const { consume, clock } = await counter(dialect)
    const rule = { max: 1, windowSeconds: 10 }
    clock.advance(9999)
    expect(await consume({ ...rule, key: 'key' })).toBeUndefined()
    clock.advance(2)
    expect(await consume({ ...rule, key: 'key' })).toEqual(refusedFor(10))
  })

  it('is counted for each key', async () => {
    const { consume } = await counter(dialect)
    const rule = { max: 1, windowSeconds: 10 }
    expect([await consume({ ...rule, key: 'a' }), await consume({ ...rule, key: 'b' })]).toEqual([undefined, undefined])
    expect(await consume({ ...rule, key: 'a' })).toBeDefined()
  })

  it('is counted for all keys or none, and waits for the last of those that refuse', async () => {
    const { consume, clock } = await counter(dialect)
    const short = { key: 'short', max: 1, windowSeconds: 10 }
    const long = { key: 'long', max: 2, windowSeconds: 60 }

    expect(await consume(short, long)).toBeUndefined()
    clock.advance(1000)
    for (let times = 0; times < 5; times++) expect(await consume(short, long)).toEqual(refusedFor(9, 'short'))
    clock.advance(9000)
    expect(await consume(short, long)).toBeUndefined()
    expect(await consume(short, long)).toEqual(refusedFor(50, 'short', 'long'))
    clock.advance(10_000)
    for (let times = 0; times < 5; times++) expect(await consume(short, long)).toEqual(refusedFor(40, 'long'))
    expect(await consume(short)).toBeUndefined()
    clock.advance(40_000)
    expect(await consume(long, short)).toBeUndefined()
  })

  it.each([1, 7, 63])('lets no more than %i of 64 calls at once through that count for two keys', async (max) => {
    const { consume } = await counter(dialect)
    const [one, other] = ['one', 'other'].map((key) => ({ key, max, windowSeconds: 60 }))
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, call) => (call % 2 === 0 ? consume(one!, other!) : consume(other!, one!))),
    )
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(max)
  })

  it('takes keys of any length and any text', async () => {
    const { consume } = await counter(dialect)
    const rule = { max: 1, windowSeconds: 10 }
    for (const key of ['x'.repeat(100_000), `${'x'.repeat(100_000)}y`, '\0', '']) {
      expect(await consume({ ...rule, key })).toBeUndefined()
      expect(await consume({ ...rule, key })).toBeDefined()
    }
  })

  it.each([1, 7, 63, 64])('lets no more than %i of 64 calls at once through', async (max) => {
    const { consume } = await counter(dialect)
    const answers = await Promise.all(Array.from({ length: 64 }, () => consume({ key: 'key', max, windowSeconds: 60 })))
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(max)
  })

  it('agrees with a plain count, whenever the calls come', async () => {
    const { consume, clock } = await counter(dialect)
    let round = 0
    const call = fc.record({ key: fc.constantFrom('a', 'b'), wait: fc.integer({ min: 0, max: 6000 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 12 }), fc.integer({ min: 1, max: 3 }), async (calls, max) => {
        round++
        const model = new Map<string, { count: number; endsAt: number }>()
        for (const { key, wait } of calls) {
          clock.advance(wait)
          const now = clock.now()
          let window = model.get(key)
          if (!window || window.endsAt <= now) model.set(key, (window = { count: 0, endsAt: now + 10_000 }))
          window.count++
          const retryAfterSeconds = Math.ceil((window.endsAt - now) / 1000)
          expect(await consume({ key: `${round} ${key}`, max, windowSeconds: 10 })).toEqual(
            window.count > max ? refusedFor(retryAfterSeconds, `${round} ${key}`) : undefined,
          )
        }
      }),
      { numRuns: 30 },
    )
  })
})

describe.runIf(dialects.includes('postgres'))('what limits count on several nodes', () => {
  it('is shared, also when all call at once', async () => {
    const { consume, again } = await counter('postgres')
    const nodes: Consume[] = [consume, await again(), await again()]
    const answers = await Promise.all(
      Array.from({ length: 66 }, (_, index) => nodes[index % 3]!({ key: 'key', max: 20, windowSeconds: 60 })),
    )
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(20)
  })

  it('is removed once its window has ended, and not before', async () => {
    const { consume, clock, database } = await counter('postgres')
    await consume({ key: 'short', max: 1, windowSeconds: 10 })
    await consume({ key: 'long', max: 1, windowSeconds: 20 })
    clock.advance(10_000)
    await removeEndedWindows(database, clock.now())
    expect(await rows(database)).toMatchObject([{ count: 1, reset_at: START + 20_000 }])
    expect(await consume({ key: 'long', max: 1, windowSeconds: 20 })).toBeDefined()
  })

  it('is kept under digests of the keys', async () => {
    const { consume, database } = await counter('postgres')
    await consume({ key: 'ins_1 sign-ins 192.0.2.1', max: 1, windowSeconds: 10 })
    expect(await rows(database)).toMatchObject([{ key: expect.stringMatching(/^[\w-]{43}$/) }])
  })
})
