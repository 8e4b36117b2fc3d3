// npm run lint: oxlint with its rules that need types. Arguments are passed on.
import { join } from 'node:path'
import { installDependencies, root, run, runScript } from './setup.mjs'

const FOLDERS = ['packages', 'scripts', 'tests', 'benchmarks', 'examples', 'vitest.config.ts']

await runScript(async () => {
  await installDependencies()
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
  await run(process.execPath, [oxlint, '--type-aware', '--deny-warnings', ...process.argv.slice(2), ...FOLDERS])
})
