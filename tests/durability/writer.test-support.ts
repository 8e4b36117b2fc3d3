import { mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Bundles `writer.ts`, so that plain Node runs it. Lies inside the repository, for its packages to be found. */
export async function buildWriter(): Promise<string> {
  mkdirSync(join(root, '.build'), { recursive: true })
  const outfile = join(mkdtempSync(join(root, '.build/durability-')), 'writer.mjs')
  await build({
    entryPoints: [join(root, 'tests/durability/writer.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { '@latchkey/crypto': join(root, 'packages/crypto/src/index.ts') },
    logLevel: 'error',
  })
  return outfile
}
