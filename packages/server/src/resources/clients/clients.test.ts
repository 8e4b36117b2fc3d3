import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('clients on %s', (dialect) => {
  const server = useTestServer(dialect)

  const createSession = async (username: string) => {
    const user = await server.client.users.createUser({ username })
    return server.client.sessions.createSession({ userId: user.id })
  }

  it('show their sessions', async () => {
    const session = await createSession('ada_l')

    const { status, body } = await server.call('GET', `/clients/${session.clientId}`)

    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'client',
      id: session.clientId,
      session_ids: [session.id],
      sessions: [(await server.call('GET', `/sessions/${session.id}`)).body],
      sign_in_id: null,
      sign_up_id: null,
      last_active_session_id: session.id,
      last_authentication_strategy: null,
      created_at: server.clock.now(),
      updated_at: server.clock.now(),
    })
  })

  it('show sessions that are over, but not those that were removed from them', async () => {
    const [first, second, third] = [
      await createSession('ada_l'),
      await createSession('grace_h'),
      await createSession('alan_t'),
    ]
    await server.server.database.transaction(async (tx) => {
      const ids = [second.id, third.id]
      await tx.updateTable('sessions').set({ client_id: first.clientId }).where('id', 'in', ids).execute()
      await tx.updateTable('sessions').set({ status: 'removed' }).where('id', '=', second.id).execute()
    })
    await server.client.sessions.revokeSession(third.id)

    expect(await server.client.clients.getClient(first.clientId)).toMatchObject({
      sessionIds: [first.id, third.id],
      sessions: [{ status: 'active' }, { status: 'revoked' }],
      lastActiveSessionId: first.id,
    })
  })

  it('are listed newest first, bare and in pages', async () => {
    const first = await createSession('ada_l')
    server.clock.advance(1000)
    const second = await createSession('grace_h')

    const bare = await server.call<{ id: string }[]>('GET', '/clients')
    expect(bare.body.map(({ id }) => id)).toEqual([second.clientId, first.clientId])
    const page = await server.client.clients.getClientList({ limit: 1, offset: 1 })
    expect(page).toMatchObject({ totalCount: 2, data: [{ id: first.clientId, sessionIds: [first.id] }] })
    for (const query of ['limit=-1', 'limit=501', 'offset=x'])
      expect((await server.call('GET', `/clients?${query}`)).status).toBe(422)
  })

  it('are not found when there are none', async () => {
    expect((await server.call('GET', '/clients')).body).toEqual([])
    expect(await server.call('GET', '/clients/client_1')).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'resource_not_found' }] },
    })
    expect(await server.call('GET', '/clients/client%00')).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'form_param_value_invalid' }] },
    })
  })

  it('know no handshake yet', async () => {
    const unknown = { status: 404, errors: [{ code: 'resource_not_found' }] }
    await expect(server.client.clients.getHandshakePayload({ nonce: 'abc' })).rejects.toMatchObject(unknown)
    expect(await server.call('GET', '/clients/handshake_payload')).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'form_param_missing' }] },
    })
  })

  it.each([
    [{}, 422, 'form_param_missing'],
    [{ token: 7 }, 422, 'form_param_type_invalid'],
    [{ token: 'a\0' }, 422, 'form_param_value_invalid'],
    [{ token: 'x', tokens: [] }, 422, 'form_param_unknown'],
    [{ token: 'x' }, 400, 'cookie_invalid'],
  ])('are not verified by %j', async (body, status, code) => {
    expect(await server.call('POST', '/clients/verify', body)).toMatchObject({ status, body: { errors: [{ code }] } })
  })
})
