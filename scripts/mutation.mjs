// npm run mutation [-- FOLDER OR FILE...]: changes the sources in one place at a time and counts the changes that no
// test notices. Skips code and tests that have not changed since the last run. Fails below the goal.
import { join } from 'node:path'
import { Stryker } from '@stryker-mutator/core'
import { root, runScript } from './setup.mjs'

/** The mutated folders; their tests are in the same folder. */
const FOLDERS = ['packages/crypto/src', 'packages/backend/src/authenticate']

/** Percent of the mutants that tests must notice. */
const GOAL = 85

const UNUSED = ['dist', 'examples', 'benchmarks', '.ci', '.build', '.latchkey', 'coverage']

await runScript(async () => {
  process.chdir(root)
  const wanted = process.argv.slice(2)
  for (const folder of FOLDERS) {
    const files = wanted.filter((path) => path.startsWith(`${folder}/`))
    if (wanted.length === 0 || wanted.some((path) => folder.startsWith(path)) || files.length > 0)
      await mutate(folder, files)
  }
})

/**
 * @param {string} folder
 * @param {string[]} files The files of the folder to mutate. Default, and for an empty list: all of them.
 */
async function mutate(folder, files) {
  const results = join('.build/mutation', folder.split('/')[1])
  const sources = [`${folder}/**/*.ts`, `!${folder}/**/*.test.ts`, `!${folder}/**/*.test-support.ts`]
  const stryker = new Stryker({
    mutate: files.length > 0 ? files : sources,
    testRunner: 'vitest',
    vitest: { configFile: 'scripts/vitest/mutation.ts', dir: folder, related: false },
    plugins: ['@stryker-mutator/vitest-runner'],
    coverageAnalysis: 'perTest',
    concurrency: 1,
    incremental: true,
    incrementalFile: join(results, 'incremental.json'),
    tempDirName: '.build/mutation/sandbox',
    ignorePatterns: UNUSED,
    // Stryker would read it with the compiler, which is no longer available as a library.
    tsconfigFile: 'none',
    reporters: ['progress-append-only', 'clear-text', 'json'],
    clearTextReporter: { logTests: false, reportTests: false },
    jsonReporter: { fileName: join(results, 'mutants.json') },
    thresholds: { high: GOAL, low: GOAL, break: GOAL },
  })
  await stryker.runMutationTest()
}
