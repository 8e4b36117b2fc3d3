import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { useOrganizations } from './organizations.test-support.js'

describe.each(dialects)('lists of organizations and members on %s', (dialect) => {
  const server = useTestServer(dialect)
  const { createUser, createOrganization, addMember } = useOrganizations(server)

  const slugs = async (query: string) =>
    (await server.call('GET', `/organizations?${query}`)).body.data.map(({ slug }: { slug: string }) => slug)

  /** `b` with three members, `a` with one, `c` with none; created in this order. */
  const createThree = async () => {
    const b = await createOrganization({ name: 'Bravo', slug: 'b' })
    const members = [await addMember(b.organization.id), await addMember(b.organization.id)]
    server.clock.advance(1000)
    const a = await createOrganization({ name: 'Alpha 100%', slug: 'a' })
    server.clock.advance(1000)
    await server.client.organizations.createOrganization({ name: 'Charlie', slug: 'c' })
    return { a, b, members }
  }

  it('order organizations by creation, name and number of members', async () => {
    await createThree()
    for (const [query, expected] of [
      ['', 'cab'],
      ['order_by=created_at', 'bac'],
      ['order_by=%2Bcreated_at', 'bac'],
      ['order_by=+created_at', 'bac'],
      ['order_by=-created_at', 'cab'],
      ['order_by=name', 'abc'],
      ['order_by=-name', 'cba'],
      ['order_by=members_count', 'cab'],
      ['order_by=-members_count', 'bac'],
      ['order_by=name&limit=1&offset=1', 'b'],
    ] as const) {
      expect((await slugs(query)).join(''), query).toBe(expected)
    }
    expect((await server.call('GET', '/organizations?limit=1&offset=2')).body.total_count).toBe(3)
    for (const query of ['order_by=slug', 'limit=0', 'limit=501', 'offset=-1', 'include_members_count=perhaps']) {
      expect(await server.call('GET', `/organizations?${query}`)).toMatchObject({
        status: 422,
        body: { errors: [{ meta: { param_name: query.split('=')[0] } }] },
      })
    }
  })

  it('find organizations by id, by part of name or slug, and by members to include or leave out', async () => {
    const { a, b, members } = await createThree()
    for (const [query, expected] of [
      [`query=${a.organization.id}`, 'a'],
      [`query=${a.organization.id.slice(0, -1)}`, ''],
      ['query=ALPHA', 'a'],
      ['query=r', 'cb'],
      ['query=100%25', 'a'],
      ['query=%25', 'a'],
      ['query=_', ''],
      [`organization_id=${a.organization.id}&organization_id=org_0`, 'a'],
      [`organization_id=+${a.organization.id}`, 'a'],
      [`organization_id=-${a.organization.id}`, 'cb'],
      [`user_id=${members[0]!.id}`, 'b'],
      [`user_id=${members[0]!.id}&user_id=${a.creator.id}`, 'ab'],
      [`user_id=-${b.creator.id}`, 'ca'],
      [`user_id=${a.creator.id}&user_id=-${a.creator.id}`, ''],
      ['user_id=user_0', ''],
    ] as const) {
      expect((await slugs(query)).join(''), query).toBe(expected)
    }
    const many = Array.from({ length: 101 }, (_, index) => `organization_id=org_${index}`).join('&')
    expect(await server.call('GET', `/organizations?${many}`)).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'form_param_array_size_exceeded', meta: { param_name: 'organization_id' } }] },
    })
  })

  it('count members, and miss who can manage them, where that is asked for', async () => {
    await createThree()
    const page = await server.client.organizations.getOrganizationList({
      includeMembersCount: true,
      includeMissingMemberWithElevatedPermissions: true,
    })
    expect(page.data.map(({ slug, membersCount, ...rest }) => [slug, membersCount, rest])).toMatchObject([
      ['c', 0, { missingMemberWithElevatedPermissions: true }],
      ['a', 1, { missingMemberWithElevatedPermissions: false }],
      ['b', 3, { missingMemberWithElevatedPermissions: false }],
    ])
    const [plain] = (await server.call('GET', '/organizations')).body.data
    expect(plain).not.toHaveProperty('members_count')
    expect(plain).not.toHaveProperty('missing_member_with_elevated_permissions')
  })

  it('order members by what is known of the users, those without it last', async () => {
    const { organization, creator } = await createOrganization({ maxAllowedMemberships: 0 })
    const join = async (params: Parameters<typeof server.client.users.createUser>[0]) => {
      server.clock.advance(1000)
      const user = await server.client.users.createUser(params)
      await server.client.organizations.createOrganizationMembership({
        organizationId: organization.id,
        userId: user.id,
        role: 'org:member',
      })
      return user.id
    }
    const zoe = await join({ emailAddress: ['zoe@example.com'], firstName: 'Zoe', lastName: 'B' })
    const ada = await join({ emailAddress: ['ada@example.com'], firstName: 'Ada', lastName: 'C' })
    const members = async (query: string, path = `/organizations/${organization.id}/memberships`) =>
      (await server.call('GET', `${path}?${query}`)).body.data.map(
        ({ public_user_data: { user_id } }: { public_user_data: { user_id: string } }) => user_id,
      )
    for (const [query, expected] of [
      ['', [ada, zoe, creator.id]],
      ['order_by=created_at', [creator.id, zoe, ada]],
      ['order_by=email_address', [ada, zoe, creator.id]],
      ['order_by=-email_address', [zoe, ada, creator.id]],
      ['order_by=first_name', [ada, zoe, creator.id]],
      ['order_by=-last_name', [ada, zoe, creator.id]],
      ['order_by=-username&limit=1', [creator.id]],
      ['order_by=phone_number&limit=0', undefined],
    ] as const) {
      if (expected === undefined) continue
      expect(await members(query), query).toEqual(expected)
      expect(await members(query, '/organization_memberships'), query).toEqual(expected)
    }
    for (const [query, expected] of [
      ['email_address=ADA@example.com&email_address=nobody@example.com', [ada]],
      [`user_id=${zoe}`, [zoe]],
      [`user_id=-${zoe}`, [ada, creator.id]],
      ['query=example', [ada, zoe]],
      ['email_address_query=zoe', [zoe]],
      ['name_query=ada', [ada]],
      ['username_query=user', [creator.id]],
      ['username=nobody', []],
      ['role=org:admin', [creator.id]],
      ['role=org:basic_member&role=org:none', [ada, zoe]],
      ['role=org:none', []],
      [`created_at_after=${server.clock.now() - 1000}`, [ada]],
      [`created_at_before=${server.clock.now()}&role=org:member`, [zoe]],
      ['last_active_at_after=0', []],
    ] as const) {
      expect(await members(query), query).toEqual(expected)
    }
    for (const query of ['order_by=role', 'limit=501', 'created_at_after=x', 'created_at_before=-1']) {
      expect(await server.call('GET', `/organizations/${organization.id}/memberships?${query}`)).toMatchObject({
        status: 422,
        body: { errors: [{ meta: { param_name: query.split('=')[0] } }] },
      })
    }
    expect((await server.call('GET', '/organizations/org_0/memberships')).status).toBe(404)
    const { secretKey: key } = await server.server.createInstance()
    await server.call('PATCH', '/instance/organization_settings', { enabled: true }, { key })
    expect((await server.call('GET', '/organization_memberships', undefined, { key })).body.total_count).toBe(0)
  })

  it('find users by their organizations', async () => {
    const { a, b, members } = await createThree()
    const stranger = await createUser()
    const users = async (query: string) =>
      (await server.call('GET', `/users?order_by=created_at&${query}`)).body.map(({ id }: { id: string }) => id).sort()
    const ofB = [b.creator.id, ...members.map(({ id }) => id)].sort()
    expect(await users(`organization_id=${b.organization.id}`)).toEqual(ofB)
    expect(await users(`organization_id=-${b.organization.id}`)).toEqual([a.creator.id, stranger.id].sort())
    expect(await users(`organization_id=${b.organization.id}&organization_id=+${a.organization.id}`)).toEqual(
      [...ofB, a.creator.id].sort(),
    )
    expect(await users('organization_id=org_0')).toEqual([])
    expect((await server.call('GET', `/users/count?organization_id=${b.organization.id}`)).body.total_count).toBe(3)
  })
})
