import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type Reporter, type TestSpecification } from 'vitest/node'
import { shared } from '../../vitest.config.js'

/** A test file in vitest's state during a run. */
interface TestFile {
  result?: { state: string; errors?: unknown[] }
  tasks: object[]
}

/** Stryker only counts tests: a mutant that prevents a test file from loading would count as survived. */
const countUnloadable: Reporter = {
  onTestRunEnd(modules) {
    for (const module of modules) {
      const file = (module as unknown as { task: TestFile }).task
      if (file.result?.state !== 'fail' || file.tasks.length > 0) continue
      file.tasks.push({ type: 'test', mode: 'run', name: 'is loaded', file, result: file.result })
    }
  },
}

/** The first failing test kills a mutant, so the fastest files run first. */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toReversed()
  }
}

/** Tests for `npm run mutation`, without a database. Stryker chooses the folder. */
export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    include: ['**/*.test.ts'],
    // It only repeats tests of the same folder, on the other platform.
    exclude: [...configDefaults.exclude, '**/web-platform.test.ts'],
    testTimeout: 10_000,
    hookTimeout: 10_000,
    sequence: { sequencer: QuickestFirst },
    reporters: [countUnloadable],
  },
})
