import type { WebhookEventType } from '@latchkey/types'
import { openBrowser } from '../../packages/server/src/browser.test-support.js'
import { signedInAda, signIn } from '../../packages/server/src/flows/profile-security/profile-security.test-support.js'
import { ADA, newAda, PASSWORD } from '../../packages/server/src/flows/sign-in/sign-in.test-support.js'
import type { TestServer } from '../../packages/server/src/server.test-support.js'

/** The events that something causes: all but those of billing. */
export type CausedType = Exclude<
  WebhookEventType,
  `${'subscription' | 'subscriptionItem' | 'paymentAttempt'}.${string}`
>

export function isCaused(type: string): boolean {
  return !/^(subscription|subscriptionItem|paymentAttempt)\./.test(type)
}

/**
 * Does what has the event as its consequence, by an operation of the Backend API or in a browser.
 *
 * @returns the id of what the event is about
 */
type Cause = (server: TestServer) => Promise<string>

/** How each event is caused. */
export const causes: Record<CausedType, Cause> = {
  'user.created': async ({ client }) => (await client.users.createUser({ emailAddress: ['grace@example.com'] })).id,
  'user.updated': async (server) => {
    const { id } = await newAda(server)
    await server.client.users.updateUser(id, { firstName: 'Augusta' })
    return id
  },
  'user.deleted': async (server) => {
    const { id } = await newAda(server, { externalId: 'customer_7' })
    await server.client.users.deleteUser(id)
    return id
  },

  'session.created': async (server) => (await signedInAda(server)).sessionId,
  'session.pending': async (server) => {
    const form = { enable_organizations: true, organization_allow_personal_accounts: false }
    await ok((await openBrowser(server)).call('PATCH /dev_tools/enable_environment_setting', { form }))
    return (await signedInAda(server)).sessionId
  },
  'session.ended': async (server) => {
    const { browser, sessionId } = await signedInAda(server)
    await ok(browser.call(`POST /client/sessions/${sessionId}/end`))
    return sessionId
  },
  'session.removed': async (server) => {
    const { browser, sessionId } = await signedInAda(server)
    await ok(browser.call(`POST /client/sessions/${sessionId}/remove`))
    return sessionId
  },
  'session.revoked': async (server) => {
    const { sessionId } = await signedInAda(server)
    await server.client.sessions.revokeSession(sessionId)
    return sessionId
  },

  'email.created': async (server) => {
    await newAda(server)
    const browser = await openBrowser(server)
    await ok(browser.call('POST /client/sign_ins', { form: { identifier: ADA, strategy: 'email_code' } }))
    return (await server.messages()).at(-1)!.id
  },
  'sms.created': async (server) => {
    const { id } = await server.client.users.createUser({ username: 'lovelace' })
    const number = { userId: id, phoneNumber: '+14155552671', verified: false }
    const phone = await server.client.phoneNumbers.createPhoneNumber(number)
    await ok(server.call('POST', `/phone_numbers/${phone.id}/prepare_verification`))
    return (await server.messages()).at(-1)!.id
  },

  'organization.created': async (server) => (await newOrganization(server)).id,
  'organization.updated': async (server) => {
    const { id } = await newOrganization(server)
    await server.client.organizations.updateOrganization(id, { name: 'Acme Ltd' })
    return id
  },
  'organization.deleted': async (server) => {
    const { id } = await newOrganization(server)
    await server.client.organizations.deleteOrganization(id)
    return id
  },

  'organizationDomain.created': async (server) => (await newDomain(server)).id,
  'organizationDomain.updated': async (server) => {
    const { id, organizationId } = await newDomain(server)
    await ok(server.call('PATCH', `/organizations/${organizationId}/domains/${id}`, { verified: false }))
    return id
  },
  'organizationDomain.deleted': async (server) => {
    const { id, organizationId } = await newDomain(server)
    await ok(server.call('DELETE', `/organizations/${organizationId}/domains/${id}`))
    return id
  },

  'organizationInvitation.created': async (server) => (await newInvitation(server)).id,
  'organizationInvitation.accepted': async (server) => {
    const { id } = await newInvitation(server)
    await newAda(server)
    const { browser } = await signIn(server, ADA, PASSWORD)
    await ok(browser.call(`POST /me/organization_invitations/${id}/accept`))
    return id
  },
  'organizationInvitation.revoked': async (server) => {
    const { id, organizationId } = await newInvitation(server)
    await server.client.organizations.revokeOrganizationInvitation({ organizationId, invitationId: id })
    return id
  },

  'organizationMembership.created': async (server) => (await newMembership(server)).id,
  'organizationMembership.updated': async (server) => {
    const { id, organizationId, userId } = await newMembership(server)
    await server.client.organizations.updateOrganizationMembership({ organizationId, userId, role: 'org:admin' })
    return id
  },
  'organizationMembership.deleted': async (server) => {
    const { id, organizationId, userId } = await newMembership(server)
    await server.client.organizations.deleteOrganizationMembership({ organizationId, userId })
    return id
  },

  'role.created': async (server) => (await newRole(server)).id,
  'role.updated': async (server) => {
    const { id } = await newRole(server)
    await server.client.organizationRoles.updateOrganizationRole({ organizationRoleId: id, name: 'Chief editor' })
    return id
  },
  'role.deleted': async (server) => {
    const { id } = await newRole(server)
    await server.client.organizationRoles.deleteOrganizationRole(id)
    return id
  },

  'permission.created': async (server) => (await newPermission(server)).id,
  'permission.updated': async (server) => {
    const { id } = await newPermission(server)
    await ok(server.call('PATCH', `/organization_permissions/${id}`, { name: 'Read all reports' }))
    return id
  },
  'permission.deleted': async (server) => {
    const { id } = await newPermission(server)
    await server.client.organizationPermissions.deleteOrganizationPermission(id)
    return id
  },

  'waitlistEntry.created': async ({ client }) =>
    (await client.waitlistEntries.create({ emailAddress: 'grace@example.com' })).id,
  'waitlistEntry.updated': async ({ client }) => {
    const { id } = await client.waitlistEntries.create({ emailAddress: 'grace@example.com' })
    await client.waitlistEntries.invite(id)
    return id
  },
}

async function newOrganization({ client }: TestServer) {
  await client.instance.updateOrganizationSettings({ enabled: true, domainsEnabled: true })
  const { id: createdBy } = await client.users.createUser({ username: 'founder' })
  return client.organizations.createOrganization({ name: 'Acme', createdBy })
}

async function newDomain(server: TestServer) {
  const { id: organizationId } = await newOrganization(server)
  const { body } = await ok(server.call('POST', `/organizations/${organizationId}/domains`, { name: 'acme.test' }))
  return { id: body.id as string, organizationId }
}

async function newInvitation(server: TestServer) {
  const { id: organizationId } = await newOrganization(server)
  const invitation = { organizationId, emailAddress: ADA, role: 'org:member' }
  const { id } = await server.client.organizations.createOrganizationInvitation(invitation)
  return { id, organizationId }
}

async function newMembership(server: TestServer) {
  const { id: organizationId } = await newOrganization(server)
  const { id: userId } = await newAda(server)
  const membership = { organizationId, userId, role: 'org:member' }
  const { id } = await server.client.organizations.createOrganizationMembership(membership)
  return { id, organizationId, userId }
}

async function newRole({ client }: TestServer) {
  await client.instance.updateOrganizationSettings({ enabled: true })
  return client.organizationRoles.createOrganizationRole({ name: 'Editor', key: 'org:editor' })
}

function newPermission({ client }: TestServer) {
  const permission = { name: 'Read reports', key: 'org:reports:read', description: 'See all reports' }
  return client.organizationPermissions.createOrganizationPermission(permission)
}

/** @throws {Error} for an answer of another status than 200 */
async function ok<T extends { status: number; body: unknown }>(answering: Promise<T>): Promise<T> {
  const answer = await answering
  if (answer.status !== 200) throw new Error(`Answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer
}
