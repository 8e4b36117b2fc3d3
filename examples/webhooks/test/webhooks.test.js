import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { signWebhook } from '@latchkey/backend/webhooks'
import { createTestServer } from '@latchkey/testing'
import { openUsers } from '../users.js'
import { startApp } from './start.js'

const signingSecret = `whsec_${btoa('a secret of the tests')}`

let folder
let app
let latchkey
const environment = () => ({ CLERK_WEBHOOK_SIGNING_SECRET: signingSecret, DATABASE: join(folder, 'users.db') })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webhooks-'))
  app = await startApp(environment())
  latchkey = await createTestServer()
})
afterEach(async () => {
  await app.stop()
  await latchkey.close()
  await rm(folder, { recursive: true })
})

async function post({ headers, body }) {
  const response = await fetch(`${app.url}/webhooks`, { method: 'POST', headers, body })
  return { status: response.status, ...(await response.json()) }
}

const send = async (event, options) => post(await signWebhook(event, { signingSecret, ...options }))

/** Latchkey's webhook events about users, oldest first. */
async function happened() {
  return (await latchkey.events()).map(({ type, data }) => ({ type, object: 'event', data }))
}

function table() {
  const users = openUsers(environment().DATABASE)
  try {
    return users.list()
  } finally {
    users.close()
  }
}

async function createAda() {
  const { id } = await latchkey.client.users.createUser({
    emailAddress: ['ada@example.com'],
    firstName: 'Ada',
    lastName: 'Byron',
  })
  latchkey.clock.advance(1000)
  return id
}

test('the table follows what happens to users', async () => {
  const id = await createAda()
  for (const event of await happened()) assert.equal((await send(event)).status, 200)
  assert.deepEqual(table(), [{ id, email: 'ada@example.com', firstName: 'Ada', lastName: 'Byron' }])

  await latchkey.client.users.updateUser(id, { lastName: 'Lovelace' })
  await send((await happened()).at(-1))
  assert.deepEqual(
    table().map(({ lastName }) => lastName),
    ['Lovelace'],
  )

  await latchkey.client.users.deleteUser(id)
  const deleted = (await happened()).at(-1)
  assert.equal(deleted.type, 'user.deleted')
  await send(deleted)
  assert.deepEqual(table(), [])
})

test('a delivery counts once, whatever ids stand beside the signed one', async () => {
  await createAda()
  const [event] = await happened()
  const { headers, body } = await signWebhook(event, { signingSecret })
  assert.equal((await post({ headers, body })).again, false)
  assert.equal((await post({ headers: { ...headers, 'webhook-id': 'msg_other' }, body })).again, true)

  const standard = await signWebhook(event, { signingSecret, family: 'webhook' })
  assert.equal((await post({ headers: { ...standard.headers, 'svix-id': 'msg_other' }, body })).code, 'headers_missing')
})

test('a delivery counts once, also after a restart', async () => {
  await createAda()
  const created = await signWebhook((await happened())[0], { signingSecret, id: 'msg_1' })
  assert.deepEqual(await post(created), { status: 200, received: 'user.created', again: false })
  assert.deepEqual(await post(created), { status: 200, received: 'user.created', again: true })

  assert.equal(await app.stop(), 0)
  app = await startApp(environment())
  assert.deepEqual(await post(created), { status: 200, received: 'user.created', again: true })
  assert.equal(table().length, 1)
})

test('what comes late changes nothing', async () => {
  const id = await createAda()
  await latchkey.client.users.updateUser(id, { lastName: 'Lovelace' })
  const [created, updated] = await happened()
  await send(updated)
  await send(created)
  assert.deepEqual(
    table().map(({ lastName }) => lastName),
    ['Lovelace'],
  )

  await latchkey.client.users.deleteUser(id)
  await send((await happened()).at(-1))
  await send(updated)
  assert.deepEqual(table(), [])
})

test('what nobody signed, or not like this, or not now, is refused', async () => {
  await createAda()
  const [event] = await happened()
  const good = await signWebhook(event, { signingSecret })
  const now = Math.floor(Date.now() / 1000)
  const forged = [
    [{ headers: { 'content-type': 'application/json' }, body: good.body }, 'headers_missing'],
    [await signWebhook(event, { signingSecret: `whsec_${btoa('another secret')}` }), 'signature_invalid'],
    [await signWebhook(event, { signingSecret, timestamp: now - 6 * 60 }), 'timestamp_too_old'],
    [await signWebhook(event, { signingSecret, timestamp: now + 6 * 60 }), 'timestamp_in_future'],
    [{ ...good, body: JSON.stringify(JSON.parse(good.body), null, 2) }, 'signature_invalid'],
    [{ ...good, body: good.body.replace('ada@example.com', 'eve@example.com') }, 'signature_invalid'],
    [{ ...good, headers: { ...good.headers, 'svix-id': 'msg_other' } }, 'signature_invalid'],
    [await signWebhook('no JSON', { signingSecret }), 'body_unreadable'],
  ]
  for (const [delivery, code] of forged) {
    const { status, code: answered } = await post(delivery)
    assert.deepEqual([status, answered], [400, code])
  }
  assert.deepEqual(table(), [])
  assert.equal((await post(good)).status, 200)
})

test('what cannot be kept is not remembered either, so that it may come again', async () => {
  const id = await createAda()
  const [{ type, data }] = await happened()
  assert.equal((await send({ type, data: { id } }, { id: 'msg_1' })).status, 500)
  assert.equal((await send({ type, data }, { id: 'msg_1' })).again, false)
  assert.equal(table().length, 1)
})

test('other events, other paths and too much of it do no harm', async () => {
  assert.deepEqual(await send({ type: 'session.created', data: { id: 'sess_1' } }), {
    status: 200,
    received: 'session.created',
    again: false,
  })
  assert.equal((await send({ type: 'user.created', data: { id: 'x'.repeat(2 ** 20) } })).status, 413)
  assert.equal((await fetch(`${app.url}/webhooks`)).status, 405)
  assert.equal((await fetch(app.url)).status, 404)
  assert.deepEqual(table(), [])
})

test('without its secret it says which line to put where', async () => {
  const { exitCode, output } = await startApp({})
  assert.equal(exitCode, 1)
  assert.match(output, /Put this line into .*examples\/webhooks\/\.env:\n\n {2}CLERK_WEBHOOK_SIGNING_SECRET=whsec_…\n/)
})
