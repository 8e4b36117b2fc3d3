import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createTestInstance, signWebhook } from '@latchkey/backend/testing'
import { createTestServer } from '@latchkey/testing'
import { startApp } from './start.js'

const WEBHOOK_SECRET = `whsec_${btoa('a secret of the tests')}`
const json = { 'content-type': 'application/json' }

let latchkey
let users = 0
before(async () => {
  latchkey = await createTestServer()
  await latchkey.listen()
})
after(() => latchkey.close())

/** A user who has just signed in, with the token that a browser or a program then has. */
async function signIn(firstName) {
  const user = await latchkey.client.users.createUser({ emailAddress: [`user${++users}@example.com`], firstName })
  // The clock of the test server stands still; that of the application does not.
  latchkey.clock.advance(Math.max(0, Date.now() - latchkey.clock.now()))
  const session = await latchkey.client.sessions.createSession({ userId: user.id })
  const { jwt } = await latchkey.client.sessions.getToken(session.id)
  return { user, token: jwt, bearer: { authorization: `Bearer ${jwt}` } }
}

function environment() {
  const { secretKey, publishableKey, url } = latchkey
  return {
    CLERK_SECRET_KEY: secretKey,
    CLERK_PUBLISHABLE_KEY: publishableKey,
    CLERK_API_URL: url,
    CLERK_WEBHOOK_SIGNING_SECRET: WEBHOOK_SECRET,
  }
}

for (const official of [false, true]) {
  describe(official ? 'with @clerk/express' : 'with @latchkey/express', () => {
    let app
    before(async () => {
      app = await startApp(environment(), { official })
    })
    after(() => app.stop())

    test('everyone can read the first page', async () => {
      const response = await fetch(app.url)
      assert.equal(response.status, 200)
      assert.match(await response.text(), /Notes that are yours/)
    })

    test('the API wants a token', async () => {
      assert.equal((await fetch(`${app.url}/api/notes`)).status, 401)
      assert.equal((await fetch(`${app.url}/api/notes`, { headers: { authorization: 'Bearer nonsense' } })).status, 401)
    })

    test('the API keeps the notes of each user apart', async () => {
      const [ada, grace] = [await signIn('Ada'), await signIn('Grace')]
      const written = await fetch(`${app.url}/api/notes`, {
        method: 'POST',
        headers: { ...ada.bearer, ...json },
        body: JSON.stringify({ text: 'Buy punched cards' }),
      })
      assert.equal(written.status, 201)
      assert.deepEqual(
        (await readJson('/api/notes', ada)).map(({ text }) => text),
        ['Buy punched cards'],
      )
      assert.deepEqual(await readJson('/api/notes', grace), [])
    })

    test('the API refuses what is no note', async () => {
      const ada = await signIn('Ada')
      for (const [body, status] of [
        ['{}', 422],
        ['{"text":""}', 422],
        ['{"text":["a"]}', 422],
        ['{"text":', 400],
      ]) {
        const response = await fetch(`${app.url}/api/notes`, {
          method: 'POST',
          headers: { ...ada.bearer, ...json },
          body,
        })
        assert.equal(response.status, status, body)
      }
    })

    test('the API knows the user', async () => {
      const ada = await signIn('Ada')
      const { id, name, email } = await readJson('/api/me', ada)
      assert.deepEqual([id, name], [ada.user.id, 'Ada'])
      assert.match(email, /^user\d+@example\.com$/)
    })

    test('a page greets the user of the cookie', async () => {
      const { token } = await signIn('Zoë <b>')
      const response = await fetch(`${app.url}/notes`, {
        headers: { cookie: `__session=${token}; __client_uat=1; __clerk_db_jwt=test` },
      })
      assert.equal(response.status, 200)
      assert.match(await response.text(), /Hello, Zoë &#60;b&#62;/)
      assert.equal((await fetch(`${app.url}/notes`)).status, 401)
    })

    test('a team is closed to those who are not in it', async () => {
      const ada = await signIn('Ada')
      assert.equal((await fetch(`${app.url}/api/team/notes`, { headers: ada.bearer })).status, 403)
    })

    test('a webhook takes the notes of a deleted user away', async () => {
      const ada = await signIn('Ada')
      await fetch(`${app.url}/api/notes`, {
        method: 'POST',
        headers: { ...ada.bearer, ...json },
        body: JSON.stringify({ text: 'Soon gone' }),
      })
      const event = { type: 'user.deleted', object: 'event', data: { object: 'user', id: ada.user.id, deleted: true } }
      const forged = await signWebhook(event, { signingSecret: `whsec_${btoa('another secret')}` })
      assert.equal((await fetch(`${app.url}/webhooks`, { method: 'POST', ...forged })).status, 400)
      assert.equal((await readJson('/api/notes', ada)).length, 1)
      const signed = await signWebhook(event, { signingSecret: WEBHOOK_SECRET })
      assert.equal((await fetch(`${app.url}/webhooks`, { method: 'POST', ...signed })).status, 204)
      assert.deepEqual(await readJson('/api/notes', ada), [])
    })

    async function readJson(path, { bearer }) {
      return (await fetch(app.url + path, { headers: bearer })).json()
    }
  })

  test(`who may read a team's notes is said by the permissions in the token, with ${official ? 'the official package' : 'ours'}`, async () => {
    // Signs tokens of any organization. The application has the public key, so it sends no request.
    const instance = await createTestInstance()
    const { secretKey, publishableKey, jwtKey } = instance
    const app = await startApp(
      { ...environment(), CLERK_SECRET_KEY: secretKey, CLERK_PUBLISHABLE_KEY: publishableKey, CLERK_JWT_KEY: jwtKey },
      { official },
    )
    const inTeam = async (fpm) => ({
      authorization: `Bearer ${await instance.signSessionToken({ o: { id: 'org_1', slg: 'team', rol: 'member', per: 'read', fpm }, fea: 'o:notes' })}`,
    })
    try {
      const headers = await inTeam('1')
      await fetch(`${app.url}/api/notes`, {
        method: 'POST',
        headers: { ...headers, ...json },
        body: JSON.stringify({ text: 'For all of us' }),
      })
      const read = await fetch(`${app.url}/api/team/notes`, { headers })
      assert.deepEqual(
        (await read.json()).map(({ text }) => text),
        ['For all of us'],
      )
      assert.equal((await fetch(`${app.url}/api/team/notes`, { headers: await inTeam('0') })).status, 403)
    } finally {
      await app.stop()
    }
  })
}

test('without its variables it says which lines to put where', async () => {
  const { CLERK_SECRET_KEY: _left, ...others } = environment()
  const app = await startApp(others)
  assert.equal(app.exitCode, 1)
  assert.match(app.output(), /Put these lines into .*examples\/express\/\.env:\n\n {2}CLERK_SECRET_KEY=sk_test_…\n\n/)
})
