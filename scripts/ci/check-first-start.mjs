// npm start in a fresh clone with an empty cache of npm, as somebody does who tries it: the server answers, the programs of
// the README run, nothing is installed that only tests need, and npm warns of nothing. Prints the time, which is no goal here.
import { execFileSync, spawn } from 'node:child_process'
import { lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { filesBelow } from '../build/stamp.mjs'
import { root, runScript } from '../setup.mjs'

/** Megabytes of 2^20 bytes on the disk. */
const MAXIMUM_SIZE = 350

/** What npm says that a reader would have to think about. */
const WORRYING = /\bnpm (?:warn|error)|deprecated|EBADENGINE|vulnerabilit|looking for funding/i

const folder = mkdtempSync(join(tmpdir(), 'latchkey-first-start-'))
const clone = join(folder, 'latchkey')

await runScript(async () => {
  try {
    execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${root}`, clone])
    const server = await start()
    try {
      await check(server)
    } finally {
      await server.stop()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

async function check({ seconds, said, apiUrl, secretKey }) {
  const response = await fetch(`${apiUrl}/v1/users`, { headers: { authorization: `Bearer ${secretKey}` } })
  const size = sizeOf(join(clone, 'node_modules'))
  console.log(`ready after ${seconds.toFixed(1)} s, node_modules ${size.toFixed(0)} MB`)
  if (response.status !== 200) throw new Error(`GET /v1/users answered ${response.status}`)
  if (size > MAXIMUM_SIZE) throw new Error(`node_modules must be smaller than ${MAXIMUM_SIZE} MB`)
  const worrying = said.filter((line) => WORRYING.test(line))
  if (worrying.length > 0) throw new Error(`A first start must not print:\n${worrying.join('\n')}`)
  const [, program] = /```js\n([^]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? []
  for (const sdk of ['@latchkey/backend', '@clerk/backend']) {
    writeFileSync(join(clone, 'quickstart.mjs'), program.replace('@latchkey/backend', sdk))
    const env = { ...process.env, CLERK_API_URL: apiUrl, CLERK_SECRET_KEY: secretKey }
    const printed = execFileSync(process.execPath, ['quickstart.mjs'], { cwd: clone, env, encoding: 'utf8' })
    if (!printed.startsWith('true ')) throw new Error(`The program of the README with ${sdk} printed: ${printed}`)
  }
}

async function start() {
  const started = performance.now()
  const options = ['--port', '0', '--database', ':memory:', '--json']
  const child = spawn('npm', ['start', '--silent', '--', ...options], {
    cwd: clone,
    env: { ...process.env, npm_config_cache: join(folder, 'cache') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  const said = []
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line))
  const line = await Promise.race([
    new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    exited.then((code) => {
      throw new Error(`npm start ended with ${code}:\n${said.join('\n')}`)
    }),
  ])
  const seconds = (performance.now() - started) / 1000
  const stop = async () => {
    child.kill()
    await exited
  }
  return { seconds, said, stop, ...JSON.parse(line) }
}

function sizeOf(directory) {
  return filesBelow(directory).reduce((sum, file) => sum + lstatSync(file).blocks * 512, 0) / 2 ** 20
}
