import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dialects, newMigratedDatabase } from '../../packages/server/src/server.test-support.js'
import { attacks, describeMeasured, hungDatabase, measure, short } from './attacks.mjs'
import { openProxy } from './proxy.mjs'
import { startVictim, type Victim } from './victim.mjs'

/** Bytes. The program holds some 150 MB when nobody asks for anything. */
const MEMORY_BOUND = 700 * 1024 * 1024

describe('the listening program under attack', () => {
  let victim: Victim
  beforeAll(async () => {
    victim = await startVictim()
  }, 120_000)
  afterAll(() => victim?.stop())

  it.each(Object.entries(attacks))('outlives %s, in bounded memory', async (name, attack) => {
    const measured = await measure(victim, attack, short)
    process.stdout.write(`${describeMeasured(name, measured)}\n`)
    expect(measured.mostRss).toBeLessThan(MEMORY_BOUND)
    expect(measured.answered).toBeGreaterThan(0)
    expect((await fetch(`${victim.url}/livez`)).status).toBe(200)
  })

  it('then ends in order, with nothing to complain about', async () => {
    const { code, stderr } = await victim.stop()
    expect(code).toBe(0)
    expect(stderr.split('\n').filter((line) => line.includes('"level":50'))).toEqual([])
    expect(stderr).not.toContain('destroyed')
  })
})

describe.runIf(dialects.includes('postgres'))('the listening program on a database', () => {
  it('that falls silent answers 503, in bounded memory, and goes on once it is there again', async () => {
    const { location, drop } = await newMigratedDatabase('postgres')
    const proxy = await openProxy(location)
    const victim = await startVictim(proxy.location)
    try {
      const measured = await measure(victim, hungDatabase(proxy), short)
      process.stdout.write(`${describeMeasured('a database that falls silent', measured)}\n`)
      expect(measured.mostRss).toBeLessThan(MEMORY_BOUND)
      expect(measured.answered).toBeGreaterThan(0)
      expect((await fetch(`${victim.url}/livez`)).status).toBe(200)
    } finally {
      expect((await victim.stop()).code).toBe(0)
      await proxy.close()
      await drop()
    }
  }, 180_000)
})
