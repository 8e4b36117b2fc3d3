import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { measureClient } from './measure-client.mjs'
import { measureSize } from './measure-size.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const worker = fileURLToPath(new URL('./worker.mjs', import.meta.url))

/** Goals as a ratio: ours, the peer, and the fraction of the peer's rate that ours must reach. */
const RATIOS = [
  ['node', 'verifyToken, no cache', 'bare crypto.verify', 0.8],
  ['node', 'verifyToken, no cache', 'fast-jwt', 1],
  ['web', 'verifyToken, no cache', 'bare subtle.verify', 0.75],
]

/** Goals as a rate: the operation, its official peer, and the number per CPU second that must be reached. */
const RATES = [
  ['verifyToken, cached', 'verifyToken of @clerk/backend', 500_000],
  ['authenticateRequest, header', 'header, @clerk/backend', 20_000],
  ['authenticateRequest, cookie', 'cookie, @clerk/backend', 15_000],
]

/**
 * Measures verification, authentication, requests and size, and those of peers, in separate processes, and writes the
 * section.
 */
export async function measureSdk({ quick, log }) {
  mkdirSync(`${root}benchmarks/.build`, { recursive: true })
  await build({
    entryPoints: [`${root}benchmarks/sdk/sdk.ts`],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: `${root}benchmarks/.build/sdk.mjs`,
    logLevel: 'error',
    alias: sources(),
  })
  const effort = quick ? ['5', '150'] : ['15', '400']
  const results = {}
  for (const part of ['node', 'web']) {
    log(`sdk: ${part}`)
    const { status, stdout } = spawnSync(process.execPath, [worker, part, ...effort], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    if (status !== 0) throw new Error(`The measurement of the SDK (${part}) failed.`)
    results[part] = JSON.parse(stdout)
  }
  const client = await measureClient({ quick, log })
  const size = await measureSize({ quick, log })
  return [table(results), client.table, goalTable([...goals(results), ...client.goals, ...size.goals])].join('\n\n')
}

function table(results) {
  const rows = Object.entries(results).flatMap(([part, figures]) =>
    Object.entries(figures).map(
      ([name, micros]) =>
        `| ${name}${part === 'web' ? ' (WebCrypto)' : ''} | ${micros.toFixed(2)} | ${perSecond(micros)} |`,
    ),
  )
  return [
    '## Tokens and requests in the SDK',
    '',
    '| operation | CPU, µs | per second of CPU |',
    '|---|---|---|',
    ...rows,
  ].join('\n')
}

function goals(results) {
  const ratios = RATIOS.map(([part, ours, peer, goal]) => {
    const ratio = results[part][peer] / results[part][ours]
    const official = results[part]['verifyToken of @clerk/backend']
    return {
      goal: `${ours}${part === 'web' ? ' (WebCrypto)' : ''}, of ${peer}`,
      wanted: goal.toFixed(2),
      measured: ratio.toFixed(2),
      official: (results[part][peer] / official).toFixed(2),
      reached: ratio >= goal,
    }
  })
  const rates = RATES.map(([name, official, goal]) => ({
    goal: `${name}, per second of CPU`,
    wanted: goal.toLocaleString('en'),
    measured: perSecond(results.node[name]),
    official: perSecond(results.node[official]),
    reached: 1e6 / results.node[name] >= goal,
  }))
  return [...ratios, ...rates]
}

function goalTable(rows) {
  const lines = rows.map(
    ({ goal, wanted, measured, official, reached }) =>
      `| ${goal} | ${wanted} | ${measured} | ${official} | ${reached ? 'yes' : 'no'} |`,
  )
  return [
    '### Goals of the SDK',
    '',
    '| goal | wanted | measured | official | reached |',
    '|---|--:|--:|--:|---|',
    ...lines,
  ].join('\n')
}

function perSecond(micros) {
  return Math.round(1e6 / micros).toLocaleString('en')
}

function sources() {
  return {
    '@latchkey/crypto': `${root}packages/crypto/src/index.ts`,
    '@latchkey/types': `${root}packages/types/src/index.ts`,
  }
}
