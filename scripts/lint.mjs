// npm run lint: checks the formatting, then runs oxlint with type-aware rules. Arguments are passed to oxlint.
// `npm run format` fixes the formatting.
import { join } from 'node:path'
import { installDependencies, root, run, runScript } from './setup.mjs'

const FOLDERS = ['packages', 'scripts', 'tests', 'benchmarks', 'examples', 'vitest.config.ts']

await runScript(async () => {
  await installDependencies()
  const oxfmt = join(root, 'node_modules/oxfmt/bin/oxfmt')
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
  await run(process.execPath, [oxfmt, '--check', ...FOLDERS])
  await run(process.execPath, [oxlint, '--type-aware', '--deny-warnings', ...process.argv.slice(2), ...FOLDERS])
})
