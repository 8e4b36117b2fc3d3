import { beforeEach, expect } from 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    /** Marks a test that only the compiler can fail, by `expectTypeOf`. */
    checkedBy?: 'compiler'
  }
}

// A test that reaches no assertion would pass whatever happens.
beforeEach(({ task }) => {
  if (task.meta.checkedBy !== 'compiler') expect.hasAssertions()
})
