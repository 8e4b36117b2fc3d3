import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createClerkClient } from '@latchkey/backend'
import { startPostgres } from '../../../scripts/postgres.mjs'
import { openUsers } from '../open-users.js'
import { startLatchkey } from './latchkey.js'
import { startApp } from './start.js'

const signingSecret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`
const root = new URL('..', import.meta.url)

let postgres
let folder
let latchkey
before(async () => (postgres = await startPostgres()))
after(() => postgres.stop())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webhooks-restarts-'))
  latchkey = await startLatchkey(folder)
})
afterEach(async () => {
  await latchkey.kill()
  await rm(folder, { recursive: true })
})

const databases = {
  SQLite: () => join(folder, 'users.db'),
  PostgreSQL: () => postgres.url,
}

/** Kills Latchkey as a loss of power does, and starts it with the same data at the same address. */
async function restartLatchkey() {
  await latchkey.kill()
  latchkey = await startLatchkey(folder, latchkey.port)
}

const client = () => createClerkClient({ secretKey: latchkey.secretKey, apiUrl: latchkey.url })
const addressOf = (name) => `${name}@example.com`
const createUser = (name) => client().users.createUser({ emailAddress: [addressOf(name)] })

/** Waits until the application's table has these users and no others. */
async function until(database, names) {
  const users = await openUsers(database)
  try {
    const emails = async () => (await users.list()).map(({ email }) => email).sort()
    const expected = names.map(addressOf).sort()
    for (let tries = 0; tries < 600; tries++) {
      if (String(await emails()) === String(expected)) return
      await pause(50)
    }
    assert.deepEqual(await emails(), expected)
  } finally {
    await users.close()
  }
}

for (const [name, place] of Object.entries(databases)) {
  describe(`a table of users in ${name}`, () => {
    test('is right after a death of Latchkey and a restart of the application, by delivery', async () => {
      const database = place()
      const environment = { CLERK_WEBHOOK_SIGNING_SECRET: signingSecret, DATABASE: database }
      let app = await startApp(environment)
      const response = await fetch(`${latchkey.url}/api/v1/app/${await instanceId()}/endpoint`, {
        method: 'POST',
        headers: { authorization: `Bearer ${latchkey.secretKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ url: `${app.url}/webhooks`, secret: signingSecret }),
      })
      assert.equal(response.status, 201)
      await createUser('delivered-ada')
      const bob = await createUser('delivered-bob')
      await restartLatchkey()
      await until(database, ['delivered-ada', 'delivered-bob'])

      await app.stop()
      await createUser('delivered-cid')
      // Killed before the second attempt, five seconds after the first: the third would be five minutes later.
      await latchkey.kill()
      app = await startApp({ ...environment, PORT: new URL(app.url).port })
      latchkey = await startLatchkey(folder, latchkey.port)
      await client().users.deleteUser(bob.id)
      await until(database, ['delivered-ada', 'delivered-cid'])
      await app.stop()
    })

    test('is right after deaths of both, by pull', async () => {
      const database = place()
      const start = async () => {
        const env = { CLERK_SECRET_KEY: latchkey.secretKey, CLERK_API_URL: latchkey.url, DATABASE: database }
        const child = spawn(process.execPath, ['pull.js'], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
        await once(child.stdout, 'data')
        return child
      }
      await createUser('pulled-ada')
      let child = await start()
      await until(database, ['pulled-ada'])
      const bob = await createUser('pulled-bob')
      await restartLatchkey()
      await createUser('pulled-cid')
      await until(database, ['pulled-ada', 'pulled-bob', 'pulled-cid'])

      child.kill('SIGKILL')
      await once(child, 'exit')
      await client().users.deleteUser(bob.id)
      await createUser('pulled-dan')
      await restartLatchkey()
      child = await start()
      await until(database, ['pulled-ada', 'pulled-cid', 'pulled-dan'])
      child.kill()
      assert.equal((await once(child, 'exit'))[0], 0)
    })
  })
}

async function instanceId() {
  return (await client().instance.get()).id
}
