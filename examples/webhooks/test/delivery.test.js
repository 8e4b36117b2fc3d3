import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createTestServer } from '@latchkey/testing'
import { openUsers } from '../users.js'
import { startApp } from './start.js'

const signingSecret = `whsec_${Buffer.alloc(24, 1).toString('base64')}`
const root = new URL('..', import.meta.url)

let folder
let latchkey
const database = () => join(folder, 'users.db')
const emails = () => {
  const users = openUsers(database())
  try {
    return users.list().map(({ email }) => email)
  } finally {
    users.close()
  }
}

/** Waits until the table has these addresses; the server's clock goes on, so that it tries again. */
async function until(expected) {
  for (let tries = 0; tries < 200; tries++) {
    if (sorted(emails()) === sorted(expected)) return
    latchkey.clock.advance(1000)
    await pause(50)
  }
  assert.deepEqual(emails(), expected)
}

const schedule = { retryDelays: Array.from({ length: 100 }, () => 1000), overloadDelay: 1000, pollEvery: 50 }
const createUser = (client, name) => client.users.createUser({ emailAddress: [`${name}@example.com`] })

/** On the wire of Svix: any of its clients can do it. */
async function addEndpoint(url) {
  const { instance, secretKey } = latchkey
  const response = await latchkey.fetch(`${latchkey.url}/api/v1/app/${instance.id}/endpoint`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url, secret: signingSecret }),
  })
  assert.equal(response.status, 201)
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webhooks-delivery-'))
  latchkey = await createTestServer({ webhooks: { schedule } })
})
afterEach(async () => {
  await latchkey.close()
  await rm(folder, { recursive: true })
})

test('webhooks keep the table right, also through a restart of the receiver', async () => {
  const environment = { CLERK_WEBHOOK_SIGNING_SECRET: signingSecret, DATABASE: database() }
  let app = await startApp(environment)
  await addEndpoint(`${app.url}/webhooks`)
  await createUser(latchkey.client, 'ada')
  await until(['ada@example.com'])

  await app.stop()
  const bob = await createUser(latchkey.client, 'bob')
  await createUser(latchkey.client, 'cid')
  await latchkey.client.users.deleteUser(bob.id)
  app = await startApp({ ...environment, PORT: new URL(app.url).port })
  await until(['ada@example.com', 'cid@example.com'])
  await app.stop()
})

test('pulling keeps it right, also through a kill of the program', async () => {
  const { secretKey } = latchkey
  const url = await latchkey.listen()
  await createUser(latchkey.client, 'ada')
  const start = async () => {
    const env = { CLERK_SECRET_KEY: secretKey, CLERK_API_URL: url, DATABASE: database() }
    const child = spawn(process.execPath, ['pull.js'], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    return child
  }
  let child = await start()
  await until(['ada@example.com'])
  await createUser(latchkey.client, 'bob')
  await until(['ada@example.com', 'bob@example.com'])

  child.kill('SIGKILL')
  await once(child, 'exit')
  const { id } = await createUser(latchkey.client, 'cid')
  await latchkey.client.users.deleteUser(id)
  await createUser(latchkey.client, 'dan')
  child = await start()
  await until(['ada@example.com', 'bob@example.com', 'dan@example.com'])
  child.kill('SIGKILL')
  await once(child, 'exit')
})

function sorted(texts) {
  return texts.toSorted((a, b) => (a < b ? -1 : 1)).join()
}
