import { pathToFileURL } from 'node:url'
import { bundle } from '../lib/bundle.mjs'
import { median } from '../lib/drive.mjs'

const ROLES = 10
const PERMISSIONS = 150
const FEATURES = 15
const ROUNDS = 15
/** Microseconds. */
const LIMIT = 20

/** What the claims of an organization cost that a token has, where a role has as many permissions as an instance may. */
export async function measureClaims({ quick, log }) {
  log('Claims …')
  const { organizationClaimsV1, organizationClaimsV2 } = await import(pathToFileURL(await bundle('claims')).href)
  const permissionKeys = Array.from(
    { length: PERMISSIONS },
    (_, n) => `org:feature${n % FEATURES}:action${Math.floor(n / FEATURES)}`,
  )
  const roles = Array.from({ length: ROLES }, (_, n) => ({
    id: 'org_1',
    slug: 'acme',
    roleKey: `org:role${n}`,
    // Each has others, so that nothing is the same twice in a row; the first has all.
    permissionKeys: permissionKeys.filter((_key, at) => n === 0 || at % (n + 1) !== 0),
  }))
  const count = quick ? 2000 : 20_000
  const rows = Object.entries({ organizationClaimsV2, organizationClaimsV1 }).map(([name, build]) => {
    const all = measure(count, () => build(roles[0]))
    let k = 0
    const mixed = measure(count, () => build(roles[k++ % ROLES]))
    return `| ${name}, ${PERMISSIONS} permissions | ${all.toFixed(1)} | ${(all / LIMIT).toFixed(2)} of ${LIMIT} µs |\n| ${name}, ${ROLES} roles in turn | ${mixed.toFixed(1)} | ${(mixed / LIMIT).toFixed(2)} of ${LIMIT} µs |`
  })
  return `## Claims of an organization\n\nIn process, ${count} in a row, median of ${ROUNDS} rounds: ${PERMISSIONS} permissions of ${FEATURES} features.\n\n| what | CPU µs | ratio |\n|---|--:|---|\n${rows.join('\n')}`
}

function measure(count, work) {
  for (let n = 0; n < count; n++) work()
  return median(
    Array.from({ length: ROUNDS }, () => {
      const before = process.cpuUsage()
      for (let n = 0; n < count; n++) work()
      const { user, system } = process.cpuUsage(before)
      return (user + system) / count
    }),
  )
}
