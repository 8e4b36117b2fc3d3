// npm run build: declarations with tsc, JavaScript with esbuild, side by side. Does nothing when everything is up to date.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isUpToDate, inputsFingerprint, writeStamp } from './build/stamp.mjs'
import { prepareBrowserPackages } from './browser-packages.mjs'
import { withLock } from './lock.mjs'
import { note, root, run, runScript, waitingFor } from './setup.mjs'

const lock = join(root, '.build/build.lock')

/** Brings every `dist` folder up to date. If two builds run at once, the second waits, then has nothing left to do. */
export async function build() {
  if (isUpToDate()) return
  await withLock(lock, buildOutdated, waitingFor('building'))
}

/** Builds only the JavaScript, without declarations: for running the program, which does not need types. */
export async function buildPrograms() {
  if (isUpToDate() || isUpToDate('programs')) return
  const inputs = inputsFingerprint()
  const { bundlePackages } = await import('./build/bundles.mjs')
  const bundle = () => withLock(lock, bundlePackages, waitingFor('building'))
  const [browserPackages] = await Promise.all([fetchBrowserPackages(), bundle()])
  if (browserPackages) writeStamp(inputs, 'programs')
}

/** Builds one package with its declarations, and the packages it references: for tests of the published packages. */
export async function buildPackage(name) {
  if (isUpToDate()) return
  const { bundlePackages } = await import('./build/bundles.mjs')
  await withLock(lock, () => Promise.all([compile(join('packages', name)), bundlePackages()]), waitingFor('building'))
}

async function buildOutdated() {
  if (isUpToDate()) return
  const started = performance.now()
  note('Building …')
  const inputs = inputsFingerprint()
  // Loaded here because a build that is up to date does not need it.
  const { bundlePackages } = await import('./build/bundles.mjs')
  const [browserPackages, ...results] = await Promise.allSettled([fetchBrowserPackages(), compile(), bundlePackages()])
  for (const result of results) if (result.status === 'rejected') throw result.reason
  // Otherwise the next build tries again.
  if (browserPackages.status === 'fulfilled' && browserPackages.value) writeStamp(inputs)
  note(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s`)
}

/** Whether they are there. Without a network everything else works. */
async function fetchBrowserPackages() {
  try {
    await prepareBrowserPackages()
    return true
  } catch (error) {
    note(`The browser packages are missing: ${error.message}`)
    return false
  }
}

function compile(...projects) {
  return run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', ...projects])
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runScript(build)
}
