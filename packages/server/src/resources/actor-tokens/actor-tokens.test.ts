import { beforeEach, describe, expect, it } from 'vitest'
import { API_URL, dialects, useTestServer } from '../../server.test-support.js'
import { operator } from '../../kernel/caller.js'
import { ENCRYPTION_KEY, servicesOf } from '../users/user-parts.test-support.js'

describe.each(dialects)('actor tokens on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  let userId: string

  beforeEach(async () => {
    userId = (await server.client.users.createUser({ username: 'ada_l' })).id
  })

  const actor = { sub: 'support@example.com', firstName: 'Grace', nested_claim: { ticketNo: [1] } }
  const create = (body: object) => server.call('POST', '/actor_tokens', { user_id: userId, actor, ...body })

  it('keep the actor as it is, whoever that may be', async () => {
    const { status, body } = await create({})
    const now = server.clock.now()
    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'actor_token',
      id: expect.stringMatching(/^act_[0-9A-Za-z]{27}$/),
      user_id: userId,
      actor,
      status: 'pending',
      token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      url: `${API_URL}/i/${server.instance.id}/v1/tickets/accept?ticket=${body.token}`,
      created_at: now,
      updated_at: now,
    })
  })

  it.each([
    [{}, 3600, 1800],
    [{ expires_in_seconds: 60, session_max_duration_in_seconds: 600 }, 60, 600],
  ])('with %j live as long as they should, and so do their sessions', async (given, lifetime, sessionMaxDuration) => {
    const { body } = await create(given)
    const { tickets } = await servicesOf(server)
    const redeem = () => tickets.redeem(body.token, ['actor_token'], operator('test'), async (ticket) => ticket)

    server.clock.advance(lifetime * 1000 - 1)
    expect(await redeem()).toMatchObject({ userId, details: { actor, sessionMaxDuration } })
    await expect(redeem()).rejects.toMatchObject({ errors: [{ code: 'actor_token_already_used_code' }] })
  })

  it('are revoked once', async () => {
    const { id } = await server.client.actorTokens.create({ userId, actor })
    const revoked = await server.client.actorTokens.revoke(id)
    expect(revoked).toMatchObject({ id, status: 'revoked', actor: { sub: 'support@example.com' } })
    expect(revoked.token).toBeUndefined()
    expect(revoked.url).toBeUndefined()
    await expect(server.client.actorTokens.revoke(id)).rejects.toMatchObject({
      status: 400,
      errors: [{ code: 'actor_token_cannot_be_revoked_code' }],
    })
    await expect(server.client.actorTokens.revoke('act_unknown')).rejects.toMatchObject({ status: 404 })
  })

  it.each([
    [{ user_id: 'user_unknown' }, 'form_resource_not_found', 'user_id'],
    [{ actor: undefined }, 'form_param_missing', 'actor'],
    [{ actor: 'support' }, 'form_param_type_invalid', 'actor'],
    [{ actor: {} }, 'form_param_missing', 'actor.sub'],
    [{ actor: { sub: 7 } }, 'form_param_type_invalid', 'actor.sub'],
    [{ actor: { sub: '' } }, 'form_param_value_invalid', 'actor.sub'],
    [{ actor: { sub: 'x', more: 'x'.repeat(8192) } }, 'form_param_exceeds_allowed_size', 'actor'],
    [{ expires_in_seconds: 0 }, 'form_param_value_invalid', 'expires_in_seconds'],
    [{ expires_in_seconds: null }, 'form_param_nil', 'expires_in_seconds'],
    [{ session_max_duration_in_seconds: -1 }, 'form_param_value_invalid', 'session_max_duration_in_seconds'],
    [{ reason: 'x' }, 'form_param_unknown', 'reason'],
  ])('refuse %j', async (given, code, param) => {
    expect(await create(given)).toMatchObject({
      status: 422,
      body: { errors: [{ code, meta: { param_name: param } }] },
    })
  })

  it('refuse a user who would impersonate themselves', async () => {
    expect(await create({ actor: { sub: userId } })).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'form_param_value_invalid', meta: { param_name: 'actor.sub' } }] },
    })
  })
})
