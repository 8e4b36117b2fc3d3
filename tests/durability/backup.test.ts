import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, expect, it } from 'vitest'
import { createServer } from '../../packages/server/src/index.js'
import type { Queries } from '../../packages/server/src/storage/database.js'
import { openDatabase } from '../../packages/server/src/storage/open-database.js'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-backup-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('a backup taken under writes has the same rows, all or none of each change', async () => {
  const file = join(folder, 'source.db')
  const server = await createServer({ database: file })
  const { secretKey } = await server.createInstance()
  const acknowledged: string[] = []
  let writing = true
  const write = async (lane: number) => {
    for (let n = 0; writing; n++) {
      const body = JSON.stringify({ email_address: [`${lane}-${n}@example.com`], username: `user-${lane}-${n}` })
      const headers = { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' }
      const response = await server.fetch(new Request('http://api.test/v1/users', { method: 'POST', headers, body }))
      acknowledged.push(((await response.json()) as { id: string }).id)
    }
  }
  const lanes = Array.from({ length: 8 }, (_, lane) => write(lane))
  await expect.poll(() => acknowledged.length).toBeGreaterThan(100)
  const before = [...acknowledged]
  await server.admin.backup(join(folder, 'backup.db'))
  const after = acknowledged.length
  await expect.poll(() => acknowledged.length).toBeGreaterThan(after + 100)
  writing = false
  await Promise.all(lanes)

  const backup = await openDatabase({ location: join(folder, 'backup.db') })
  const rows = (queries: Queries, table: 'users' | 'email_addresses' | 'events') =>
    queries.selectFrom(table).selectAll().orderBy('id').execute()
  const kept = await rows(backup.read, 'users')
  const ids = new Set(kept.map(({ id }) => id))
  expect(before.length).toBeGreaterThan(10)
  expect(before.filter((id) => !ids.has(id))).toEqual([])
  const original = new Map((await rows(server.database.read, 'users')).map((row) => [row.id, row]))
  for (const row of kept) expect(row).toEqual(original.get(row.id))
  expect((await rows(backup.read, 'email_addresses')).length).toBe(kept.length)
  expect((await rows(backup.read, 'events')).length).toBe(kept.length)
  expect((await sql<{ integrity_check: string }>`pragma integrity_check`.execute(backup.read)).rows).toEqual([
    { integrity_check: 'ok' },
  ])
  await backup.close()
  await server.close()
})
