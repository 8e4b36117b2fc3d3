import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { totpEnrolments } from '../flows/profile-security/totp-enrolments.table.js'
import { operator } from '../kernel/caller.js'
import { organizationMembershipRequests } from '../resources/organization-records/organization-records.table.js'
import { ENCRYPTION_KEY, servicesOf } from '../resources/users/user-parts.test-support.js'
import { dialects, useTestServer } from '../server.test-support.js'
import { endingWith, tables } from './tables.js'

/** Where a deleted user may still be named, and why: what happened is not undone by it. */
const REMEMBERS = ['events', 'audit_entries', 'messages']
/** What goes on without the user, and names them no longer. */
const FORGETS = ['organization_invitations', 'organizations']

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

describe.each(dialects)('deleting a user on %s', (dialect) => {
  const server = useTestServer(dialect, { encryptionKey: ENCRYPTION_KEY })

  /** The tables that name the id in any column. */
  const naming = async (id: string) => {
    const { read } = server.server.database
    const found: string[] = []
    for (const { name, names } of tables) {
      const columns = names.map((column) => sql`cast(${sql.ref(column)} as text) like ${`%${id}%`}`)
      const query = sql<{
        count: number
      }>`select count(*) as count from ${sql.table(name)} where ${sql.join(columns, sql` or `)}`
      if (Number((await query.execute(read)).rows[0]!.count) > 0) found.push(name)
    }
    return found.sort()
  }

  it('leaves it in no table but those that remember what happened', async () => {
    const id = `user_whole_${server.instance.id.slice(-8)}`
    await server.server.admin.seed(server.instance.id, {
      instance: { organization_settings: { enabled: true } },
      organizations: [{ name: 'Acme', slug: 'acme', created_by: id }],
      oauth_applications: [{ name: 'Tool', grants: [{ user_id: id, access_token: 'oat_tool' }] }],
      users: [
        {
          id,
          username: 'ada_l',
          email_addresses: ['ada@example.com'],
          phone_numbers: ['+14155552671'],
          web3_wallets: ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'],
          external_accounts: [{ provider: 'google', provider_user_id: 'g1' }],
          passkeys: [{ name: 'Laptop', credential_id: 'c1', public_key: 'k1' }],
          trusted_devices: [{ platform: 'ios', app_identifier: 'app', public_key: 'k2' }],
          profile_image: `data:image/png;base64,${PIXEL}`,
          sessions: [{ id: `sess_whole_${server.instance.id.slice(-8)}` }],
        },
      ],
      api_keys: [{ name: 'deploy', subject: id }],
    })
    const user = await server.client.users.getUser(id)
    await server.call('POST', `/email_addresses/${user.emailAddresses[0]!.id}/prepare_verification`)

    await server.client.signInTokens.createSignInToken({ userId: id })
    const mode = 'automatic_suggestion'
    await server.client.instance.updateOrganizationSettings({ domainsEnabled: true, domainsEnrollmentModes: [mode] })
    const { id: organizationId } = await server.client.organizations.createOrganization({ name: 'Other' })
    const domain = { organizationId, name: 'example.com', enrollmentMode: mode } as const
    await server.client.organizations.createOrganizationDomain(domain)
    const [own] = (await server.client.organizations.getOrganizationList({ query: 'acme' })).data
    await server.client.organizations.createOrganizationInvitation({
      organizationId: own!.id,
      emailAddress: 'grace@example.net',
      role: 'org:member',
      inviterUserId: id,
    })
    const { context, signUps } = await servicesOf(server)
    await context.transaction(operator('test'), (tx) => signUps.begin({ status: 'complete', createdUserId: id }, tx))

    const rows = { userId: id, instanceId: server.instance.id, createdAt: 1, updatedAt: 1 }
    await server.server.database.transaction(async (queries) => {
      const request = { ...rows, id: 'orgmemreq_1', organizationId, status: 'pending' as const }
      await queries
        .insertInto('organization_membership_requests')
        .values(organizationMembershipRequests.toRow(request))
        .execute()
      await queries
        .insertInto('totp_enrolments')
        .values(totpEnrolments.toRow({ ...rows, id: 'totp_1', secret: 'sealed' }))
        .execute()
    })

    // Every table that is said to end with a user has a row of this one: the test leaves none out.
    const owned = endingWith('users').map(({ name }) => name)
    expect(await naming(id)).toEqual([...new Set([...owned, 'users', ...REMEMBERS, ...FORGETS])].sort())

    await server.client.users.deleteUser(id)
    expect(await naming(id)).toEqual([...REMEMBERS].sort())
  })

  it('tells of the sessions that end with it, and then of the user', async () => {
    const user = await server.client.users.createUser({ username: 'ada_l' })
    const session = await server.client.sessions.createSession({ userId: user.id })
    const before = (await server.events()).length
    await server.client.users.deleteUser(user.id)
    expect((await server.events()).slice(before).map(({ type, subjectId }) => [type, subjectId])).toEqual([
      ['session.removed', session.id],
      ['user.deleted', user.id],
    ])
  })
})
