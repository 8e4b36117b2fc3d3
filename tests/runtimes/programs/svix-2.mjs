// What the newest `svix` package does with this server: it needs a newer Node than the tests have. Its arguments are the
// server's URL, a secret key, the application and the URL of a receiver that refuses the first delivery. Each failure ends it.
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { Svix } from 'svix'

const [serverUrl, secretKey, app, receiverUrl] = process.argv.slice(2)
const svix = new Svix(secretKey, { serverUrl })

async function newUser(name) {
  const headers = { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ first_name: name, email_address: [`${name}@example.com`] })
  const response = await fetch(`${serverUrl}/v1/users`, { method: 'POST', headers, body })
  assert.equal(response.status, 200)
  return (await response.json()).id
}

async function until(what, condition) {
  for (let tries = 0; tries < 400; tries++) {
    const value = await condition()
    if (value) return value
    await pause(25)
  }
  throw new Error(`${what} did not come true`)
}

const since = new Date(Date.now() - 60_000)
const created = await svix.endpoint.create(app, {
  url: receiverUrl,
  uid: 'shop',
  eventTypes: ['user.created'],
  throttleRate: 100,
})
const { id } = created
assert.deepEqual([created.eventTypes, created.throttleRate], [['user.created'], 100])
assert.deepEqual(await svix.endpoint.get(app, 'shop'), created)
assert.equal((await svix.endpoint.list(app, { limit: 10 })).data.length, 1)
assert.equal((await svix.endpoint.patch(app, id, { description: 'Shop' })).description, 'Shop')
const upserted = await svix.endpoint.upsert(app, 'shop', {
  url: receiverUrl,
  uid: 'shop',
  eventTypes: ['user.created'],
})
assert.deepEqual([upserted.id, upserted.description], [id, ''])

const { key } = await svix.endpoint.getSecret(app, id)
await svix.endpoint.rotateSecret(app, id, {})
assert.notEqual((await svix.endpoint.getSecret(app, id)).key, key)
await svix.endpoint.setHeaders(app, id, { headers: { 'x-shop': 'berlin', authorization: 'Bearer hush' } })
await svix.endpoint.patchHeaders(app, id, { headers: { 'x-more': '1' }, deleteHeaders: ['x-shop'] })
assert.deepEqual(await svix.endpoint.getHeaders(app, id), { headers: { 'x-more': '1' }, sensitive: ['authorization'] })

const user = await newUser('ada')
const attempts = (options = {}) => svix.messageAttempt.listByEndpoint(app, id, options)
const [failed] = await until('an attempt', async () => {
  const { data } = await attempts({ status: 2, withContent: true, withMsg: true })
  return data.length > 0 && data
})
assert.deepEqual([failed.responseStatusCode, failed.response, failed.msg.payload.data.id], [400, 'no', user])
// Lists leave out what receivers answered unless it is asked for.
assert.equal((await attempts()).data[0].response, '')
const [message] = (await svix.message.list(app, { withContent: true })).data.filter(
  ({ id: one }) => one === failed.msgId,
)
assert.equal(message.payload.data.id, user)
assert.equal((await svix.message.get(app, failed.msgId, { withContent: true })).payload.data.id, user)

await svix.messageAttempt.resend(app, failed.msgId, id)
await until(
  'a resent message',
  async () => (await svix.messageAttempt.listByMsg(app, failed.msgId, { status: 0 })).data.length === 1,
)
assert.equal((await svix.endpoint.recover(app, id, { since })).status, 'finished')
assert.equal((await svix.endpoint.replayMissing(app, id, { since })).status, 'finished')
const example = await svix.endpoint.sendExample(app, id, { eventType: 'user.created' })
await until(
  'the example',
  async () => (await svix.messageAttempt.listByMsg(app, example.id, { status: 0 })).data.length === 1,
)
assert.deepEqual(await svix.endpoint.getStats(app, id), { success: 2, fail: 0, canceled: 0, pending: 0, sending: 0 })
assert.equal((await svix.eventType.list({ limit: 100 })).data.length, 45)
await assert.rejects(svix.endpoint.create(app, { url: 'http://169.254.169.254/' }), { code: 422 })
await svix.endpoint.delete(app, 'shop')
await assert.rejects(svix.endpoint.get(app, 'shop'), { code: 404 })
console.log('done')
