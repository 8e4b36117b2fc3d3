import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { createTestInstance } from '@latchkey/backend/testing'
import { createTestServer } from '@latchkey/testing'
import { startApp } from './start.js'

let latchkey
let users = 0
before(async () => {
  latchkey = await createTestServer()
  await latchkey.listen()
})
after(() => latchkey.close())

/** A user who has just signed in, and the header that a program then sends. */
async function signIn(firstName) {
  const user = await latchkey.client.users.createUser({ emailAddress: [`user${++users}@example.com`], firstName })
  // The clock of the test server stands still; that of the application does not.
  latchkey.clock.advance(Math.max(0, Date.now() - latchkey.clock.now()))
  const session = await latchkey.client.sessions.createSession({ userId: user.id })
  const { jwt } = await latchkey.client.sessions.getToken(session.id)
  return { id: user.id, headers: { authorization: `Bearer ${jwt}` } }
}

function environment() {
  const { secretKey, publishableKey, url } = latchkey
  return { CLERK_SECRET_KEY: secretKey, CLERK_PUBLISHABLE_KEY: publishableKey, CLERK_API_URL: url }
}

for (const official of [false, true]) {
  describe(official ? 'with @clerk/fastify' : 'with @latchkey/fastify', () => {
    let app
    before(async () => {
      app = await startApp(environment(), { official })
    })
    after(() => app.stop())

    function send(method, path, { headers } = {}, content) {
      const json = content && {
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(content),
      }
      return fetch(app.url + path, { method, redirect: 'manual', headers, ...json })
    }

    test('everyone sees the rooms', async () => {
      assert.deepEqual(await (await send('GET', '/rooms')).json(), ['Ada', 'Babbage', 'Curie'])
      assert.equal((await send('GET', '/rooms/Nobody')).status, 404)
    })

    test('only who is signed in books', async () => {
      const booking = { room: 'Ada', from: 1, to: 2 }
      assert.equal((await send('POST', '/api/bookings', {}, booking)).status, 401)
      assert.equal(
        (await send('POST', '/api/bookings', { headers: { authorization: 'Bearer nonsense' } }, booking)).status,
        401,
      )
      assert.equal((await send('GET', '/api/bookings')).status, 401)
    })

    test('a room is booked once, and nobody sees by whom', async () => {
      const [ada, grace] = [await signIn('Ada'), await signIn('Grace')]
      assert.equal((await send('POST', '/api/bookings', ada, { room: 'Curie', from: 100, to: 200 })).status, 201)
      assert.equal((await send('POST', '/api/bookings', grace, { room: 'Curie', from: 150, to: 250 })).status, 409)
      assert.equal((await send('POST', '/api/bookings', grace, { room: 'Curie', from: 200, to: 250 })).status, 201)
      assert.deepEqual(await (await send('GET', '/rooms/Curie')).json(), [
        { from: 100, to: 200 },
        { from: 200, to: 250 },
      ])
      const own = await (await send('GET', '/api/bookings', ada)).json()
      assert.deepEqual(
        own.map(({ room, from, userId }) => [room, from, userId]),
        [['Curie', 100, ada.id]],
      )
    })

    test('what is no booking is refused', async () => {
      const ada = await signIn('Ada')
      for (const [booking, status] of [
        [{ room: 'Ada' }, 400],
        [[], 400],
        [{ room: 'Ada', from: 'now', to: 2 }, 400],
        [{ room: 'Nobody', from: 1, to: 2 }, 422],
        [{ room: 'Ada', from: 2, to: 2 }, 422],
      ]) {
        assert.equal((await send('POST', '/api/bookings', ada, booking)).status, status, JSON.stringify(booking))
      }
    })

    test('the API knows the user', async () => {
      const grace = await signIn('Grace')
      const { id, firstName, email, bookings } = await (await send('GET', '/api/me', grace)).json()
      assert.deepEqual([id, firstName, bookings], [grace.id, 'Grace', 0])
      assert.match(email, /^user\d+@example\.com$/)
    })

    test('people cancel their own bookings, not those of others', async () => {
      const [ada, grace] = [await signIn('Ada'), await signIn('Grace')]
      const { id } = await (await send('POST', '/api/bookings', ada, { room: 'Babbage', from: 1, to: 2 })).json()
      assert.equal((await send('DELETE', `/api/bookings/${id}`, grace)).status, 403)
      assert.equal((await send('DELETE', `/api/bookings/${id}`, ada)).status, 204)
      assert.equal((await send('DELETE', `/api/bookings/${id}`, ada)).status, 404)
    })
  })

  test(`who may cancel the bookings of others is said by the permissions in the token, with ${official ? 'the official package' : 'ours'}`, async () => {
    // Signs tokens of any organization. The application requests only the key to verify them with.
    const instance = await createTestInstance()
    const keys = createServer((request, response) => {
      response
        .writeHead(request.url === '/v1/jwks' ? 200 : 503, { 'content-type': 'application/json' })
        .end(JSON.stringify(instance.keySet))
    }).listen(0, '127.0.0.1')
    await once(keys, 'listening')
    const { secretKey, publishableKey } = instance
    const app = await startApp(
      {
        CLERK_SECRET_KEY: secretKey,
        CLERK_PUBLISHABLE_KEY: publishableKey,
        CLERK_API_URL: `http://127.0.0.1:${keys.address().port}`,
      },
      { official },
    )
    const bearer = async (claims) => ({ authorization: `Bearer ${await instance.signSessionToken(claims)}` })
    const inTeam = (fpm) =>
      bearer({ sub: 'user_grace', o: { id: 'org_1', slg: 'team', rol: 'member', per: 'manage', fpm }, fea: 'o:rooms' })
    try {
      const json = { 'content-type': 'application/json' }
      const added = await fetch(`${app.url}/api/bookings`, {
        method: 'POST',
        headers: { ...json, ...(await bearer({ sub: 'user_ada' })) },
        body: '{"room":"Ada","from":1,"to":2}',
      })
      const { id } = await added.json()
      assert.equal(
        (await fetch(`${app.url}/api/bookings/${id}`, { method: 'DELETE', headers: await inTeam('0') })).status,
        403,
      )
      assert.equal(
        (await fetch(`${app.url}/api/bookings/${id}`, { method: 'DELETE', headers: await inTeam('1') })).status,
        204,
      )
      // This API has no users: a route that needs one fails with a clear answer.
      const me = await fetch(`${app.url}/api/me`, { headers: await inTeam('1') })
      assert.deepEqual(
        [me.status, await me.json()],
        [502, { error: 'The users cannot be loaded at the moment. Try again later.' }],
      )
    } finally {
      await app.stop()
      keys.close()
    }
  })
}

test('without its variables it says which lines to put where', async () => {
  const app = await startApp({ CLERK_PUBLISHABLE_KEY: 'pk_test_x' })
  assert.equal(app.exitCode, 1)
  assert.match(app.output, /Put these lines into .*examples\/fastify\/\.env:\n\n {2}CLERK_SECRET_KEY=sk_test_…\n\n/)
})
