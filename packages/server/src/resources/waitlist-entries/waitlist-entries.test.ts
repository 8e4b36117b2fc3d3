import { describe, expect, it } from 'vitest'
import { itWithContract } from '../../../../../tests/contract/contract.test-support.js'
import { typesAsDescribed } from '../../described-events.test-support.js'
import { callFrontend } from '../../browser.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('waitlist entries on %s', (dialect) => {
  const server = useTestServer(dialect)

  const waitlist = () => server.client.waitlistEntries
  const create = (emailAddress = 'grace@example.com', params: object = {}) =>
    waitlist().create({ emailAddress, ...params })
  const types = async () => (await server.events()).map(({ type }) => type)
  const slugs = async () => (await server.messages()).map(({ slug }) => slug)
  const statusOf = async (id: string) => (await waitlist().list({ query: id })).data[0]?.status
  const conflict = (code: string) => ({ status: 409, errors: [{ code }] })

  it('confirm to who waits that they do', async () => {
    const { status, body } = await server.call('POST', '/waitlist_entries', { email_address: 'Grace@example.com' })
    const now = server.clock.now()
    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'waitlist_entry',
      id: expect.stringMatching(/^wle_[0-9A-Za-z]{27}$/),
      email_address: 'Grace@example.com',
      status: 'pending',
      invitation: null,
      is_locked: false,
      created_at: now,
      updated_at: now,
    })
    expect((await server.events())[0]).toMatchObject({
      type: 'waitlistEntry.created',
      subjectId: body.id,
      payload: body,
    })
    expect(await types()).toEqual(['waitlistEntry.created', 'email.created'])
    expect(await slugs()).toEqual(['waitlist_confirmation'])
  })

  it('are one for an address: again changes and sends nothing', async () => {
    const first = await create()
    server.clock.advance(5000)
    const again = await create('GRACE@example.com')
    expect(again.id).toBe(first.id)
    expect(again.updatedAt).toBe(first.updatedAt)
    await create('ada@example.com', { notify: false })
    await create('ada+clerk_test@example.com')
    expect(await slugs()).toEqual(['waitlist_confirmation'])

    await waitlist().invite(first.id)
    expect(await create()).toMatchObject({ id: first.id, status: 'invited', invitation: { status: 'pending' } })
  })

  it('of browsers are limited as codes are: nobody sends mail to whomever they like', async () => {
    const frontendHost = `clerk.waitlist${Math.random().toString(36).slice(2)}.example.com`
    const instance = await server.server.createInstance({ environmentType: 'production', frontendHost })
    await server.server.admin.seed(instance.id, { instance: { sign_up: { mode: 'waitlist' } } })
    const join = async (address: string) =>
      (await callFrontend({ ...server, instance }, 'POST /waitlist', { form: { email_address: address } })).status
    const quick: number[] = []
    for (let call = 0; call < 6; call++) quick.push(await join(`a${call}@example.com`))
    expect(quick).toEqual([200, 200, 200, 200, 200, 429])
    const slow: number[] = []
    for (let call = 0; call < 26; call++) {
      server.clock.advance(10_000)
      slow.push(await join(`b${call}@example.com`))
    }
    expect(slow).toEqual([...Array<number>(25).fill(200), 429])
    // Also for an address that is on the list.
    server.clock.advance(10_000)
    expect(await join('a0@example.com')).toBe(429)
    server.clock.advance(60 * 60 * 1000)
    expect(await join('b25@example.com')).toBe(200)
  })

  it('are one for an address under 64 calls', async () => {
    const entries = await Promise.all(Array.from({ length: 64 }, () => create()))
    expect(new Set(entries.map(({ id }) => id)).size).toBe(1)
    expect(await types()).toEqual(['waitlistEntry.created', 'email.created'])
  })

  it('come in bulk, all or none', async () => {
    const ada = await create('ada@example.com')
    const { status, body } = await server.call('POST', '/waitlist_entries/bulk', [
      { email_address: 'grace@example.com', notify: null },
      { email_address: 'Ada@example.com' },
      { email_address: 'alan@example.com', notify: false },
    ])
    expect(status).toBe(200)
    expect(body).toMatchObject([
      { email_address: 'grace@example.com' },
      { id: ada.id },
      { email_address: 'alan@example.com' },
    ])
    expect(await slugs()).toEqual(['waitlist_confirmation', 'waitlist_confirmation'])

    const fifty = Array.from({ length: 50 }, (_, n) => ({ email_address: `${n}@example.com`, notify: false }))
    for (const [list, code] of [
      [[{ email_address: 'x@example.com' }, { email_address: 'X@example.com' }], 'form_param_duplicate'],
      [[{ email_address: 'x@example.com' }, { email_address: 'x' }], 'form_param_format_invalid'],
      [[{ email_address: 'x@example.com', sugar: 1 }], 'form_param_unknown'],
      [[], 'form_param_value_invalid'],
      [[...fifty, { email_address: 'x@example.com' }], 'form_param_array_size_exceeded'],
    ] as const) {
      expect(await server.call('POST', '/waitlist_entries/bulk', list)).toMatchObject({
        status: 422,
        body: { errors: [{ code }] },
      })
    }
    expect((await waitlist().list()).totalCount).toBe(3)
    expect(await waitlist().createBulk([{ emailAddress: 'x@example.com' }])).toMatchObject([{ status: 'pending' }])
    expect((await server.call('POST', '/waitlist_entries/bulk', fifty)).status).toBe(200)
  })

  it('are invited by a mail of their own, once', async () => {
    const { id } = await create()
    server.clock.advance(5000)
    const { status, body } = await server.call('POST', `/waitlist_entries/${id}/invite`, {})
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id,
      status: 'invited',
      updated_at: server.clock.now(),
      invitation: { object: 'invitation', email_address: 'grace@example.com', status: 'pending' },
    })
    expect(body.invitation.url).toContain('/v1/tickets/accept?ticket=')
    expect(await slugs()).toEqual(['waitlist_confirmation', 'waitlist_invitation'])
    expect((await server.events()).at(-1)).toMatchObject({
      type: 'waitlistEntry.updated',
      subjectId: id,
      payload: body,
    })

    await expect(waitlist().invite(id)).rejects.toMatchObject(conflict('waitlist_entry_already_invited'))
    await expect(waitlist().delete(id)).rejects.toMatchObject(conflict('waitlist_entry_already_invited'))
    expect((await server.client.invitations.getInvitationList()).totalCount).toBe(1)
  })

  it('are invited once under 32 calls', async () => {
    const { id } = await create('grace@example.com', { notify: false })
    const outcomes = await Promise.allSettled(Array.from({ length: 32 }, () => waitlist().invite(id)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await slugs()).toEqual(['waitlist_invitation'])
  })

  it('cannot be invited over an invitation or a user, unless that is to be ignored', async () => {
    const { id } = await create()
    await server.client.invitations.createInvitation({ emailAddress: 'grace@example.com', notify: false })
    await expect(waitlist().invite(id)).rejects.toMatchObject({ status: 400, errors: [{ code: 'duplicate_record' }] })
    expect(await statusOf(id)).toBe('pending')
    expect((await waitlist().invite(id, { ignoreExisting: true })).status).toBe('invited')

    await server.client.users.createUser({ emailAddress: ['ada@example.com'] })
    const ada = await create('ada@example.com')
    await expect(waitlist().invite(ada.id)).rejects.toMatchObject({
      status: 422,
      errors: [{ code: 'form_identifier_exists' }],
    })
    expect((await waitlist().invite(ada.id, { ignoreExisting: true })).status).toBe('invited')
  })

  it('are rejected together with their invitation, and can be invited again', async () => {
    const { id } = await create()
    const { invitation } = await waitlist().invite(id)
    const rejected = await waitlist().reject(id)
    expect(rejected).toMatchObject({ status: 'rejected', invitation: { id: invitation!.id, status: 'revoked' } })
    expect((await types()).slice(-1)).toEqual(['waitlistEntry.updated'])
    await expect(waitlist().reject(id)).rejects.toMatchObject(conflict('waitlist_entry_already_rejected'))
    await expect(waitlist().delete(id)).rejects.toMatchObject(conflict('waitlist_entry_already_rejected'))

    const again = await waitlist().invite(id)
    expect(again).toMatchObject({ status: 'invited', invitation: { status: 'pending' } })
    expect(again.invitation!.id).not.toBe(invitation!.id)
  })

  it.each(['pending', 'invited'])('are completed when somebody with the address is a user: %s', async (status) => {
    const { id } = await create()
    if (status === 'invited') await waitlist().invite(id)
    const before = (await server.events()).length
    await server.client.users.createUser({ emailAddress: ['Grace@example.com'] })

    expect(await statusOf(id)).toBe('completed')
    expect((await types()).slice(before)).toEqual(['user.created', 'waitlistEntry.updated'])
    await expect(waitlist().invite(id)).rejects.toMatchObject(conflict('waitlist_entry_already_completed'))
    await expect(waitlist().reject(id)).rejects.toMatchObject(conflict('waitlist_entry_already_completed'))
    await expect(waitlist().delete(id)).rejects.toMatchObject(conflict('waitlist_entry_already_completed'))
  })

  it('are completed by an address that a user adds, once it is verified', async () => {
    const { id } = await create()
    const user = await server.client.users.createUser({ username: 'grace_h' })
    const address = await server.client.emailAddresses.createEmailAddress({
      userId: user.id,
      emailAddress: 'grace@example.com',
    })
    expect(await statusOf(id)).toBe('pending')
    await server.client.emailAddresses.updateEmailAddress(address.id, { verified: true })
    expect(await statusOf(id)).toBe('completed')
    expect((await types()).filter((type) => type === 'waitlistEntry.updated')).toHaveLength(1)
  })

  it('that were rejected stay so when somebody becomes a user anyway', async () => {
    const { id } = await create()
    await waitlist().reject(id)
    await server.client.users.createUser({ emailAddress: ['grace@example.com'] })
    expect(await statusOf(id)).toBe('rejected')
  })

  it('are deleted while they are pending, without an event', async () => {
    const { id } = await create()
    const before = await types()
    expect(await waitlist().delete(id)).toMatchObject({ id, object: 'waitlist_entry', deleted: true })
    expect(await types()).toEqual(before)
    await expect(waitlist().delete(id)).rejects.toMatchObject({ status: 404, errors: [{ code: 'resource_not_found' }] })
    expect((await create()).id).not.toBe(id)
  })

  it('outlive the deletion of their invitation', async () => {
    const { id } = await create()
    const { invitation } = await waitlist().invite(id)
    await server.client.invitations.deleteInvitation(invitation!.id)
    expect((await waitlist().list()).data).toMatchObject([{ id, status: 'invited', invitation: null }])
  })

  it('are listed by status, by text and in order', async () => {
    const [A, B, C] = ['a@example.com', 'b_1@example.com', 'c@example.com']
    const ids: string[] = []
    for (const address of [B, C, A]) {
      ids.push((await create(address, { notify: false })).id)
      server.clock.advance(1000)
    }
    await waitlist().invite(ids[1]!)
    server.clock.advance(1000)
    await waitlist().invite(ids[0]!)
    const list = async (query: string) => {
      const { body } = await server.call('GET', `/waitlist_entries?${query}`)
      return body.data.map((entry: { email_address: string }) => entry.email_address)
    }
    expect(await list('')).toEqual([A, C, B])
    expect(await list('order_by=+created_at')).toEqual([B, C, A])
    expect(await list('order_by=email_address')).toEqual([A, B, C])
    expect(await list('order_by=-email_address')).toEqual([C, B, A])
    // Who was never invited comes first.
    expect(await list('order_by=invited_at')).toEqual([A, C, B])
    expect(await list('order_by=-invited_at')).toEqual([B, C, A])
    expect(await list('status=invited')).toEqual([C, B])
    expect(await list('query=B_')).toEqual([B])
    expect(await list(`query=${ids[2]}`)).toEqual([A])
    expect(await list('limit=1&offset=1')).toEqual([C])
    expect(await waitlist().list({ status: 'pending', limit: 1 })).toMatchObject({
      totalCount: 1,
      data: [{ emailAddress: A }],
    })
    for (const query of ['status=expired', 'order_by=status', 'limit=0', 'limit=501']) {
      expect((await server.call('GET', `/waitlist_entries?${query}`)).status).toBe(422)
    }
  })

  it.each([
    [{}, 'form_param_missing'],
    [{ email_address: 'grace' }, 'form_param_format_invalid'],
    [{ email_address: 7 }, 'form_param_type_invalid'],
    [{ email_address: 'grace@example.com', notify: 'no' }, 'form_param_type_invalid'],
    [{ email_address: 'grace@example.com', name: 'Grace' }, 'form_param_unknown'],
  ])('refuse %j', async (body, code) => {
    expect(await server.call('POST', '/waitlist_entries', body)).toMatchObject({
      status: 422,
      body: { errors: [{ code }] },
    })
  })

  it('are unknown to other instances', async () => {
    const { id } = await create()
    const { secretKey: key } = await server.server.createInstance()
    for (const [method, path] of [
      ['POST', `/waitlist_entries/${id}/invite`],
      ['POST', `/waitlist_entries/${id}/reject`],
      ['DELETE', `/waitlist_entries/${id}`],
    ] as const) {
      expect((await server.call(method, path, method === 'POST' ? {} : undefined, { key })).status).toBe(404)
    }
    expect((await server.call('GET', '/waitlist_entries', undefined, { key })).body).toEqual({
      data: [],
      total_count: 0,
    })
    await server.call('POST', '/users', { email_address: ['grace@example.com'] }, { key })
    expect(await statusOf(id)).toBe('pending')
  })

  itWithContract('are told of as webhooks are described', async () => {
    const { id } = await create()
    await waitlist().invite(id)
    await waitlist().reject(id)
    expect(typesAsDescribed(await server.events())).toEqual([
      'waitlistEntry.created',
      'email.created',
      'email.created',
      'waitlistEntry.updated',
      'waitlistEntry.updated',
    ])
  })
})
