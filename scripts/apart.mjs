// Installs packages outside the workspaces, with a lock file of their own, for the tests that need them: other versions of
// Node, packages that need a newer Node, tools that an application would have.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { withLock } from './lock.mjs'
import { npm, root, run, waitingFor } from './setup.mjs'

/** The versions of Node that are tested, by `npm run nodes` and by the tests of runtimes. The first is the oldest that is supported. */
export const NODES = [20, 22, 24, 26]

/**
 * Installs what the lock file of a folder names, in `.build`; does nothing if it is there.
 *
 * @param {string} source the folder with `package.json` and `package-lock.json`
 * @returns {Promise<string>} the folder with `node_modules`
 * @throws where it could not be installed: what needs it must fail, not be left out
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
  } catch (cause) {
    throw new Error(`${name} could not be installed from npm: ${cause.message}`, { cause })
  }
  return folder
}

/**
 * A version of Node, which is installed unless it is the one that runs this.
 *
 * @param {number} major
 * @returns {Promise<string>} the program
 * @throws where it does not exist for this platform, or could not be installed
 */
export async function installNode(major) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath
  const folder = await installApart(join(root, 'tests/runtimes', `node-${major}`))
  const platform = `${process.platform}-${process.arch}`
  const program = join(folder, 'node_modules', `node-${platform}`, 'bin/node')
  if (!existsSync(program)) throw new Error(`Node ${major} is not on npm for ${platform}`)
  return program
}

/**
 * Versions of Node, one after the other: each is a download of a hundred megabytes, once.
 *
 * @param {number[]} [majors]
 * @returns {Promise<{ major: number, program: string }[]>}
 * @throws where one could not be installed
 */
export async function installNodes(majors = NODES) {
  const installed = []
  for (const major of majors) installed.push({ major, program: await installNode(major) })
  return installed
}
