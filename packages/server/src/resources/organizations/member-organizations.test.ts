import { describe, expect, it } from 'vitest'
import { configure } from '../../flows/sign-in/sign-in.test-support.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { outcomeOf, useMembers, type Person } from './member-browsers.test-support.js'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

describe.each(dialects)('organizations in a browser on %s', (dialect) => {
  const server = useTestServer(dialect)
  const { newPerson, newOrganization, newMember } = useMembers(server)
  const create = (person: Person, form: Record<string, unknown>) => person.call('POST /organizations', { form })
  const touch = (person: Person, id: string) =>
    person.call(`POST /client/sessions/${person.sessionId}/touch`, { form: { active_organization_id: id } })
  const activeIn = async (person: Person) => {
    const { body } = await person.call(`GET /client/sessions/${person.sessionId}`)
    return [body.response.last_active_organization_id, body.response.status]
  }

  it('are created with their creator as admin, who then activates them', async () => {
    const ada = await newPerson()
    const created = await create(ada, { name: 'Acme', slug: '' })
    expect(created.body.response).toEqual({
      object: 'organization',
      id: expect.stringMatching(/^org_/),
      name: 'Acme',
      slug: 'acme',
      image_url: expect.stringContaining('/images/default/org_'),
      has_image: false,
      members_count: 1,
      pending_invitations_count: 0,
      max_allowed_memberships: 5,
      exclusive_membership: false,
      admin_delete_enabled: true,
      public_metadata: {},
      created_at: server.clock.now(),
      updated_at: server.clock.now(),
    })
    const { id } = created.body.response
    const [user] = created.body.client.sessions.map((session: { user: object }) => session.user)
    expect(user.organization_memberships).toMatchObject([{ role: 'org:admin', organization: { id } }])
    expect(await activeIn(ada)).toEqual([null, 'active'])
    await touch(ada, id)
    expect(await activeIn(ada)).toEqual([id, 'active'])
    const events = (await server.events()).filter(({ type }) => type.startsWith('organization'))
    expect(events.map(({ type }) => type)).toEqual(['organization.created', 'organizationMembership.created'])
    expect((await server.client.organizations.getOrganization({ organizationId: id })).createdBy).toBe(ada.id)
  })

  it('need a name; a slug only in the right form, and one that is free', async () => {
    const ada = await newPerson()
    expect(outcomeOf(await create(ada, {}))).toEqual([422, 'form_param_missing'])
    expect(outcomeOf(await create(ada, { name: ' ' }))).toEqual([422, 'form_param_value_invalid'])
    expect(outcomeOf(await create(ada, { name: 'a'.repeat(257) }))).toEqual([422, 'form_param_max_length_exceeded'])
    expect(outcomeOf(await create(ada, { name: 'A', slug: 'A b' }))).toEqual([422, 'form_param_format_invalid'])
    expect((await create(ada, { name: 'A', slug: 'free' })).status).toBe(200)
    const taken = await create(ada, { name: 'A', slug: 'free' })
    expect(taken).toMatchObject({ status: 422, body: { errors: [{ meta: { param_name: 'slug' } }] } })
    // What only the application may set is dropped.
    const more = { max_allowed_memberships: 1000, public_metadata: { vip: true }, created_by: 'user_1' }
    expect((await create(ada, { name: 'B', ...more })).body.response).toMatchObject({
      max_allowed_memberships: 5,
      public_metadata: {},
    })
  })

  it('are not created by who may not, or has reached the limit, also at once', async () => {
    const ada = await newPerson()
    await server.client.users.updateUser(ada.id, { createOrganizationsLimit: 2 })
    const all = await Promise.all(Array.from({ length: 8 }, (_, index) => create(ada, { name: `Acme ${index}` })))
    expect(all.filter(({ status }) => status === 200)).toHaveLength(2)
    expect(outcomeOf(all.find(({ status }) => status !== 200)!)).toEqual([403, 'organization_quota_exceeded'])
    await server.client.users.updateUser(ada.id, { createOrganizationEnabled: false, createOrganizationsLimit: 0 })
    expect(outcomeOf(await create(ada, { name: 'No' }))).toEqual([403, 'user_create_organization_not_enabled'])
  })

  it('change their name, and keep what is sent empty', async () => {
    const { admin, path } = await newOrganization({ slug: 'acme-1' })
    const changed = await admin.call(`PATCH ${path}`, { form: { name: 'Acme Tools', slug: null } })
    expect(changed.body.response).toMatchObject({ name: 'Acme Tools', slug: 'acme-1' })
    expect((await admin.call(`PATCH ${path}`, { form: { name: '', slug: 'tools' } })).body.response).toMatchObject({
      name: 'Acme Tools',
      slug: 'tools',
    })
    expect((await admin.call(`GET ${path}`)).body.response).toMatchObject({ slug: 'tools', members_count: 1 })
  })

  it('get a logo, and lose it', async () => {
    const { admin, id, path } = await newOrganization()
    const form = new FormData()
    form.set('file', new Blob([PNG], { type: 'image/png' }), 'logo.png')
    const url = `http://127.0.0.1:4400/i/${server.instance.id}/v1${path}/logo?__clerk_db_jwt=${admin.token}&_method=PUT`
    const uploaded = await server.fetch(url, { method: 'POST', headers: { origin: admin.origin }, body: form })
    expect(await uploaded.json()).toMatchObject({ response: { id, has_image: true } })
    const deleted = await admin.call(`DELETE ${path}/logo`)
    expect(deleted.body.response).toMatchObject({ object: 'organization', id, has_image: false, name: 'Acme' })
    expect(outcomeOf(await admin.call(`DELETE ${path}/logo`))).toEqual([404, 'image_not_found'])
  })

  it('are deleted by an admin if instance and organization let them; sessions go on without', async () => {
    const { admin, id, path } = await newOrganization()
    const member = await newMember(id)
    await touch(admin, id)
    await touch(member, id)
    await server.client.organizations.updateOrganization(id, { adminDeleteEnabled: false })
    expect(outcomeOf(await admin.call(`DELETE ${path}`))).toEqual([403, 'organization_admin_delete_not_enabled'])
    await server.client.organizations.updateOrganization(id, { adminDeleteEnabled: true })
    await server.client.instance.updateOrganizationSettings({ adminDeleteEnabled: false })
    expect(outcomeOf(await admin.call(`DELETE ${path}`))).toEqual([403, 'organization_admin_delete_not_enabled'])
    await server.client.instance.updateOrganizationSettings({ adminDeleteEnabled: true })
    const deleted = await admin.call(`DELETE ${path}`)
    expect(deleted.body.response).toEqual({ object: 'organization', id, slug: 'acme', deleted: true })
    expect(await activeIn(admin)).toEqual([null, 'active'])
    expect(await activeIn(member)).toEqual([null, 'active'])
    expect(outcomeOf(await admin.call(`DELETE ${path}`))).toEqual([404, 'organization_not_found_or_unauthorized'])
  })

  it('are not deleted by somebody who acts for another', async () => {
    const { admin, path } = await newOrganization()
    await server.server.database.transaction((queries) =>
      queries
        .updateTable('sessions')
        .set({ actor: JSON.stringify({ sub: 'user_support' }) })
        .where('id', '=', admin.sessionId)
        .execute(),
    )
    expect(outcomeOf(await admin.call(`DELETE ${path}`))).toEqual([403, 'resource_forbidden'])
    expect((await admin.call(`PATCH ${path}`, { form: { name: 'Still here' } })).status).toBe(200)
  })

  it('become active by themselves where a person can be in one only', async () => {
    await configure(server, {
      organizations: { enabled: true, exclusiveMembership: true, personalAccountsEnabled: false },
    })
    server.clock.advance(2000)
    const ada = await newPerson()
    expect(await activeIn(ada)).toEqual([null, 'pending'])
    const { body } = await create(ada, { name: 'Acme' })
    expect(body.response.exclusive_membership).toBe(true)
    expect(await activeIn(ada)).toEqual([body.response.id, 'active'])
    expect(outcomeOf(await create(ada, { name: 'Again' }))).toEqual([422, 'exclusive_organization_membership'])
    // Without it, a person under forced selection has to choose again.
    await ada.call(`DELETE /organizations/${body.response.id}`)
    expect(await activeIn(ada)).toEqual([null, 'pending'])
  })
})
