#!/usr/bin/env node
// npm run outages [-- FILE]
//
// The tests of deaths, backlogs and outages in their long form: 25 deaths during 10,000 changes, and a backlog of a million
// deliveries. CI runs them in a short one. What comes behind `--` goes to vitest.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const test = fileURLToPath(new URL('../../scripts/test.mjs', import.meta.url))
const given = process.argv.slice(2)
const files =
  given.length > 0 ? given : ['kill', 'webhooks', 'outages'].map((name) => `tests/durability/${name}.test.ts`)
const env = { ...process.env, LATCHKEY_LONG_TESTS: 'true' }
const { status } = spawnSync(process.execPath, [test, ...files], { stdio: 'inherit', env })
process.exit(status ?? 1)
