// node benchmarks/server/measure-growth.mjs: how much larger a SQLite file becomes by 2,000 updates of one user, and by
// 2,000 more after the retention of events. Prints a table.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundle } from '../lib/bundle.mjs'

const { createServer, webhookRemovals } = await import(pathToFileURL(await bundle('growth')).href)

const UPDATES = 2000
const AT_ONCE = 50
/** Longer than events are kept, less than entries of the audit trail are. */
const MONTH = 31 * 24 * 60 * 60_000

console.log('| metadata of the user | first | after retention | a month later again |\n|---|--:|--:|--:|')
for (const [name, length] of [
  ['none', 0],
  ['8 KB', 8000],
]) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-growth-'))
  const file = join(folder, 'test.db')
  let ahead = 0
  const clock = { now: () => Date.now() + ahead }
  const { secretKey, id } = await withServer(file, clock, async (server) => {
    const instance = await server.createInstance()
    const body = { username: 'ada_l', private_metadata: { notes: '-'.repeat(length) } }
    return { ...instance, id: (await call(server, instance.secretKey, 'POST', '', body)).id }
  })
  const update = async () => {
    await withServer(file, clock, async (server) => {
      for (let at = 0; at < UPDATES; at += AT_ONCE)
        await Promise.all(
          Array.from({ length: AT_ONCE }, (_, n) =>
            call(server, secretKey, 'PATCH', `/${id}`, { first_name: `Ada ${at + n}` }),
          ),
        )
      // Numbered, as the delivery of events does it within a second: only then are they removed.
      await new Promise((resolve) => setTimeout(resolve, 5000))
    })
    return statSync(file).size
  }
  const sizes = [statSync(file).size, await update()]
  ahead = MONTH
  await withServer(file, clock, async ({ database }) => {
    for (const job of webhookRemovals({})(database)) await job.run(clock.now())
  })
  sizes.push(statSync(file).size, await update())
  const grown = sizes.slice(1).map((size, index) => `${((size - sizes[index]) / 1e6).toFixed(1)} MB`)
  console.log(`| ${name} | ${grown.join(' | ')} |`)
  rmSync(folder, { recursive: true })
}

/** Closed behind the work, so that all of it is in the file. */
async function withServer(database, clock, work) {
  const server = await createServer({ database, clock })
  try {
    return await work(server)
  } finally {
    await server.close()
  }
}

async function call(server, secretKey, method, path, body) {
  const request = new Request(`http://localhost/v1/users${path}`, {
    method,
    headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const response = await server.fetch(request)
  if (response.status !== 200) throw new Error(await response.text())
  return response.json()
}
