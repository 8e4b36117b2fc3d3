import type { TestCase, TestProject, TestSuite } from 'vitest/node'

declare module 'vitest' {
  interface TaskMeta {
    /** The variable without which it is skipped. */
    needs?: 'LATCHKEY_CONTRACT'
  }
}

/** Names what was skipped because the contract is not at hand, as the last lines of a run: skipped is not passed. */
export default function setup({ vitest }: TestProject): () => void {
  return () => {
    const lines = vitest.state
      .getTestModules()
      .flatMap(({ children, relativeModuleId }) =>
        [...children.allSuites(), ...children.allTests()]
          .filter((task) => wasSkipped(task) && task.meta().needs && !wasSkipped(task.parent))
          .map((task) => `  ${relativeModuleId} > ${task.fullName}${countOf(task)}`),
      )
    if (lines.length > 0) console.log(`Not run, because LATCHKEY_CONTRACT is not set:\n${lines.join('\n')}\n`)
  }
}

function wasSkipped(task: TestCase | TestSuite | TestCase['parent']): boolean {
  return 'options' in task && task.options.mode === 'skip'
}

function countOf(task: TestCase | TestSuite): string {
  return task.type === 'suite' ? ` (${[...task.children.allTests()].length} tests)` : ''
}
