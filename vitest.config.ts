import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const packages = fileURLToPath(new URL('./packages', import.meta.url))

/** Tests run against the sources, so that no build has to come first. */
function sourceOf(name: string, subpath = 'index'): string {
  const file = `${packages}/${name}/src/${subpath}.ts`
  return existsSync(file) ? file : `${packages}/${name}/src/${subpath}/index.ts`
}

export default defineConfig({
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
    globalSetup: ['scripts/vitest/postgres.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
