import { copyFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { drive, median } from '../lib/drive.mjs'
import { freePort, startProcess } from '../lib/processes.mjs'
import { cases, requestsOf } from './cases.mjs'
import { ENCRYPTION_KEY, KEY, openSession, prepareDatabase } from './measure-requests.mjs'
import { fillSqlite, userAt } from './users.mjs'

const USERS = 1000

/**
 * CPU of each case in this build beside another one, in short turns: what else the machine does meets both alike.
 *
 * @param {object} options
 * @param {string} options.against the `latchkey.js` of the other build, whose schema this one can migrate
 * @param {string[]} [options.names] of cases; default is all
 * @param {number} [options.rounds] Default is 7.
 */
export async function measureAgainst({ against, names, rounds = 7, quick, folder, log, latchkey }) {
  const seconds = quick ? 1 : 2
  const chosen = cases.filter(({ name }) => !names || names.includes(name))
  const builds = [
    { name: 'before', script: against, database: join(folder, 'before.db') },
    { name: 'after', script: latchkey, database: join(folder, 'after.db') },
  ]
  // Filled by the older build: the newer one migrates its copy when it starts.
  const { createServer } = await import(join(dirname(against), '../../server/dist/index.js'))
  await prepareDatabase(createServer, builds[0].database, fillSqlite, USERS)
  copyFileSync(builds[0].database, builds[1].database)

  const running = []
  const rows = []
  try {
    for (const build of builds) running.push(await start(build))
    for (const benchmark of chosen) {
      log(benchmark.name)
      const slice = async ({ server, url, sessionId }, warmUp) => {
        const requests = requestsOf(benchmark, { count: USERS, sessionId, key: () => KEY })
        return (await drive(server, { url, seconds, requests, warmUp })).cpuMicros
      }
      for (const one of running) await slice(one, 2 * seconds)
      const costs = []
      for (let round = 0; round < rounds; round++) {
        // The order changes with every round: neither build always has the warmer machine.
        const order = round % 2 ? running.toReversed() : running
        const found = new Map()
        for (const one of order) found.set(one, await slice(one, 0))
        costs.push(running.map((one) => found.get(one)))
      }
      const ratios = costs.map(([before, after]) => after / before)
      const least = (which) => Math.min(...costs.map((cost) => cost[which])).toFixed(0)
      const range = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`
      rows.push(`| ${benchmark.name} | ${least(0)} | ${least(1)} | ${median(ratios).toFixed(2)} | ${range} |`)
    }
  } finally {
    for (const { server } of running) await server.stop()
  }
  return `## Beside another build\n\nBoth run, and are asked in turns of ${seconds} s: the least CPU of ${rounds} rounds, in µs a request, and the median of the rounds' ratios; ${USERS} users, SQLite.\n\n| request | before | after | ratio | rounds |\n|---|--:|--:|--:|--:|\n${rows.join('\n')}`
}

async function start({ script, database }) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const args = ['dev', '--port', String(port), '--database', database, '--secret-key', 'sk_test_unused']
  const server = await startProcess(script, args, {
    url: `${url}/v1/users/${userAt(0).id}`,
    headers: { authorization: `Bearer ${KEY}` },
    env: { LATCHKEY_ENCRYPTION_KEY: ENCRYPTION_KEY },
  })
  return { server, url, sessionId: await openSession(url) }
}
