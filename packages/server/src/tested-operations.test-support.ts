import { mkdirSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
/** Read by scripts/generate-supported.mjs after the run. */
const folder = `${root}.build/tested`

/** Of this test file, so that each suite leaves a list of its own. */
let uses = 0

/**
 * Notes the operations that the tests of a file got a good answer from: one of the 200s that matched its description.
 * When all tests of the suite passed, the list is left in `.build/tested`.
 *
 * @returns what to call with each answer
 */
export function useTestedOperations(): (operationId: string, status: number) => void {
  const answered = new Set<string>()
  const place = ++uses

  // Vitest asks for a pattern as the first argument.
  // oxlint-disable-next-line no-empty-pattern
  afterAll(({}, suite) => {
    if (!allPassed(suite.tasks)) return
    const file = relative(root, expect.getState().testPath!)
    mkdirSync(folder, { recursive: true })
    const record = { file, operations: [...answered].sort() }
    writeFileSync(
      `${folder}/${`${file}+${suite.name}+${place}`.replace(/[^\w.@+-]+/g, '+')}.json`,
      `${JSON.stringify(record)}\n`,
    )
  })

  return (operationId, status) => {
    if (status < 400) answered.add(operationId)
  }
}

interface Task {
  mode: string
  result?: { state: string }
  tasks?: Task[]
}

function allPassed(tasks: readonly Task[]): boolean {
  return tasks.every(({ mode, result, tasks: inner }) =>
    inner ? allPassed(inner) : mode === 'skip' || result?.state === 'pass',
  )
}
