import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { sql } from 'kysely'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  organizationInvitations,
  organizationMembershipRequests,
} from '../resources/organization-records/organization-records.table.js'
import { dialects, useTestServer } from '../server.test-support.js'
import { openDatabase } from '../storage/open-database.js'
import { foldRowCounts } from '../storage/row-counts.js'
import { ownIds, seedWithEverything } from '../transfer/seed/everything.test-support.js'
import { keptCounts, trueCounts } from './row-counts.test-support.js'

/** Lists without a filter, each with how it answers its total. */
const LISTS = [
  '/organizations',
  '/organization_memberships',
  '/organization_invitations',
  '/organization_domains',
  '/invitations?paginated=true',
  '/waitlist_entries',
  '/sessions?paginated=true',
  '/clients?paginated=true',
  '/machines',
  '/oauth_applications',
  '/allowlist_identifiers?paginated=true',
  '/blocklist_identifiers',
]

/** What most of the rest needs. */
const OFTEN = ['user', 'user', 'organization', 'organization', 'member', 'member', 'invite'] as const

describe.each(dialects)('the kept numbers of rows on %s', (dialect) => {
  const server = useTestServer(dialect)
  const database = () => server.server.database
  const expectRight = async () => expect(await keptCounts(database())).toEqual(await trueCounts(database()))
  const withOrganizations = async () => {
    const settings = { enabled: true, domains_enabled: true }
    expect((await server.call('PATCH', '/instance/organization_settings', settings)).status).toBe(200)
  }
  beforeEach(withOrganizations)

  const call = async (method: string, path: string, body?: object) => {
    const answer = await server.call(method, path, body)
    expect(answer.status, `${method} ${path}`).toBeLessThan(500)
    return answer.body
  }

  /** What can happen, each to the n-th of those that there are. It may be refused. */
  const world = () => {
    const ids = {
      users: [],
      organizations: [],
      invited: [],
      waiting: [],
      tickets: [],
      machines: [],
      listed: [],
    } as Record<string, string[]>
    let made = 0
    const pick = (kind: string, n: number) => ids[kind]![n % Math.max(1, ids[kind]!.length)] ?? 'nobody'
    const take = (kind: string, n: number) => ids[kind]!.splice(n % Math.max(1, ids[kind]!.length), 1)[0] ?? 'nobody'
    const make = async (kind: string, path: string, body: object) => {
      const { id } = await call('POST', path, body)
      if (typeof id === 'string') ids[kind]!.push(id)
    }
    const address = () => `somebody${made++}@example.com`
    const organization = (n: number) => pick('organizations', n)
    /** What only the Frontend API does, as it writes it. */
    const row = () => ({
      id: `row_${server.instance.id}_${made++}`,
      instanceId: server.instance.id,
      createdAt: 1,
      updatedAt: 1,
    })
    const write = (
      run: (queries: Parameters<Parameters<ReturnType<typeof database>['transaction']>[0]>[0]) => Promise<unknown>,
    ) =>
      database()
        .transaction(run)
        .catch((error: unknown) => {
          expect(String(error)).toMatch(/foreign key|unique/i)
        })
    return {
      user: () => make('users', '/users', { email_address: [address()] }),
      organization: (n: number) =>
        make('organizations', '/organizations', { name: `o${made++}`, created_by: pick('users', n) }),
      member: (n: number, m: number) =>
        call('POST', `/organizations/${organization(n)}/memberships`, {
          user_id: pick('users', m),
          role: 'org:member',
        }),
      leave: (n: number, m: number) =>
        call('DELETE', `/organizations/${organization(n)}/memberships/${pick('users', m)}`),
      deleteUser: (n: number) => call('DELETE', `/users/${take('users', n)}`),
      deleteOrganization: (n: number) => call('DELETE', `/organizations/${take('organizations', n)}`),
      session: (n: number) => call('POST', '/sessions', { user_id: pick('users', n) }),
      invite: async (n: number) => {
        const path = `/organizations/${organization(n)}/invitations`
        const { id } = await call('POST', path, { email_address: address(), role: 'org:member' })
        if (id) ids['invited']!.push(`${path}/${id}/revoke`)
      },
      revokeInvite: (n: number) => call('POST', pick('invited', n), {}),
      inviteByDomain: (n: number) =>
        write((queries) => {
          const of = {
            organizationId: organization(n),
            emailAddress: 'x',
            canonical: 'x',
            roleId: null,
            roleKey: '',
            roleName: '',
          }
          const rest = {
            inviterId: null,
            status: 'pending' as const,
            expiresAt: 1,
            isCurrent: false,
            redirectUrl: null,
          }
          const value = organizationInvitations.toRow({
            ...row(),
            ...of,
            ...rest,
            publicMetadata: {},
            privateMetadata: {},
            userId: null,
            domainId: null,
          })
          return sql`insert into organization_invitations (${sql.raw(Object.keys(value).join(', '))})
            select ${sql.join(Object.entries(value).map(([name, one]) => (name === 'domain_id' ? sql`id` : sql`${one}`)))}
            from organization_domains where organization_id = ${of.organizationId}`.execute(queries)
        }),
      domain: (n: number) =>
        call('POST', `/organizations/${organization(n)}/domains`, { name: `d${made++}.example.com` }),
      request: (n: number, m: number) =>
        write((queries) => {
          const of = { organizationId: organization(n), userId: pick('users', m), status: 'pending' as const }
          return queries
            .insertInto('organization_membership_requests')
            .values(organizationMembershipRequests.toRow({ ...row(), ...of }))
            .execute()
        }),
      settle: (n: number) =>
        write((queries) =>
          queries
            .updateTable('organization_membership_requests')
            .set({ status: 'rejected' })
            .where('organization_id', '=', organization(n))
            .execute(),
        ),
      wait: () => make('waiting', '/waitlist_entries', { email_address: address() }),
      rejectWaiting: (n: number) => call('POST', `/waitlist_entries/${pick('waiting', n)}/reject`, {}),
      inviteWaiting: (n: number) => call('POST', `/waitlist_entries/${pick('waiting', n)}/invite`, {}),
      deleteWaiting: (n: number) => call('DELETE', `/waitlist_entries/${take('waiting', n)}`),
      ticket: () => make('tickets', '/invitations', { email_address: address() }),
      revokeTicket: (n: number) => call('POST', `/invitations/${pick('tickets', n)}/revoke`, {}),
      signInToken: (n: number) => call('POST', '/sign_in_tokens', { user_id: pick('users', n) }),
      machine: () => make('machines', '/machines', { name: `m${made++}` }),
      deleteMachine: (n: number) => call('DELETE', `/machines/${take('machines', n)}`),
      allow: () => make('listed', '/allowlist_identifiers', { identifier: address(), notify: false }),
      disallow: (n: number) => call('DELETE', `/allowlist_identifiers/${take('listed', n)}`),
      application: () =>
        call('POST', '/oauth_applications', { name: `a${made++}`, redirect_uris: ['https://example.com'] }),
      fold: () => (dialect === 'postgres' ? foldRowCounts(database()) : Promise.resolve()),
    }
  }
  type World = ReturnType<typeof world>

  it('are what there is, whatever is made, changed and deleted', { timeout: 300_000 }, async () => {
    const names = Object.keys(world()) as (keyof World)[]
    const step = fc.tuple(fc.constantFrom(...names, ...OFTEN), fc.nat(9), fc.nat(9))
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        server.instance = await server.newInstance()
        await withOrganizations()
        const here = world()
        for (const [name, n, m] of steps) await here[name](n, m)
        await expectRight()
        await expectTotals()
      }),
      { numRuns: 10 },
    )
  })

  const expectTotals = async () => {
    const { total_count: users } = await call('GET', '/users/count')
    expect(users).toBe((await call('GET', '/users?limit=500')).length)
    for (const path of LISTS) {
      const { data, total_count: total } = await call('GET', `${path}${path.includes('?') ? '&' : '?'}limit=500`)
      expect({ path, total }).toEqual({ path, total: data?.length ?? 'a list' })
    }
    for (const { id } of (await call('GET', '/organizations?limit=500')).data) {
      for (const part of ['memberships', 'invitations', 'domains']) {
        const { data, total_count: total } = await call('GET', `/organizations/${id}/${part}?limit=500`)
        expect({ part, total }).toEqual({ part, total: data?.length ?? 'a list' })
      }
    }
  }

  it('are those of a seed with everything, and of none after all owners are deleted', async () => {
    const own = ownIds(server.instance.id)
    await server.server.admin.seed(server.instance.id, seedWithEverything(own))
    await expectRight()
    await expectTotals()
    expect((await call('GET', '/users/count')).total_count).toBe(3)
    const owners = ['organizations/org_1', 'users/user_1', 'users/user_2', 'users/user_3', 'machines/mch_1']
    for (const owner of owners) {
      const [path, id] = owner.split('/') as [string, string]
      expect((await call('DELETE', `/${path}/${own(id)}`)).deleted).toBe(true)
      await expectRight()
    }
    expect((await call('GET', '/users/count')).total_count).toBe(0)
  })

  it('go with their instance', async () => {
    const other = await server.newInstance()
    await server.server.admin.seed(other.id, seedWithEverything(ownIds(other.id)))
    await server.server.admin.deleteInstance(other.id)
    const left = await database()
      .read.selectFrom('row_counts')
      .selectAll()
      .where('instance_id', '=', other.id)
      .execute()
    expect(left).toEqual([])
    await expectRight()
  })

  it('are right after 64 of each are made and deleted at once, and no two lock each other out', async () => {
    const atOnce = (run: (n: number) => Promise<{ id: string }>) =>
      Promise.all(Array.from({ length: 64 }, (_, n) => run(n)))
    const users = await atOnce((n) => call('POST', '/users', { email_address: [`u${n}@example.com`] }))
    const organizations = await atOnce((n) =>
      call('POST', '/organizations', { name: `o${n}`, created_by: users[n]!.id }),
    )
    await atOnce((n) => call('POST', '/sessions', { user_id: users[n]!.id }))
    await atOnce((n) => {
      const path = n % 2 === 0 ? '/invitations' : '/waitlist_entries'
      return call('POST', path, { email_address: `i${n}@example.com` })
    })
    expect((await call('GET', '/users/count')).total_count).toBe(64)
    await expectRight()
    await expectTotals()
    await Promise.all([
      ...(dialect === 'postgres' ? [foldRowCounts(database()), foldRowCounts(database())] : []),
      ...users.slice(0, 32).map(({ id }) => call('DELETE', `/users/${id}`)),
      ...organizations.slice(16, 48).map(({ id }) => call('DELETE', `/organizations/${id}`)),
    ])
    expect((await call('GET', '/users/count')).total_count).toBe(32)
    await expectRight()
    if (dialect === 'postgres') {
      const { rows } = await sql`select deadlocks from pg_stat_database where datname = current_database()`.execute(
        database().read,
      )
      expect(rows).toEqual([{ deadlocks: 0 }])
    }
  })

  it('stay as they are when a change is refused or rolled back', async () => {
    expect((await server.call('POST', '/users', { email_address: ['taken@example.com'] })).status).toBe(200)
    const before = await keptCounts(database())
    expect((await server.call('POST', '/users', { email_address: ['taken@example.com'] })).status).toBe(422)
    await expect(
      database().transaction(async (queries) => {
        await queries.deleteFrom('users').where('instance_id', '=', server.instance.id).execute()
        throw new Error('rolled back')
      }),
    ).rejects.toThrow('rolled back')
    expect(await keptCounts(database())).toEqual(before)
  })

  it.runIf(dialect === 'postgres')(
    'are one row each after they are folded, and none where nothing is left',
    async () => {
      const users = await Promise.all(
        Array.from({ length: 30 }, (_, n) => call('POST', '/users', { email_address: [`f${n}@example.com`] })),
      )
      await call('POST', '/machines', { name: 'm' })
      const [machine] = (await call('GET', '/machines')).data
      await call('DELETE', `/machines/${machine.id}`)
      await foldRowCounts(database())
      const rows = await database()
        .read.selectFrom('row_counts')
        .select(['counted', 'slot', 'count'])
        .where('instance_id', '=', server.instance.id)
        .execute()
      expect(rows).toEqual([{ counted: 'users', slot: 0, count: users.length }])
    },
  )

  it.runIf(dialect === 'sqlite')('come with a backup, which goes on counting', async () => {
    await server.server.admin.seed(server.instance.id, seedWithEverything(ownIds(server.instance.id)))
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-counts-'))
    const location = join(folder, 'backup.db')
    await database().backup(location)
    const backup = await openDatabase({ location })
    try {
      expect(await keptCounts(backup)).toEqual(await keptCounts(database()))
      const own = ownIds(server.instance.id)
      await backup.transaction((queries) => queries.deleteFrom('users').where('id', '=', own('user_1')).execute())
      expect(await keptCounts(backup)).toEqual(await trueCounts(backup))
      expect(await keptCounts(backup)).not.toEqual(await keptCounts(database()))
    } finally {
      await backup.close()
      rmSync(folder, { recursive: true })
    }
  })
})
