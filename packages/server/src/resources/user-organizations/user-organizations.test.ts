import { describe, expect, it } from 'vitest'
import { dialects, useTestServer } from '../../server.test-support.js'
import { useOrganizations } from '../organizations/organizations.test-support.js'

const refused = (status: number, code: string) => ({ status, body: { errors: [{ code }] } })

describe.each(dialects)('organizations of users on %s', (dialect) => {
  const server = useTestServer(dialect)
  const { createUser, createOrganization } = useOrganizations(server)
  const create = () => server.client.users.createUser({ username: 'ada_l' })

  it('are those that the user is a member of, newest first', async () => {
    const { organization: first, creator } = await createOrganization({ name: 'First' })
    server.clock.advance(1000)
    const { organization: second } = await createOrganization({ name: 'Second' })
    await server.client.organizations.createOrganizationMembership({
      organizationId: second.id,
      userId: creator.id,
      role: 'org:member',
    })
    const page = await server.client.users.getOrganizationMembershipList({ userId: creator.id })
    expect(page.data.map(({ role, organization }) => [role, organization.id])).toEqual([
      ['org:member', second.id],
      ['org:admin', first.id],
    ])
    const rest = await server.call('GET', `/users/${creator.id}/organization_memberships?limit=1&offset=1`)
    expect(rest.body).toMatchObject({ total_count: 2, data: [{ organization: { id: first.id } }] })
    const stranger = await createUser()
    expect((await server.client.users.getOrganizationMembershipList({ userId: stranger.id })).totalCount).toBe(0)
  })

  it('are none of a new user', async () => {
    const user = await create()

    expect((await server.call('GET', `/users/${user.id}/organization_memberships`)).body).toEqual({
      data: [],
      total_count: 0,
    })
    expect(
      (await server.call('GET', `/users/${user.id}/organization_invitations?status=pending&limit=500&offset=3`)).body,
    ).toEqual({ data: [], total_count: 0 })
    expect(await server.client.users.getOrganizationMembershipList({ userId: user.id, limit: 5 })).toEqual({
      data: [],
      totalCount: 0,
    })
    expect(await server.client.users.getOrganizationInvitationList({ userId: user.id, status: 'accepted' })).toEqual({
      data: [],
      totalCount: 0,
    })
  })

  it.each(['organization_memberships', 'organization_invitations'])(
    '%s checks its parameters and its user',
    async (list) => {
      const user = await create()
      const { secretKey: key } = await server.server.createInstance()
      await server.call('PATCH', '/instance/organization_settings', { enabled: true }, { key })

      for (const query of ['limit=-1', 'limit=0', 'limit=501', 'offset=-1', 'offset=x']) {
        expect(await server.call('GET', `/users/${user.id}/${list}?${query}`)).toMatchObject({
          status: 422,
          body: { errors: [{ meta: { param_name: query.split('=')[0] } }] },
        })
      }
      expect(await server.call('GET', `/users/user_0/${list}`)).toMatchObject(refused(404, 'resource_not_found'))
      expect((await server.call('GET', `/users/${user.id}/${list}`, undefined, { key })).status).toBe(404)
      await server.client.users.deleteUser(user.id)
      expect((await server.call('GET', `/users/${user.id}/${list}`)).status).toBe(404)
    },
  )

  it('knows the four states of an invitation', async () => {
    const user = await create()

    expect(await server.call('GET', `/users/${user.id}/organization_invitations?status=open`)).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'form_param_value_invalid', meta: { param_name: 'status' } }] },
    })
  })
})
