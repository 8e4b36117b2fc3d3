import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { fill } from '../../../../tests/properties/path-parameters.test-support.js'
import { organizationSuggestions } from '../resources/organization-domains/organization-domains.table.js'
import { organizationMembershipRequests } from '../resources/organization-records/organization-records.table.js'
import { dialects, useTestServer, type TestServer } from '../server.test-support.js'
import { foldRowCounts } from '../storage/row-counts.js'
import { ownIds, PIXEL } from '../transfer/seed/everything.test-support.js'
import { endingWith, tables } from './tables.js'

interface Owner {
  what: string
  table: string
  /** Of the seed that has everything. */
  id: string
  path: string
  /** Makes what the seed has no words for. */
  fill?(server: TestServer, own: (id: string) => string): Promise<void>
  /** Tables that name it while it is there, and no longer: what goes on without it. */
  forget?: readonly string[]
  /** Tables that still name it: they remember what happened, or name it without leading to it. */
  keep: readonly string[]
}

const owners: readonly Owner[] = [
  {
    what: 'an organization',
    table: 'organizations',
    id: 'org_1',
    path: '/organizations',
    fill: async (server, own) => {
      const organization = own('org_1')
      const made = [
        await server.call('POST', '/api_keys', { name: 'theirs', subject: organization }),
        await server.call('POST', '/sign_in_tokens', { user_id: own('user_2'), org_id: organization }),
        await server.call('POST', '/sessions', { user_id: own('user_2'), active_organization_id: organization }),
      ]
      expect(made.map(({ status }) => status)).toEqual([200, 200, 200])
      const row = { instanceId: server.instance.id, organizationId: organization, createdAt: 1, updatedAt: 1 }
      const of = { userId: own('user_1'), status: 'pending' as const }
      await server.server.database.transaction(async (queries) => {
        await queries
          .insertInto('organization_suggestions')
          .values(organizationSuggestions.toRow({ ...row, ...of, id: own('user_1'), domainId: own('orgdmn_1') }))
          .execute()
        await queries
          .insertInto('organization_membership_requests')
          .values(organizationMembershipRequests.toRow({ ...row, ...of, id: own('user_1') }))
          .execute()
      })
    },
    forget: ['row_counts', 'sessions'],
    // A sign-in token that leads into it opens no session: its user is no member of what is gone.
    keep: ['audit_entries', 'events', 'tickets'],
  },
  {
    what: 'a machine',
    table: 'machines',
    id: 'mch_1',
    path: '/machines',
    fill: async (server, own) => {
      const made = [
        await server.call('POST', '/api_keys', { name: 'its', subject: own('mch_1') }),
        await server.call('POST', '/m2m_tokens', {}, { key: own('ak_other') }),
      ]
      expect(made.map(({ status }) => status)).toEqual([200, 201])
    },
    keep: ['audit_entries'],
  },
  {
    what: 'a machine that others may call',
    table: 'machines',
    id: 'mch_2',
    path: '/machines',
    fill: async (server, own) => {
      const made = [
        await server.call('POST', '/api_keys', { name: 'its', subject: own('mch_2') }),
        await server.call('POST', '/m2m_tokens', {}, { key: await secretOf(server, own('mch_2')) }),
        await server.call('POST', '/m2m_tokens', {}, { key: own('ak_other') }),
      ]
      expect(made.map(({ status }) => status)).toEqual([200, 201, 201])
    },
    // Tokens of others keep the scopes with which they were made. Nobody is left to take them there.
    keep: ['audit_entries', 'm2m_tokens'],
  },
  {
    what: 'an OAuth application',
    table: 'oauth_applications',
    id: 'oa_1',
    path: '/oauth_applications',
    fill: async (server, own) => {
      const form = new FormData()
      form.append('file', new File([PIXEL], 'logo.png', { type: 'image/png' }))
      expect((await server.call('PUT', `/oauth_applications/${own('oa_1')}/logo`, form)).status).toBe(200)
    },
    keep: ['audit_entries'],
  },
]

async function secretOf(server: TestServer, machineId: string): Promise<string> {
  return (await server.call('GET', `/machines/${machineId}/secret_key`)).body.secret
}

describe.each(dialects)('a deletion on %s', (dialect) => {
  const server = useTestServer(dialect)

  /** The tables that name the id in any column. */
  const naming = async (id: string) => {
    const found: string[] = []
    for (const { name, names } of tables) {
      const columns = names.map((column) => sql`cast(${sql.ref(column)} as text) like ${`%${id}%`}`)
      const any = sql<{
        count: number
      }>`select count(*) as count from ${sql.table(name)} where ${sql.join(columns, sql` or `)}`
      const { rows } = await any.execute(server.server.database.read)
      if (Number(rows[0]!.count) > 0) found.push(name)
    }
    return found.sort()
  }

  it.each(owners)('of $what leaves it in no table but those that remember what happened', async (owner) => {
    await fill(server)
    const own = ownIds(server.instance.id)
    const id = own(owner.id)
    await owner.fill?.(server, own)
    const owned = endingWith(owner.table).map(({ name }) => name)
    // Every table that is said to end with it has a row of this one: the test leaves none out.
    expect(await naming(id)).toEqual(
      [...new Set([...owned, owner.table, ...(owner.forget ?? []), ...owner.keep])].sort(),
    )

    expect((await server.call('DELETE', `${owner.path}/${id}`)).status).toBe(200)
    // Its numbers are 0, and go when a job folds them.
    if (dialect === 'postgres') await foldRowCounts(server.server.database)

    expect(await naming(id)).toEqual([...owner.keep].sort())
  })
})
