import { describe, expect, it } from 'vitest'
import { configure } from '../../flows/sign-in/sign-in.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { outcomeOf, useMembers } from '../organizations/member-browsers.test-support.js'

describe.each(dialects)('members in a browser on %s', (dialect) => {
  const server = useTestServer(dialect)
  const { newPerson, newOrganization, newMember } = useMembers(server)

  it('are listed with what all members see of them, searched by text and role', async () => {
    const { admin, id, path } = await newOrganization()
    server.clock.advance(1000)
    const member = await newMember(id)
    const { body } = await member.call(`GET ${path}/memberships`, { query: { paginated: 'true', limit: '10' } })
    expect(body.response.total_count).toBe(2)
    expect(body.response.data).toMatchObject([
      {
        role: 'org:member',
        role_name: 'Member',
        permissions: ['org:sys_billing:read', 'org:sys_memberships:read'],
        public_user_data: { user_id: member.id, identifier: member.emailAddress },
        organization: { id, members_count: 2 },
      },
      { role: 'org:admin', public_user_data: { user_id: admin.id } },
    ])
    expect(JSON.stringify(body.response)).not.toContain('private_metadata')
    const found = async (query: Record<string, string>) =>
      (await admin.call(`GET ${path}/memberships`, { query })).body.response.map(
        (one: { public_user_data: { user_id: string } }) => one.public_user_data.user_id,
      )
    expect(await found({ query: member.emailAddress })).toEqual([member.id])
    expect(await found({ role: 'org:admin' })).toEqual([admin.id])
    expect(await found({ role: '', query: '' })).toEqual([member.id, admin.id])
    expect(await found({ role: 'org:nobody' })).toEqual([])
    expect(outcomeOf(await admin.call(`GET ${path}/memberships`, { query: { limit: '0' } }))).toEqual([
      422,
      'form_param_value_invalid',
    ])
  })

  it('are added, given another role and removed by who manages them', async () => {
    const { admin, path } = await newOrganization()
    const eve = await newPerson()
    const add = (form: Record<string, unknown>) => admin.call(`POST ${path}/memberships`, { form })
    expect(outcomeOf(await add({ user_id: eve.id }))).toEqual([422, 'form_param_missing'])
    expect(outcomeOf(await add({ user_id: eve.id, role: 'org:none' }))).toEqual([404, 'resource_not_found'])
    expect(outcomeOf(await add({ user_id: 'user_none', role: 'org:member' }))).toEqual([404, 'resource_not_found'])
    expect((await add({ user_id: eve.id, role: 'org:member' })).body.response).toMatchObject({ role: 'org:member' })
    expect(outcomeOf(await add({ user_id: eve.id, role: 'org:member' }))).toEqual([
      400,
      'already_a_member_in_organization',
    ])
    const one = `${path}/memberships/${eve.id}`
    expect((await admin.call(`PATCH ${one}`, { form: { role: 'org:admin' } })).body.response.role).toBe('org:admin')
    expect((await admin.call(`DELETE ${one}`)).body.response).toMatchObject({
      object: 'organization_membership',
      public_user_data: { user_id: eve.id },
    })
    expect(outcomeOf(await admin.call(`DELETE ${one}`))).toEqual([404, 'resource_not_found'])
    expect(outcomeOf(await eve.call(`GET ${path}`))).toEqual([404, 'organization_not_found_or_unauthorized'])
  })

  it('keep within the seats, also at once', async () => {
    const { admin, id, path } = await newOrganization()
    await server.client.organizations.updateOrganization(id, { maxAllowedMemberships: 3 })
    const people = await Promise.all(Array.from({ length: 5 }, () => newPerson()))
    const answers = await Promise.all(
      people.map((one) => admin.call(`POST ${path}/memberships`, { form: { user_id: one.id, role: 'org:member' } })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2)
    expect(outcomeOf(answers.find(({ status }) => status !== 200)!)).toEqual([
      403,
      'organization_membership_quota_exceeded',
    ])
  })

  it('leave somebody who can manage the organization, by whichever way they go, also two at once', async () => {
    const { admin, id, path } = await newOrganization()
    const refused = [400, 'organization_minimum_permissions_needed']
    const own = `${path}/memberships/${admin.id}`
    const leave = (person = admin) => person.call(`DELETE /me/organization_memberships/${id}`)
    expect(outcomeOf(await admin.call(`PATCH ${own}`, { form: { role: 'org:member' } }))).toEqual(refused)
    expect(outcomeOf(await admin.call(`DELETE ${own}`))).toEqual(refused)
    expect(outcomeOf(await leave())).toEqual(refused)
    const second = await newMember(id, 'org:admin')
    // Both at once: one stays.
    const both = await Promise.all([leave(), leave(second)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 400])
    const left = both.find(({ status }) => status === 200)!
    expect(left.body.response).toEqual({
      object: 'organization_membership',
      id: expect.stringMatching(/^orgmem_/),
      deleted: true,
    })
    expect((await server.client.organizations.getOrganizationMembershipList({ organizationId: id })).totalCount).toBe(1)
  })

  it('have the memberships of their own listed, with what waits in each organization', async () => {
    const { admin, id, path } = await newOrganization()
    const form = { email_address: 'bob@mail.example', role: 'org:member' }
    await admin.call(`POST ${path}/invitations`, { form })
    const list = async (query: Record<string, string> = {}) =>
      (await admin.call('GET /me/organization_memberships', { query })).body.response
    expect(await list({ paginated: 'true', limit: '10', offset: '0' })).toMatchObject({
      total_count: 1,
      data: [{ role: 'org:admin', organization: { id, members_count: 1, pending_invitations_count: 1 } }],
    })
    expect(await list()).toHaveLength(1)
    expect(await list({ offset: '1', paginated: 'true' })).toEqual({ data: [], total_count: 1 })
    await server.client.instance.updateOrganizationSettings({ enabled: false })
    expect(await list({ paginated: 'true' })).toEqual({ data: [], total_count: 0 })
  })

  it('stay in their last organization where a person needs one, and choose again after leaving another', async () => {
    await configure(server, { organizations: { enabled: true, personalAccountsEnabled: false } })
    server.clock.advance(2000)
    const first = await newOrganization()
    const second = await newOrganization({ name: 'Second' })
    const eve = await newMember(first.id)
    const leave = (id: string) => eve.call(`DELETE /me/organization_memberships/${id}`)
    expect(outcomeOf(await leave(first.id))).toEqual([422, 'personal_accounts_not_allowed'])
    await server.client.organizations.createOrganizationMembership({
      organizationId: second.id,
      userId: eve.id,
      role: 'org:member',
    })
    await eve.call(`POST /client/sessions/${eve.sessionId}/touch`, { form: { active_organization_id: first.id } })
    const left = await leave(first.id)
    expect(left.body.client.sessions).toMatchObject([
      { status: 'pending', last_active_organization_id: null, tasks: [{ key: 'choose-organization' }] },
    ])
  })

  it('see the roles that they can have', async () => {
    const { id, path } = await newOrganization()
    const member = await newMember(id)
    const { body } = await member.call(`GET ${path}/roles`, { query: { limit: '20' } })
    expect(body.response).toMatchObject({
      total_count: 2,
      data: [
        { object: 'role', key: 'org:admin', is_creator_eligible: true },
        { key: 'org:member', is_creator_eligible: false, permissions: [{ type: 'system' }, {}] },
      ],
    })
    const second = await member.call(`GET ${path}/roles`, { query: { limit: '1', offset: '1' } })
    expect(second.body.response).toMatchObject({ total_count: 2, data: [{ key: 'org:member' }] })
  })
})
