import { describe, expect, it } from 'vitest'
import { itWithContract } from '../../../../../tests/contract/contract.test-support.js'
import { typesAsDescribed } from '../../described-events.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { useOrganizations } from './organizations.test-support.js'

const refused = (status: number, code: string, param?: string) => ({
  status,
  body: { errors: [{ code, ...(param ? { meta: { param_name: param } } : {}) }] },
})

describe.each(dialects)('organizations on %s', (dialect) => {
  const server = useTestServer(dialect)
  const { createUser, createOrganization, addMember, happened } = useOrganizations(server)

  it('are created with a slug made of the name, and the settings of the instance', async () => {
    await server.client.instance.updateOrganizationSettings({ maxAllowedMemberships: 7, adminDeleteEnabled: false })
    const { status, body } = await server.call('POST', '/organizations', { name: '  Café "Zoë" & Søn ' })

    const now = server.clock.now()
    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'organization',
      id: expect.stringMatching(/^org_[0-9A-Za-z]{27}$/),
      name: 'Café "Zoë" & Søn',
      slug: 'cafe-zoe-s-n',
      image_url: `http://api.test/images/default/${body.id}`,
      has_image: false,
      max_allowed_memberships: 7,
      admin_delete_enabled: false,
      public_metadata: {},
      private_metadata: {},
      role_set_key: 'role_set:default',
      created_at: now,
      updated_at: now,
    })
    expect((await happened()).map(({ type, subjectId, payload }) => ({ type, subjectId, payload }))).toEqual([
      { type: 'organization.created', subjectId: body.id, payload: body },
    ])
    // Later changes of the instance's defaults leave it as it is.
    await server.client.instance.updateOrganizationSettings({ maxAllowedMemberships: 2, adminDeleteEnabled: true })
    expect((await server.call('GET', `/organizations/${body.id}`)).body).toEqual(body)
  })

  it('have their creator as first member, with the role for creators', async () => {
    const user = await createUser()
    const organization = await server.client.organizations.createOrganization({
      name: 'Acme',
      slug: 'acme',
      createdBy: user.id,
      maxAllowedMemberships: 0,
      publicMetadata: { plan: 'free' },
      privateMetadata: { vat: 1 },
      createdAt: new Date(server.clock.now() - 5000),
    })

    expect(organization).toMatchObject({
      name: 'Acme',
      slug: 'acme',
      createdBy: user.id,
      maxAllowedMemberships: 0,
      publicMetadata: { plan: 'free' },
      privateMetadata: { vat: 1 },
      createdAt: server.clock.now() - 5000,
    })
    const members = await server.client.organizations.getOrganizationMembershipList({ organizationId: organization.id })
    expect(members.data).toMatchObject([{ role: 'org:admin', publicUserData: { userId: user.id } }])
    expect((await happened()).map(({ type, subjectId }) => [type, subjectId])).toEqual([
      ['organization.created', organization.id],
      ['organizationMembership.created', members.data[0]!.id],
    ])
  })

  it('are refused while they are switched off, every one of them', async () => {
    const { organization, creator } = await createOrganization()
    await server.client.instance.updateOrganizationSettings({ enabled: false })
    for (const [method, path, body] of [
      ['GET', '/organizations'],
      ['POST', '/organizations', { name: 'Acme' }],
      ['GET', `/organizations/${organization.id}`],
      ['PATCH', `/organizations/${organization.id}`, { name: 'A' }],
      ['DELETE', `/organizations/${organization.id}`],
      ['PATCH', `/organizations/${organization.id}/metadata`, {}],
      ['PUT', `/organizations/${organization.id}/metadata`, {}],
      ['DELETE', `/organizations/${organization.id}/logo`],
      ['GET', '/organization_memberships'],
      ['GET', `/organizations/${organization.id}/memberships`],
      ['POST', `/organizations/${organization.id}/memberships`, { user_id: creator.id, role: 'org:admin' }],
      ['PATCH', `/organizations/${organization.id}/memberships/${creator.id}`, { role: 'org:admin' }],
      ['PATCH', `/organizations/${organization.id}/memberships/${creator.id}/metadata`, {}],
      ['DELETE', `/organizations/${organization.id}/memberships/${creator.id}`],
      ['GET', `/users/${creator.id}/organization_memberships`],
      ['GET', `/users/${creator.id}/organization_invitations`],
      ['POST', '/sessions', { user_id: creator.id, active_organization_id: organization.id }],
    ] as const) {
      expect(await server.call(method, path, body), `${method} ${path}`).toMatchObject(
        refused(403, 'organization_not_enabled_in_instance'),
      )
    }
    // Sessions themselves go on, without an organization.
    expect((await server.call('POST', '/sessions', { user_id: creator.id })).body).toMatchObject({
      last_active_organization_id: null,
    })
  })

  it.each([
    [{}, 422, 'form_param_missing', 'name'],
    [{ name: null }, 422, 'form_param_nil', 'name'],
    [{ name: 7 }, 422, 'form_param_type_invalid', 'name'],
    [{ name: '' }, 422, 'form_param_value_invalid', 'name'],
    [{ name: '   ' }, 422, 'form_param_value_invalid', 'name'],
    [{ name: 'x'.repeat(257) }, 422, 'form_param_max_length_exceeded', 'name'],
    [{ name: 'Win at https://evil.example' }, 422, 'form_param_value_invalid', 'name'],
    [{ name: 'www.evil.example' }, 422, 'form_param_value_invalid', 'name'],
    [{ name: '<b>Acme</b>' }, 422, 'form_param_value_invalid', 'name'],
    [{ name: 'Acme', slug: 'Acme' }, 422, 'form_param_format_invalid', 'slug'],
    [{ name: 'Acme', slug: 'a_b' }, 422, 'form_param_format_invalid', 'slug'],
    [{ name: 'Acme', slug: '' }, 422, 'form_param_format_invalid', 'slug'],
    [{ name: 'Acme', max_allowed_memberships: -1 }, 422, 'form_param_value_invalid', 'max_allowed_memberships'],
    [{ name: 'Acme', max_allowed_memberships: '5' }, 422, 'form_param_type_invalid', 'max_allowed_memberships'],
    [{ name: 'Acme', created_at: 'yesterday' }, 422, 'form_param_invalid_date', 'created_at'],
    [{ name: 'Acme', created_at: '2999-01-01T00:00:00Z' }, 422, 'form_disallow_future_date', 'created_at'],
    [
      { name: 'Acme', public_metadata: { a: 'x'.repeat(8192) } },
      422,
      'form_param_exceeds_allowed_size',
      'public_metadata',
    ],
    [{ name: 'Acme', admin_delete_enabled: true }, 422, 'form_param_unknown', 'admin_delete_enabled'],
    [{ name: 'Acme', created_by: 'user_0' }, 400, 'organization_creator_not_found', undefined],
    [{ name: 'Acme', role_set_key: 'role_set:none' }, 404, 'resource_not_found', undefined],
  ])('refuse %j', async (body, status, code, param) => {
    expect(await server.call('POST', '/organizations', body)).toMatchObject(refused(status, code, param))
    expect((await server.call('GET', '/organizations')).body).toEqual({ data: [], total_count: 0 })
  })

  it('take names that only look like addresses or tags', async () => {
    for (const name of ['Booking.com', 'A < B', '1 <3 u', '東京', '-- --']) {
      const { body, status } = await server.call('POST', '/organizations', { name })
      expect(status, name).toBe(200)
      expect(body.slug).toMatch(/^[a-z0-9-]+$/)
    }
  })

  it('have slugs of their own: a given one is refused, a made one gets a number', async () => {
    await createOrganization({ slug: 'acme' })
    expect(await server.call('POST', '/organizations', { name: 'Other', slug: 'acme' })).toMatchObject(
      refused(422, 'form_identifier_exists', 'slug'),
    )
    const { organization } = await createOrganization()
    expect(organization.slug).toMatch(/^acme-\d+$/)
    expect(
      await server.call('PATCH', `/organizations/${organization.id}`, { name: 'New', slug: 'acme' }),
    ).toMatchObject(refused(422, 'form_identifier_exists', 'slug'))
    expect((await server.client.organizations.getOrganization({ slug: organization.slug })).name).toBe('Acme')
    // Another instance has slugs of its own.
    const { secretKey: key } = await server.server.createInstance()
    await server.call('PATCH', '/instance/organization_settings', { enabled: true }, { key })
    expect((await server.call('POST', '/organizations', { name: 'X', slug: 'acme' }, { key })).status).toBe(200)
    expect((await server.call('GET', `/organizations/${organization.id}`, undefined, { key })).status).toBe(404)
  })

  it('give one slug to one of 64 that ask for it at once, and a slug to each that asks for none', async () => {
    const given = await Promise.all(
      Array.from({ length: 64 }, () => server.call('POST', '/organizations', { name: 'Acme', slug: 'acme' })),
    )
    expect(given.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(given.filter(({ status }) => status === 422)).toHaveLength(63)
    const made = await Promise.all(
      Array.from({ length: 64 }, () => server.call('POST', '/organizations', { name: 'Acme' })),
    )
    expect(new Set(made.map(({ body }) => body.slug)).size).toBe(64)
  })

  it('refuse slugs where these are switched off, and still have one', async () => {
    await server.client.instance.updateOrganizationSettings({ slugDisabled: true })
    expect(await server.call('POST', '/organizations', { name: 'Acme', slug: 'acme' })).toMatchObject(
      refused(403, 'organization_slugs_disabled'),
    )
    const { organization } = await createOrganization()
    expect(organization.slug).toBe('acme')
    expect(await server.call('PATCH', `/organizations/${organization.id}`, { slug: 'b' })).toMatchObject(
      refused(403, 'organization_slugs_disabled'),
    )
  })

  it('are limited in number for each creator, also when they are created at once', async () => {
    const user = await createUser()
    await server.client.users.updateUser(user.id, { createOrganizationsLimit: 2 })
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => server.call('POST', '/organizations', { name: 'Acme', created_by: user.id })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2)
    expect(answers.find(({ status }) => status !== 200)).toMatchObject(refused(403, 'org_creation_limit_exceeded'))
    // 0 means any number, and who is no member does not count.
    await server.client.users.updateUser(user.id, { createOrganizationsLimit: 0 })
    expect((await server.call('POST', '/organizations', { name: 'Acme', created_by: user.id })).status).toBe(200)
    expect((await server.call('POST', '/organizations', { name: 'Acme' })).status).toBe(200)
  })

  it('change what is given and nothing else', async () => {
    const { organization } = await createOrganization({ maxAllowedMemberships: 3 })
    const before = (await server.call('GET', `/organizations/${organization.id}`)).body
    server.clock.advance(1000)
    const nothing = { name: null, slug: null, max_allowed_memberships: null, created_at: null, role_set_key: null }
    const unchanged = await server.call('PATCH', `/organizations/${organization.id}`, nothing)
    expect(unchanged).toMatchObject({ status: 200, body: before })

    const { body } = await server.call('PATCH', `/organizations/${organization.id}`, {
      name: 'Acme Inc',
      slug: 'acme-inc',
      max_allowed_memberships: 0,
      admin_delete_enabled: false,
      created_at: '2020-01-01T00:00:00Z',
    })
    expect(body).toEqual({
      ...before,
      name: 'Acme Inc',
      slug: 'acme-inc',
      max_allowed_memberships: 0,
      admin_delete_enabled: false,
      created_at: Date.parse('2020-01-01T00:00:00Z'),
      updated_at: server.clock.now(),
    })
    expect((await happened()).slice(2).map(({ type, payload }) => [type, payload])).toEqual([
      ['organization.updated', body],
    ])
    for (const [wrong, code, param] of [
      [{ name: 'http://x' }, 'form_param_value_invalid', 'name'],
      [{ slug: 'A' }, 'form_param_format_invalid', 'slug'],
      [{ created_by: 'user_1' }, 'form_param_unknown', 'created_by'],
      [{ admin_delete_enabled: 'yes' }, 'form_param_type_invalid', 'admin_delete_enabled'],
    ] as const) {
      expect(await server.call('PATCH', `/organizations/${organization.id}`, wrong)).toMatchObject(
        refused(422, code, param),
      )
    }
    expect(await server.call('PATCH', '/organizations/org_0', { name: 'A' })).toMatchObject(
      refused(404, 'resource_not_found'),
    )
  })

  it('replace metadata with the rest up to 2025-11-10, and no longer from 2026-05-12 on', async () => {
    const { organization } = await createOrganization()
    const path = `/organizations/${organization.id}`
    const body = { public_metadata: { a: 1 }, private_metadata: { b: { c: 1 } } }
    expect(await server.call('PATCH', path, body)).toMatchObject(refused(422, 'form_param_unknown', 'public_metadata'))
    expect(await server.call('PATCH', path, { private_metadata: {} })).toMatchObject(
      refused(422, 'form_param_unknown', 'private_metadata'),
    )
    const version = '2025-11-10'
    expect(await server.call('PATCH', path, body, { version })).toMatchObject({ status: 200, body })
    const replaced = await server.call('PATCH', path, { public_metadata: { z: 1 } }, { version })
    expect(replaced.body).toMatchObject({ public_metadata: { z: 1 }, private_metadata: { b: { c: 1 } } })
    expect(replaced.body.public_metadata).toEqual({ z: 1 })
  })

  it('merge metadata deeply, or replace each given field', async () => {
    const { organization } = await createOrganization()
    const { updateOrganizationMetadata, replaceOrganizationMetadata } = server.client.organizations
    const organizations = { update: updateOrganizationMetadata, replace: replaceOrganizationMetadata }
    const call = server.client.organizations
    await organizations.update.call(call, organization.id, { publicMetadata: { a: { b: 1, c: 2 }, d: 3 } })
    const merged = await organizations.update.call(call, organization.id, {
      publicMetadata: { a: { b: null, e: 5 }, d: null } as never,
      privateMetadata: { p: 1 },
    })
    expect(merged).toMatchObject({ publicMetadata: { a: { c: 2, e: 5 } }, privateMetadata: { p: 1 } })
    expect(merged.publicMetadata).toEqual({ a: { c: 2, e: 5 } })
    const replaced = await organizations.replace.call(call, organization.id, {
      publicMetadata: { only: null } as never,
    })
    expect(replaced).toMatchObject({ publicMetadata: { only: null }, privateMetadata: { p: 1 } })
    const large = { public_metadata: { x: 'x'.repeat(8100) } }
    expect(await server.call('PATCH', `/organizations/${organization.id}/metadata`, large)).toMatchObject({
      status: 200,
    })
    // The size is that of the result, not of the request.
    const more = { public_metadata: { y: 'y'.repeat(100) } }
    expect(await server.call('PATCH', `/organizations/${organization.id}/metadata`, more)).toMatchObject(
      refused(422, 'form_param_exceeds_allowed_size', 'public_metadata'),
    )
    for (const method of ['PATCH', 'PUT']) {
      const path = `/organizations/${organization.id}/metadata`
      expect(await server.call(method, path, { unsafe_metadata: {} })).toMatchObject(refused(422, 'form_param_unknown'))
      expect(await server.call(method, path, { public_metadata: [] })).toMatchObject({ status: 422 })
      expect(await server.call(method, '/organizations/org_0/metadata', {})).toMatchObject({ status: 404 })
    }
  })

  it('are deleted with everything of theirs, parent first, and the slug is free', async () => {
    const { organization, creator } = await createOrganization({ slug: 'acme' })
    const member = await addMember(organization.id)
    const session = await server.client.sessions.createSession({ userId: member.id })
    expect((await server.call('GET', `/sessions/${session.id}`)).body.last_active_organization_id).toBe(organization.id)
    const before = (await server.events()).length

    expect((await server.call('DELETE', `/organizations/${organization.id}`)).body).toEqual({
      object: 'organization',
      id: organization.id,
      slug: 'acme',
      deleted: true,
    })
    const events = (await server.events()).slice(before)
    expect(events.map(({ type }) => type)).toEqual([
      'organization.deleted',
      'organizationMembership.deleted',
      'organizationMembership.deleted',
    ])
    expect(events[1]!.payload).toMatchObject({ organization: { id: organization.id } })
    expect((await server.call('GET', `/sessions/${session.id}`)).body.last_active_organization_id).toBeNull()
    for (const [method, path] of [
      ['GET', `/organizations/${organization.id}`],
      ['DELETE', `/organizations/${organization.id}`],
      ['GET', `/organizations/${organization.id}/memberships`],
      ['GET', `/images/default/${organization.id}`],
    ] as const) {
      expect((await server.call(method, path)).status).toBe(404)
    }
    expect((await server.call('GET', `/users/${creator.id}/organization_memberships`)).body.total_count).toBe(0)
    expect((await createOrganization({ slug: 'acme' })).organization.slug).toBe('acme')
  })

  itWithContract('are told of as webhooks are described', async () => {
    const { organization } = await createOrganization()
    await addMember(organization.id)
    await server.client.organizations.updateOrganization(organization.id, { name: 'New' })
    await server.client.organizations.deleteOrganization(organization.id)
    expect(typesAsDescribed(await happened())).toEqual([
      'organization.created',
      'organizationMembership.created',
      'organizationMembership.created',
      'organization.updated',
      'organization.deleted',
      'organizationMembership.deleted',
      'organizationMembership.deleted',
    ])
  })
})
