// npm run typecheck: checks the packages by building them, then tests and scripts against the sources.
import { join } from 'node:path'
import { build } from './build.mjs'
import { root, run, runScript } from './setup.mjs'

const tsc = join(root, 'node_modules/typescript/bin/tsc')

await runScript(async () => {
  await build()
  await run(process.execPath, [tsc, '-p', 'tsconfig.test.json'])
  // Separate, because Next's types change those of Node for all files checked with them.
  await run(process.execPath, [tsc, '-p', 'tests/adapters/nextjs'])
  await run(process.execPath, [tsc, '-p', 'scripts'])
})
