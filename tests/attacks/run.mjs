// npm run attacks: every attack in its long form against the built program. Prints what it measured.
import { attacks, describeMeasured, long, measure } from './attacks.mjs'
import { startVictim } from './victim.mjs'

const MEMORY_BOUND = 1024 * 1024 * 1024

const victim = await startVictim()
let most = 0
for (const [name, attack] of Object.entries(attacks)) {
  const measured = await measure(victim, attack, long)
  most = measured.mostRss
  console.log(describeMeasured(name, measured))
}
const { code, stderr } = await victim.stop()
const faults = stderr.split('\n').filter((line) => line.includes('"level":50') || line.includes('destroyed'))
for (const line of faults.slice(0, 5)) console.error(line)
if (code !== 0 || faults.length > 0 || most > MEMORY_BOUND) {
  console.error(`The server ended with ${code} after ${faults.length} faults, and held ${most} bytes at most`)
  process.exitCode = 1
}
