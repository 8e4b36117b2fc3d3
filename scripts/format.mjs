// npm run format [-- OPTIONS]: lays out the code as `npm run lint` wants it. Options are passed to oxfmt.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root, run, runScript } from './setup.mjs'

export const FOLDERS = ['packages', 'scripts', 'tests', 'benchmarks', 'examples', 'vitest.config.ts']

/** @param {string[]} options of oxfmt */
export async function format(...options) {
  await run(process.execPath, [join(root, 'node_modules/oxfmt/bin/oxfmt'), ...options, ...FOLDERS])
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await runScript(() => format(...process.argv.slice(2)))
