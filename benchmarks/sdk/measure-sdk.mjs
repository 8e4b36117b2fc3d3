import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))
const worker = fileURLToPath(new URL('./worker.mjs', import.meta.url))

/** What the goals compare: ours, with what, and how much of it must be reached. */
const RATIOS = [
  ['node', 'verifyToken, no cache', 'bare crypto.verify', 0.8],
  ['node', 'verifyToken, no cache', 'fast-jwt', 1],
  ['web', 'verifyToken, no cache', 'bare subtle.verify', 0.75],
]

/** How many a second of CPU must be reached. */
const RATES = [
  ['verifyToken, cached', 500_000],
  ['authenticateRequest, header', 20_000],
  ['authenticateRequest, cookie', 15_000],
]

/** Measures verification and authentication beside peers, in processes of their own, and writes the section. */
export async function measureSdk({ quick, log }) {
  mkdirSync(`${root}benchmarks/.build`, { recursive: true })
  await build({ entryPoints: [`${root}benchmarks/sdk/sdk.ts`], bundle: true, platform: 'node', format: 'esm', outfile: `${root}benchmarks/.build/sdk.mjs`, logLevel: 'error', alias: sources() })
  const effort = quick ? ['5', '150'] : ['15', '400']
  const results = {}
  for (const part of ['node', 'web']) {
    log(`sdk: ${part}`)
    const { status, stdout } = spawnSync(process.execPath, [worker, part, ...effort], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
    if (status !== 0) throw new Error(`The measurement of the SDK (${part}) failed.`)
    results[part] = JSON.parse(stdout)
  }
  return [table(results), goals(results)].join('\n\n')
}

function table(results) {
  const rows = Object.entries(results).flatMap(([part, figures]) =>
    Object.entries(figures).map(([name, micros]) => `| ${name}${part === 'web' ? ' (WebCrypto)' : ''} | ${micros.toFixed(2)} | ${perSecond(micros)} |`),
  )
  return ['## Tokens and requests in the SDK', '', '| operation | CPU, µs | per second of CPU |', '|---|---|---|', ...rows].join('\n')
}

function goals(results) {
  const rows = RATIOS.map(([part, ours, peer, goal]) => {
    const ratio = results[part][peer] / results[part][ours]
    return `| ${ours}${part === 'web' ? ' (WebCrypto)' : ''}, of ${peer} | ${ratio.toFixed(2)} | ${goal.toFixed(2)} | ${ratio >= goal ? 'yes' : 'no'} |`
  })
  for (const [name, goal] of RATES) {
    const rate = 1e6 / results.node[name]
    rows.push(`| ${name}, per second of CPU | ${Math.round(rate)} | ${goal} | ${rate >= goal ? 'yes' : 'no'} |`)
  }
  return ['| goal | measured | wanted | reached |', '|---|---|---|---|', ...rows].join('\n')
}

function perSecond(micros) {
  return Math.round(1e6 / micros).toLocaleString('en')
}

function sources() {
  return { '@latchkey/crypto': `${root}packages/crypto/src/index.ts`, '@latchkey/types': `${root}packages/types/src/index.ts` }
}
