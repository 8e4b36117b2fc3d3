// npm run nodes [-- VERSION...] [-- PATH...]: runs the tests on SQLite with each supported version of Node, which it installs
// in .build. Versions (22) narrow the list; everything else is passed to vitest.
import { delimiter, dirname, join } from 'node:path'
import { installNodes, NODES } from './apart.mjs'
import { build } from './build.mjs'
import { note, root, run, runScript } from './setup.mjs'

/** What runs in the users' programs, and the tests of several packages at once. */
const TESTS = ['packages/backend', 'packages/crypto', 'packages/server', 'packages/cli', 'packages/testing', 'tests']

await runScript(async () => {
  await build()
  const given = process.argv.slice(2)
  const versions = given.filter((word) => NODES.includes(Number(word))).map(Number)
  const rest = given.filter((word) => !NODES.includes(Number(word)))
  const failed = []
  for (const { major, program } of await installNodes(versions.length > 0 ? versions : NODES)) {
    note(`\nNode ${major}: ${program}`)
    const env = {
      ...process.env,
      DIALECTS: 'sqlite',
      // For the programs that tests start by name.
      PATH: `${dirname(program)}${delimiter}${process.env.PATH}`,
    }
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    await run(program, [vitest, 'run', ...(rest.length > 0 ? rest : TESTS)], { env, stdio: 'inherit' }).catch(() =>
      failed.push(`Node ${major}: tests failed`),
    )
  }
  if (failed.length > 0) throw new Error(`\n${failed.join('\n')}`)
})
