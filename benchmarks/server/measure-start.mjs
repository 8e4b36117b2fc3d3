import { join } from 'node:path'
import { median } from '../lib/drive.mjs'
import { freePort, startProcess } from '../lib/processes.mjs'
import { ENCRYPTION_KEY, KEY } from './measure-requests.mjs'
import { fillSqlite } from './users.mjs'

/**
 * Time from starting `node` on the built entry to the first 200, on an existing database; and the memory of an idle
 * server.
 */
export async function measureStart({ quick, folder, log, latchkey }) {
  const { createServer } = await import('@latchkey/server')
  const database = join(folder, 'start.db')
  const made = await createServer({ database, encryptionKey: ENCRYPTION_KEY })
  await made.createInstance({ id: 'ins_start', secretKey: KEY, isDefault: true })
  await made.close()
  fillSqlite(database, 'ins_start', 1000)

  const times = []
  const memory = []
  for (let round = 0; round < (quick ? 5 : 20); round++) {
    log(`Start ${round + 1} …`)
    const port = await freePort()
    const started = await startProcess(
      latchkey,
      ['dev', '--port', String(port), '--database', database, '--secret-key', KEY],
      {
        url: `http://127.0.0.1:${port}/v1/users?limit=1`,
        headers: { authorization: `Bearer ${KEY}` },
        env: { LATCHKEY_ENCRYPTION_KEY: ENCRYPTION_KEY },
      },
    )
    times.push(started.startMs)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    memory.push((await started.usage()).memory / 1e6)
    await started.stop()
  }
  return `## Start and rest\n\nMedian of ${times.length} starts.\n\n| what | figure |\n|---|--:|\n| from \`node latchkey.js dev\` to the first 200 | ${median(times).toFixed(0)} ms |\n| resident memory a second later | ${median(memory).toFixed(0)} MB |`
}
