import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { root } from '../setup.mjs'

/**
 * Loads the server's tables from its sources, so that no build is needed first.
 *
 * @returns {Promise<{ operations: any[], backendEndpoints: any[], frontendEndpoints: any[], seededOperations: string[] }>}
 */
export function loadTables() {
  return loadSources(
    'supported',
    `export { operations } from './http/operations.js'
     export { backendEndpoints, frontendEndpoints } from './compose/endpoints.js'
     export { seededOperations } from './transfer/seeded-operations.js'`,
  )
}

/**
 * Loads exports of the server's modules.
 *
 * @param {string} name of the bundle
 * @param {string} contents a module that exports it, with paths from packages/server/src
 */
export async function loadSources(name, contents) {
  const outfile = join(root, `.build/${name}.mjs`)
  await build({
    stdin: { contents, resolveDir: join(root, 'packages/server/src'), loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
    plugins: [
      {
        name: 'latchkey-sources',
        setup(bundler) {
          bundler.onResolve({ filter: /^@latchkey\/\w+$/ }, ({ path }) => ({
            path: join(root, 'packages', path.split('/')[1], 'src/index.ts'),
          }))
        },
      },
    ],
  })
  return import(pathToFileURL(outfile).href)
}
