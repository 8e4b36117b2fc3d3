import { describe, expect, it } from 'vitest'
import { itWithContract } from '../../../../../tests/contract/contract.test-support.js'
import { typesAsDescribed } from '../../described-events.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { useOrganizations } from '../organizations/organizations.test-support.js'

const refused = (status: number, code: string, param?: string) => ({
  status,
  body: { errors: [{ code, ...(param ? { meta: { param_name: param } } : {}) }] },
})

describe.each(dialects)('organization memberships on %s', (dialect) => {
  const server = useTestServer(dialect)
  const { createUser, createOrganization, addMember, happened } = useOrganizations(server)

  it('show organization, role with all permissions, and what members see of each other', async () => {
    const { organization } = await createOrganization()
    const user = await server.client.users.createUser({
      emailAddress: ['Ada@Example.com'],
      phoneNumber: ['+14155552671'],
      firstName: 'Ada',
    })
    const { status, body } = await server.call('POST', `/organizations/${organization.id}/memberships`, {
      user_id: user.id,
      role: 'org:member',
      public_metadata: { team: 'a' },
      private_metadata: { salary: 1 },
    })
    const now = server.clock.now()
    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'organization_membership',
      id: expect.stringMatching(/^orgmem_[0-9A-Za-z]{27}$/),
      role: 'org:member',
      role_name: 'Member',
      permissions: ['org:sys_billing:read', 'org:sys_memberships:read'],
      public_metadata: { team: 'a' },
      private_metadata: { salary: 1 },
      organization: (await server.call('GET', `/organizations/${organization.id}`)).body,
      public_user_data: {
        user_id: user.id,
        identifier: 'Ada@Example.com',
        first_name: 'Ada',
        last_name: null,
        username: null,
        profile_image_url: user.imageUrl,
        image_url: user.imageUrl,
        has_image: false,
        banned: false,
      },
      created_at: now,
      updated_at: now,
    })
    expect((await happened()).at(-1)).toMatchObject({
      type: 'organizationMembership.created',
      subjectId: body.id,
      payload: body,
    })
    for (const path of [
      `/organizations/${organization.id}/memberships?user_id=${user.id}`,
      `/users/${user.id}/organization_memberships`,
    ]) {
      expect((await server.call('GET', path)).body).toEqual({ data: [body], total_count: 1 })
    }
  })

  it('take users of the instance who are not members yet, with a role of the role set', async () => {
    const { organization, creator } = await createOrganization()
    const path = `/organizations/${organization.id}/memberships`
    const user = await createUser()
    for (const [body, error] of [
      [{ role: 'org:member' }, refused(422, 'form_param_missing', 'user_id')],
      [{ user_id: user.id }, refused(422, 'form_param_missing', 'role')],
      [{ user_id: 7, role: 'org:member' }, refused(422, 'form_param_type_invalid', 'user_id')],
      [{ user_id: user.id, role: 'org:member', x: 1 }, refused(422, 'form_param_unknown', 'x')],
      [{ user_id: 'user_0', role: 'org:member' }, refused(404, 'resource_not_found')],
      [{ user_id: user.id, role: 'org:none' }, refused(404, 'resource_not_found')],
      [{ user_id: creator.id, role: 'org:member' }, refused(400, 'already_a_member_in_organization')],
      [
        { user_id: user.id, role: 'org:member', private_metadata: { x: 'x'.repeat(8192) } },
        refused(422, 'form_param_exceeds_allowed_size', 'private_metadata'),
      ],
    ] as const) {
      expect(await server.call('POST', path, body)).toMatchObject(error)
    }
    const body = { user_id: user.id, role: 'org:member' }
    expect(await server.call('POST', '/organizations/org_0/memberships', body)).toMatchObject({ status: 404 })
    const other = await server.server.createInstance()
    await server.call('PATCH', '/instance/organization_settings', { enabled: true }, { key: other.secretKey })
    expect(await server.call('POST', path, body, { key: other.secretKey })).toMatchObject({ status: 404 })
    // The older key of the role still names it.
    const joined = await server.call('POST', path, { user_id: user.id, role: 'org:basic_member' })
    expect(joined.body).toMatchObject({ role: 'org:member' })
    expect((await server.call('GET', path)).body.total_count).toBe(2)
  })

  it('fill the seats there are, and none more when 64 join at once', async () => {
    const { organization } = await createOrganization({ maxAllowedMemberships: 3 })
    const users = await Promise.all(Array.from({ length: 64 }, createUser))
    const answers = await Promise.all(
      users.map(({ id }) =>
        server.call('POST', `/organizations/${organization.id}/memberships`, { user_id: id, role: 'org:member' }),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2)
    expect(answers.find(({ status }) => status !== 200)).toMatchObject(
      refused(403, 'organization_membership_quota_exceeded'),
    )
    const shown = await server.client.organizations.getOrganization({
      organizationId: organization.id,
      includeMembersCount: true,
    })
    expect(shown.membersCount).toBe(3)
    // A limit below the number of members is allowed; it only keeps others out. 0 means any number.
    await server.client.organizations.updateOrganization(organization.id, { maxAllowedMemberships: 1 })
    const user = await createUser()
    const join = () =>
      server.call('POST', `/organizations/${organization.id}/memberships`, { user_id: user.id, role: 'org:member' })
    expect((await join()).status).toBe(403)
    await server.client.organizations.updateOrganization(organization.id, { maxAllowedMemberships: 0 })
    expect((await join()).status).toBe(200)
  })

  it('take a user once of 64 times at once', async () => {
    const { organization } = await createOrganization({ maxAllowedMemberships: 0 })
    const user = await createUser()
    const answers = await Promise.all(
      Array.from({ length: 64 }, () =>
        server.call('POST', `/organizations/${organization.id}/memberships`, { user_id: user.id, role: 'org:member' }),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.errors?.[0].code === 'already_a_member_in_organization')).toHaveLength(63)
    expect((await happened()).filter(({ type }) => type === 'organizationMembership.created')).toHaveLength(2)
  })

  it('change their role, with an event that names it', async () => {
    const { organization } = await createOrganization()
    const user = await addMember(organization.id)
    const changed = await server.client.organizations.updateOrganizationMembership({
      organizationId: organization.id,
      userId: user.id,
      role: 'org:admin',
    })
    expect(changed).toMatchObject({ role: 'org:admin', publicUserData: { userId: user.id } })
    expect(changed.permissions).toContain('org:sys_memberships:manage')
    const last = (await happened()).at(-1)
    expect(last).toMatchObject({ type: 'organizationMembership.updated', subjectId: changed.id })
    const path = `/organizations/${organization.id}/memberships/${user.id}`
    expect(await server.call('PATCH', path, { role: 'org:none' })).toMatchObject(refused(404, 'resource_not_found'))
    expect(await server.call('PATCH', path, {})).toMatchObject(refused(422, 'form_param_missing', 'role'))
    const stranger = await createUser()
    expect(
      await server.call('PATCH', `/organizations/${organization.id}/memberships/${stranger.id}`, { role: 'org:admin' }),
    ).toMatchObject(refused(404, 'resource_not_found'))
    // The same role again changes nothing.
    const before = (await happened()).length
    expect((await server.call('PATCH', path, { role: 'org:admin' })).status).toBe(200)
    expect(await happened()).toHaveLength(before)
  })

  it('merge their metadata', async () => {
    const { organization, creator } = await createOrganization()
    const params = { organizationId: organization.id, userId: creator.id }
    const { organizations } = server.client
    await organizations.updateOrganizationMembershipMetadata({ ...params, publicMetadata: { a: { b: 1, c: 2 } } })
    const merged = await organizations.updateOrganizationMembershipMetadata({
      ...params,
      publicMetadata: { a: { b: null } },
      privateMetadata: { d: 1 },
    })
    expect(merged).toMatchObject({ publicMetadata: { a: { c: 2 } }, privateMetadata: { d: 1 } })
    expect(merged.publicMetadata).toEqual({ a: { c: 2 } })
    expect((await happened()).at(-1)!.type).toBe('organizationMembership.updated')
    const path = `/organizations/${organization.id}/memberships/${creator.id}/metadata`
    expect(await server.call('PATCH', path, { public_metadata: { x: 'x'.repeat(8192) } })).toMatchObject(
      refused(422, 'form_param_exceeds_allowed_size', 'public_metadata'),
    )
    expect(await server.call('PATCH', path, { role: 'org:admin' })).toMatchObject(refused(422, 'form_param_unknown'))
    expect((await server.call('PUT', path, {})).status).toBe(404)
  })

  it('end with the membership as the answer', async () => {
    const { organization, creator } = await createOrganization()
    const user = await addMember(organization.id)
    const path = `/organizations/${organization.id}/memberships`
    const before = (await server.call('GET', `${path}?user_id=${user.id}`)).body.data[0]
    const { status, body } = await server.call('DELETE', `${path}/${user.id}`)
    expect(status).toBe(200)
    expect(body).toEqual(before)
    expect((await happened()).at(-1)).toMatchObject({
      type: 'organizationMembership.deleted',
      subjectId: body.id,
      payload: body,
    })
    expect(await server.call('DELETE', `${path}/${user.id}`)).toMatchObject(refused(404, 'resource_not_found'))
    expect((await server.call('GET', path)).body).toMatchObject({
      total_count: 1,
      data: [{ public_user_data: { user_id: creator.id } }],
    })
  })

  it('end with the user, first of all, even that of the last member who can manage', async () => {
    const { organization, creator } = await createOrganization()
    const before = (await server.events()).length
    await server.client.users.deleteUser(creator.id)
    const events = (await server.events()).slice(before)
    expect(events.map(({ type }) => type)).toEqual(['organizationMembership.deleted', 'user.deleted'])
    expect(events[0]!.payload).toMatchObject({ public_user_data: { user_id: creator.id } })
    const shown = await server.call('GET', `/organizations/${organization.id}?include_members_count=true`)
    expect(shown.body).toMatchObject({ members_count: 0 })
    expect(shown.body).not.toHaveProperty('created_by')
  })

  it('make the organization active in the next sessions, until another one is', async () => {
    const { organization, creator } = await createOrganization()
    const open = async (body: object = {}) =>
      (await server.call('POST', '/sessions', { user_id: creator.id, ...body })).body
    server.clock.advance(1000)
    expect(await open()).toMatchObject({ last_active_organization_id: organization.id })
    expect((await server.call('GET', `/organizations/${organization.id}`)).body).toMatchObject({
      last_active_at: server.clock.now(),
    })
    expect(await open()).toMatchObject({ last_active_organization_id: organization.id })
    // Who chooses another one is not led to the newest.
    const { organization: other } = await createOrganization()
    await server.client.organizations.createOrganizationMembership({
      organizationId: other.id,
      userId: creator.id,
      role: 'org:member',
    })
    expect(await open({ active_organization_id: organization.id })).toMatchObject({
      last_active_organization_id: organization.id,
    })
    expect(await open()).toMatchObject({ last_active_organization_id: organization.id })
    const { organization: foreign } = await createOrganization()
    for (const active_organization_id of [foreign.id, 'org_0']) {
      expect(await server.call('POST', '/sessions', { user_id: creator.id, active_organization_id })).toMatchObject(
        refused(404, 'resource_not_found'),
      )
    }
  })

  it('leave sessions without the organization when they end', async () => {
    const { organization } = await createOrganization()
    const [leaving, staying] = [await addMember(organization.id), await addMember(organization.id)]
    const sessions = await Promise.all(
      [leaving, staying].map(({ id }) => server.client.sessions.createSession({ userId: id })),
    )
    await server.client.organizations.deleteOrganizationMembership({
      organizationId: organization.id,
      userId: leaving.id,
    })
    const shown = await Promise.all(sessions.map(({ id }) => server.client.sessions.getSession(id)))
    expect(shown.map(({ lastActiveOrganizationId }) => lastActiveOrganizationId)).toEqual([null, organization.id])
  })

  itWithContract('are told of as webhooks are described', async () => {
    const { organization, creator } = await createOrganization()
    const user = await addMember(organization.id)
    const params = { organizationId: organization.id, userId: user.id }
    await server.client.organizations.updateOrganizationMembership({ ...params, role: 'org:admin' })
    await server.client.organizations.deleteOrganizationMembership(params)
    await server.client.users.deleteUser(creator.id)
    expect(typesAsDescribed(await happened())).toEqual([
      'organization.created',
      'organizationMembership.created',
      'organizationMembership.created',
      'organizationMembership.updated',
      'organizationMembership.deleted',
      'organizationMembership.deleted',
    ])
  })
})
