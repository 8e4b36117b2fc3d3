import { beforeEach, describe, expect, it } from 'vitest'
import { API_URL, dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('sign-in tokens on %s', (dialect) => {
  const server = useTestServer(dialect)
  let userId: string

  beforeEach(async () => {
    userId = (await server.client.users.createUser({ username: 'ada_l' })).id
  })

  const create = (body: object) => server.call('POST', '/sign_in_tokens', { user_id: userId, ...body })
  const expiryOf = (token: string) =>
    (JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { exp: number }).exp

  it('bring a token and the link that uses it, for 30 days', async () => {
    const { status, body } = await create({})
    const now = server.clock.now()
    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'sign_in_token',
      id: expect.stringMatching(/^sit_[0-9A-Za-z]{27}$/),
      user_id: userId,
      status: 'pending',
      token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      url: `${API_URL}/i/${server.instance.id}/v1/tickets/accept?ticket=${body.token}`,
      created_at: now,
      updated_at: now,
    })
    expect(expiryOf(body.token)).toBe(Math.ceil(now / 1000 + 30 * 24 * 60 * 60))
  })

  it.each([{ expires_in_seconds: 60, org_id: null }, { expires_in_seconds: null }])('take %j', async (given) => {
    const { status, body } = await create(given)
    expect(status).toBe(200)
    const seconds = given.expires_in_seconds ?? 2_592_000
    expect(expiryOf(body.token)).toBe(Math.ceil(server.clock.now() / 1000 + seconds))
  })

  it('are revoked once, and then have neither token nor link', async () => {
    const { id } = await server.client.signInTokens.createSignInToken({ userId })
    server.clock.advance(5000)

    const { status, body } = await server.call('POST', `/sign_in_tokens/${id}/revoke`)
    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'sign_in_token',
      id,
      user_id: userId,
      status: 'revoked',
      created_at: server.clock.now() - 5000,
      updated_at: server.clock.now(),
    })
    await expect(server.client.signInTokens.revokeSignInToken(id)).rejects.toMatchObject({
      status: 400,
      errors: [{ code: 'sign_in_token_cannot_be_revoked_code' }],
    })
  })

  it.each([
    [{ user_id: undefined }, 422, 'form_param_missing'],
    [{ user_id: 7 }, 422, 'form_param_type_invalid'],
    [{ user_id: 'user_unknown' }, 404, 'resource_not_found'],
    [{ expires_in_seconds: 0 }, 422, 'form_param_value_invalid'],
    [{ expires_in_seconds: 1.5 }, 422, 'form_param_type_invalid'],
    [{ expires_in_seconds: '60' }, 422, 'form_param_type_invalid'],
    [{ expires_in: 60 }, 422, 'form_param_unknown'],
  ])('refuse %j', async (given, status, code) => {
    expect(await create(given)).toMatchObject({ status, body: { errors: [{ code }] } })
  })

  it('name an organization, where organizations are switched on and it exists', async () => {
    expect(await create({ org_id: 'org_1' })).toMatchObject({
      status: 403,
      body: { errors: [{ code: 'organization_not_enabled_in_instance' }] },
    })
    await server.client.instance.updateOrganizationSettings({ enabled: true })
    expect(await create({ org_id: 'org_1' })).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'resource_not_found' }] },
    })
    const { id } = await server.client.organizations.createOrganization({ name: 'Acme' })
    expect(await create({ org_id: id })).toMatchObject({ status: 200 })
  })

  it('are unknown to other instances, and as tokens of another kind', async () => {
    const { id } = await server.client.signInTokens.createSignInToken({ userId })
    const { secretKey: key } = await server.server.createInstance()
    const answers = [
      await server.call('POST', '/sign_in_tokens', { user_id: userId }, { key }),
      await server.call('POST', `/sign_in_tokens/${id}/revoke`, undefined, { key }),
      await server.call('POST', `/actor_tokens/${id}/revoke`),
      await server.call('POST', `/invitations/${id}/revoke`),
      await server.call('DELETE', `/invitations/${id}`),
    ]
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 404, body: { errors: [{ code: 'resource_not_found' }] } })
    }
    expect((await server.client.signInTokens.revokeSignInToken(id)).status).toBe('revoked')
  })
})
