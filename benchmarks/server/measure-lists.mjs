import { join } from 'node:path'
import pg from 'pg'
import { startPostgres } from '../../scripts/postgres.mjs'
import { fillPostgres } from './fill-postgres.mjs'
import { lists } from './list-cases.mjs'
import { ENCRYPTION_KEY, KEY, prepareDatabase } from './measure-requests.mjs'
import { fillPostgresOrganizations, fillSqliteOrganizations } from './organizations.mjs'
import { fillSqlite } from './users.mjs'

const ROUNDS = 5
/** In one round; a slow one is asked less often. */
const REQUESTS = 10
const ENOUGH_MS = 200
const GOAL = 2

/**
 * How much longer a list takes with 300 times the rows, on both databases; and on SQLite how long one takes with a million,
 * which is how long nobody else is answered. In process, one request after the other: what grows is the database's work.
 */
export async function measureLists({ quick, folder, log }) {
  const { createServer } = await import('@latchkey/server')
  const [small, large, most] = quick ? [1000, 20_000, 50_000] : [1000, 300_000, 1_000_000]
  const open = async (database, fills, count) => {
    log(`Filling ${database.split('/').at(-1)} with ${count} users …`)
    const [users, organizations] = fills
    await prepareDatabase(createServer, database, users, count)
    const server = await createServer({ database, encryptionKey: ENCRYPTION_KEY, webhooks: { deliver: false } })
    await ask(server, '/instance/organization_settings', { method: 'PATCH', body: JSON.stringify({ enabled: true }) })
    if (organizations) await organizations(database, count)
    return { server, count, close: () => server.close() }
  }
  const sections = []
  const pair = async (name, locate, fills) => {
    const columns = [await open(await locate(small), fills, small), await open(await locate(large), fills, large)]
    try {
      sections.push(await measurePair(name, columns, log))
    } finally {
      for (const column of columns) await column.close()
    }
  }

  await pair('SQLite', (count) => join(folder, `lists-${count}.db`), [fillSqlite, fillSqliteOrganizations])
  const postgres = await startPostgres()
  try {
    const locate = (count) => newDatabase(postgres.url, `lists_${count}`)
    await pair('PostgreSQL', locate, [fillPostgres, fillPostgresOrganizations])
  } finally {
    await postgres.stop()
  }
  const million = await open(join(folder, `lists-${most}.db`), [fillSqlite], most)
  try {
    sections.push(await measureAlone(million, log))
  } finally {
    await million.close()
  }
  return `## Flat lists\n\nMilliseconds a request, in process: CPU time on SQLite, the time to the answer on PostgreSQL; the least of ${ROUNDS} rounds in turns, as what else the machine does only adds to it. Goal: at most ${GOAL} times as long with ${large.toLocaleString('en')} rows as with ${small.toLocaleString('en')}; lines without a goal are reported.\n\n${sections.join('\n\n')}`
}

async function newDatabase(url, name) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  const location = new URL(url)
  location.pathname = `/${name}`
  return location.href
}

async function measurePair(database, [small, large], log) {
  const rows = []
  const over = []
  for (const [list, { goal, reported }] of Object.entries(lists)) {
    log(`${database}: ${list}`)
    for (const benchmark of [...goal, ...reported]) {
      const times = [[], []]
      for (let round = 0; round < ROUNDS; round++) {
        for (const at of round % 2 ? [1, 0] : [0, 1]) times[at].push(await time([small, large][at], benchmark))
      }
      const [before, after] = times.map((all) => Math.min(...all))
      const ratio = after / before
      const isGoal = goal.includes(benchmark)
      if (isGoal && ratio > GOAL) over.push(`${list}: ${benchmark.name}`)
      rows.push(
        `| ${list} | ${benchmark.name} | ${before.toFixed(2)} | ${after.toFixed(2)} | ${ratio.toFixed(2)} | ${isGoal ? (ratio > GOAL ? 'no' : 'yes') : '-'} |`,
      )
    }
  }
  const count = (column) => column.count.toLocaleString('en')
  return `### ${database}\n\n| list | request | ${count(small)} | ${count(large)} | ratio | reached |\n|---|---|--:|--:|--:|---|\n${rows.join('\n')}\n\nOver the goal: ${over.join('; ') || 'none'}.`
}

async function measureAlone(column, log) {
  log(`SQLite with ${column.count} users`)
  const rows = []
  for (const benchmark of [...lists.users.goal, ...lists.users.reported]) {
    const times = []
    const pauses = []
    for (let round = 0; round < 3; round++) {
      times.push(await time(column, benchmark))
      pauses.push(await longestPause(column, benchmark))
    }
    rows.push(`| ${benchmark.name} | ${Math.min(...times).toFixed(2)} | ${Math.min(...pauses).toFixed(0)} |`)
  }
  return `### SQLite, ${column.count.toLocaleString('en')} users\n\nThe pause is the longest time for which nobody else had a turn while one request was answered.\n\n| request | ms | pause, ms |\n|---|--:|--:|\n${rows.join('\n')}`
}

/**
 * Milliseconds of a request. SQLite works in this process: its CPU time hardly depends on what else the machine does. Of
 * PostgreSQL it is the fastest request.
 */
async function time({ server, count }, { path }) {
  const isSqlite = server.database.dialect === 'sqlite'
  const cpu = process.cpuUsage()
  const begun = performance.now()
  let fastest = Number.POSITIVE_INFINITY
  let k = 0
  for (; k < REQUESTS && performance.now() - begun < ENOUGH_MS; k++) {
    const before = performance.now()
    await ask(server, path(k, count))
    fastest = Math.min(fastest, performance.now() - before)
  }
  const { user, system } = process.cpuUsage(cpu)
  return isSqlite ? (user + system) / 1000 / k : fastest
}

async function longestPause({ server, count }, { path }) {
  let longest = 0
  let last = performance.now()
  let isOver = false
  const turns = (async () => {
    while (!isOver) {
      await new Promise((resolve) => setImmediate(resolve))
      const now = performance.now()
      longest = Math.max(longest, now - last)
      last = now
    }
  })()
  await ask(server, path(7, count))
  isOver = true
  await turns
  return longest
}

async function ask(server, path, request = {}) {
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' }
  const response = await server.fetch(new Request(`http://bench.test/v1${path}`, { headers, ...request }))
  const body = await response.json()
  if (!response.ok) throw new Error(`${path}: ${JSON.stringify(body)}`)
}
