import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type Reporter, type TestSpecification } from 'vitest/node'
import base from '../../vitest.config.js'

/** A file of tests as vitest keeps it while it runs. */
interface TestFile {
  result?: { state: string; errors?: unknown[] }
  tasks: object[]
}

/** Stryker looks at tests only: a mutant with which a file of tests cannot even be loaded would count as survived. */
const countUnloadable: Reporter = {
  onTestRunEnd(modules) {
    for (const module of modules) {
      const file = (module as unknown as { task: TestFile }).task
      if (file.result?.state !== 'fail' || file.tasks.length > 0) continue
      file.tasks.push({ type: 'test', mode: 'run', name: 'is loaded', file, result: file.result })
    }
  },
}

/** A mutant is gone with the first test that fails: the quick files have the first try at it. */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toReversed()
  }
}

/** Tests for `npm run mutation`: as ever, without a database. Stryker says in which folder. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    globalSetup: [],
    include: ['**/*.test.ts'],
    // It repeats tests of the same folder, on the other platform.
    exclude: [...configDefaults.exclude, '**/web-platform.test.ts'],
    testTimeout: 10_000,
    hookTimeout: 10_000,
    sequence: { sequencer: QuickestFirst },
    reporters: [countUnloadable],
  },
})
