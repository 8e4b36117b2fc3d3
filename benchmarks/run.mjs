#!/usr/bin/env node
// npm run bench [-- OPTIONS]
//
// Measures the server and the SDK beside peers that it starts in the same run, and writes benchmarks/RESULTS.md. A figure is
// CPU time of the process per request, as that hardly depends on what else the machine does; the ratios are what counts.
//
//   --quick          two minutes: fewer users, shorter runs; prints, and writes nothing
//   --only LIST      some of requests,lists,signing,claims,browsers,webhooks,start,sdk,nodes,express; default: all
//   --against FILE   this build beside another one alone, given by its packages/cli/dist/latchkey.js
//   --cases LIST     with --against, some of its cases: 'GET user,create user'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundle } from './lib/bundle.mjs'
import { measureAgainst } from './server/measure-against.mjs'
import { measureNodes } from './sdk/measure-nodes.mjs'
import { measureBrowsers } from './server/measure-browsers.mjs'
import { measureClaims } from './server/measure-claims.mjs'
import { measureLists } from './server/measure-lists.mjs'
import { measureRequests } from './server/measure-requests.mjs'
import { measureSigning } from './server/measure-signing.mjs'
import { measureStart } from './server/measure-start.mjs'
import { measureWebhooks } from './server/measure-webhooks.mjs'

const ALL = 'requests,lists,signing,claims,browsers,webhooks,start,sdk,nodes,express'
const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: ALL },
    against: { type: 'string' },
    cases: { type: 'string' },
  },
})
const only = new Set(values.only.split(','))
const log = (text) => process.stderr.write(`${text}\n`)

const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: ['ignore', 2, 2] })
if (built.status !== 0) process.exit(1)

const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
const options = {
  quick: values.quick,
  folder,
  log,
  latchkey: join(root, 'packages/cli/dist/latchkey.js'),
  bare: await bundle('bare'),
  emulate: join(root, 'node_modules/emulate/dist/index.js'),
}
const sections = []
try {
  if (values.against) {
    only.clear()
    sections.push(
      await measureAgainst({ ...options, against: resolve(values.against), names: values.cases?.split(',') }),
    )
  }
  if (only.has('requests')) sections.push(await measureRequests(options))
  if (only.has('lists')) sections.push(await measureLists(options))
  if (only.has('signing')) sections.push(await measureSigning(options))
  if (only.has('claims')) sections.push(await measureClaims(options))
  if (only.has('browsers')) sections.push(await measureBrowsers(options))
  if (only.has('webhooks')) sections.push(await measureWebhooks(options))
  if (only.has('start')) sections.push(await measureStart(options))
  // These load built packages.
  if (only.has('sdk')) sections.push(await (await import('./sdk/measure-sdk.mjs')).measureSdk(options))
  if (only.has('nodes')) sections.push(await measureNodes(options))
  if (only.has('express')) sections.push(await (await import('./express/measure.mjs')).measureExpress(options))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const machine = `${cpus()[0]?.model.trim() || process.arch}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`
const text = `# Benchmarks\n\n\`npm run bench\` on ${machine}. CPU is that of the server's process for one request; each peer ran in the same run.\n\n${sections.join('\n\n')}\n`
console.log(text)
if (!values.quick && !values.against && values.only === ALL) writeFileSync(join(root, 'benchmarks/RESULTS.md'), text)
