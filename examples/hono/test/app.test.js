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
  describe(official ? 'with @clerk/hono' : 'with @latchkey/hono', () => {
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

    test('everyone can read the first page', async () => {
      assert.match(await (await send('GET', '/')).text(), /Short links/)
    })

    test('only who is signed in makes links', async () => {
      const link = { name: 'docs', url: 'https://example.com/docs' }
      assert.equal((await send('POST', '/api/links', {}, link)).status, 401)
      assert.equal(
        (await send('POST', '/api/links', { headers: { authorization: 'Bearer nonsense' } }, link)).status,
        401,
      )
      assert.equal((await send('GET', '/api/nothing')).status, 401)
    })

    test('a link leads everyone to its target, and its maker sees how often', async () => {
      const ada = await signIn('Ada')
      assert.equal(
        (await send('POST', '/api/links', ada, { name: 'engine', url: 'https://example.com/engine?a=b' })).status,
        201,
      )
      const followed = await send('GET', '/to/engine')
      assert.deepEqual([followed.status, followed.headers.get('location')], [302, 'https://example.com/engine?a=b'])
      const [{ name, visits }] = await (await send('GET', '/api/links', ada)).json()
      assert.deepEqual([name, visits], ['engine', 1])
      assert.equal((await send('GET', '/to/nothing')).status, 404)
    })

    test('what is no link is refused', async () => {
      const ada = await signIn('Ada')
      const url = 'https://example.com'
      for (const link of [
        { name: 'x' },
        { name: 'A b', url },
        { name: ['x'], url: 'x' },
        { name: 'x', url: 'javascript:alert(1)' },
        { name: 'x', url: '//example.com' },
        [],
        'x',
      ]) {
        assert.equal((await send('POST', '/api/links', ada, link)).status, 422, JSON.stringify(link))
      }
      assert.equal((await send('POST', '/api/links', ada, { name: 'taken', url })).status, 201)
      assert.equal((await send('POST', '/api/links', ada, { name: 'taken', url })).status, 409)
      assert.equal(
        (await send('POST', '/api/links', ada, { name: 'x', url: `${url}/${'x'.repeat(20_000)}` })).status,
        413,
      )
    })

    test('the API knows the user', async () => {
      const grace = await signIn('Grace')
      const { id, firstName, email, links } = await (await send('GET', '/api/me', grace)).json()
      assert.deepEqual([id, firstName, links], [grace.id, 'Grace', 0])
      assert.match(email, /^user\d+@example\.com$/)
    })

    test('people remove their own links, not those of others', async () => {
      const [ada, grace] = [await signIn('Ada'), await signIn('Grace')]
      await send('POST', '/api/links', ada, { name: 'mine', url: 'https://example.com' })
      assert.equal((await send('DELETE', '/api/links/mine', grace)).status, 403)
      assert.equal((await send('DELETE', '/api/links/mine', ada)).status, 204)
      assert.equal((await send('DELETE', '/api/links/mine', ada)).status, 404)
    })
  })

  test(`who may remove the links of others is said by the permissions in the token, with ${official ? 'the official package' : 'ours'}`, async () => {
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
      bearer({
        sub: 'user_grace',
        o: { id: 'org_1', slg: 'team', rol: 'member', per: 'moderate', fpm },
        fea: 'o:links',
      })
    try {
      const json = { 'content-type': 'application/json' }
      const added = await fetch(`${app.url}/api/links`, {
        method: 'POST',
        headers: { ...json, ...(await bearer({ sub: 'user_ada' })) },
        body: '{"name":"hers","url":"https://example.com"}',
      })
      assert.equal(added.status, 201)
      assert.equal(
        (await fetch(`${app.url}/api/links/hers`, { method: 'DELETE', headers: await inTeam('0') })).status,
        403,
      )
      assert.equal(
        (await fetch(`${app.url}/api/links/hers`, { method: 'DELETE', headers: await inTeam('1') })).status,
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
  assert.match(app.output, /Put these lines into .*examples\/hono\/\.env:\n\n {2}CLERK_SECRET_KEY=sk_test_…\n\n/)
})
