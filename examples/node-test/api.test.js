import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { createTestServer } from '@latchkey/testing'
import { createApi } from './api.js'

let latchkey
let api
let url

before(async () => {
  latchkey = await createTestServer({ port: 0 })
  api = createApi({ secretKey: latchkey.secretKey, apiUrl: latchkey.url, jwtKey: await latchkey.jwtKey() }).listen(
    0,
    '127.0.0.1',
  )
  await once(api, 'listening')
  url = `http://127.0.0.1:${api.address().port}`
})

after(async () => {
  api.close()
  api.closeAllConnections()
  await latchkey.close()
})

test('greets a user who is signed in', async () => {
  const user = await latchkey.client.users.createUser({ emailAddress: ['ada@example.com'], firstName: 'Ada' })
  const session = await latchkey.client.sessions.createSession({ userId: user.id })
  const { jwt } = await latchkey.client.sessions.getToken(session.id)

  const response = await fetch(url, { headers: { authorization: `Bearer ${jwt}` } })
  assert.equal(await response.text(), 'Hello, Ada!')
})

test('refuses everyone else', async () => {
  const response = await fetch(url)
  assert.equal(response.status, 401)
})
