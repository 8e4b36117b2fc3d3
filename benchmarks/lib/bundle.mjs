import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Bundles a program of this folder that uses sources of the packages.
 *
 * @returns {Promise<string>} the file to run
 */
export async function bundle(name) {
  const outfile = `${root}benchmarks/.build/${name}.mjs`
  mkdirSync(`${root}benchmarks/.build`, { recursive: true })
  await build({
    entryPoints: [`${root}benchmarks/server/${name}.ts`],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    packages: 'external',
    logLevel: 'error',
  })
  return outfile
}
