import { generateKeyPairSync, sign } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { hash } from '@node-rs/argon2'
import autocannon from 'autocannon'
import { startPostgres } from '../../scripts/postgres.mjs'
import { arrive } from '../lib/arrivals.mjs'
import { bundle } from '../lib/bundle.mjs'
import { median } from '../lib/drive.mjs'
import { freePort, startProcess } from '../lib/processes.mjs'
import { fillPostgres } from './fill-postgres.mjs'
import { browserAt, fillSessionsPostgres, fillSessionsSqlite } from './fill-sessions.mjs'
import { ENCRYPTION_KEY } from './measure-requests.mjs'
import { fillSqlite } from './users.mjs'

const INSTANCE = 'ins_bench'
const HOST = 'clerk.bench.example'
const ORIGIN = 'https://bench.example'
const PASSWORD = 'analytical engine'
const FORM = 'application/x-www-form-urlencoded'

/** Open browsers: each asks for a token every 50 seconds or so, and for more when somebody comes back to it. */
const OPEN = 50_000
const TOKENS_PER_SECOND = 1150
const COMES_BACK = 0.02
/** As the server hashes passwords. */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** What open browsers and sign-ins cost, beside one RSA signature and one argon2id digest. */
export async function measureBrowsers({ quick, folder, log, latchkey }) {
  const users = quick ? 1000 : 100_000
  const sessions = quick ? 20_000 : 1_000_000
  const seconds = quick ? 4 : 20
  const signature = await cpuOf(quick ? 200 : 1000, rsaSignature())
  const digest = await cpuOf(quick ? 20 : 100, () => hash(PASSWORD, ARGON2ID))
  const rows = []

  const measure = async (name, database, fill, fillSessions) => {
    log(`Filling ${sessions.toLocaleString('en')} sessions, ${name} …`)
    const cookies = await prepare(database, { users, sessions, open: Math.min(OPEN, sessions), fill, fillSessions })
    log(`Open browsers, ${name} …`)
    rows.push(await openBrowsers({ name, database, latchkey, cookies, seconds, signature }))
  }
  await measure('SQLite', join(folder, 'browsers.db'), fillSqlite, fillSessionsSqlite)
  const postgres = await startPostgres()
  try {
    await measure('PostgreSQL', postgres.url, fillPostgres, fillSessionsPostgres)
  } finally {
    await postgres.stop()
  }

  log('Sign-ins …')
  const signIns = await measureSignIns({ latchkey, folder, quick, seconds: quick ? 3 : 10 })
  return render({ rows, signIns, signature, digest, sessions })
}

function rsaSignature() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const text = Buffer.from('x'.repeat(500))
  const signAsync = promisify(sign)
  return () => signAsync('sha256', text, privateKey)
}

async function cpuOf(count, work) {
  const rounds = []
  for (let round = 0; round < 5; round++) {
    const before = process.cpuUsage()
    for (let n = 0; n < count; n++) await work()
    const { user, system } = process.cpuUsage(before)
    rounds.push((user + system) / count)
  }
  return median(rounds)
}

/** @returns the cookies of the open browsers, in the order of `browserAt` */
async function prepare(database, { users, sessions, open, fill, fillSessions }) {
  const { createServer } = await import('@latchkey/server')
  const { cookieSigner } = await import(pathToFileURL(await bundle('browsers')).href)
  const server = await createServer({ database, encryptionKey: ENCRYPTION_KEY })
  await server.createInstance({ id: INSTANCE, environmentType: 'production', frontendHost: HOST, isDefault: true })
  const sign = await cookieSigner(server, INSTANCE, ENCRYPTION_KEY)
  await server.close()
  await fill(database, INSTANCE, users)
  await fillSessions(database, { instanceId: INSTANCE, users, sessions })
  const cookies = []
  for (let n = 0; n < open; n++) {
    const { clientId, rotatingToken } = browserAt(n)
    cookies.push(sign(clientId, rotatingToken))
  }
  return cookies
}

/** The server in production, with the instance of the database as its default. */
async function start(latchkey, database) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const args = ['start', '--port', String(port), '--database', database, '--public-url', `https://${HOST}`]
  const server = await startProcess(latchkey, [...args, '--log-level', 'warn'], {
    url: `${url}/v1/environment`,
    headers: { host: HOST, origin: ORIGIN },
    env: { LATCHKEY_ENCRYPTION_KEY: ENCRYPTION_KEY },
  })
  return { url, server }
}

async function openBrowsers({ name, database, latchkey, cookies, seconds, signature }) {
  const { url, server } = await start(latchkey, database)
  try {
    let turn = 0
    const requests = () => {
      const n = (turn++ * 7919) % cookies.length
      const { sessionId } = browserAt(n)
      const chance = (turn * 0.618) % 1
      const [method, path] =
        chance < COMES_BACK / 2
          ? ['GET', '/v1/client']
          : chance < COMES_BACK
            ? ['POST', `/v1/client/sessions/${sessionId}/touch`]
            : ['POST', `/v1/client/sessions/${sessionId}/tokens`]
      const headers = { host: HOST, origin: ORIGIN, cookie: `__client=${cookies[n]}` }
      const at = { method, path: `${path}?__clerk_api_version=2025-11-10`, headers }
      // As clerk-js sends it.
      const body = path.endsWith('/tokens') ? 'organization_id=' : ''
      if (method === 'GET') return at
      return { ...at, body, headers: { ...headers, 'content-type': FORM, 'content-length': String(body.length) } }
    }
    const load = (seconds) => arrive({ url, rate: TOKENS_PER_SECOND, seconds, requests })
    await load(2)
    const before = await server.usage()
    const started = performance.now()
    const result = await load(seconds)
    const elapsed = (performance.now() - started) * 1000
    const after = await server.usage()
    const cpu = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system
    const { count, p50, p99 } = result
    return {
      name,
      perSecond: count / (elapsed / 1e6),
      share: (cpu - count * signature) / elapsed,
      micros: cpu / count,
      p50,
      p99,
    }
  } finally {
    await server.stop()
  }
}

/** Each signs in in a browser that nobody has seen before. */
export async function measureSignIns({ latchkey, folder, quick, seconds }) {
  const database = join(folder, 'sign-ins.db')
  const { createServer } = await import('@latchkey/server')
  const made = await createServer({ database, encryptionKey: ENCRYPTION_KEY })
  const options = { id: INSTANCE, environmentType: 'production', frontendHost: HOST, isDefault: true }
  const { secretKey } = await made.createInstance(options)
  // All come from one address.
  await made.admin.seed(INSTANCE, { instance: { rate_limits: { people: false } } })
  await made.close()
  const { url, server } = await start(latchkey, database)
  try {
    const users = Array.from({ length: 100 }, (_, n) => `person${n}@example.com`)
    for (const address of users) {
      const response = await fetch(`${url}/v1/users`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ email_address: [address], password: PASSWORD }),
      })
      if (!response.ok) throw new Error(`No user: ${response.status} ${await response.text()}`)
    }
    let turn = 0
    const from = { host: HOST, origin: ORIGIN }
    const signIn = {
      method: 'POST',
      path: '/v1/client/sign_ins',
      headers: { ...from, 'content-type': FORM },
      setupRequest: (request) => {
        const identifier = users[turn++ % users.length]
        return { ...request, body: new URLSearchParams({ identifier, password: PASSWORD }).toString() }
      },
    }
    const view = { path: '/v1/client', headers: from }
    const views = (duration) => drive({ url, duration, connections: 4, overallRate: 200, requests: [view] })

    await drive({ url, duration: 1, connections: 1, requests: [signIn] })
    const before = await server.usage()
    const alone = await drive({ url, duration: seconds, connections: 1, requests: [signIn] })
    const after = await server.usage()
    const cpu = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system
    await views(1)
    const quiet = await views(seconds)
    const [beside] = await Promise.all([
      views(seconds),
      drive({ url, duration: seconds + (quick ? 0 : 1), connections: 50, requests: [signIn] }),
    ])
    return { micros: cpu / alone['2xx'], quiet: quiet.latency.p99, beside: beside.latency.p99 }
  } finally {
    await server.stop()
  }
}

/** @throws when an answer was not 2xx: the run is void */
async function drive(options) {
  const result = await new Promise((resolve, reject) =>
    autocannon(options, (error, found) => (error ? reject(error) : resolve(found))),
  )
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`Void: ${JSON.stringify(result.statusCodeStats)}, ${result.errors} failed`)
  return result
}

function render({ rows, signIns, signature, digest, sessions }) {
  const loads = rows.map(
    ({ name, perSecond, micros, share, p50, p99 }) =>
      `| ${name} | ${perSecond.toFixed(0)} | ${micros.toFixed(0)} | ${(share * 100).toFixed(0)} % of a core (60 %) | ${p50.toFixed(1)} | ${p99.toFixed(1)} (25) |`,
  )
  return `## Open browsers

A production instance with ${sessions.toLocaleString('en')} sessions; ${OPEN.toLocaleString('en')} browsers ask for ${TOKENS_PER_SECOND.toLocaleString('en')} session tokens a second, at random times, of which ${COMES_BACK * 100} % are
\`GET /v1/client\` and \`touch\` instead. One RSA-2048 signature costs ${signature.toFixed(0)} µs of CPU. Goals in brackets. Latencies in milliseconds, with
the load generator on the same machine.

| database | per second | CPU µs each | CPU beside the signatures | p50 | p99 |
|---|--:|--:|--:|--:|--:|
${loads.join('\n')}

## Sign-ins

| what | figure | goal |
|---|--:|--:|
| one argon2id digest, CPU | ${(digest / 1000).toFixed(1)} ms | |
| one sign-in with a password, CPU | ${(signIns.micros / 1000).toFixed(1)} ms | |
| beside the digest | ${((signIns.micros - digest) / 1000).toFixed(1)} ms | 2.0 ms |
| p99 of \`GET /v1/client\` | ${signIns.quiet} ms | |
| the same while 50 sign-ins hash | ${signIns.beside} ms | ${(3 * Math.max(signIns.quiet, 1)).toFixed(0)} ms |`
}
