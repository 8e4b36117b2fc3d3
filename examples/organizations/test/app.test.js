import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { createTestServer } from '@latchkey/testing'
import { startApp } from './start.js'

const seed = JSON.parse(readFileSync(new URL('../seed.json', import.meta.url), 'utf8'))

let latchkey
let people = 0
before(async () => {
  latchkey = await createTestServer()
  await latchkey.listen()
  await createRoles(latchkey.client)
})
after(() => latchkey.close())

/** What `seed.json` brings when Latchkey is started with it. */
async function createRoles({ instance, organizationPermissions, organizationRoles }) {
  await instance.updateOrganizationSettings({ enabled: true })
  const ids = {}
  for (const { name, key } of seed.organization_permissions)
    ids[key] = (await organizationPermissions.createOrganizationPermission({ name, key })).id
  for (const { name, key, permissions } of seed.organization_roles) {
    await organizationRoles.createOrganizationRole({
      name,
      key,
      permissions: permissions.map((permission) => ids[permission]),
      includeInInitialRoleSet: true,
    })
  }
}

async function newUser() {
  return latchkey.client.users.createUser({ emailAddress: [`user${++people}@example.com`] })
}

/** An organization, and somebody who just joined it in a role. */
async function newMember(role) {
  const { organizations } = latchkey.client
  const [admin, user] = [await newUser(), await newUser()]
  const organization = await organizations.createOrganization({ name: `Company ${people}`, createdBy: admin.id })
  const organizationId = organization.id
  await organizations.createOrganizationMembership({ organizationId, userId: user.id, role })
  return { organizationId, user: await signedIn(user, organizationId), admin: await signedIn(admin, organizationId) }
}

/** A session in which the organization is active. `token()` gets a new token, as the browser packages do each minute. */
async function signedIn({ id: userId }, activeOrganizationId) {
  const { sessions } = latchkey.client
  // The clock of the test server stands still; that of the application does not.
  latchkey.clock.advance(Math.max(0, Date.now() - latchkey.clock.now()))
  const session = await sessions.createSession({ userId, activeOrganizationId })
  return { userId, token: async () => (await sessions.getToken(session.id)).jwt }
}

for (const official of [false, true]) {
  describe(official ? 'with @clerk/express' : 'with @latchkey/express', () => {
    let app
    before(async () => {
      const { secretKey, publishableKey, url } = latchkey
      const env = { CLERK_SECRET_KEY: secretKey, CLERK_PUBLISHABLE_KEY: publishableKey, CLERK_API_URL: url }
      app = await startApp(env, { official })
    })
    after(() => app.stop())

    const ask = async (method, path, token, body) => {
      const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
      const response = await fetch(app.url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
      return { status: response.status, body: await response.json() }
    }
    const invoice = (token) => ask('POST', '/invoices', token, { amount: 4999 })

    test('nobody gets in without a token', async () => {
      assert.equal((await ask('GET', '/invoices')).status, 401)
      assert.equal((await ask('GET', '/invoices', 'nonsense')).status, 401)
    })

    test('a member without the permission gets 403, and 201 once the role has changed and the token is a new one', async () => {
      const { organizationId, user } = await newMember('org:reader')
      const old = await user.token()
      assert.equal((await ask('GET', '/invoices', old)).status, 200)
      assert.deepEqual(await invoice(old), {
        status: 403,
        body: { error: 'This needs org:invoices:create in the organization.' },
      })

      const { organizations } = latchkey.client
      await organizations.updateOrganizationMembership({ organizationId, userId: user.userId, role: 'org:bookkeeper' })
      assert.equal((await invoice(old)).status, 403, 'a token says what held when it was made')
      const refreshed = await user.token()
      assert.equal((await invoice(refreshed)).status, 201)
      assert.deepEqual((await ask('GET', '/invoices', refreshed)).body, [{ amount: 4999, by: user.userId }])

      await organizations.deleteOrganizationMembership({ organizationId, userId: user.userId })
      assert.equal((await ask('GET', '/invoices', await user.token())).status, 403)
    })

    test('a permission in one organization is none in another', async () => {
      const [one, other] = [await newMember('org:bookkeeper'), await newMember('org:bookkeeper')]
      await invoice(await one.user.token())
      assert.deepEqual((await ask('GET', '/invoices', await other.user.token())).body, [])
    })

    test('the role is asked for as well', async () => {
      const { user, admin } = await newMember('org:bookkeeper')
      assert.equal((await ask('GET', '/settings', await user.token())).status, 403)
      assert.equal((await ask('GET', '/settings', await admin.token())).status, 200)
    })

    test('what is no invoice is refused', async () => {
      const { user } = await newMember('org:bookkeeper')
      for (const amount of [0, -1, 1.5, '1', null])
        assert.equal((await ask('POST', '/invoices', await user.token(), { amount })).status, 422)
    })
  })
}

test('without keys it says which are missing', async () => {
  const { exitCode, output } = await startApp({})
  assert.equal(exitCode, 1)
  assert.match(output(), /CLERK_SECRET_KEY=sk_test_…\n {2}CLERK_PUBLISHABLE_KEY/)
})
