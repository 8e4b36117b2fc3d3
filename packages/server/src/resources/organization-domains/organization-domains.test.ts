import { beforeEach, describe, expect, it } from 'vitest'
import { itWithContract } from '../../../../../tests/contract/contract.test-support.js'
import { typesAsDescribed } from '../../described-events.test-support.js'
import { API_URL, dialects, useTestServer } from '../../server.test-support.js'
import { useOrganizations } from '../organizations/organizations.test-support.js'
import { ENCRYPTION_KEY, servicesOf } from '../users/user-parts.test-support.js'

const refused = (status: number, code: string) => ({ status, body: { errors: [{ code }] } })

describe.each(dialects)('domains of organizations on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const { createOrganization, happened } = useOrganizations(server)

  const enable = (settings: object = {}) =>
    server.call('PATCH', '/instance/organization_settings', {
      domains_enabled: true,
      domains_enrollment_modes: ['automatic_invitation', 'automatic_suggestion'],
      ...settings,
    })
  beforeEach(() => enable())

  const post = (organizationId: string, body: object) =>
    server.call('POST', `/organizations/${organizationId}/domains`, body)
  const patch = (organizationId: string, id: string, body: object) =>
    server.call('PATCH', `/organizations/${organizationId}/domains/${id}`, body)
  const namesOf = async (path: string) =>
    ((await server.call('GET', path)).body.data as { name: string }[]).map(({ name }) => name)

  it('are verified and wait for invitations by hand, unless they are told otherwise', async () => {
    const { organization } = await createOrganization()
    const now = server.clock.now()
    const verification = {
      status: 'verified',
      strategy: 'admin',
      attempts: null,
      expire_at: null,
      expires_at: null,
      verified_at: null,
    }
    const { status, body } = await post(organization.id, { name: ' Bücher.Example.COM' })
    expect(status).toBe(200)
    expect(body).toEqual({
      object: 'organization_domain',
      id: expect.stringMatching(/^orgdmn_[0-9A-Za-z]{27}$/),
      organization_id: organization.id,
      name: 'xn--bcher-kva.example.com',
      enrollment_mode: 'manual_invitation',
      affiliation_email_address: null,
      affiliation_verification: verification,
      verification,
      ownership_verification: null,
      total_pending_invitations: 0,
      total_pending_suggestions: 0,
      public_organization_data: {
        id: organization.id,
        name: 'Acme',
        slug: organization.slug,
        image_url: `${API_URL}/images/default/${organization.id}`,
        has_image: false,
      },
      created_at: now,
      updated_at: now,
    })
    const open = await server.client.organizations.createOrganizationDomain({
      organizationId: organization.id,
      name: 'acme.test',
      enrollmentMode: 'automatic_suggestion',
      verified: false,
    })
    expect(open).toMatchObject({ enrollmentMode: 'automatic_suggestion', affiliationVerification: null })
  })

  it.each([
    [{ name: 'gmail.com' }, 422, 'organization_domain_common'],
    [{ name: 'Yahoo.co.uk' }, 422, 'organization_domain_common'],
    [{ name: 'mailinator.com' }, 422, 'organization_domain_blocked'],
    [{ name: 'co.uk' }, 422, 'form_param_format_invalid'],
    [{ name: 'localhost' }, 422, 'form_param_format_invalid'],
    [{ name: 'https://example.com' }, 422, 'form_param_format_invalid'],
    [{ name: 'ada@example.com' }, 422, 'form_param_format_invalid'],
    [{ name: '' }, 422, 'form_param_format_invalid'],
    [{ name: null }, 422, 'form_param_nil'],
    [{}, 422, 'form_param_missing'],
    [{ name: 'example.com', enrollment_mode: 'sometimes' }, 422, 'form_param_value_invalid'],
    [
      { name: 'example.com', enrollment_mode: 'enterprise_sso' },
      403,
      'organization_domain_enrollment_mode_not_enabled',
    ],
    [{ name: 'example.com', verified: 'yes' }, 422, 'form_param_type_invalid'],
    [{ name: 'example.com', owner: 'x' }, 422, 'form_param_unknown'],
  ])('refuse %j', async (body, status, code) => {
    const { organization } = await createOrganization()
    expect(await post(organization.id, body)).toMatchObject(refused(status, code))
  })

  it('take the modes that the instance allows, and manual invitation always', async () => {
    const { organization } = await createOrganization()
    await enable({ domains_enrollment_modes: ['automatic_invitation'] })
    const off = refused(403, 'organization_domain_enrollment_mode_not_enabled')
    expect(await post(organization.id, { name: 'a.test', enrollment_mode: 'automatic_suggestion' })).toMatchObject(off)
    const { body } = await post(organization.id, { name: 'a.test', enrollment_mode: 'automatic_invitation' })
    expect(body.enrollment_mode).toBe('automatic_invitation')
    expect(await patch(organization.id, body.id, { enrollment_mode: 'automatic_suggestion' })).toMatchObject(off)
    expect(await patch(organization.id, body.id, { enrollment_mode: 'manual_invitation' })).toMatchObject({
      body: { enrollment_mode: 'manual_invitation' },
    })
  })

  it('are verified by one organization of the instance, when 64 want it at once too', async () => {
    const { organization: first } = await createOrganization()
    const { organization: second } = await createOrganization()
    const { body: open } = await post(second.id, { name: 'acme.test', verified: false })
    const { body } = await post(first.id, { name: 'ACME.test' })
    expect(await post(first.id, { name: 'acme.test' })).toMatchObject(
      refused(422, 'organization_domain_already_exists_same_organization'),
    )
    const taken = refused(422, 'organization_domain_already_exists')
    expect(await patch(second.id, open.id, { verified: true })).toMatchObject(taken)
    const { organization: third } = await createOrganization()
    for (const verified of [true, false]) {
      expect(await post(third.id, { name: 'acme.test', verified })).toMatchObject(taken)
    }

    expect(await patch(first.id, body.id, { verified: false })).toMatchObject({
      body: { affiliation_verification: null, verification: null },
    })
    const attempts = Array.from({ length: 64 }, (_, index) =>
      index % 2 ? patch(first.id, body.id, { verified: true }) : patch(second.id, open.id, { verified: true }),
    )
    const answers = await Promise.all(attempts)
    const won = new Set(answers.filter(({ status }) => status === 200).map((answer) => answer.body.organization_id))
    expect(won.size).toBe(1)
    expect(answers.find(({ status }) => status !== 200)).toMatchObject(taken)
  })

  it('are at most ten of an organization', async () => {
    const { organization } = await createOrganization()
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) => post(organization.id, { name: `a${index}.test` })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
    expect(answers.find(({ status }) => status !== 200)).toMatchObject(
      refused(403, 'organization_domain_quota_exceeded'),
    )
  })

  it('are as many of an organization as a seed allows', async () => {
    await server.server.admin.seed(server.instance.id, {
      instance: { organization_settings: { max_allowed_domains: 1 } },
    })
    const settings = await server.client.instance.getOrganizationSettings()
    expect(settings.maxAllowedDomains).toBe(1)
    const { organization } = await createOrganization()
    expect((await post(organization.id, { name: 'a.test' })).status).toBe(200)
    expect(await post(organization.id, { name: 'b.test' })).toMatchObject(
      refused(403, 'organization_domain_quota_exceeded'),
    )
  })

  it('are owned once somebody says so, and again changes nothing', async () => {
    const { organization } = await createOrganization()
    const { body } = await post(organization.id, { name: 'acme.test' })
    const verify = () =>
      server.client.organizations.verifyOrganizationDomainOwnership({
        organizationId: organization.id,
        domainId: body.id,
      })
    server.clock.advance(1000)
    const verifiedAt = server.clock.now()
    const owned = {
      ownershipVerification: { status: 'verified', strategy: 'manual_override', verifiedAt },
      updatedAt: verifiedAt,
    }
    expect(await verify()).toMatchObject(owned)
    server.clock.advance(1000)
    const answers = await Promise.all(Array.from({ length: 8 }, verify))
    for (const answer of answers) expect(answer).toMatchObject(owned)
    const { audit } = await servicesOf(server)
    const entries = await audit.list({ targetId: body.id }, { limit: 10 })
    expect(entries.map(({ action }) => action).sort()).toEqual([
      'organizationDomain.created',
      'organizationDomain.updated',
      'organization_domain.ownership_verified',
    ])
  })

  it('are listed by organization, state, mode and name', async () => {
    const { organization } = await createOrganization()
    const { organization: other } = await createOrganization({ name: 'Other' })
    await post(organization.id, { name: 'b.test', enrollment_mode: 'automatic_invitation' })
    server.clock.advance(1000)
    await post(organization.id, { name: 'a.test', verified: false })
    server.clock.advance(1000)
    await post(other.id, { name: 'c.test', enrollment_mode: 'automatic_suggestion' })

    const own = `/organizations/${organization.id}/domains`
    expect(await namesOf(own)).toEqual(['a.test', 'b.test'])
    expect(await namesOf(`${own}?verified=true`)).toEqual(['b.test'])
    expect(await namesOf(`${own}?verified=false`)).toEqual(['a.test'])
    expect(await namesOf(`${own}?enrollment_mode=-manual_invitation`)).toEqual(['b.test'])
    expect(await namesOf(`${own}?limit=1&offset=1`)).toEqual(['b.test'])

    const all = (query: string) => namesOf(`/organization_domains?${query}`)
    expect(await all('')).toEqual(['c.test', 'a.test', 'b.test'])
    expect(await all('order_by=name')).toEqual(['a.test', 'b.test', 'c.test'])
    expect(await all('order_by=-name&limit=2')).toEqual(['c.test', 'b.test'])
    expect(await all(`organization_id=${other.id}`)).toEqual(['c.test'])
    expect(await all('organization_id=org_0')).toEqual([])
    expect(await all(`query=${organization.id}&verified=true`)).toEqual(['b.test'])
    expect(await all('query=C.T')).toEqual(['c.test'])
    expect(await all('query=%25')).toEqual([])
    expect(await all('domains=A.test&domains=c.test&domains=x.test')).toEqual(['c.test', 'a.test'])
    expect(await all('enrollment_mode=automatic_invitation,automatic_suggestion')).toEqual(['c.test', 'b.test'])
    expect(await all('enrollment_mode=automatic_invitation&enrollment_mode=manual_invitation')).toEqual([
      'a.test',
      'b.test',
    ])
    expect(await all('enrollment_mode=-automatic_invitation,-automatic_suggestion')).toEqual(['a.test'])
    for (const query of ['query=', 'query=%20', 'enrollment_mode=some', 'order_by=id', 'verified=maybe', 'limit=0']) {
      expect((await server.call('GET', `/organization_domains?${query}`)).status).toBe(422)
    }
    const page = await server.client.organizations.getOrganizationDomainList({ organizationId: other.id })
    expect(page).toMatchObject({ totalCount: 1, data: [{ name: 'c.test', organizationId: other.id }] })
    expect(await server.client.organizations.getInstanceOrganizationDomainList({ query: 'a.' })).toMatchObject({
      totalCount: 1,
    })
  })

  it('are unknown to other organizations and instances', async () => {
    const { organization } = await createOrganization()
    const { organization: other } = await createOrganization()
    const { body } = await post(organization.id, { name: 'acme.test' })
    const { secretKey: key } = await server.server.createInstance()
    await server.call('PATCH', '/instance/organization_settings', { enabled: true, domains_enabled: true }, { key })
    const unknown = refused(404, 'resource_not_found')
    for (const [method, path] of [
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/verify_ownership'],
    ] as const) {
      const given = method === 'PATCH' ? { verified: false } : undefined
      const at = (id: string) => `/organizations/${id}/domains/${body.id}${path}`
      expect(await server.call(method, at(organization.id), given, { key })).toMatchObject(unknown)
      expect(await server.call(method, at(other.id), given)).toMatchObject(unknown)
      expect(await server.call(method, at('org_0'), given)).toMatchObject(unknown)
    }
    expect((await server.call('GET', '/organization_domains', undefined, { key })).body.data).toEqual([])
    expect(await server.call('GET', '/organizations/org_0/domains')).toMatchObject(unknown)
    expect(await post('org_0', { name: 'other.test' })).toMatchObject(unknown)
  })

  it('need organizations and their domains to be switched on', async () => {
    const { organization } = await createOrganization()
    const { body } = await post(organization.id, { name: 'acme.test' })
    const calls = () =>
      Promise.all([
        post(organization.id, { name: 'other.test' }),
        patch(organization.id, body.id, { verified: false }),
        server.call('DELETE', `/organizations/${organization.id}/domains/${body.id}`),
        server.call('POST', `/organizations/${organization.id}/domains/${body.id}/verify_ownership`),
        server.call('GET', `/organizations/${organization.id}/domains`),
        server.call('GET', '/organization_domains'),
      ])
    await enable({ domains_enabled: false })
    for (const answer of await calls()) expect(answer).toMatchObject(refused(403, 'organization_domains_not_enabled'))
    await server.client.instance.updateOrganizationSettings({ enabled: false })
    for (const answer of await calls()) {
      expect(answer).toMatchObject(refused(403, 'organization_not_enabled_in_instance'))
    }
  })

  it('are free again once they or their organization are deleted', async () => {
    const { organization } = await createOrganization()
    const { organization: other } = await createOrganization()
    const { body } = await post(organization.id, { name: 'acme.test' })
    await post(organization.id, { name: 'other.test' })
    expect(
      await server.client.organizations.deleteOrganizationDomain({
        organizationId: organization.id,
        domainId: body.id,
      }),
    ).toMatchObject({ object: 'organization_domain', id: body.id, deleted: true })
    expect((await post(other.id, { name: 'acme.test' })).status).toBe(200)
    await server.client.organizations.deleteOrganization(organization.id)
    expect((await post(other.id, { name: 'other.test' })).status).toBe(200)
  })

  itWithContract('are told of as webhooks are described', async () => {
    const { organization } = await createOrganization()
    const { body } = await post(organization.id, { name: 'acme.test' })
    await patch(organization.id, body.id, { verified: true, enrollment_mode: null })
    await patch(organization.id, body.id, { enrollment_mode: 'automatic_invitation' })
    await server.call('DELETE', `/organizations/${organization.id}/domains/${body.id}`)
    expect(typesAsDescribed((await happened()).slice(2))).toEqual([
      'organizationDomain.created',
      'organizationDomain.updated',
      'organizationDomain.deleted',
    ])
  })
})
