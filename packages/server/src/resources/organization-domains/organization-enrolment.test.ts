import { beforeEach, describe, expect, it } from 'vitest'
import { operator } from '../../kernel/caller.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { useOrganizations } from '../organizations/organizations.test-support.js'
import { ENCRYPTION_KEY, servicesOf } from '../users/user-parts.test-support.js'
import { unfinishedEnrolments } from './organization-enrolment.worker.js'

const DAY = 24 * 60 * 60 * 1000

describe.each(dialects)('enrolment at the domains of organizations on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })
  const { createOrganization, happened } = useOrganizations(server)

  const enable = (settings: object = {}) =>
    server.call('PATCH', '/instance/organization_settings', {
      domains_enabled: true,
      domains_enrollment_modes: ['automatic_invitation', 'automatic_suggestion'],
      ...settings,
    })
  beforeEach(() => enable())

  const addDomain = async (organizationId: string, mode = 'automatic_invitation', body: object = {}) =>
    (
      await server.call('POST', `/organizations/${organizationId}/domains`, {
        name: 'acme.test',
        enrollment_mode: mode,
        ...body,
      })
    ).body
  const domainOf = async (organizationId: string) =>
    (await server.call('GET', `/organizations/${organizationId}/domains`)).body.data[0]
  const createUser = (address: string) => server.client.users.createUser({ emailAddress: [address] })
  const invitationsOf = async (userId: string) =>
    (await server.client.users.getOrganizationInvitationList({ userId })).data
  const suggestions = (userId: string) =>
    server.server.database.read
      .selectFrom('organization_suggestions')
      .selectAll()
      .where('user_id', '=', userId)
      .execute()

  it('invites a new user, by mail, who can accept with the link', async () => {
    const { organization } = await createOrganization()
    await addDomain(organization.id)
    const user = await createUser('Grace@ACME.test')
    const [invitation] = await invitationsOf(user.id)
    expect(invitation).toMatchObject({
      organizationId: organization.id,
      emailAddress: 'Grace@ACME.test',
      role: 'org:member',
      status: 'pending',
      inviterId: null,
      url: null,
      expiresAt: server.clock.now() + 30 * DAY,
    })
    // Lists of organization and instance have what people and the application made.
    const list = await server.call('GET', `/organizations/${organization.id}/invitations`)
    expect(list.body).toEqual({ data: [], total_count: 0 })
    expect((await server.call('GET', '/organization_invitations')).body.data).toEqual([])
    expect(await domainOf(organization.id)).toMatchObject({
      total_pending_invitations: 1,
      total_pending_suggestions: 0,
    })
    const messages = await server.messages()
    expect(messages).toMatchObject([{ slug: 'organization_invitation', toAddress: 'Grace@ACME.test' }])

    const token = new URL(messages[0]!.data!['action_url'] as string).searchParams.get('ticket')!
    const { context, organizationInvitations } = await servicesOf(server)
    const { id } = await organizationInvitations.open(token)
    await context.transaction(operator('test'), (tx) => organizationInvitations.acceptIn(id, user.id, tx))
    const { data } = await server.client.users.getOrganizationMembershipList({ userId: user.id })
    expect(data).toMatchObject([{ role: 'org:member' }])
    expect(await domainOf(organization.id)).toMatchObject({ total_pending_invitations: 0 })
  })

  it('invites when an address is verified later, once', async () => {
    const { organization } = await createOrganization()
    await addDomain(organization.id)
    const user = await server.client.users.createUser({ username: 'grace_h' })
    const address = await server.client.emailAddresses.createEmailAddress({
      userId: user.id,
      emailAddress: 'grace@acme.test',
      verified: false,
    })
    expect(await server.messages()).toEqual([])
    const verify = (verified: boolean) =>
      server.client.emailAddresses.updateEmailAddress(address.id, { verified, primary: verified })
    await verify(true)
    expect(await invitationsOf(user.id)).toHaveLength(1)
    await server.client.emailAddresses.updateEmailAddress(address.id, { verified: false })
    await verify(true)
    expect(await invitationsOf(user.id)).toHaveLength(1)
    expect(await server.messages()).toHaveLength(1)
  })

  it('suggests the organization, and invites nobody', async () => {
    const { organization } = await createOrganization()
    await addDomain(organization.id, 'automatic_suggestion')
    const user = await createUser('grace@acme.test')
    expect(await suggestions(user.id)).toMatchObject([{ organization_id: organization.id, status: 'pending' }])
    expect(await invitationsOf(user.id)).toEqual([])
    expect(await domainOf(organization.id)).toMatchObject({
      total_pending_invitations: 0,
      total_pending_suggestions: 1,
    })
    // It is no longer pending for somebody who has joined in another way, or is gone.
    const other = await createUser('ada@acme.test')
    expect(await domainOf(organization.id)).toMatchObject({ total_pending_suggestions: 2 })
    const params = { organizationId: organization.id, userId: other.id, role: 'org:member' }
    await server.client.organizations.createOrganizationMembership(params)
    expect(await domainOf(organization.id)).toMatchObject({ total_pending_suggestions: 1 })
    await server.client.users.deleteUser(user.id)
    expect(await domainOf(organization.id)).toMatchObject({ total_pending_suggestions: 0 })
  })

  it.each([
    ['of a domain that waits for invitations by hand', 'grace@acme.test', 'manual_invitation', {}],
    ['of a domain that is not verified', 'grace@acme.test', 'automatic_invitation', { verified: false }],
    ['at a domain below', 'grace@mail.acme.test', 'automatic_invitation', {}],
    ['at another domain with the same end', 'grace@myacme.test', 'automatic_invitation', {}],
  ])('asks nobody %s', async (_, address, mode, body) => {
    const { organization } = await createOrganization()
    await createUser(address.replace('grace', 'ada'))
    await addDomain(organization.id, mode, body)
    const user = await createUser(address)
    expect(await invitationsOf(user.id)).toEqual([])
    expect(await server.messages()).toEqual([])
  })

  it('asks nobody while the instance does not allow the mode, or domains at all', async () => {
    const { organization } = await createOrganization()
    await addDomain(organization.id)
    await enable({ domains_enrollment_modes: [] })
    const first = await createUser('a@acme.test')
    await enable({ domains_enabled: false })
    const second = await createUser('b@acme.test')
    await enable()
    for (const { id } of [first, second]) expect(await invitationsOf(id)).toEqual([])
  })

  it('asks users of before when the domain begins to enrol, but no members', async () => {
    const { organization } = await createOrganization()
    const [ada, grace, other] = [
      await createUser('ada@acme.test'),
      await createUser('grace@acme.test'),
      await createUser('other@example.com'),
    ]
    await server.client.organizations.createOrganizationMembership({
      organizationId: organization.id,
      userId: ada.id,
      role: 'org:member',
    })
    const domain = await addDomain(organization.id, 'automatic_invitation', { verified: false })
    expect(await invitationsOf(grace.id)).toEqual([])
    const path = `/organizations/${organization.id}/domains/${domain.id}`
    const { body } = await server.call('PATCH', path, { verified: true })
    expect(body.total_pending_invitations).toBe(1)
    expect(await invitationsOf(grace.id)).toHaveLength(1)
    for (const { id } of [ada, other]) expect(await invitationsOf(id)).toEqual([])

    // Leaving the mode keeps what it has made; another mode begins for itself.
    const suggesting = await server.call('PATCH', path, { enrollment_mode: 'automatic_suggestion' })
    expect(suggesting.body).toMatchObject({ total_pending_invitations: 1, total_pending_suggestions: 1 })
    await server.call('DELETE', path)
    expect(await invitationsOf(grace.id)).toEqual([])
    expect(await suggestions(grace.id)).toEqual([])
  })

  it('goes through many users, from where it was left', async () => {
    const { organization } = await createOrganization({ maxAllowedMemberships: 0 })
    const { context, organizationEnrolment, organizationDomains, newUsers } = await servicesOf(server)
    const caller = operator('test')
    await context.transaction(caller, async (tx) => {
      for (let index = 0; index < 120; index++) {
        const prepared = await newUsers.prepare({ emailAddress: [`user${index}@acme.test`] })
        await newUsers.insert(prepared, tx)
      }
    })
    const input = { name: 'acme.test', enrollmentMode: 'automatic_suggestion' as const }
    // As if the server stopped right after it was added.
    const { id } = await context.transaction(caller, (tx) => organizationDomains.insert(organization.id, input, tx))
    const total = async () => (await domainOf(organization.id)).total_pending_suggestions
    expect(await total()).toBe(0)
    expect(await unfinishedEnrolments(server.server.database)).toContainEqual({ instance_id: server.instance.id, id })
    await organizationEnrolment.resume(id, caller, 1)
    expect(await total()).toBe(100)
    await Promise.all(Array.from({ length: 4 }, () => organizationEnrolment.resume(id, caller, 20)))
    expect(await total()).toBe(120)
    expect(await unfinishedEnrolments(server.server.database)).not.toContainEqual({
      instance_id: server.instance.id,
      id,
    })
  })

  it('invites no more users than there are seats', async () => {
    const { organization } = await createOrganization({ maxAllowedMemberships: 3 })
    await addDomain(organization.id)
    for (const name of ['a', 'b', 'c', 'd']) await createUser(`${name}@acme.test`)
    expect(await domainOf(organization.id)).toMatchObject({ total_pending_invitations: 2 })
    expect((await happened()).filter(({ type }) => type === 'organizationInvitation.created')).toHaveLength(2)
  })
})
