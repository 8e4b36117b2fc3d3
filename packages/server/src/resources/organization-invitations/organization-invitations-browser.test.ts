import { describe, expect, it } from 'vitest'
import { configure } from '../../flows/sign-in/sign-in.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { outcomeOf, useMembers, type Person } from '../organizations/member-browsers.test-support.js'

const DAY = 24 * 60 * 60 * 1000

describe.each(dialects)('invitations in a browser on %s', (dialect) => {
  const server = useTestServer(dialect)
  const { newPerson, newOrganization, newMember } = useMembers(server)
  const invite = (by: Person, path: string, form: Record<string, unknown>) =>
    by.call(`POST ${path}/invitations`, { form: { role: 'org:member', ...form } })
  const bulk = (by: Person, path: string, addresses: string[], form: Record<string, unknown> = {}) =>
    by.call(`POST ${path}/invitations/bulk`, { form: { role: 'org:member', email_address: addresses, ...form } })
  const accept = (by: Person, id: string) => by.call(`POST /me/organization_invitations/${id}/accept`, { form: {} })
  const mine = async (by: Person, query: Record<string, string> = {}) =>
    (await by.call('GET /me/organization_invitations', { query })).body.response

  it('are mailed in the name of who invites, and do not show the link', async () => {
    const { admin, id, path } = await newOrganization()
    const { body } = await invite(admin, path, { email_address: 'bob@mail.example', private_metadata: '{"a":1}' })
    expect(body.response).toEqual({
      object: 'organization_invitation',
      id: expect.stringMatching(/^orginv_/),
      email_address: 'bob@mail.example',
      role: 'org:member',
      role_name: 'Member',
      organization_id: id,
      public_organization_data: {
        id,
        name: 'Acme',
        slug: 'acme',
        image_url: expect.any(String),
        has_image: false,
      },
      status: 'pending',
      public_metadata: {},
      url: null,
      expires_at: server.clock.now() + 30 * DAY,
      created_at: server.clock.now(),
      updated_at: server.clock.now(),
    })
    const stored = await server.client.organizations.getOrganizationInvitation({
      organizationId: id,
      invitationId: body.response.id,
    })
    expect(stored.privateMetadata).toEqual({})
    expect((await server.messages()).map(({ toAddress }) => toAddress)).toEqual(['bob@mail.example'])
    expect((await server.events()).some(({ type }) => type === 'organizationInvitation.created')).toBe(true)
    await invite(admin, path, { email_address: 'eve@mail.example', notify: 'false' })
    expect(await server.messages()).toHaveLength(1)
  })

  it('are refused with the code that the form shows', async () => {
    const { admin, path } = await newOrganization()
    const refusal = async (form: Record<string, unknown>) => outcomeOf(await invite(admin, path, form))
    const email_address = 'bob@mail.example'
    expect(await refusal({})).toEqual([422, 'form_param_missing'])
    expect(await refusal({ email_address: 'no address' })).toEqual([422, 'form_param_format_invalid'])
    expect(await refusal({ email_address, role: 'org:none' })).toEqual([404, 'resource_not_found'])
    expect((await invite(admin, path, { email_address })).status).toBe(200)
    const again = await invite(admin, path, { email_address: 'BOB@mail.example' })
    expect(outcomeOf(again)).toEqual([400, 'organization_invitation_not_unique'])
    expect(again.body.errors[0].meta).toEqual({ email_addresses: ['BOB@mail.example'] })
    expect(await refusal({ email_address: admin.emailAddress })).toEqual([400, 'already_a_member_in_organization'])
  })

  it('come in bulk, all or none, as many as there are seats', async () => {
    const { admin, path } = await newOrganization()
    const { status, body } = await bulk(admin, path, ['a@mail.example', 'b@mail.example'])
    expect(status).toBe(200)
    expect(body.response).toMatchObject([{ email_address: 'a@mail.example' }, { email_address: 'b@mail.example' }])
    const addresses = (count: number) => Array.from({ length: count }, (_, index) => `n${index}@mail.example`)
    expect(outcomeOf(await bulk(admin, path, addresses(3)))).toEqual([403, 'organization_membership_quota_exceeded'])
    expect(outcomeOf(await bulk(admin, path, addresses(11)))).toEqual([400, 'bulk_size_exceeded'])
    expect(outcomeOf(await bulk(admin, path, ['c@mail.example', 'a@mail.example']))).toEqual([
      400,
      'organization_invitation_not_unique',
    ])
    expect(outcomeOf(await bulk(admin, path, []))).toEqual([422, 'form_param_missing'])
    expect((await admin.call(`GET ${path}`)).body.response.pending_invitations_count).toBe(2)
  })

  it('are listed by status, and revoked once', async () => {
    const { admin, path } = await newOrganization()
    const { body } = await bulk(admin, path, ['a@mail.example', 'b@mail.example'])
    const [first] = body.response as { id: string }[]
    const revoke = () => admin.call(`POST ${path}/invitations/${first!.id}/revoke`, { form: {} })
    expect((await revoke()).body.response).toMatchObject({ status: 'revoked', url: null })
    expect(outcomeOf(await revoke())).toEqual([404, 'organization_invitation_not_pending'])
    expect(outcomeOf(await admin.call(`POST ${path}/invitations/orginv_none/revoke`, { form: {} }))).toEqual([
      404,
      'resource_not_found',
    ])
    const other = await newOrganization()
    expect(
      outcomeOf(await other.admin.call(`POST ${other.path}/invitations/${first!.id}/revoke`, { form: {} })),
    ).toEqual([404, 'resource_not_found'])
    const count = async (query: Record<string, string>) =>
      (await admin.call(`GET ${path}/invitations`, { query })).body.response.total_count
    expect([await count({}), await count({ status: 'pending' }), await count({ status: 'revoked' })]).toEqual([2, 1, 1])
    expect([await count({ status: 'invalid' }), await count({ status: 'completed' })]).toEqual([0, 0])
    expect((await admin.call(`GET ${path}/invitations/pending`)).body.response).toMatchObject([{ status: 'pending' }])
    server.clock.advance(6 * DAY)
    expect(outcomeOf(await admin.call(`GET ${path}/invitations`, { query: { status: 'open' } }))).toEqual([
      422,
      'form_param_value_invalid',
    ])
  })

  it('are accepted once, by who has verified the address, with the role', async () => {
    const { admin, id, path } = await newOrganization()
    const bob = await newPerson('bob@mail.example')
    const eve = await newPerson()
    const { body } = await invite(admin, path, { email_address: 'bob@mail.example', role: 'org:admin' })
    const invitationId = body.response.id as string
    expect(await mine(bob, { status: 'pending' })).toMatchObject({
      total_count: 1,
      data: [{ id: invitationId, url: null, public_organization_data: { id, name: 'Acme' } }],
    })
    expect(await mine(eve)).toEqual({ data: [], total_count: 0 })
    expect(outcomeOf(await accept(eve, invitationId))).toEqual([404, 'organization_invitation_not_found'])
    expect(outcomeOf(await accept(bob, 'orginv_none'))).toEqual([404, 'organization_invitation_not_found'])
    const tries = await Promise.all(Array.from({ length: 8 }, () => accept(bob, invitationId)))
    expect(tries.filter(({ status }) => status === 200)).toHaveLength(1)
    const won = tries.find(({ status }) => status === 200)!
    expect(won.body.response).toMatchObject({ status: 'accepted', public_organization_data: { id } })
    expect(outcomeOf(await accept(bob, invitationId))).toEqual([400, 'organization_invitation_already_accepted'])
    expect((await bob.call(`GET ${path}/memberships`)).body.response).toHaveLength(2)
    expect(await mine(bob, { status: 'pending' })).toEqual({ data: [], total_count: 0 })
    expect((await mine(bob)).data).toMatchObject([{ status: 'accepted' }])
  })

  it('to an address that is only reserved do not exist for its user', async () => {
    const { admin, path } = await newOrganization()
    const eve = await newPerson()
    await server.client.emailAddresses.createEmailAddress({ userId: eve.id, emailAddress: 'x@mail.example' })
    const { body } = await invite(admin, path, { email_address: 'x@mail.example' })
    expect((await mine(eve)).total_count).toBe(0)
    expect(outcomeOf(await accept(eve, body.response.id))).toEqual([404, 'organization_invitation_not_found'])
  })

  it('that were revoked or have expired are of no use', async () => {
    const { admin, path } = await newOrganization()
    const bob = await newPerson('bob@mail.example')
    const { body } = await invite(admin, path, { email_address: 'bob@mail.example' })
    await admin.call(`POST ${path}/invitations/${body.response.id}/revoke`, { form: {} })
    expect(outcomeOf(await accept(bob, body.response.id))).toEqual([400, 'organization_invitation_revoked_code'])
  })

  it('take a person who can be in one organization only right into it', async () => {
    await configure(server, {
      organizations: { enabled: true, exclusiveMembership: true, personalAccountsEnabled: false },
    })
    server.clock.advance(2000)
    const { admin, id, path } = await newOrganization()
    const bob = await newPerson('bob@mail.example')
    const { body } = await invite(admin, path, { email_address: 'bob@mail.example' })
    const accepted = await accept(bob, body.response.id)
    expect(accepted.body.client.sessions).toMatchObject([{ status: 'active', last_active_organization_id: id }])
    const other = await newOrganization()
    const second = await invite(other.admin, other.path, { email_address: 'bob@mail.example' })
    expect(outcomeOf(await accept(bob, second.body.response.id))).toEqual([422, 'exclusive_organization_membership'])
    expect(await newMember(id)).toBeDefined()
  })
})
