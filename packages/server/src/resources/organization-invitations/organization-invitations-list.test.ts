import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { useOrganizations } from '../organizations/organizations.test-support.js'

const DAY = 24 * 60 * 60 * 1000

describe.each(dialects)('lists of invitations to organizations on %s', (dialect) => {
  const server = useTestServer(dialect)
  const { createOrganization } = useOrganizations(server)

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

  it('are filtered by status and address, in the order asked for', async () => {
    const { organization } = await createOrganization({ maxAllowedMemberships: 0 })
    const { organization: other } = await createOrganization()
    const c = await invite(organization.id, 'c@example.com', { expiresInDays: 1 })
    server.clock.advance(1000)
    await invite(organization.id, 'a@example.com')
    server.clock.advance(1000)
    const b = await invite(organization.id, 'b@example.com')
    await invite(other.id, 'other@example.com')
    await server.call('POST', `/organizations/${organization.id}/invitations/${b.id}/revoke`)
    server.clock.advance(DAY)
    const [A, B, C] = ['a@example.com', 'b@example.com', 'c@example.com']

    expect(await listed(organization.id)).toEqual([B, A, C])
    expect(await listed(organization.id, 'order_by=created_at')).toEqual([C, A, B])
    expect(await listed(organization.id, 'order_by=+email_address')).toEqual([A, B, C])
    expect(await listed(organization.id, 'order_by=-email_address&limit=1&offset=1')).toEqual([B])
    expect(await listed(organization.id, 'status=pending')).toEqual([A])
    expect(await listed(organization.id, 'status=revoked&status=expired')).toEqual([B, C])
    expect(await listed(organization.id, 'email_address=A@Example.com')).toEqual([A])
    expect(await listed(organization.id, 'email_address=a')).toEqual([])
    const pending = await server.client.organizations.getPendingOrganizationInvitationList({
      organizationId: organization.id,
    })
    expect(pending).toMatchObject({ totalCount: 1, data: [{ emailAddress: A }] })
    const page = await server.client.organizations.getOrganizationInvitationList({
      organizationId: organization.id,
      status: ['expired'],
    })
    expect(page).toMatchObject({ totalCount: 1, data: [{ id: c.id, status: 'expired', url: null }] })

    const all = async (query: string) =>
      ((await server.call('GET', `/organization_invitations?${query}`)).body.data as { email_address: string }[]).map(
        ({ email_address: address }) => address,
      )
    expect(await all('order_by=email_address')).toEqual([A, B, C, 'other@example.com'])
    expect(await all('query=OTHER')).toEqual(['other@example.com'])
    expect(await all('query=%25')).toEqual([])
    expect(await all(`query=${b.id}`)).toEqual([B])
    expect(await all('status=revoked')).toEqual([B])
    expect(await server.client.organizations.getInstanceOrganizationInvitationList({ query: 'other' })).toMatchObject({
      totalCount: 1,
      data: [{ publicOrganizationData: { id: other.id, name: 'Acme' } }],
    })
    for (const query of ['status=unknown', 'order_by=name', 'limit=0', 'limit=501', 'offset=-1']) {
      expect((await server.call('GET', `/organization_invitations?${query}`)).status).toBe(422)
      expect((await server.call('GET', `/organizations/${organization.id}/invitations?${query}`)).status).toBe(422)
    }
  })

  it('of a user are those to the addresses that the user has verified or reserved', async () => {
    const { organization } = await createOrganization()
    const { organization: other } = await createOrganization({ name: 'Other' })
    const user = await server.client.users.createUser({ emailAddress: ['grace@example.com'] })
    await server.client.emailAddresses.createEmailAddress({ userId: user.id, emailAddress: 'open@example.com' })
    await invite(organization.id)
    server.clock.advance(1000)
    const { id } = await invite(other.id, 'GRACE@example.com')
    await invite(other.id, 'open@example.com')
    const page = await server.client.users.getOrganizationInvitationList({ userId: user.id })
    expect(page.data.map(({ publicOrganizationData }) => publicOrganizationData!.name)).toEqual(['Other', 'Acme'])
    await server.call('POST', `/organizations/${other.id}/invitations/${id}/revoke`)
    const revoked = await server.client.users.getOrganizationInvitationList({ userId: user.id, status: 'revoked' })
    expect(revoked).toMatchObject({ totalCount: 1, data: [{ id }] })
  })
})
