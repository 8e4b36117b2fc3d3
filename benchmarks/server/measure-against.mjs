import { copyFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { drive } from '../lib/drive.mjs'
import { freePort, startProcess } from '../lib/processes.mjs'
import { cases, requestsOf } from './cases.mjs'
import { ENCRYPTION_KEY, KEY, openSession, prepareDatabase } from './measure-requests.mjs'
import { fillSqlite, userAt } from './users.mjs'

const USERS = 1000

/**
 * CPU of each case in this build beside another one, in turns: what else the machine does meets both alike.
 *
 * @param {object} options
 * @param {string} options.against the `latchkey.js` of the other build, whose schema this one can migrate
 * @param {string[]} [options.names] of cases; default is all
 * @param {number} [options.rounds] Default is 7.
 */
export async function measureAgainst({ against, names, rounds = 7, quick, folder, log, latchkey }) {
  const seconds = quick ? 1 : 3
  const chosen = cases.filter(({ name }) => !names || names.includes(name))
  const builds = [
    { name: 'before', script: against, database: join(folder, 'before.db') },
    { name: 'after', script: latchkey, database: join(folder, 'after.db') },
  ]
  // Filled by the older build: the newer one migrates its copy when it starts.
  const { createServer } = await import(join(dirname(against), '../../server/dist/index.js'))
  await prepareDatabase(createServer, builds[0].database, fillSqlite, USERS)
  copyFileSync(builds[0].database, builds[1].database)

  const ratios = new Map(chosen.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    const found = new Map()
    // The order changes with every round: neither build always has the warmer machine.
    for (const build of round % 2 ? builds.toReversed() : builds) {
      log(`Round ${round + 1} of ${rounds}: ${build.name}`)
      found.set(build.name, await measureBuild(build, chosen, seconds))
    }
    for (const { name } of chosen) ratios.get(name).push(found.get('after')[name] / found.get('before')[name])
  }
  const rows = [...ratios].map(([name, values]) => {
    const sorted = values.toSorted((a, b) => a - b)
    return `| ${name} | ${sorted[Math.floor(sorted.length / 2)].toFixed(2)} | ${sorted[0].toFixed(2)} to ${sorted.at(-1).toFixed(2)} |`
  })
  return `## Beside another build\n\nCPU per request after, of that before: median of ${rounds} rounds in turns, ${USERS} users, SQLite.\n\n| request | ratio | rounds |\n|---|--:|--:|\n${rows.join('\n')}`
}

async function measureBuild({ script, database }, chosen, seconds) {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const args = ['dev', '--port', String(port), '--database', database, '--secret-key', 'sk_test_unused']
  const started = await startProcess(script, args, {
    url: `${url}/v1/users/${userAt(0).id}`,
    headers: { authorization: `Bearer ${KEY}` },
    env: { LATCHKEY_ENCRYPTION_KEY: ENCRYPTION_KEY },
  })
  const results = {}
  try {
    const sessionId = await openSession(url)
    for (const benchmark of chosen) {
      const requests = requestsOf(benchmark, { count: USERS, sessionId, key: () => KEY })
      results[benchmark.name] = (await drive(started, { url, seconds, requests })).cpuMicros
    }
  } finally {
    await started.stop()
  }
  return results
}
