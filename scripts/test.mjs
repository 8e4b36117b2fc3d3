// npm test [-- OPTIONS AND PATHS]: builds what is out of date, then runs the tests on SQLite and on a bundled PostgreSQL.
// Options and paths are passed to vitest, whose own are listed by: npx vitest run --help
//
//   npm test -- packages/cli        the tests of a folder
//   npm test -- -t 'sign in'        the tests whose name has this
//   DIALECTS=sqlite npm test        without PostgreSQL
//
// These are the tests without a browser, in about twenty minutes on two cores. In Chromium (`apt install chromium`, or its path in
// CHROMIUM) run, with the same options:
//
//   npm run browser                 some flows at each kind of page, a quarter of an hour
//   npm run browser-matrix          every flow at each kind of page, half an hour
//   SCREENSHOTS=folder npm run browser     keeps a picture of each screen
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build } from './build.mjs'
import { wantedDialects } from './dialects.mjs'
import { preparePostgres, root, runScript } from './setup.mjs'

await runScript(async () => {
  wantedDialects()
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
