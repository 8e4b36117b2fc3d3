import { median } from '../lib/drive.mjs'

/**
 * CPU time of one operation, for all threads of the process. The operations are measured in turn, many times, so that
 * other load on the machine affects all of them equally.
 *
 * @param {Record<string, (index: number) => unknown>} operations
 * @param {{ rounds: number, millis: number }} effort how often each is measured, and for how long
 * @returns {Promise<Record<string, number>>} microseconds, medians
 */
export async function measureCpu(operations, { rounds, millis }) {
  const counts = {}
  for (const [name, operation] of Object.entries(operations)) counts[name] = await countFor(operation, millis)
  const samples = Object.fromEntries(Object.keys(operations).map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, operation] of Object.entries(operations)) {
      const before = process.cpuUsage()
      await repeat(operation, counts[name])
      const { user, system } = process.cpuUsage(before)
      samples[name].push((user + system) / counts[name])
    }
  }
  return Object.fromEntries(Object.entries(samples).map(([name, numbers]) => [name, median(numbers)]))
}

/** Warms up an operation and finds how many runs fill the time. */
async function countFor(operation, millis) {
  for (let count = 64; ; count *= 2) {
    const started = performance.now()
    await repeat(operation, count)
    if (performance.now() - started > millis / 2)
      return Math.max(64, Math.round((count * millis) / (performance.now() - started)))
  }
}

async function repeat(operation, count) {
  for (let index = 0; index < count; index++) await operation(index)
}
