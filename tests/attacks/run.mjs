// npm run attacks: every attack in its long form against the built program, on SQLite and on PostgreSQL, in five minutes. Prints how
// others were answered meanwhile, and how much memory was held. docs/development/attacks.md says more.
import { startPostgres } from '../../scripts/postgres.mjs'
import { attacks, describeMeasured, hungDatabase, long, measure } from './attacks.mjs'
import { openProxy } from './proxy.mjs'
import { startVictim } from './victim.mjs'

const MEMORY_BOUND = 1024 * 1024 * 1024

/** Whether the program outlived the attacks in order. */
async function run(victim, named) {
  let most = 0
  for (const [name, attack] of Object.entries(named)) {
    const measured = await measure(victim, attack, long)
    most = measured.mostRss
    console.log(describeMeasured(name, measured))
  }
  const { code, stderr } = await victim.stop()
  const faults = stderr.split('\n').filter((line) => line.includes('"level":50') || line.includes('destroyed'))
  for (const line of faults.slice(0, 5)) console.error(line)
  if (code === 0 && faults.length === 0 && most <= MEMORY_BOUND) return true
  console.error(`The server ended with ${code} after ${faults.length} faults, and held ${most} bytes at most`)
  return false
}

let isGood = await run(await startVictim(), attacks)

const postgres = await startPostgres()
const proxy = await openProxy(postgres.url)
try {
  const named = { 'a database that falls silent': hungDatabase(proxy) }
  isGood = (await run(await startVictim(proxy.location), named)) && isGood
} finally {
  await proxy.close()
  await postgres.stop()
}
if (!isGood) process.exitCode = 1
