import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { LongFirst } from './scripts/vitest/long-first.js'

const packages = fileURLToPath(new URL('./packages', import.meta.url))

/** Tests run against the sources, so that no build has to come first. */
function sourceOf(name: string, subpath = 'index'): string {
  const file = `${packages}/${name}/src/${subpath}.ts`
  return existsSync(file) ? file : `${packages}/${name}/src/${subpath}/index.ts`
}

/** What every project of tests has. */
export const shared = {
  plugins: [
    {
      name: 'latchkey-sources',
      enforce: 'pre',
      resolveId(id) {
        const match = /^@latchkey\/([a-z-]+)(?:\/(.+))?$/.exec(id)
        return match && existsSync(`${packages}/${match[1]}/src`) ? sourceOf(match[1]!, match[2]) : null
      },
    },
  ],
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts', 'scripts/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    // Most code runs a few times only in each process: interpreted, it would take a twentieth longer.
    execArgv: ['--always-sparkplug'],
    setupFiles: [fileURLToPath(new URL('./scripts/vitest/assertions.ts', import.meta.url))],
    // Ends a test that hangs. A machine with other work takes several times as long as an idle one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Of what comes by itself: as soon as it is there, however long that takes.
    expect: { poll: { timeout: 60_000, interval: 25 } },
  },
} satisfies TestProjectInlineConfiguration

/**
 * Tests that change the process for good, load modules anew, load the official SDK with a fetch of their own (it keeps
 * the first one), or are about packages that read the environment once.
 */
const alone = [
  'packages/crypto/src/**/*.test.ts',
  'packages/backend/src/**/same-*.test.ts',
  'packages/backend/src/authenticate/{rules,cookies}.test.ts',
  'tests/runtimes/**/*.test.ts',
  'tests/sdk/**/*.test.ts',
  'packages/backend/src/edge-runtime.test.ts',
  'packages/backend/src/**/web-platform.test.ts',
  'tests/adapters/**/*.test.ts',
  'tests/classic/**/*.test.ts',
]

export default defineConfig({
  test: {
    globalSetup: ['scripts/vitest/postgres.ts', 'scripts/vitest/without-contract.ts'],
    // Half as many again as there are processors: tests also wait for programs, databases and timers.
    maxWorkers: Math.ceil(1.5 * availableParallelism()),
    sequence: { sequencer: LongFirst },
    projects: [
      {
        ...shared,
        test: {
          ...shared.test,
          name: 'together',
          exclude: [...configDefaults.exclude, ...alone, 'tests/browser/**'],
          // Loading the server takes longer than most files of tests: one process after the other would do it anew.
          isolate: false,
        },
      },
      { ...shared, test: { ...shared.test, name: 'alone', include: alone } },
    ],
  },
})
