import { describe, expect, it } from 'vitest'
import { operator } from '../../kernel/caller.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { useOrganizations } from '../organizations/organizations.test-support.js'
import { ENCRYPTION_KEY, servicesOf } from '../users/user-parts.test-support.js'

const DAY = 24 * 60 * 60 * 1000
const ADDRESS = 'grace@example.com'
const caller = operator('test')
const code = (name: string, status = 400) => ({ status, errors: [{ code: name }] })

describe.each(dialects)('accepting an invitation to an organization on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const { createOrganization, happened } = useOrganizations(server)

  const invite = (organizationId: string, params: object = {}) =>
    server.client.organizations.createOrganizationInvitation({
      organizationId,
      emailAddress: ADDRESS,
      role: 'org:member',
      ...params,
    })
  const tokenIn = (url: string | null) => new URL(url!).searchParams.get('ticket')!
  const createGrace = () => server.client.users.createUser({ emailAddress: [ADDRESS] })
  /** What a sign-in or sign-up with the link does, in the transaction that opens the session. */
  const redeem = async (url: string | null, userId: string, services = servicesOf(server)) => {
    const { context, organizationInvitations } = await services
    const { id } = await organizationInvitations.open(tokenIn(url))
    return context.transaction(caller, (tx) => organizationInvitations.acceptIn(id, userId, tx))
  }
  /** What somebody who is signed in does. */
  const accept = async (id: string, userId: string, services = servicesOf(server)) =>
    (await services).organizationInvitations.accept(id, userId, caller)
  const membersOf = async (organizationId: string) =>
    (await server.client.organizations.getOrganizationMembershipList({ organizationId })).data
  const shown = async (organizationId: string, invitationId: string) =>
    (await server.call('GET', `/organizations/${organizationId}/invitations/${invitationId}`)).body

  it('makes the user a member, with role and metadata, and is done', async () => {
    const { organization } = await createOrganization()
    const { id, url } = await invite(organization.id, {
      role: 'org:admin',
      publicMetadata: { team: 'a' },
      privateMetadata: { seat: 7 },
    })
    const user = await createGrace()
    server.clock.advance(1000)
    await redeem(url, user.id)

    const [member] = (await membersOf(organization.id)).filter(
      ({ publicUserData }) => publicUserData.userId === user.id,
    )
    expect(member).toMatchObject({
      role: 'org:admin',
      publicMetadata: { team: 'a' },
      privateMetadata: { seat: 7 },
    })
    expect(await shown(organization.id, id)).toMatchObject({
      status: 'accepted',
      url: null,
      updated_at: server.clock.now(),
    })
    expect((await happened()).slice(-2).map(({ type, subjectId }) => [type, subjectId])).toEqual([
      ['organizationInvitation.accepted', id],
      ['organizationMembership.created', member!.id],
    ])
    await expect(redeem(url, user.id)).rejects.toMatchObject(code('organization_invitation_already_accepted'))
    const list = await server.client.users.getOrganizationInvitationList({ userId: user.id, status: 'accepted' })
    expect(list.data.map((invitation) => invitation.id)).toEqual([id])
    expect(await server.call('POST', `/organizations/${organization.id}/invitations/${id}/revoke`)).toMatchObject({
      status: 404,
      body: { errors: [{ code: 'organization_invitation_not_pending' }] },
    })
  })

  it('happens once under 64 calls, of both ways', async () => {
    const { organization } = await createOrganization()
    const { id, url } = await invite(organization.id)
    const user = await createGrace()
    // Of one server, as in a server: to make them takes longer than a call.
    const services = servicesOf(server)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 64 }, (_, index) =>
        index % 2 ? redeem(url, user.id, services) : accept(id, user.id, services),
      ),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject(code('organization_invitation_already_accepted'))
    }
    expect(await membersOf(organization.id)).toHaveLength(2)
  })

  it('verifies the address of the link, for somebody who has only reserved it', async () => {
    const { organization } = await createOrganization()
    const { id, url } = await invite(organization.id)
    const user = await server.client.users.createUser({ username: 'grace_h' })
    const { id: addressId } = await server.client.emailAddresses.createEmailAddress({
      userId: user.id,
      emailAddress: ADDRESS,
      verified: false,
    })
    await expect(accept(id, user.id)).rejects.toMatchObject(code('organization_invitation_not_found', 404))
    await redeem(url, user.id)
    expect(await server.client.emailAddresses.getEmailAddress(addressId)).toMatchObject({
      verification: { status: 'verified', strategy: 'ticket' },
    })
  })

  it('is refused to a user without the address, who signs up with it', async () => {
    const { organization } = await createOrganization()
    const { id, url } = await invite(organization.id)
    const user = await server.client.users.createUser({ emailAddress: ['ada@example.com'] })
    const refusal = code('organization_invitation_identification_not_exist')
    await expect(redeem(url, user.id)).rejects.toMatchObject(refusal)
    await expect(accept(id, user.id)).rejects.toMatchObject(code('organization_invitation_not_found', 404))
    await expect(accept('orginv_0', user.id)).rejects.toMatchObject(code('organization_invitation_not_found', 404))
    expect(await shown(organization.id, id)).toMatchObject({ status: 'pending' })

    const { context, newUsers, organizationInvitations } = await servicesOf(server)
    const prepared = await newUsers.prepare({ emailAddress: [ADDRESS] })
    await context.transaction(caller, async (tx) => {
      const created = await newUsers.insert(prepared, tx)
      await organizationInvitations.acceptIn(id, created.id, tx)
    })
    expect(await membersOf(organization.id)).toHaveLength(2)
  })

  it('is refused when it is revoked, expired, or its organization is gone', async () => {
    const { organization } = await createOrganization()
    const user = await createGrace()
    const revoked = await invite(organization.id)
    await server.call('POST', `/organizations/${organization.id}/invitations/${revoked.id}/revoke`)
    await expect(redeem(revoked.url, user.id)).rejects.toMatchObject(code('organization_invitation_revoked_code'))
    await expect(accept(revoked.id, user.id)).rejects.toMatchObject(code('organization_invitation_revoked_code'))

    const expired = await invite(organization.id, { expiresInDays: 1 })
    server.clock.advance(DAY)
    await expect(redeem(expired.url, user.id)).rejects.toMatchObject(code('ticket_expired_code'))
    await expect(accept(expired.id, user.id)).rejects.toMatchObject(code('ticket_expired_code'))

    const { url } = await invite(organization.id)
    await server.client.organizations.deleteOrganization(organization.id)
    await expect(redeem(url, user.id)).rejects.toMatchObject(code('organization_invitation_to_deleted_organization'))
  })

  it('takes no ticket of another kind or instance, nor is it one elsewhere', async () => {
    const { organization } = await createOrganization()
    const { url } = await invite(organization.id)
    const { organizationInvitations, tickets } = await servicesOf(server)
    const application = await server.client.invitations.createInvitation({ emailAddress: ADDRESS })
    for (const token of ['ticket', tokenIn(application.url!)]) {
      await expect(organizationInvitations.open(token)).rejects.toMatchObject(code('ticket_invalid_code'))
    }
    await expect(tickets.redeem(tokenIn(url), ['invitation'], caller, async () => {})).rejects.toMatchObject(
      code('ticket_invalid_code'),
    )
    const other = await servicesOf({ ...server, instance: await server.newInstance() })
    const elsewhere = async () => other.tickets.verify(tokenIn(url), ['organization_invitation'])
    await expect(elsewhere()).rejects.toMatchObject(code('ticket_invalid_code'))
  })

  it('leaves the invitation as it is where the user cannot become a member', async () => {
    const { organization } = await createOrganization()
    const { organization: first } = await createOrganization()
    const user = await createGrace()
    await server.client.organizations.createOrganizationMembership({
      organizationId: first.id,
      userId: user.id,
      role: 'org:member',
    })
    const { id, url } = await invite(organization.id)
    const seed = (exclusive: boolean) =>
      server.server.admin.seed(server.instance.id, {
        instance: { organization_settings: { exclusive_membership: exclusive } },
      })
    await seed(true)
    await expect(redeem(url, user.id)).rejects.toMatchObject(code('exclusive_organization_membership', 422))
    expect(await shown(organization.id, id)).toMatchObject({ status: 'pending' })
    await seed(false)
    expect(await redeem(url, user.id)).toMatchObject({ id })
  })

  it('comes about when the application makes the user a member, and gives back the seat', async () => {
    const { organization } = await createOrganization({ maxAllowedMemberships: 2 })
    const { id } = await invite(organization.id)
    const user = await createGrace()
    await server.client.organizations.createOrganizationMembership({
      organizationId: organization.id,
      userId: user.id,
      role: 'org:admin',
    })
    expect(await shown(organization.id, id)).toMatchObject({ status: 'accepted', role: 'org:member' })
    expect(await server.call('GET', `/organizations/${organization.id}?include_members_count=true`)).toMatchObject({
      body: { members_count: 2, pending_invitations_count: 0 },
    })
  })

  describe('with roles that come and go', () => {
    const editor = () =>
      server.client.organizationRoles.createOrganizationRole({
        name: 'Editor',
        key: 'org:editor',
        includeInInitialRoleSet: true,
      })

    it('keeps a promised role from deletion, until it is no longer pending', async () => {
      const { organization } = await createOrganization()
      const { id: roleId } = await editor()
      const { id, url } = await invite(organization.id, { role: 'org:editor', expiresInDays: 1 })
      expect(await server.call('DELETE', `/organization_roles/${roleId}`)).toMatchObject({
        status: 422,
        body: { errors: [{ code: 'organization_role_exists_in_invitations' }] },
      })
      server.clock.advance(DAY)
      expect((await server.call('DELETE', `/organization_roles/${roleId}`)).status).toBe(200)
      expect(await shown(organization.id, id)).toMatchObject({ role: 'org:editor', role_name: 'Editor' })
      expect(url).not.toBeNull()
    })

    it('gives the role that took the place of the promised one', async () => {
      const { organization } = await createOrganization()
      await editor()
      const { id, url } = await invite(organization.id, { role: 'org:editor' })
      await server.call('POST', '/role_sets/role_set:default/roles/replace', {
        role_key: 'org:editor',
        to_role_key: 'org:admin',
      })
      expect(await shown(organization.id, id)).toMatchObject({ role: 'org:admin', role_name: 'Admin' })
      const user = await createGrace()
      await redeem(url, user.id)
      expect((await membersOf(organization.id)).map(({ role }) => role)).toEqual(['org:admin', 'org:admin'])
    })

    it('asks what becomes of a promised role when its set is replaced', async () => {
      const { organization } = await createOrganization()
      await editor()
      const set = (key: string, ...roles: string[]) =>
        server.call('POST', '/role_sets', {
          name: key,
          key,
          roles: ['org:admin', 'org:member', ...roles],
          default_role_key: 'org:member',
          creator_role_key: 'org:admin',
        })
      await set('role_set:wide', 'org:editor')
      await set('role_set:narrow')
      await server.client.organizations.updateOrganization(organization.id, { roleSetKey: 'role_set:wide' })
      const { id, url } = await invite(organization.id, { role: 'org:editor' })
      const replace = (mappings?: object) =>
        server.call('POST', '/role_sets/role_set:wide/replace', {
          dest_role_set_key: 'role_set:narrow',
          ...(mappings ? { reassignment_mappings: mappings } : {}),
        })
      expect(await replace()).toMatchObject({
        status: 422,
        body: { errors: [{ code: 'organization_role_set_reassignment_mappings_missing' }] },
      })
      expect((await replace({ 'org:editor': 'org:member' })).status).toBe(200)
      expect(await shown(organization.id, id)).toMatchObject({ role: 'org:member' })
      expect(url).not.toBeNull()
    })

    it('gives the role of new members where the organization has got a set without the promised one', async () => {
      const { organization } = await createOrganization()
      await editor()
      const { url } = await invite(organization.id, { role: 'org:editor' })
      await server.call('POST', '/role_sets', {
        name: 'Narrow',
        key: 'role_set:narrow',
        roles: ['org:admin', 'org:member'],
        default_role_key: 'org:member',
        creator_role_key: 'org:admin',
      })
      await server.client.organizations.updateOrganization(organization.id, { roleSetKey: 'role_set:narrow' })
      const user = await createGrace()
      await redeem(url, user.id)
      const [member] = (await membersOf(organization.id)).filter(
        ({ publicUserData }) => publicUserData.userId === user.id,
      )
      expect(member!.role).toBe('org:member')
    })
  })
})
