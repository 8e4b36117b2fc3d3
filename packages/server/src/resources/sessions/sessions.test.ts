import { describe, expect, it } from 'vitest'
import { itWithContract } from '../../../../../tests/contract/contract.test-support.js'
import { typesAsDescribed } from '../../described-events.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'

const DAY = 24 * 60 * 60 * 1000

/** Events about sessions have no tasks. */
function withoutTasks(body: Record<string, unknown>) {
  const { tasks, ...rest } = body
  expect(tasks).toBeNull()
  return rest
}

describe.each(dialects)('sessions on %s', (dialect) => {
  const server = useTestServer(dialect)

  const createUser = () => server.client.users.createUser({ username: `ada_${Math.random().toString(36).slice(2)}` })
  const createSession = async () => server.client.sessions.createSession({ userId: (await createUser()).id })
  /** What happened since the user was made, as webhooks tell it. */
  const happened = async () => (await server.events()).filter(({ type }) => type !== 'user.created')

  it('have tasks from the version on that brought them, alone, in lists and in clients', async () => {
    const user = await server.client.users.createUser({ username: 'ada_l' })
    const session = await server.client.sessions.createSession({ userId: user.id })
    const answers = async (version: string) => {
      const [one, list, client] = await Promise.all(
        [`/sessions/${session.id}`, `/sessions?user_id=${user.id}`, `/clients/${session.clientId}`].map((path) =>
          server.call('GET', path, undefined, { version }),
        ),
      )
      return [one!.body, list!.body[0], client!.body.sessions[0]]
    }
    for (const answer of await answers('2024-10-01')) expect(answer).not.toHaveProperty('tasks')
    for (const answer of await answers('2025-04-10')) expect(answer).toMatchObject({ id: session.id, tasks: null })
  })

  it('opens a session in a client of its own, and the user has signed in', async () => {
    const user = await createUser()
    server.clock.advance(5000)

    const { status, body } = await server.call('POST', '/sessions', { user_id: user.id })

    const now = server.clock.now()
    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'session',
      id: expect.stringMatching(/^sess_[0-9A-Za-z]{27}$/),
      user_id: user.id,
      client_id: expect.stringMatching(/^client_[0-9A-Za-z]{27}$/),
      status: 'active',
      actor: null,
      last_active_organization_id: null,
      latest_activity: null,
      tasks: null,
      last_active_at: now,
      expire_at: now + 7 * DAY,
      abandon_at: now + 7 * DAY,
      created_at: now,
      updated_at: now,
    })
    const shown = (await server.call('GET', `/users/${user.id}`)).body
    expect(shown).toMatchObject({ last_sign_in_at: now, last_active_at: now - (now % DAY) })
    expect((await happened()).map(({ type, subjectId, payload }) => ({ type, subjectId, payload }))).toEqual([
      { type: 'user.updated', subjectId: user.id, payload: shown },
      { type: 'session.created', subjectId: body.id, payload: { ...withoutTasks(body), user: shown } },
    ])
    expect(await server.client.clients.getClient(body.client_id)).toMatchObject({
      sessionIds: [body.id],
      lastActiveSessionId: body.id,
    })
  })

  it('opens none in a production instance', async () => {
    const frontendHost = `clerk.${Math.random().toString(36).slice(2)}.example.com`
    const production = await server.server.createInstance({ environmentType: 'production', frontendHost })
    const user = (await server.call('POST', '/users', { username: 'ada_l' }, { key: production.secretKey })).body

    expect(await server.call('POST', '/sessions', { user_id: user.id }, { key: production.secretKey })).toMatchObject({
      status: 400,
      body: { errors: [{ code: 'request_invalid_for_environment' }] },
    })
  })

  it('opens none for a user who may not sign in', async () => {
    const user = await createUser()

    await server.client.users.lockUser(user.id)
    expect(await server.call('POST', '/sessions', { user_id: user.id })).toMatchObject({
      status: 403,
      body: { errors: [{ code: 'user_locked' }] },
    })
    server.clock.advance(60 * 60 * 1000)
    expect((await server.call('POST', '/sessions', { user_id: user.id })).status).toBe(200)

    await server.client.users.banUser(user.id)
    expect(await server.call('POST', '/sessions', { user_id: user.id })).toMatchObject({
      status: 403,
      body: { errors: [{ code: 'user_banned' }] },
    })
  })

  it.each([
    ['no user', {}, 422, 'form_param_missing', 'user_id'],
    ['null', { user_id: null }, 422, 'form_param_nil', 'user_id'],
    ['a number', { user_id: 7 }, 422, 'form_param_type_invalid', 'user_id'],
    ['NUL', { user_id: 'user_\0' }, 422, 'form_param_value_invalid', 'user_id'],
    ['half a surrogate pair', { user_id: 'user_\uD800' }, 422, 'form_param_value_invalid', 'user_id'],
    ['something unknown', { user_id: 'user_1', colour: 'red' }, 422, 'form_param_unknown', 'colour'],
    ['an unknown user', { user_id: 'user_1' }, 404, 'resource_not_found', undefined],
  ])('refuses %s', async (_, body, status, code, param) => {
    const error = { code, ...(param ? { meta: { param_name: param } } : {}) }
    expect(await server.call('POST', '/sessions', body)).toMatchObject({ status, body: { errors: [error] } })
    expect(await server.call('GET', '/clients')).toMatchObject({ status: 200, body: [] })
  })

  it('lists by user, by client and by status, newest first', async () => {
    const [first, second] = [await createSession(), await createSession()]
    server.clock.advance(1000)
    const third = await server.client.sessions.createSession({ userId: second.userId })
    await server.client.sessions.revokeSession(second.id)

    const list = async (query: string) =>
      (await server.call<{ id: string }[]>('GET', `/sessions?${query}`)).body.map(({ id }) => id)
    expect(await list('')).toEqual([third.id, second.id, first.id])
    expect(await list(`user_id=${second.userId}`)).toEqual([third.id, second.id])
    expect(await list(`client_id=${first.clientId}`)).toEqual([first.id])
    expect(await list(`user_id=${second.userId}&status=active`)).toEqual([third.id])
    expect(await list('status=revoked')).toEqual([second.id])
    expect(await list('status=pending')).toEqual([])
    expect(await list('user_id=user_1')).toEqual([])
    expect(await list('limit=1&offset=1')).toEqual([second.id])
    expect(await server.client.sessions.getSessionList({ limit: 1, status: 'active' })).toMatchObject({
      totalCount: 2,
      data: [{ id: third.id }],
    })
  })

  const badQueries = [
    'limit=-1',
    'limit=0',
    'limit=501',
    'limit=x',
    'offset=-1',
    'status=asleep',
    'paginated=perhaps',
    'user_id=%00',
  ]
  it.each(badQueries)('refuses to list with %s', async (query) => {
    expect((await server.call('GET', `/sessions?${query}`)).status).toBe(422)
  })

  it('revokes once, and tells of it once', async () => {
    const session = await createSession()
    server.clock.advance(1000)

    const answers = await Promise.all([1, 2, 3].map(() => server.call('POST', `/sessions/${session.id}/revoke`)))

    for (const { status, body } of answers) {
      expect(status).toBe(200)
      expect(body).toMatchObject({ id: session.id, status: 'revoked', updated_at: server.clock.now() })
    }
    const events = (await happened()).filter(({ type }) => type === 'session.revoked')
    expect(events.map(({ subjectId, payload }) => ({ subjectId, payload }))).toEqual([
      {
        subjectId: session.id,
        payload: {
          ...withoutTasks(answers[0]!.body),
          user: (await server.call('GET', `/users/${session.userId}`)).body,
        },
      },
    ])
    const client = await server.client.clients.getClient(session.clientId)
    expect(client).toMatchObject({
      sessionIds: [session.id],
      lastActiveSessionId: null,
      sessions: [{ status: 'revoked' }],
    })
  })

  it('ends all sessions of a user who is banned, and none that was over before', async () => {
    const session = await createSession()
    const other = await server.client.sessions.createSession({ userId: session.userId })
    await server.client.sessions.revokeSession(other.id)
    const before = (await happened()).length

    await server.client.users.banUser(session.userId)

    expect((await server.client.sessions.getSession(session.id)).status).toBe('revoked')
    const events = (await happened()).slice(before)
    expect(events.map(({ type, subjectId }) => `${type} ${subjectId}`)).toEqual([
      `user.updated ${session.userId}`,
      `session.revoked ${session.id}`,
    ])
    expect(events[1]!.payload).toMatchObject({ status: 'revoked', user: { id: session.userId, banned: true } })
    expect((await server.client.clients.getClient(session.clientId)).lastActiveSessionId).toBeNull()
  })

  it('removes the sessions of a user who is deleted, while the user can still be told of', async () => {
    const session = await createSession()

    await server.client.users.deleteUser(session.userId)

    expect(
      (await happened())
        .slice(2)
        .map(({ type, payload }) => ({ type, user: (payload as { user?: { id: string } }).user?.id })),
    ).toEqual([
      { type: 'session.removed', user: session.userId },
      { type: 'user.deleted', user: undefined },
    ])
    expect((await server.call('GET', `/sessions/${session.id}`)).status).toBe(404)
    expect((await server.call('POST', `/sessions/${session.id}/revoke`)).status).toBe(404)
    expect(await server.client.clients.getClient(session.clientId)).toMatchObject({
      sessionIds: [],
      sessions: [],
      lastActiveSessionId: null,
    })
  })

  it('opens none that outlives its user, however close the two come', async () => {
    for (let round = 0; round < 5; round++) {
      const user = await createUser()
      const before = (await server.events()).length
      const [deleted, ...opened] = await Promise.all([
        server.call('DELETE', `/users/${user.id}`),
        ...[1, 2, 3, 4].map(() => server.call('POST', '/sessions', { user_id: user.id })),
      ])

      expect(deleted.status).toBe(200)
      const ids = opened.filter(({ status }) => status === 200).map(({ body }) => body.id as string)
      expect(opened.filter(({ status }) => status === 404)).toHaveLength(4 - ids.length)
      expect((await server.client.sessions.getSessionList({ userId: user.id })).totalCount).toBe(0)
      const told = (await server.events()).slice(before).map(({ type, subjectId }) => ({ type, subjectId }))
      expect(
        told
          .filter(({ type }) => type === 'session.removed')
          .map(({ subjectId }) => subjectId)
          .sort(),
      ).toEqual(ids.sort())
    }
  })

  it('expires by itself, wherever it is shown', async () => {
    const session = await createSession()
    server.clock.advance(7 * DAY - 1)
    expect((await server.client.sessions.getSession(session.id)).status).toBe('active')
    server.clock.advance(1)

    expect((await server.client.sessions.getSession(session.id)).status).toBe('expired')
    expect((await server.client.sessions.revokeSession(session.id)).status).toBe('expired')
    const expired = await server.client.sessions.getSessionList({ status: 'expired' })
    expect(expired).toMatchObject({ totalCount: 1, data: [{ id: session.id, status: 'expired' }] })
    for (const status of ['active', 'abandoned', 'revoked'] as const)
      expect((await server.client.sessions.getSessionList({ status })).totalCount).toBe(0)
    expect(await server.client.clients.getClient(session.clientId)).toMatchObject({
      lastActiveSessionId: null,
      sessions: [{ status: 'expired' }],
    })
  })

  it('is abandoned when nobody came back before it expired', async () => {
    const session = await createSession()
    const abandoned = { abandon_at: session.createdAt + DAY }
    await server.server.database.transaction((tx) =>
      tx.updateTable('sessions').set(abandoned).where('id', '=', session.id).execute(),
    )
    server.clock.advance(8 * DAY)

    expect((await server.client.sessions.getSession(session.id)).status).toBe('abandoned')
    expect(await server.client.sessions.getSessionList({ status: 'abandoned' })).toMatchObject({
      totalCount: 1,
      data: [{ id: session.id }],
    })
    expect((await server.client.sessions.getSessionList({ status: 'expired' })).totalCount).toBe(0)
  })

  it('keeps the sessions and clients of one instance from another', async () => {
    const session = await createSession()
    const { secretKey: key } = await server.server.createInstance()

    for (const [method, path, body] of [
      ['GET', `/sessions/${session.id}`],
      ['GET', `/clients/${session.clientId}`],
      ['POST', `/sessions/${session.id}/revoke`],
      ['POST', `/sessions/${session.id}/tokens`],
      ['POST', `/sessions/${session.id}/verify`, { token: (await server.client.sessions.getToken(session.id)).jwt }],
      ['POST', '/sessions', { user_id: session.userId }],
    ] as const) {
      expect(await server.call(method, path, body, { key })).toMatchObject({
        status: 404,
        body: { errors: [{ code: 'resource_not_found' }] },
      })
    }
    expect((await server.call('GET', `/sessions?user_id=${session.userId}`, undefined, { key })).body).toEqual([])
    expect((await server.client.sessions.getSession(session.id)).status).toBe('active')
  })

  itWithContract('tells of sessions as webhooks are described', async () => {
    const session = await createSession()
    await server.client.sessions.revokeSession(session.id)
    expect(typesAsDescribed(await server.events())).toEqual([
      'user.created',
      'user.updated',
      'session.created',
      'session.revoked',
    ])
  })
})
