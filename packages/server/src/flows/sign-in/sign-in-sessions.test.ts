import { describe, expect, it } from 'vitest'
import { ENCRYPTION_KEY } from '../../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { ADA, configure, everything, newAda, openSignIn, PASSWORD, problem } from './sign-in.test-support.js'

const BOB = 'bob@example.com'

describe.each(dialects)('sign-ins beside sessions on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const newBob = () => server.client.users.createUser({ emailAddress: [BOB], password: PASSWORD })

  it('are refused where a client has one session at a time, with what the page needs to go on (mistake 11)', async () => {
    await newAda(server)
    await newBob()
    const browser = await openSignIn(server)
    const { created_session_id: id } = (await browser.create({ identifier: ADA, password: PASSWORD })).body.response
    for (const form of [{}, { identifier: ADA }, { identifier: BOB, password: PASSWORD }]) {
      const { status, body } = await browser.create(form)
      expect(status).toBe(400)
      expect(body).toMatchObject({
        errors: [{ code: 'session_exists', meta: { session_id: id } }],
        meta: { client: { last_active_session_id: id, sessions: [{ id }] } },
      })
    }
    await browser.call('DELETE /client/sessions')
    expect((await browser.create({ identifier: BOB, password: PASSWORD })).body.response.status).toBe('complete')
  })

  it('go on beside those of other users where a client can have several, not beside one of their own', async () => {
    await configure(server, { auth: { singleSessionMode: false } })
    await newAda(server)
    await newBob()
    const browser = await openSignIn(server)
    const { created_session_id: id } = (await browser.create({ identifier: ADA, password: PASSWORD })).body.response
    const again = await browser.create({ identifier: ADA })
    expect(again).toMatchObject({
      status: 400,
      body: {
        errors: [{ code: 'identifier_already_signed_in', meta: { session_id: id } }],
        meta: { client: { sessions: [{ id }] } },
      },
    })
    const bob = await browser.create({ identifier: BOB, password: PASSWORD })
    expect(bob.body.client).toMatchObject({ last_active_session_id: bob.body.response.created_session_id })
    expect(bob.body.client.sessions).toHaveLength(2)
  })

  it('are refused at their end too, when the session came meanwhile', async () => {
    await newAda(server)
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: ADA })).body.response
    await browser.create({ identifier: ADA, password: PASSWORD })
    const form = { strategy: 'password', password: PASSWORD }
    expect(await browser.step(id, 'attempt_first_factor', form)).toMatchObject({
      status: 403,
      body: problem('resource_forbidden'),
    })
    expect((await browser.client()).sessions).toHaveLength(1)
  })

  it('are limited for each address, where the instance has limits', async () => {
    await configure(server, { rateLimits: { enabled: true } })
    const browser = await openSignIn(server)
    const statuses: number[] = []
    for (let begun = 0; begun < 6; begun++) statuses.push((await browser.create()).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429])
    const { body, headers } = await browser.create()
    expect(body).toMatchObject(problem('too_many_requests'))
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('of banned users open no session', async () => {
    const ada = await newAda(server)
    await server.client.users.banUser(ada.id)
    const browser = await openSignIn(server)
    expect(await browser.create({ identifier: ADA, password: PASSWORD })).toMatchObject({
      status: 403,
      body: problem('user_banned'),
    })
    expect((await browser.client()).sessions).toEqual([])
  })

  it('ask the block-list, unless the instance says that they do not', async () => {
    await configure(server, { restrictions: { blocklist: true }, ...everything })
    await newAda(server, { username: 'ada_l' })
    await server.client.blocklistIdentifiers.createBlocklistIdentifier({ identifier: '*@example.com' })
    const browser = await openSignIn(server)
    for (const identifier of [ADA, 'ada_l']) {
      expect(await browser.create({ identifier })).toMatchObject({
        status: 403,
        body: { errors: [{ code: 'not_allowed_access', meta: { identifiers: [ADA] } }] },
      })
    }
    expect(await browser.create({ identifier: ADA, password: PASSWORD })).toMatchObject({ status: 403 })
    expect((await browser.client()).sign_in).toBeNull()
    await server.call('PATCH', '/instance/restrictions', { allowlist_blocklist_disabled_on_sign_in: true })
    const passed = await browser.create({ identifier: ADA, password: PASSWORD })
    expect(passed.body.response.status).toBe('complete')
  })

  it('ask the block-list again at the end', async () => {
    await configure(server, { restrictions: { blocklist: true } })
    await newAda(server)
    const browser = await openSignIn(server)
    const { id } = (await browser.create({ identifier: ADA })).body.response
    await server.client.blocklistIdentifiers.createBlocklistIdentifier({ identifier: ADA })
    const form = { strategy: 'password', password: PASSWORD }
    expect(await browser.step(id, 'attempt_first_factor', form)).toMatchObject({
      status: 403,
      body: problem('not_allowed_access'),
    })
    expect((await browser.client()).sessions).toEqual([])
  })

  it('take users whom the application made past the allow-list, not those who signed up', async () => {
    await configure(server, { restrictions: { allowlist: true } })
    const ada = await newAda(server)
    const browser = await openSignIn(server)
    expect((await browser.create({ identifier: ADA })).status).toBe(200)
    const now = server.clock.now()
    const lists = { required_fields: '[]', optional_fields: '[]', missing_fields: '[]', unverified_fields: '[]' }
    await server.server.database.transaction((tx) =>
      tx
        .insertInto('sign_ups')
        .values({
          ...lists,
          id: `sua_${ada.id}`,
          instance_id: server.instance.id,
          created_at: now,
          updated_at: now,
          status: 'complete',
          verifications: '{}',
          public_metadata: '{}',
          unsafe_metadata: '{}',
          custom_action: 0,
          created_user_id: ada.id,
          abandon_at: now,
        })
        .execute(),
    )
    expect(await browser.create({ identifier: ADA })).toMatchObject({
      status: 403,
      body: problem('not_allowed_access'),
    })
    await server.client.allowlistIdentifiers.createAllowlistIdentifier({ identifier: ADA, notify: false })
    expect((await browser.create({ identifier: ADA })).status).toBe(200)
  })
})
