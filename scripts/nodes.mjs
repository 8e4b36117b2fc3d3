// npm run nodes [-- VERSION...] [-- PATH...]: runs the tests on SQLite with each supported version of Node, which it installs
// in .build. Versions (22) narrow the list; everything else is passed to vitest.
import { delimiter, dirname, join } from 'node:path'
import { installNode, NODES } from './apart.mjs'
import { build } from './build.mjs'
import { installDependencies, note, root, run, runScript } from './setup.mjs'

/** What runs in the users' programs, and the tests of several packages at once. */
const TESTS = ['packages/backend', 'packages/crypto', 'packages/server', 'packages/cli', 'packages/testing', 'tests']

await runScript(async () => {
  await installDependencies()
  await build()
  const given = process.argv.slice(2)
  const versions = given.filter((word) => NODES.includes(Number(word))).map(Number)
  const rest = given.filter((word) => !NODES.includes(Number(word)))
  const wanted = versions.length > 0 ? versions : NODES
  // All of them first: some tests run on each version that is here.
  const programs = new Map()
  for (const major of wanted) programs.set(major, await installNode(major))
  const failed = []
  for (const [major, program] of programs) {
    if (!program) {
      failed.push(`Node ${major} could not be installed`)
      continue
    }
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
