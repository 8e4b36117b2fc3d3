import { describe, expect, it } from 'vitest'
import { itWithContract } from '../../../../../tests/contract/contract.test-support.js'
import { typesAsDescribed } from '../../described-events.test-support.js'
import { API_URL, dialects, useTestServer } from '../../server.test-support.js'

const DAY = 24 * 60 * 60 * 1000

describe.each(dialects)('invitations on %s', (dialect) => {
  const server = useTestServer(dialect)

  const create = (body: object) => server.call('POST', '/invitations', { email_address: 'grace@example.com', ...body })
  const invite = (emailAddress: string, params: object = {}) =>
    server.client.invitations.createInvitation({ emailAddress, ...params })
  const addresses = async (query: string) =>
    ((await server.call('GET', `/invitations?${query}`)).body as { email_address: string }[]).map(
      ({ email_address }) => email_address,
    )
  const errorOf = (status: number, code: string) => ({ status, body: { errors: [{ code }] } })

  it('are made for 30 days, with a link, and sent', async () => {
    const { status, body } = await create({
      email_address: 'Grace@Example.com',
      public_metadata: { Role: { isAdmin: 1 } },
    })
    const now = server.clock.now()
    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'invitation',
      id: expect.stringMatching(/^inv_[0-9A-Za-z]{27}$/),
      email_address: 'Grace@Example.com',
      public_metadata: { Role: { isAdmin: 1 } },
      revoked: false,
      status: 'pending',
      url: expect.stringMatching(`^${API_URL}/i/${server.instance.id}/v1/tickets/accept\\?ticket=[\\w.-]+$`),
      expires_at: now + 30 * DAY,
      created_at: now,
      updated_at: now,
    })

    const [message] = await server.messages()
    expect(await server.messages()).toHaveLength(1)
    expect(message).toMatchObject({
      slug: 'invitation',
      toAddress: 'Grace@Example.com',
      identificationId: null,
      userId: null,
      data: {
        action_url: body.url,
        invitation: { expires_in_days: 30, public_metadata: { Role: { isAdmin: 1 } } },
      },
      // The link goes from the database when the message is delivered, or is good for nothing any more.
      expiresAt: now + 30 * DAY,
    })
    expect(message!.body).toContain(body.url)
    const events = await server.events()
    expect(events.map(({ type }) => type)).toEqual(['email.created'])
  })

  it('go where they are told, in the words of the waitlist, or not by mail at all', async () => {
    const { body } = await create({
      redirect_url: 'https://example.com/welcome?a=1&b=2',
      template_slug: 'waitlist_invitation',
      expires_in_days: 1,
    })
    expect(new URL(body.url).searchParams.get('redirect_url')).toBe('https://example.com/welcome?a=1&b=2')
    expect(body.expires_at).toBe(server.clock.now() + DAY)
    const silent = await invite('ada@example.com', { notify: false })
    const test = await invite('ada+clerk_test@example.com')
    expect([silent.url, test.url]).toEqual([expect.any(String), expect.any(String)])
    const messages = await server.messages()
    expect(messages.map(({ slug }) => slug)).toEqual(['waitlist_invitation'])
    expect(messages[0]!.body).toContain(body.url.replaceAll('&', '&amp;'))
  })

  it('are one for an address while it is pending, whatever its case', async () => {
    const first = await invite('grace@example.com')
    expect(await create({ email_address: 'GRACE@example.com' })).toMatchObject(errorOf(400, 'duplicate_record'))

    const second = await invite('Grace@example.com', { ignoreExisting: true })
    await server.client.invitations.revokeInvitation(first.id)
    // The other one still stands in the way.
    expect(await create({})).toMatchObject(errorOf(400, 'duplicate_record'))
    await server.client.invitations.revokeInvitation(second.id)
    expect((await create({})).status).toBe(200)
    server.clock.advance(30 * DAY - 1)
    expect(await create({})).toMatchObject(errorOf(400, 'duplicate_record'))
    server.clock.advance(1)
    expect((await create({})).status).toBe(200)
  })

  it('are one under 64 calls', async () => {
    const answers = await Promise.all(Array.from({ length: 64 }, () => create({})))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const answer of answers)
      if (answer.status !== 200) expect(answer).toMatchObject(errorOf(400, 'duplicate_record'))
    expect((await server.client.invitations.getInvitationList()).totalCount).toBe(1)
    expect(await server.messages()).toHaveLength(1)

    const ignoring = await Promise.all(Array.from({ length: 16 }, () => create({ ignore_existing: true })))
    expect(new Set(ignoring.map(({ status }) => status))).toEqual(new Set([200]))
  })

  it('are not for somebody who is a user, unless that is to be ignored', async () => {
    await server.client.users.createUser({ emailAddress: ['Grace@example.com'] })
    expect(await create({})).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'form_identifier_exists', meta: { param_name: 'email_address' } }] },
    })
    expect((await create({ ignore_existing: true })).status).toBe(200)
  })

  it('stay pending when their address becomes a user without them', async () => {
    const { id } = await invite('grace@example.com', { publicMetadata: { role: 'admin' } })
    const user = await server.client.users.createUser({ emailAddress: ['grace@example.com'] })

    expect(user.publicMetadata).toEqual({})
    const { data } = await server.client.invitations.getInvitationList({ status: 'pending' })
    expect(data.map((invitation) => invitation.id)).toEqual([id])
  })

  it('come in bulk, all or none', async () => {
    const { status, body } = await server.call('POST', '/invitations/bulk', [
      { email_address: 'a@example.com', public_metadata: null, redirect_url: null },
      { email_address: 'b@example.com', notify: false, expires_in_days: null },
    ])
    expect(status).toBe(200)
    expect(body.map((invitation: { email_address: string }) => invitation.email_address)).toEqual([
      'a@example.com',
      'b@example.com',
    ])
    expect(await server.messages()).toHaveLength(1)

    await server.client.users.createUser({ emailAddress: ['user@example.com'] })
    const c = { email_address: 'c@example.com' }
    const bad: [object[], number, string][] = [
      [[c, { email_address: 'A@example.com' }], 400, 'duplicate_record'],
      [[c, { email_address: 'C@example.com', ignore_existing: true }], 400, 'duplicate_record'],
      [[c, { email_address: 'user@example.com' }], 422, 'form_identifier_exists'],
      // The operation says that this cannot be waived.
      [[c, { email_address: 'user@example.com', ignore_existing: true }], 422, 'form_identifier_exists'],
      [[c, { email_address: 'x' }], 422, 'form_param_format_invalid'],
      [[c, {}], 422, 'form_param_missing'],
      [[c, { email_address: 'd@example.com', sugar: 1 }], 422, 'form_param_unknown'],
      [[], 422, 'form_param_value_invalid'],
      [
        Array.from({ length: 11 }, (_, n) => ({ email_address: `${n}@example.com` })),
        422,
        'form_param_array_size_exceeded',
      ],
    ]
    for (const [list, code, error] of bad) {
      expect(await server.call('POST', '/invitations/bulk', list)).toMatchObject(errorOf(code, error))
    }
    expect(await server.call('POST', '/invitations/bulk', c)).toMatchObject(errorOf(400, 'request_body_invalid'))
    expect(await server.call('POST', '/invitations/bulk', [null, 'x'])).toMatchObject({ status: 422 })
    expect(await server.call('POST', '/invitations/bulk', [{ email_address: 'a\0@example.com' }])).toMatchObject({
      status: 422,
      body: { errors: [{ meta: { param_name: 'email_address' } }] },
    })
    expect((await server.client.invitations.getInvitationList()).totalCount).toBe(2)
    expect(await server.messages()).toHaveLength(1)

    const again = await server.client.invitations.createInvitationBulk([
      { emailAddress: 'a@example.com', ignoreExisting: true },
    ])
    expect(again).toMatchObject([{ emailAddress: 'a@example.com', status: 'pending' }])
  })

  it('are revoked while they are pending or expired, and then have no link', async () => {
    const { id } = await invite('grace@example.com')
    server.clock.advance(5000)
    const { status, body } = await server.call('POST', `/invitations/${id}/revoke`)
    expect(status).toBe(200)
    expect(body).toMatchObject({ id, revoked: true, status: 'revoked', updated_at: server.clock.now() })
    expect(body).not.toHaveProperty('url')
    expect(await server.call('POST', `/invitations/${id}/revoke`)).toMatchObject(
      errorOf(400, 'invitation_already_revoked'),
    )

    const expired = await invite('grace@example.com', { expiresInDays: 1 })
    server.clock.advance(DAY)
    expect((await server.client.invitations.revokeInvitation(expired.id)).status).toBe('revoked')
  })

  it('can be deleted in any state, with the mail that brought them', async () => {
    const { id } = await invite('grace@example.com')
    const other = await invite('ada@example.com')
    await server.client.invitations.revokeInvitation(id)

    expect(await server.client.invitations.deleteInvitation(id)).toMatchObject({
      id,
      object: 'invitation',
      deleted: true,
    })
    expect((await server.messages()).map(({ toAddress }) => toAddress)).toEqual(['ada@example.com'])
    expect(JSON.stringify(await server.events())).not.toContain('grace@example.com')
    expect(await server.call('DELETE', `/invitations/${id}`)).toMatchObject(errorOf(404, 'resource_not_found'))
    expect(await server.call('POST', `/invitations/${id}/revoke`)).toMatchObject(errorOf(404, 'resource_not_found'))
    await server.client.invitations.deleteInvitation(other.id)
    expect((await create({ email_address: 'ada@example.com' })).status).toBe(200)
  })

  it('are listed by status, by text and in order; without a status all but the revoked ones', async () => {
    const b = await invite('B_1@example.com', { expiresInDays: 3 })
    server.clock.advance(1000)
    await invite('a@example.com', { expiresInDays: 1 })
    server.clock.advance(1000)
    const c = await invite('c%1@example.com', { expiresInDays: 2 })
    server.clock.advance(DAY)
    await server.client.invitations.revokeInvitation(c.id)

    const [A, B, C] = ['a@example.com', 'B_1@example.com', 'c%1@example.com']
    expect(await addresses('')).toEqual([A, B])
    expect(await addresses('status=pending')).toEqual([B])
    expect(await addresses('status=expired')).toEqual([A])
    expect(await addresses('status=revoked')).toEqual([C])
    expect(await addresses('status=accepted')).toEqual([])
    expect(await addresses('order_by=created_at')).toEqual([B, A])
    expect(await addresses('order_by=%2Bcreated_at')).toEqual([B, A])
    expect(await addresses('order_by=+email_address')).toEqual([A, B])
    expect(await addresses('order_by=-email_address')).toEqual([B, A])
    expect(await addresses('order_by=expires_at')).toEqual([A, B])
    expect(await addresses('query=b_')).toEqual([B])
    expect(await addresses('query=EXAMPLE')).toEqual([A, B])
    expect(await addresses('query=%25')).toEqual([])
    expect(await addresses(`query=${b.id}`)).toEqual([B])
    expect(await addresses(`query=${b.id.slice(0, -1)}`)).toEqual([])
    expect(await addresses('limit=1&offset=1')).toEqual([B])

    const page = await server.client.invitations.getInvitationList({ limit: 1 })
    expect(page).toMatchObject({ totalCount: 2, data: [{ emailAddress: A, status: 'expired' }] })
    expect(page.data[0]!.url).toBeUndefined()
    for (const query of ['status=unknown', 'order_by=name', 'order_by=', 'limit=0', 'limit=501', 'offset=-1']) {
      expect((await server.call('GET', `/invitations?${query}`)).status).toBe(422)
    }
  })

  it.each([
    [{ email_address: undefined }, 422, 'form_param_missing'],
    [{ email_address: null }, 422, 'form_param_nil'],
    [{ email_address: 'grace' }, 422, 'form_param_format_invalid'],
    [{ email_address: 'grace@example.com, ada@example.com' }, 422, 'form_param_format_invalid'],
    [{ public_metadata: 'x' }, 422, 'form_param_type_invalid'],
    [{ public_metadata: { a: 'x'.repeat(8192) } }, 422, 'form_param_exceeds_allowed_size'],
    [{ expires_in_days: 0 }, 422, 'form_param_value_invalid'],
    [{ expires_in_days: 366 }, 422, 'form_param_value_invalid'],
    [{ notify: 'yes' }, 422, 'form_param_type_invalid'],
    [{ template_slug: 'other' }, 422, 'form_param_value_invalid'],
    [{ redirect_url: '/welcome' }, 422, 'form_param_format_invalid'],
    [{ redirect_url: 'javascript:alert(1)' }, 422, 'form_param_format_invalid'],
    [{ redirect_url: ' DATA:text/html,x' }, 422, 'form_param_format_invalid'],
    [{ email: 'grace@example.com' }, 422, 'form_param_unknown'],
  ])('refuse %j', async (given, status, code) => {
    expect(await create(given)).toMatchObject(errorOf(status, code))
    expect(await server.messages()).toHaveLength(0)
  })

  it('are unknown to other instances, which have their own for the address', async () => {
    const { id } = await invite('grace@example.com')
    const { secretKey: key } = await server.server.createInstance()
    for (const [method, path] of [
      ['POST', `/invitations/${id}/revoke`],
      ['DELETE', `/invitations/${id}`],
    ] as const) {
      expect(await server.call(method, path, undefined, { key })).toMatchObject(errorOf(404, 'resource_not_found'))
    }
    expect((await server.call('GET', '/invitations', undefined, { key })).body).toEqual([])
    const body = { email_address: 'grace@example.com' }
    expect((await server.call('POST', '/invitations', body, { key })).status).toBe(200)
  })

  itWithContract('are told of by mail as webhooks are described', async () => {
    await invite('grace@example.com')
    expect(typesAsDescribed(await server.events())).toEqual(['email.created'])
  })
})
