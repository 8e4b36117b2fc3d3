import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLogger } from '../kernel/runtime.js'
import { Jobs } from './jobs.js'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

describe('periodic jobs', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  const start = (every: number) => {
    const runs: number[] = []
    const began = Date.now()
    const clock = { now: () => Date.now() - began }
    const run = async (now: number) => void runs.push(now)
    const jobs = new Jobs({ jobs: [{ name: 'test', every, run }], clock, logger: silentLogger })
    jobs.start()
    return { jobs, runs }
  }

  it('run minutes after a start, as a server that is started anew each day would never run those of a day', async () => {
    const { jobs, runs } = start(DAY)
    await vi.advanceTimersByTimeAsync(2 * DAY)
    expect(runs).toEqual([5 * MINUTE, DAY, 2 * DAY])
    await jobs.stop()
  })

  it('run at their interval if that is shorter, and not after the stop', async () => {
    const { jobs, runs } = start(MINUTE)
    await vi.advanceTimersByTimeAsync(6 * MINUTE)
    expect(runs).toEqual([1, 2, 3, 4, 5, 6].map((minute) => minute * MINUTE))
    await jobs.stop()
    await vi.advanceTimersByTimeAsync(DAY)
    expect(runs).toHaveLength(6)
  })
})
