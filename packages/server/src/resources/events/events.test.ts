import { EventsError, readEvents, syncUsers, type SyncChange, type SyncedTable } from '@latchkey/backend/webhooks'
import { describe, expect, it } from 'vitest'
import { system } from '../../kernel/caller.js'
import { eraseExpiredCodes } from '../../outbox/event-codes.js'
import { removeOldEvents } from '../../outbox/webhooks/retention.js'
import { eventually } from '../../outbox/webhooks/receiver.test-support.js'
import { API_URL, dialects, useTestServer } from '../../server.test-support.js'
import { servicesOf } from '../users/user-parts.test-support.js'

/** Tables of an application, in memory. */
class Tables {
  readonly rows: Record<SyncedTable, Map<string, { updated_at: number }>> = {
    users: new Map(),
    organizations: new Map(),
    memberships: new Map(),
  }
  stored: string | undefined
  snapshots = 0

  async cursor() {
    return this.stored
  }

  async apply(changes: readonly SyncChange[], cursor: string | undefined) {
    for (const { table, id, row } of changes) {
      const current = this.rows[table].get(id)
      if (row === null) this.rows[table].delete(id)
      else if (!current || current.updated_at <= row.updated_at) this.rows[table].set(id, row)
    }
    if (cursor !== undefined) this.stored = cursor
  }

  async keepOnly(table: SyncedTable, ids: ReadonlySet<string>) {
    this.snapshots++
    for (const id of this.rows[table].keys()) if (!ids.has(id)) this.rows[table].delete(id)
  }
}

describe.each(dialects)('pulling events on %s', (dialect) => {
  const server = useTestServer(dialect, { webhooks: { schedule: { pollEvery: 20 } } })
  const source = () => ({ secretKey: server.instance.secretKey, apiUrl: API_URL, fetch: server.fetch })
  const newUser = (firstName: string) =>
    server.client.users.createUser({ firstName, emailAddress: [`${firstName.toLowerCase()}@example.com`] })
  const numbered = () => eventually(async () => (await server.events()).every(({ position }) => position !== null))
  const readAll = async (after?: string) => {
    const events = []
    let cursor = after
    for await (const page of readEvents({ ...source(), limit: 3, follow: false, ...(after ? { after } : {}) })) {
      events.push(...page.events)
      cursor = page.cursor
    }
    return { events, cursor: cursor! }
  }

  it('gives every event once, in order, with the envelope that webhooks have', async () => {
    const ada = await newUser('Ada')
    for (const lastName of ['A', 'B', 'C', 'D', 'E', 'F']) await server.client.users.updateUser(ada.id, { lastName })
    await numbered()
    const { events, cursor } = await readAll()
    expect(events.map(({ data }) => (data as { last_name: string | null }).last_name)).toEqual([
      null,
      'A',
      'B',
      'C',
      'D',
      'E',
      'F',
    ])
    expect(events[0]).toMatchObject({ object: 'event', type: 'user.created', instance_id: server.instance.id })
    expect((await readAll(cursor)).events).toEqual([])
    await server.client.users.deleteUser(ada.id)
    await numbered()
    expect((await readAll(cursor)).events.map(({ type }) => type)).toEqual(['user.deleted'])
  })

  it('moves the cursor over events of other types', async () => {
    await newUser('Ada')
    await numbered()
    const { body } = await server.call('GET', '/events?types=organization.created')
    expect(body).toMatchObject({ data: [], has_more: false })
    expect((await server.call('GET', `/events?after=${body.cursor}`)).body.data).toEqual([])
  })

  it('waits for an event, and answers as soon as there is one', async () => {
    const { body: start } = await server.call('GET', '/events?after=latest')
    const started = performance.now()
    const waiting = server.call('GET', `/events?after=${start.cursor}&wait=10`)
    await newUser('Ada')
    expect((await waiting).body.data).toHaveLength(1)
    expect(performance.now() - started).toBeLessThan(5000)
  })

  it('shows no code and no link', async () => {
    const ada = await newUser('Ada')
    await server.call('POST', `/email_addresses/${ada.emailAddresses[0]!.id}/prepare_verification`)
    await numbered()
    const { body } = await server.call('GET', '/events?types=email.created')
    expect(body.data).toHaveLength(1)
    expect(body.data[0].data).toMatchObject({ to_email_address: 'ada@example.com', body: '', subject: '', data: {} })
  })

  it('keeps no code in the database once it has expired', async () => {
    const ada = await newUser('Ada')
    await server.call('POST', `/email_addresses/${ada.emailAddresses[0]!.id}/prepare_verification`)
    const payload = async () => JSON.stringify((await server.events()).at(-1)!.payload)
    const [, code] = /otp_code":"(\d{6})"/.exec(await payload())!
    await eraseExpiredCodes(server.server.database, server.clock.now() + 11 * 60_000)
    expect(await payload()).not.toMatch(new RegExp(`\\b${code}\\b`))
  })

  it('refuses cursors of another history, of a time before the retention, and made up ones', async () => {
    await newUser('Ada')
    await newUser('Bob')
    await numbered()
    const { cursor } = await readAll()
    const other = await server.newInstance()
    const foreign = await server.call('GET', `/events?after=${cursor}`, undefined, { key: other.secretKey })
    expect([foreign.status, foreign.body.errors[0].code]).toEqual([409, 'cursor_of_another_history'])

    // As after a restore of a backup: the same positions, other events.
    const { database } = server.server
    await database.transaction((tx) =>
      tx
        .updateTable('events')
        .set({ id: `evt_restored_${server.instance.id}` })
        .where('instance_id', '=', server.instance.id)
        .where('position', '=', 2)
        .execute(),
    )
    expect((await server.call('GET', `/events?after=${cursor}`)).status).toBe(409)

    const { body: first } = await server.call('GET', '/events?limit=1')
    server.clock.advance(1)
    await removeOldEvents(database, server.clock.now())
    const old = await server.call('GET', `/events?after=${first.cursor}`)
    expect([old.status, old.body.errors[0].code]).toEqual([410, 'cursor_too_old'])
    expect((await server.call('GET', `/events?after=${old.body.errors[0].meta.oldest_cursor}`)).status).toBe(200)

    for (const query of [
      'after=nonsense',
      'after=W10',
      'types=user.creatd',
      'limit=0',
      'limit=501',
      'wait=-1',
      'foo=1',
    ])
      expect((await server.call('GET', `/events?${query}`)).status, query).toBeGreaterThanOrEqual(400)
    for (const [query, sentence] of [
      ['limit=501', 'limit must be a whole number from 1 to 500'],
      ['wait=60', 'wait must be a whole number from 0 to 30'],
      ['types=user.creatd', 'types must be types of events: there is no user.creatd'],
    ])
      expect((await server.call('GET', `/events?${query}`)).body.errors[0].long_message).toBe(sentence)
    expect((await server.call('GET', '/events', undefined, { key: 'sk_test_wrong' })).status).toBe(401)
    await expect(readAll(first.cursor)).rejects.toBeInstanceOf(EventsError)
  })

  // SQLite has one writer: there is no other transaction that a late one could be overtaken by.
  it.runIf(dialect === 'postgres')(
    'gives an event whose transaction commits after later ones were read (mistake 20)',
    async () => {
      const { context, userRecords } = await servicesOf(server)
      const ada = await newUser('Ada')
      await numbered()
      const { cursor: before } = await readAll()
      let commit = () => {}
      let begun = () => {}
      const isBegun = new Promise<void>((resolve) => (begun = resolve))
      const late = context.transaction(system('test'), async (tx) => {
        await userRecords.locked(ada.id, tx)
        await userRecords.change(ada.id, { lastName: 'Late' }, tx)
        begun()
        await new Promise<void>((resolve) => (commit = resolve))
      })
      await isBegun
      await newUser('Bob')
      await eventually(async () => (await readAll(before)).events.length > 0)
      const { events, cursor } = await readAll(before)
      expect(events.map(({ type }) => type)).toEqual(['user.created'])

      commit()
      await late
      await numbered()
      expect((await readAll(cursor)).events).toMatchObject([{ type: 'user.updated', data: { last_name: 'Late' } }])
    },
  )

  it('keeps tables of users, organizations and memberships in step', async () => {
    await server.server.admin.seed(server.instance.id, { instance: { organization_settings: { enabled: true } } })
    const ada = await newUser('Ada')
    const bob = await newUser('Bob')
    const acme = await server.client.organizations.createOrganization({ name: 'Acme', createdBy: ada.id })
    await numbered()
    const tables = new Tables()
    await syncUsers(tables, { ...source(), follow: false })
    expect([...tables.rows.users.keys()].sort()).toEqual([ada.id, bob.id].sort())
    expect([...tables.rows.organizations.keys()]).toEqual([acme.id])
    expect(tables.rows.memberships.size).toBe(1)

    server.clock.advance(1000)
    await server.client.users.updateUser(ada.id, { firstName: 'Augusta' })
    await server.client.users.deleteUser(bob.id)
    await server.client.organizations.deleteOrganization(acme.id)
    await numbered()
    await syncUsers(tables, { ...source(), follow: false })
    expect(tables.rows.users.get(ada.id)).toMatchObject({ first_name: 'Augusta' })
    expect(tables.rows.users.size).toBe(1)
    expect(tables.rows.organizations.size).toBe(0)
    expect(tables.rows.memberships.size).toBe(0)
    expect(tables.snapshots).toBe(3)

    // The events in between are gone: everything is read anew, and what is no longer there is deleted.
    const cid = await newUser('Cid')
    await server.client.users.deleteUser(ada.id)
    server.clock.advance(1)
    await numbered()
    await removeOldEvents(server.server.database, server.clock.now())
    await syncUsers(tables, { ...source(), follow: false })
    expect([...tables.rows.users.keys()]).toEqual([cid.id])
    expect(tables.snapshots).toBe(6)
  })

  it('misses nothing that changes during the first reading, and follows until it is told to stop', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, n) => newUser(`U${n}`)))
    const tables = new Tables()
    const abort = new AbortController()
    const syncing = syncUsers(tables, { ...source(), signal: abort.signal })
    const more = await Promise.all(Array.from({ length: 30 }, (_, n) => newUser(`V${n}`)))
    await Promise.all(more.slice(0, 10).map(({ id }) => server.client.users.deleteUser(id)))
    await eventually(() => tables.rows.users.size === 50)
    await newUser('Last')
    await eventually(() => tables.rows.users.size === 51)
    abort.abort()
    await syncing
    expect(tables.rows.users.size).toBe(51)
  })
})
