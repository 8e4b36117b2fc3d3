// Installs packages outside the workspaces, with a lock file of their own, for the tests that need them: other versions of
// Node, packages that need a newer Node, tools that an application would have.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { withLock } from './lock.mjs'
import { npm, root, run, waitingFor } from './setup.mjs'

/** The versions of Node that `npm run nodes` tests. The first is the oldest that is supported. */
export const NODES = [20, 22, 24, 26]

/**
 * Installs what the lock file of a folder names, in `.build`; does nothing if it is there.
 *
 * @param {string} source the folder with `package.json` and `package-lock.json`
 * @returns {Promise<string | undefined>} the folder with `node_modules`; undefined where it could not be installed
 */
export async function installApart(source) {
  const name = basename(source)
  const folder = join(root, '.build', name)
  const done = join(folder, 'node_modules/.installed')
  const wanted = readFileSync(join(source, 'package-lock.json'), 'utf8')
  const isInstalled = () => existsSync(done) && readFileSync(done, 'utf8') === wanted
  const install = async () => {
    if (isInstalled()) return
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    cpSync(source, folder, { recursive: true })
    const options = ['--ignore-scripts', '--engine-strict=false', '--no-audit', '--no-fund', '--loglevel=error']
    const [program, args, settings] = npm('ci', ...options)
    await run(program, args, { ...settings, cwd: folder })
    writeFileSync(done, wanted)
  }
  try {
    if (!isInstalled()) await withLock(`${folder}.lock`, install, waitingFor(`installing ${name}`))
    return folder
  } catch {
    return undefined
  }
}

/**
 * Another version of Node.
 *
 * @param {number} major
 * @returns {Promise<string | undefined>} the program; undefined where it does not exist for this platform
 */
export async function installNode(major) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath
  const folder = await installApart(join(root, 'tests/runtimes', `node-${major}`))
  const program = folder && programIn(folder)
  return program && existsSync(program) ? program : undefined
}

/**
 * The versions of Node that are here already.
 *
 * @returns {string[]} the programs, this one first
 */
export function installedNodes() {
  const others = NODES.map((major) => programIn(join(root, '.build', `node-${major}`)))
  return [process.execPath, ...others.filter((program) => program !== process.execPath && existsSync(program))]
}

function programIn(folder) {
  return join(folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin/node')
}
