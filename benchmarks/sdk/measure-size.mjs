import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { median } from '../lib/drive.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The bundles, and their maximum size in bytes. A kilobyte is 1000 bytes. */
const BUNDLES = [
  { goal: 'client bundle, gzip', program: (name) => `export { createClerkClient } from '${name}'`, limit: 22_000 },
  {
    goal: 'createAuthenticateRequest of /internal alone, gzip',
    program: (name) => `export { createAuthenticateRequest } from '${name}/internal'`,
    limit: 15_000,
  },
  { goal: 'verifyToken alone, gzip', program: (name) => `export { verifyToken } from '${name}'`, limit: 6000 },
  { goal: 'verifyJwt of /jwt alone, gzip', program: (name) => `export { verifyJwt } from '${name}/jwt'`, limit: 4000 },
]

/** Goal: milliseconds of CPU time, beyond those of Node alone. */
const REQUIRE_GOAL = 15

/** Measures the size of bundles of the built packages, and the time to load them. */
export async function measureSize({ quick, log }) {
  log('sdk: bundles')
  const goals = []
  for (const { goal, program, limit } of BUNDLES) {
    const [ours, official] = await Promise.all(
      ['@latchkey/backend', '@clerk/backend'].map((name) => bytesOf(program(name))),
    )
    goals.push({
      goal,
      wanted: kilobytes(limit),
      measured: kilobytes(ours),
      official: kilobytes(official),
      reached: ours <= limit,
    })
  }
  log('sdk: require')
  const { ours, official } = requireTimes(quick ? 7 : 31)
  goals.push({
    goal: 'require of the client, over bare Node',
    wanted: `${REQUIRE_GOAL} ms`,
    measured: `${ours.toFixed(1)} ms`,
    official: `${official.toFixed(1)} ms`,
    reached: ours <= REQUIRE_GOAL,
  })
  return { goals }
}

/** One file, minified, without splitting, so that dynamic imports count too. */
async function bytesOf(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    write: false,
    logLevel: 'error',
  })
  return gzipSync(outputFiles[0].contents, { level: 9 }).length
}

/** CPU time of processes that only load a package, in turn. */
function requireTimes(rounds) {
  const programs = { bare: '', ours: "require('@latchkey/backend')", official: "require('@clerk/backend')" }
  const times = { bare: [], ours: [], official: [] }
  for (let round = 0; round <= rounds; round++) {
    for (const [name, program] of Object.entries(programs)) {
      const report = 'const { user, system } = process.cpuUsage(); console.log(user + system)'
      const { status, stdout } = spawnSync(process.execPath, ['-e', `${program}\n${report}`], {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      if (status !== 0) throw new Error(`${program} failed`)
      // The first round fills the caches of the file system.
      if (round > 0) times[name].push(Number(stdout) / 1000)
    }
  }
  const bare = median(times.bare)
  return { ours: median(times.ours) - bare, official: median(times.official) - bare }
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(2)} kB`
}
