import { join } from 'node:path'
import { CONNECTIONS, drive } from '../lib/drive.mjs'
import { freePort, startProcess } from '../lib/processes.mjs'
import { startPostgres } from '../../scripts/postgres.mjs'
import { cases, requestsOf } from './cases.mjs'
import { fillPostgres } from './fill-postgres.mjs'
import { fillSqlite, userAt } from './users.mjs'

export const KEY = 'sk_test_benchmarks'
export const ENCRYPTION_KEY = Buffer.alloc(32, 1).toString('base64')

/** CPU and requests per second of each case, by number of users, beside bare `node:http` and `emulate`. */
export async function measureRequests({ quick, folder, log, latchkey, bare, emulate }) {
  const { createServer } = await import('@latchkey/server')
  const seconds = quick ? 2 : 5
  const sizes = quick ? [1000, 20_000] : [1000, 100_000, 1_000_000]
  const columns = []

  const prepare = (database, fill, count) => {
    log(`Filling ${count} users …`)
    return prepareDatabase(createServer, database, fill, count)
  }
  const measure = async (name, count, script, args, { key = () => KEY, names, sessions = true, env = {} } = {}) => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const started = await startProcess(script, args(port), {
      url: `${url}/v1/users/${userAt(0).id}`,
      headers: { authorization: `Bearer ${key(0)}` },
      env,
    })
    const results = {}
    try {
      const sessionId = sessions ? await openSession(url) : undefined
      for (const benchmark of cases) {
        if (names && !names.includes(benchmark.name)) continue
        log(`${name}, ${count} users: ${benchmark.name}`)
        results[benchmark.name] = await drive(started, {
          url,
          seconds,
          requests: requestsOf(benchmark, { count, sessionId, key }),
        })
      }
    } finally {
      await started.stop()
    }
    columns.push({ name, count, results })
  }

  for (const count of sizes) {
    const database = join(folder, `users-${count}.db`)
    await prepare(database, fillSqlite, count)
    await measure('bare node:http', count, bare, (port) => [database, String(port)], {
      names: ['GET user'],
      sessions: false,
    })
    const args = (port) => ['dev', '--port', String(port), '--database', database, '--secret-key', 'sk_test_unused']
    await measure('Latchkey, SQLite', count, latchkey, args, { env: { LATCHKEY_ENCRYPTION_KEY: ENCRYPTION_KEY } })
  }

  const postgresCount = quick ? 5000 : 100_000
  const postgres = await startPostgres()
  try {
    await prepare(postgres.url, fillPostgres, postgresCount)
    const args = (port) => ['dev', '--port', String(port), '--database', postgres.url, '--secret-key', 'sk_test_unused']
    await measure('Latchkey, PostgreSQL', postgresCount, latchkey, args, {
      env: { LATCHKEY_ENCRYPTION_KEY: ENCRYPTION_KEY },
    })
  } finally {
    await postgres.stop()
  }

  columns.push(await measureEmulate({ emulate, seconds, log }))
  return render(columns, sizes)
}

/** A database with an instance and so many users. */
export async function prepareDatabase(createServer, database, fill, count) {
  const made = await createServer({ database, encryptionKey: ENCRYPTION_KEY })
  await made.createInstance({ id: 'ins_bench', secretKey: KEY })
  await made.close()
  await fill(database, 'ins_bench', count)
}

export async function openSession(url) {
  const response = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ user_id: userAt(0).id }),
  })
  const session = await response.json()
  if (!response.ok) throw new Error(`No session: ${JSON.stringify(session)}`)
  return session.id
}

/** The peer keeps a thousand users in memory; it refuses a key after 5,000 requests, so each request has another of many. */
async function measureEmulate({ emulate, seconds, log }) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const key = (k) => `sk_test_${process.pid}_${k}`
  const started = await startProcess(emulate, ['start', '-s', 'clerk', '--port', String(port)], {
    url: `${url}/v1/users`,
    headers: { authorization: `Bearer ${key(0)}` },
  })
  const results = {}
  try {
    const ids = []
    for (let n = 0; n < 1000; n++) {
      const { email, firstName, lastName } = userAt(n)
      const body = JSON.stringify({ email_address: [email], first_name: firstName, last_name: lastName })
      const response = await fetch(`${url}/v1/users`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key(n % 500)}`, 'content-type': 'application/json' },
        body,
      })
      ids.push((await response.json()).id)
    }
    for (const benchmark of cases.filter(({ peer }) => peer)) {
      log(`emulate 0.8.0, 1000 users: ${benchmark.name}`)
      const requests = requestsOf(benchmark, { count: 1000, key }).map((request, k) =>
        benchmark.name === 'GET user' ? { ...request, path: `/v1/users/${ids[(k * 7919) % 1000]}` } : request,
      )
      results[benchmark.name] = await drive(started, { url, seconds, requests })
    }
  } finally {
    await started.stop()
  }
  return { name: 'emulate 0.8.0, memory', count: 1000, results }
}

function render(columns, sizes) {
  const smallest = columns.find(({ name, count }) => name === 'Latchkey, SQLite' && count === sizes[0])
  const rows = []
  for (const { name, count, results } of columns) {
    for (const [benchmark, { cpuMicros, perSecond, p50, p99 }] of Object.entries(results)) {
      const bare = columns.find((column) => column.name === 'bare node:http' && column.count === count)?.results[
        benchmark
      ]
      const ratios = [
        name === 'Latchkey, SQLite' && bare ? `${(cpuMicros / bare.cpuMicros).toFixed(2)} of bare` : '',
        name === 'Latchkey, SQLite' && count !== sizes[0]
          ? `${(cpuMicros / smallest.results[benchmark].cpuMicros).toFixed(2)} of ${sizes[0]} users`
          : '',
        name.startsWith('emulate')
          ? `${(cpuMicros / smallest.results[benchmark].cpuMicros).toFixed(2)} of Latchkey`
          : '',
      ]
      rows.push(
        `| ${name} | ${count.toLocaleString('en')} | ${benchmark} | ${cpuMicros.toFixed(0)} | ${perSecond.toFixed(0)} | ${p50} | ${p99} | ${ratios.filter(Boolean).join(', ')} |`,
      )
    }
  }
  return `## Requests\n\n${CONNECTIONS} connections with a request under way on each, which keeps the load generator awake: waking it would be charged to\nthe server, and the more the slower it is. Latencies in whole milliseconds, with the load generator on the same machine.\n\n| server | users | request | CPU µs | per second | p50 | p99 | ratio |\n|---|--:|---|--:|--:|--:|--:|---|\n${rows.join('\n')}`
}
