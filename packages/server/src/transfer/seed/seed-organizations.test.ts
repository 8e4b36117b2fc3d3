import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'

describe.each(dialects)('organizations in a seed on %s', (dialect) => {
  const server = useTestServer(dialect)
  const own = (id: string) => `${id}_${server.instance.id.slice(-12)}`

  const seed = (organization: object, settings: object = { domains_enabled: true }) =>
    server.server.admin.seed(server.instance.id, {
      instance: { organization_settings: { enabled: true, ...settings } },
      users: [{ id: own('user'), email_addresses: ['ada@acme.test'] }],
      organizations: [{ name: 'Acme', slug: 'acme', created_by: own('user'), ...organization }],
    })

  it('come with invitations and domains, once', async () => {
    const organization = {
      id: own('org'),
      invitations: [
        {
          id: own('orginv'),
          email_address: 'grace@example.com',
          role: 'org:admin',
          inviter_user_id: own('user'),
          public_metadata: { team: 'a' },
        },
        { email_address: 'alan@example.com', role: 'org:member', status: 'revoked', expires_in_days: 1 },
      ],
      domains: [
        { id: own('orgdmn'), name: 'Acme.test', ownership_verified: true },
        { name: 'other.test', verified: false },
      ],
    }
    await seed(organization)
    await seed(organization)
    const organizationId = own('org')
    const invitations = await server.client.organizations.getOrganizationInvitationList({ organizationId })
    expect(invitations.data).toHaveLength(2)
    expect(invitations.data).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          id: own('orginv'),
          status: 'pending',
          role: 'org:admin',
          inviterId: own('user'),
          publicMetadata: { team: 'a' },
        }),
        expect.objectContaining({ emailAddress: 'alan@example.com', status: 'revoked' }),
      ]),
    )
    const domains = await server.client.organizations.getInstanceOrganizationDomainList({ orderBy: 'name' })
    expect(domains.data).toMatchObject([
      { id: own('orgdmn'), name: 'acme.test', ownershipVerification: { strategy: 'manual_override' } },
      { name: 'other.test', affiliationVerification: null, ownershipVerification: null },
    ])
    expect(await server.messages()).toEqual([])
  })

  it('ask the users of the seed to join, where a domain does so', async () => {
    const modes = { domains_enabled: true, domains_enrollment_modes: ['automatic_suggestion'] }
    const domains = [{ name: 'acme.test', enrollment_mode: 'automatic_suggestion' }]
    await seed({ domains, created_by: undefined }, modes)
    const { data } = await server.client.organizations.getInstanceOrganizationDomainList()
    expect(data).toMatchObject([{ totalPendingSuggestions: 1 }])
  })

  it.each([
    [{ invitations: [{ email_address: 'grace', role: 'org:member' }] }, 'invitations'],
    [{ invitations: [{ email_address: 'grace@example.com', role: 'org:nobody' }] }, 'invitations'],
    [{ domains: [{ name: 'gmail.com' }] }, 'domains'],
    [{ domains: [{ name: 'acme.test', enrollment_mode: 'automatic_suggestion' }] }, 'domains'],
  ])('say where %j is wrong, and are not made', async (organization, list) => {
    await expect(seed(organization)).rejects.toMatchObject({
      path: expect.arrayContaining(['organizations', 0, list, 0]),
    })
    expect((await server.client.organizations.getOrganizationList()).totalCount).toBe(0)
  })
})
