// npm test: installs and builds what is missing, then runs the tests. Arguments are passed to vitest.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build } from './build.mjs'
import { installDependencies, preparePostgres, root, runScript } from './setup.mjs'

await runScript(async () => {
  await installDependencies()
  await preparePostgres()
  await build()
  const vitest = spawn(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...process.argv.slice(2)],
    {
      cwd: root,
      stdio: 'inherit',
    },
  )
  // Ctrl-C reaches vitest directly. Signals sent only to this process are forwarded.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => vitest.kill('SIGTERM'))
  process.exitCode = await new Promise((resolve) => vitest.once('exit', (code) => resolve(code ?? 1)))
})
