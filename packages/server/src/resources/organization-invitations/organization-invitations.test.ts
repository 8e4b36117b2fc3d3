import { describe, expect, it } from 'vitest'
import { itWithContract } from '../../../../../tests/contract/contract.test-support.js'
import { typesAsDescribed } from '../../described-events.test-support.js'
import { API_URL, dialects, useTestServer } from '../../server.test-support.js'
import { useOrganizations } from '../organizations/organizations.test-support.js'
import { ENCRYPTION_KEY, servicesOf } from '../users/user-parts.test-support.js'

const DAY = 24 * 60 * 60 * 1000
const refused = (status: number, code: string) => ({ status, body: { errors: [{ code }] } })

describe.each(dialects)('invitations to organizations on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const { createOrganization, createUser, addMember, happened } = useOrganizations(server)

  const post = (organizationId: string, body: object) =>
    server.call('POST', `/organizations/${organizationId}/invitations`, {
      email_address: 'grace@example.com',
      role: 'org:member',
      ...body,
    })
  const invite = (organizationId: string, emailAddress = 'grace@example.com', params: object = {}) =>
    server.client.organizations.createOrganizationInvitation({
      organizationId,
      emailAddress,
      role: 'org:member',
      ...params,
    })
  const listed = async (organizationId: string, query = '') => {
    const { body } = await server.call('GET', `/organizations/${organizationId}/invitations?${query}`)
    return (body.data as { email_address: string }[]).map(({ email_address: address }) => address)
  }

  it('are made for 30 days, with a link, and mailed in the name of whoever invites', async () => {
    const { organization, creator } = await createOrganization()
    const { status, body } = await post(organization.id, {
      email_address: 'Grace@Example.com',
      inviter_user_id: creator.id,
      public_metadata: { Team: { isA: 1 } },
      private_metadata: { seat: 7 },
    })
    const now = server.clock.now()
    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'organization_invitation',
      id: expect.stringMatching(/^orginv_[0-9A-Za-z]{27}$/),
      email_address: 'Grace@Example.com',
      role: 'org:member',
      role_name: 'Member',
      organization_id: organization.id,
      inviter_id: creator.id,
      public_inviter_data: {
        user_id: creator.id,
        first_name: null,
        last_name: null,
        image_url: `${API_URL}/images/default/${creator.id}`,
        has_image: false,
        identifier: creator.username,
      },
      status: 'pending',
      public_metadata: { Team: { isA: 1 } },
      private_metadata: { seat: 7 },
      url: expect.stringMatching(`^${API_URL}/i/${server.instance.id}/v1/tickets/accept\\?ticket=[\\w.-]+$`),
      expires_at: now + 30 * DAY,
      created_at: now,
      updated_at: now,
    })
    const messages = await server.messages()
    expect(messages).toMatchObject([
      {
        slug: 'organization_invitation',
        toAddress: 'Grace@Example.com',
        data: {
          action_url: body.url,
          org: { name: 'Acme' },
          inviter_name: creator.username,
          invitation: { expires_in_days: 30, public_metadata: { Team: { isA: 1 } } },
        },
        expiresAt: now + 30 * DAY,
      },
    ])
    expect(messages[0]!.body).toContain(body.url)
    expect(
      await server.client.organizations.getOrganizationInvitation({
        organizationId: organization.id,
        invitationId: body.id,
      }),
    ).toMatchObject({ id: body.id, emailAddress: 'Grace@Example.com', privateMetadata: { seat: 7 } })
  })

  it('carry no link that the name of an organization or of whoever invites brings along', async () => {
    const { id: createdBy } = await server.client.users.createUser({
      emailAddress: ['eve@example.com'],
      firstName: 'Visit https://evil.example/now',
      lastName: '<a href="https://evil.example">here</a>',
    })
    const { id } = await server.client.organizations.createOrganization({ name: 'evil.example: win', createdBy })
    await invite(id, undefined, { inviterUserId: createdBy })
    const [message] = await server.messages()
    const { subject, body, bodyPlain } = message!
    expect([subject, body, bodyPlain].join()).toContain('evil')
    // Programs make links of what looks like one.
    for (const text of [subject, body, bodyPlain])
      expect(text).not.toMatch(/evil\.example|https?:\/\/(www\.)?evil|<a href="https:\/\/evil/)
  })

  it('go where they are told, for as long as they are told, or not by mail at all', async () => {
    const { organization } = await createOrganization()
    const redirectUrl = 'https://app.example.com/welcome?a=1&b=2'
    const invitation = await invite(organization.id, undefined, { redirectUrl, expiresInDays: 365, notify: false })
    expect(invitation.expiresAt).toBe(server.clock.now() + 365 * DAY)
    expect(new URL(invitation.url!).searchParams.get('redirect_url')).toBe(redirectUrl)
    expect(await server.messages()).toEqual([])
    // A test identity receives nothing.
    await invite(organization.id, 'grace+clerk_test@example.com')
    expect(await server.messages()).toEqual([])
  })

  it('are one for an address at a time, however it is written', async () => {
    const { organization } = await createOrganization()
    const { organization: other } = await createOrganization()
    const first = await invite(organization.id)
    const again = () => post(organization.id, { email_address: 'GRACE@example.com' })
    expect(await again()).toMatchObject(refused(400, 'organization_invitation_not_unique'))
    expect((await post(other.id, {})).status).toBe(200)

    await server.client.organizations.revokeOrganizationInvitation({
      organizationId: organization.id,
      invitationId: first.id,
    })
    const second = await again()
    expect(second.status).toBe(200)
    server.clock.advance(30 * DAY)
    expect((await again()).status).toBe(200)
    expect(await server.call('GET', `/organizations/${organization.id}/invitations/${second.body.id}`)).toMatchObject({
      body: { status: 'expired', url: null },
    })
  })

  it('are one for an address when 64 come at once', async () => {
    const { organization } = await createOrganization({ maxAllowedMemberships: 0 })
    const answers = await Promise.all(Array.from({ length: 64 }, () => post(organization.id, {})))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.find(({ status }) => status !== 200)).toMatchObject(
      refused(400, 'organization_invitation_not_unique'),
    )
    expect(await server.messages()).toHaveLength(1)
  })

  it('are not for members', async () => {
    const { organization } = await createOrganization()
    const user = await server.client.users.createUser({ emailAddress: ['grace@example.com'] })
    const params = { organizationId: organization.id, userId: user.id }
    await server.client.organizations.createOrganizationMembership({ ...params, role: 'org:member' })
    expect(await post(organization.id, { email_address: 'Grace@example.com' })).toMatchObject(
      refused(400, 'already_a_member_in_organization'),
    )
    await server.client.organizations.deleteOrganizationMembership(params)
    expect((await post(organization.id, {})).status).toBe(200)
  })

  it('hold a seat while they are pending, and none more come in when 64 are asked at once (mistake 36)', async () => {
    const { organization } = await createOrganization({ maxAllowedMemberships: 4 })
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, index) => post(organization.id, { email_address: `a${index}@example.com` })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3)
    const full = refused(403, 'organization_membership_quota_exceeded')
    expect(answers.find(({ status }) => status !== 200)).toMatchObject(full)
    const shown = async () =>
      (await server.call('GET', `/organizations/${organization.id}?include_members_count=true`)).body
    expect(await shown()).toMatchObject({ members_count: 1, pending_invitations_count: 3 })

    const join = async () => {
      const user = await createUser()
      const member = { user_id: user.id, role: 'org:member' }
      return server.call('POST', `/organizations/${organization.id}/memberships`, member)
    }
    expect(await join()).toMatchObject(full)
    server.clock.advance(30 * DAY)
    expect(await shown()).toMatchObject({ pending_invitations_count: 0 })
    expect((await join()).status).toBe(200)
    expect((await server.call('GET', `/organizations/${organization.id}`)).body).not.toHaveProperty(
      'pending_invitations_count',
    )
  })

  it('come all or none in bulk', async () => {
    const { organization } = await createOrganization({ maxAllowedMemberships: 4 })
    const bulk = (addresses: string[], role = 'org:member') =>
      server.call(
        'POST',
        `/organizations/${organization.id}/invitations/bulk`,
        addresses.map((address) => ({ email_address: address, role })),
      )
    const { data, totalCount } = await server.client.organizations.createOrganizationInvitationBulk(organization.id, [
      { emailAddress: 'a@example.com', role: 'org:member' },
      { emailAddress: 'b@example.com', role: 'org:admin', notify: false },
    ])
    expect(data.map(({ emailAddress, role }) => [emailAddress, role])).toEqual([
      ['a@example.com', 'org:member'],
      ['b@example.com', 'org:admin'],
    ])
    expect(totalCount).toBe(2)
    const events = (await server.events()).length
    expect(await bulk(['c@example.com', 'C@example.com'])).toMatchObject(
      refused(400, 'organization_invitation_not_unique'),
    )
    expect(await bulk(['c@example.com', 'a@example.com'])).toMatchObject(
      refused(400, 'organization_invitation_not_unique'),
    )
    expect(await bulk(['c@example.com', 'd@example.com'])).toMatchObject(
      refused(403, 'organization_membership_quota_exceeded'),
    )
    expect(await bulk(['c@example.com'], 'org:nobody')).toMatchObject(refused(404, 'resource_not_found'))
    expect(await bulk([])).toMatchObject({ status: 422 })
    expect(await bulk(Array.from({ length: 11 }, (_, index) => `x${index}@example.com`))).toMatchObject(
      refused(400, 'bulk_size_exceeded'),
    )
    expect((await server.events()).length).toBe(events)
    expect(await listed(organization.id)).toEqual(expect.arrayContaining(['a@example.com', 'b@example.com']))
    expect(await server.messages()).toHaveLength(1)
  })

  it('are made and revoked in the name of members who may manage members', async () => {
    const { organization, creator } = await createOrganization()
    const member = await addMember(organization.id)
    const stranger = await createUser()
    const refusals: [string, ReturnType<typeof refused>][] = [
      [member.id, refused(403, 'missing_organization_permission')],
      [stranger.id, refused(403, 'not_a_member_in_organization')],
      ['user_0', refused(404, 'resource_not_found')],
    ]
    for (const [id, refusal] of refusals) {
      expect(await post(organization.id, { inviter_user_id: id })).toMatchObject(refusal)
    }
    const { id } = await invite(organization.id, undefined, { inviterUserId: creator.id })
    const path = `/organizations/${organization.id}/invitations/${id}/revoke`
    for (const [userId, refusal] of refusals) {
      expect(await server.call('POST', path, { requesting_user_id: userId })).toMatchObject(refusal)
    }
    expect(await server.call('POST', path, { requesting_user_id: creator.id })).toMatchObject({
      body: { id, status: 'revoked', url: null },
    })
    await server.client.users.deleteUser(creator.id)
    expect(await server.call('GET', `/organizations/${organization.id}/invitations/${id}`)).toMatchObject({
      body: { inviter_id: null, public_inviter_data: null },
    })
  })

  it('are revoked once, and only while they are pending', async () => {
    const { organization } = await createOrganization()
    const { id } = await invite(organization.id)
    const revoke = (invitationId = id) =>
      server.call('POST', `/organizations/${organization.id}/invitations/${invitationId}/revoke`)
    const answers = await Promise.all(Array.from({ length: 64 }, () => revoke()))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.find(({ status }) => status !== 200)).toMatchObject(
      refused(404, 'organization_invitation_not_pending'),
    )
    const expiring = await invite(organization.id, 'late@example.com', { expiresInDays: 1 })
    server.clock.advance(DAY)
    expect(await revoke(expiring.id)).toMatchObject(refused(404, 'organization_invitation_not_pending'))
    expect(await revoke('orginv_0')).toMatchObject(refused(404, 'resource_not_found'))
  })

  it.each([
    [{ email_address: undefined }, 422, 'form_param_missing'],
    [{ email_address: null }, 422, 'form_param_nil'],
    [{ email_address: 'grace' }, 422, 'form_param_format_invalid'],
    [{ role: undefined }, 422, 'form_param_missing'],
    [{ role: 'org:nobody' }, 404, 'resource_not_found'],
    [{ public_metadata: 'x' }, 422, 'form_param_type_invalid'],
    [{ private_metadata: { a: 'x'.repeat(8192) } }, 422, 'form_param_exceeds_allowed_size'],
    [{ expires_in_days: 0 }, 422, 'form_param_value_invalid'],
    [{ expires_in_days: 366 }, 422, 'form_param_value_invalid'],
    [{ notify: 'yes' }, 422, 'form_param_type_invalid'],
    [{ redirect_url: '/welcome' }, 422, 'form_param_format_invalid'],
    [{ redirect_url: 'javascript:alert(1)' }, 422, 'form_param_format_invalid'],
    [{ email: 'grace@example.com' }, 422, 'form_param_unknown'],
  ])('refuse %j', async (given, status, code) => {
    const { organization } = await createOrganization()
    expect(await post(organization.id, given)).toMatchObject(refused(status, code))
    expect(await server.messages()).toHaveLength(0)
    expect(await listed(organization.id)).toEqual([])
  })

  it('are unknown to other instances and other organizations', async () => {
    const { organization } = await createOrganization()
    const { organization: other } = await createOrganization()
    const { id } = await invite(organization.id)
    const { secretKey: key } = await server.server.createInstance()
    await server.call('PATCH', '/instance/organization_settings', { enabled: true }, { key })
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/revoke'],
    ] as const) {
      for (const [organizationId, options] of [
        [organization.id, { key }],
        [other.id, {}],
        ['org_0', {}],
      ] as const) {
        const answer = await server.call(
          method,
          `/organizations/${organizationId}/invitations/${id}${path}`,
          undefined,
          options,
        )
        expect(answer).toMatchObject(refused(404, 'resource_not_found'))
      }
    }
    expect((await server.call('GET', '/organization_invitations', undefined, { key })).body.data).toEqual([])
    expect(await server.call('GET', '/organizations/org_0/invitations')).toMatchObject(
      refused(404, 'resource_not_found'),
    )
    expect(await post('org_0', {})).toMatchObject(refused(404, 'resource_not_found'))
  })

  it('need organizations and email addresses to be switched on', async () => {
    const { organization } = await createOrganization()
    const { settings } = (await servicesOf(server)).context.instance
    const identifiers = { ...settings.identifiers, emailAddress: { enabled: false, required: false } }
    await server.server.database.transaction((queries) =>
      queries
        .updateTable('instances')
        .set({ settings: JSON.stringify({ ...settings, identifiers }) })
        .where('id', '=', server.instance.id)
        .execute(),
    )
    await server.client.instance.updateOrganizationSettings({ maxAllowedMemberships: 6 })
    expect(await post(organization.id, {})).toMatchObject(refused(400, 'invitations_not_supported'))
    await server.client.instance.updateOrganizationSettings({ enabled: false })
    const off = refused(403, 'organization_not_enabled_in_instance')
    expect(await post(organization.id, {})).toMatchObject(off)
    expect(await server.call('GET', '/organization_invitations')).toMatchObject(off)
    expect(await server.call('GET', `/organizations/${organization.id}/invitations`)).toMatchObject(off)
  })

  it('are limited to 50 bulks an hour, where the instance has limits', async () => {
    const { organization } = await createOrganization()
    await server.server.admin.seed(server.instance.id, { instance: { rate_limits: { enabled: true } } })
    const bulk = () => server.call('POST', `/organizations/${organization.id}/invitations/bulk`, [])
    const answers = await Promise.all(Array.from({ length: 51 }, bulk))
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(50)
    expect(answers.find(({ status }) => status !== 422)).toMatchObject(refused(429, 'too_many_requests'))
  })

  it('go with their organization', async () => {
    const { organization } = await createOrganization()
    await invite(organization.id)
    await server.client.organizations.deleteOrganization(organization.id)
    expect((await server.call('GET', '/organization_invitations')).body).toEqual({ data: [], total_count: 0 })
  })

  itWithContract('are told of as webhooks are described', async () => {
    const { organization, creator } = await createOrganization()
    const { id } = await invite(organization.id, undefined, { inviterUserId: creator.id })
    await server.call('POST', `/organizations/${organization.id}/invitations/${id}/revoke`)
    await invite(organization.id)
    const user = await server.client.users.createUser({ emailAddress: ['grace@example.com'] })
    await server.client.organizations.createOrganizationMembership({
      organizationId: organization.id,
      userId: user.id,
      role: 'org:admin',
    })
    const events = await happened()
    expect(typesAsDescribed(events)).toEqual([
      'organization.created',
      'organizationMembership.created',
      'organizationInvitation.created',
      'organizationInvitation.revoked',
      'organizationInvitation.created',
      'organizationInvitation.accepted',
      'organizationMembership.created',
    ])
    expect(events[5]!.payload).toMatchObject({
      status: 'accepted',
      user_id: user.id,
      data: { public_organization_data: { id: organization.id } },
    })
  })
})
