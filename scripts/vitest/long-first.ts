import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Files that take from half a minute to two, longest first. Where no run before it has left its times, vitest begins with the
 * largest files, and these would be the end, when nothing is left to run beside them.
 */
const LONG = [
  'tests/matrix/backend-at-once.test.ts',
  'tests/matrix/frontend-at-once.test.ts',
  'tests/flows/misuse.test.ts',
  'tests/matrix/frontend-content-types.test.ts',
  'tests/packed/packed.test.ts',
  'tests/properties/bad-input.test.ts',
  'packages/cli/src/latchkey.test.ts',
  'tests/durability/webhooks.test.ts',
  'tests/attacks/attacks.test.ts',
  'tests/durability/kill.test.ts',
  'packages/server/src/flows/sign-in/sign-in-alike.test.ts',
  'packages/server/src/flows/client/session-tasks-walks.test.ts',
  'tests/conformance/every-method.test.ts',
]

/** The order in which test files are begun: of each project the long ones first. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const projects = [...new Set(sorted.map(({ project }) => project))]
    return sorted.toSorted((a, b) => projects.indexOf(a.project) - projects.indexOf(b.project) || rankOf(a) - rankOf(b))
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONG.findIndex((name) => moduleId.endsWith(name))
  return rank === -1 ? LONG.length : rank
}
