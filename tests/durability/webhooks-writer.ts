// A server that changes users until it is killed, and delivers the events meanwhile. It prints each change once it is
// acknowledged: the user's id and how often it was changed.
import { writeSync } from 'node:fs'
import { createServer } from '../../packages/server/src/index.js'

const [location, instanceId, round, encryptionKey, changes] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
]
const headers = { authorization: `Bearer sk_test_${instanceId}`, 'content-type': 'application/json' }
const server = await createServer({
  database: location,
  encryptionKey,
  migrate: false,
  // Of a busy machine's database, which nothing here is about.
  databaseTimeout: 60_000,
  passwords: { memoryKib: 64, passes: 1 },
  webhooks: {
    schedule: {
      retryDelays: Array.from({ length: 30 }, () => 50),
      timeout: 500,
      lease: 2500,
      pollEvery: 50,
      overloadDelay: 50,
    },
  },
})

async function call(method: string, path: string, body: object): Promise<{ id: string }> {
  const request = new Request(`http://api.test/v1${path}`, { method, headers, body: JSON.stringify(body) })
  const response = await server.fetch(request)
  if (response.status !== 200)
    throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as { id: string }
}

/** One user, created and changed a few times. */
async function change(name: string): Promise<void> {
  const user = await call('POST', '/users', { username: name, public_metadata: { version: 0 } })
  writeSync(1, `${user.id} 0\n`)
  for (let version = 1; version <= 4; version++) {
    await call('PATCH', `/users/${user.id}`, { public_metadata: { version } })
    writeSync(1, `${user.id} ${version}\n`)
  }
}

let left = Math.ceil(Number(changes) / 5)
const work = async (lane: number) => {
  while (left-- > 0) await change(`u_${round}_${lane}_${left}`)
}
await Promise.all(Array.from({ length: 8 }, (_, lane) => work(lane)))
// Delivers what is left until it is told to stop. It listens on no port, which would keep it alive.
setInterval(() => {}, 60_000)
process.on('SIGTERM', () => void server.close().then(() => process.exit(0)))
writeSync(1, 'done\n')
