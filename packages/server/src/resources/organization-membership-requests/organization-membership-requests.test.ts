import { describe, expect, it } from 'vitest'
import { configure } from '../../flows/sign-in/sign-in.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { outcomeOf, useMembers, type Person } from '../organizations/member-browsers.test-support.js'

describe.each(dialects)('suggestions and requests to join on %s', (dialect) => {
  const server = useTestServer(dialect)
  const { newPerson, newOrganization } = useMembers(server)

  /** An organization with a domain whose people it is suggested to. */
  const suggesting = async () => {
    await configure(server, {
      organizations: { enabled: true, domainsEnabled: true, domainsEnrollmentModes: ['automatic_suggestion'] },
    })
    server.clock.advance(2000)
    const made = await newOrganization()
    await server.client.organizations.createOrganizationDomain({
      organizationId: made.id,
      name: 'acme-tools.com',
      enrollmentMode: 'automatic_suggestion',
    })
    return made
  }
  const suggestions = async (person: Person, query: Record<string, string> = {}) =>
    (await person.call('GET /me/organization_suggestions', { query })).body.response
  const ask = (person: Person, id: string) =>
    person.call(`POST /me/organization_suggestions/${id}/accept`, { form: {} })
  const requests = async (admin: Person, path: string, query: Record<string, string> = {}) =>
    (await admin.call(`GET ${path}/membership_requests`, { query })).body.response
  const decide = (admin: Person, path: string, id: string, how: string) =>
    admin.call(`POST ${path}/membership_requests/${id}/${how}`, { form: {} })

  it('lead from a suggestion over a request to a member', async () => {
    const { admin, id, path } = await suggesting()
    const ada = await newPerson('ada@acme-tools.com')
    const { data, total_count: total } = await suggestions(ada, { status: 'pending' })
    expect(total).toBe(1)
    expect(data).toEqual([
      {
        object: 'organization_suggestion',
        id: expect.stringMatching(/^orgsug_/),
        public_organization_data: { id, name: 'Acme', slug: 'acme', image_url: expect.any(String), has_image: false },
        status: 'pending',
        created_at: server.clock.now(),
        updated_at: server.clock.now(),
      },
    ])
    const eve = await newPerson()
    expect(outcomeOf(await ask(eve, data[0].id))).toEqual([404, 'resource_not_found'])
    const asked = await Promise.all(Array.from({ length: 8 }, () => ask(ada, data[0].id)))
    expect(asked.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(outcomeOf(await ask(ada, data[0].id))).toEqual([400, 'organization_suggestion_already_accepted'])
    expect(await suggestions(ada, { status: 'pending' })).toEqual({ data: [], total_count: 0 })
    expect((await suggestions(ada)).data).toMatchObject([{ status: 'accepted' }])

    const waiting = await requests(admin, path, { status: 'pending' })
    expect(waiting).toEqual({
      total_count: 1,
      data: [
        {
          object: 'organization_membership_request',
          id: expect.stringMatching(/^orgmemreq_/),
          organization_id: id,
          status: 'pending',
          public_user_data: expect.objectContaining({ user_id: ada.id, identifier: 'ada@acme-tools.com' }),
          created_at: server.clock.now(),
          updated_at: server.clock.now(),
        },
      ],
    })
    const [{ id: requestId }] = waiting.data
    const decided = await Promise.all(Array.from({ length: 8 }, () => decide(admin, path, requestId, 'accept')))
    expect(decided.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(decided.find(({ status }) => status === 200)!.body.response).toMatchObject({ status: 'accepted' })
    expect(outcomeOf(await decide(admin, path, requestId, 'reject'))).toEqual([404, 'resource_not_found'])
    expect((await ada.call(`GET ${path}/memberships`)).body.response).toMatchObject([
      { role: 'org:member' },
      { role: 'org:admin' },
    ])
    expect(await suggestions(ada)).toEqual({ data: [], total_count: 0 })
    expect(await requests(admin, path, { status: 'pending' })).toEqual({ data: [], total_count: 0 })
    const audited = await server.server.database.read.selectFrom('audit_entries').select('action').execute()
    expect(audited.map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        'organization_suggestion.accepted',
        'organization_membership_request.created',
        'organization_membership_request.accepted',
      ]),
    )
  })

  it('end with a rejection', async () => {
    const { admin, path } = await suggesting()
    const ada = await newPerson('ada@acme-tools.com')
    await ask(ada, (await suggestions(ada)).data[0].id)
    const [{ id }] = (await requests(admin, path)).data
    expect((await decide(admin, path, id, 'reject')).body.response).toMatchObject({ status: 'rejected' })
    expect(outcomeOf(await decide(admin, path, id, 'accept'))).toEqual([404, 'resource_not_found'])
    expect(await suggestions(ada)).toEqual({ data: [], total_count: 0 })
    expect((await requests(admin, path, { status: 'rejected' })).total_count).toBe(1)
    expect(outcomeOf(await ada.call(`GET ${path}`))).toEqual([404, 'organization_not_found_or_unauthorized'])
  })

  it('are settled by joining in another way, and need a seat', async () => {
    const { admin, id, path } = await suggesting()
    const ada = await newPerson('ada@acme-tools.com')
    const bob = await newPerson('bob@acme-tools.com')
    for (const one of [ada, bob]) await ask(one, (await suggestions(one)).data[0].id)
    await admin.call(`POST ${path}/memberships`, { form: { user_id: ada.id, role: 'org:member' } })
    const { data, total_count: total } = await requests(admin, path, { status: 'pending' })
    expect(total).toBe(1)
    await server.client.organizations.updateOrganization(id, { maxAllowedMemberships: 2 })
    expect(outcomeOf(await decide(admin, path, data[0].id, 'accept'))).toEqual([
      403,
      'organization_membership_quota_exceeded',
    ])
    // It waits for a seat.
    expect((await requests(admin, path, { status: 'pending' })).total_count).toBe(1)
  })

  it('belong to one organization', async () => {
    const { admin, path } = await suggesting()
    const ada = await newPerson('ada@acme-tools.com')
    await ask(ada, (await suggestions(ada)).data[0].id)
    const [{ id }] = (await requests(admin, path)).data
    const other = await newOrganization({ name: 'Other' })
    for (const how of ['accept', 'reject']) {
      expect(outcomeOf(await decide(other.admin, other.path, id, how))).toEqual([404, 'resource_not_found'])
    }
    expect((await requests(other.admin, other.path)).total_count).toBe(0)
  })
})
