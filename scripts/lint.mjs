// npm run lint: oxlint with its rules that need types. Arguments are passed on.
import { join } from 'node:path'
import { installDependencies, root, run, runScript } from './setup.mjs'

await runScript(async () => {
  await installDependencies()
  await run(process.execPath, [join(root, 'node_modules/oxlint/bin/oxlint'), '--type-aware', '--deny-warnings', ...process.argv.slice(2)])
})
