import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attacks, describeMeasured, measure, short } from './attacks.mjs'
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
