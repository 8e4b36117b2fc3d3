import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dialects, newMigratedDatabase } from '../../packages/server/src/server.test-support.js'
import { openDatabase } from '../../packages/server/src/storage/open-database.js'
import { startWriter, useWriter } from './writer.test-support.js'

/** More in the long form, `npm run outages`. */
const ROUNDS = process.env['LATCHKEY_LONG_TESTS'] === 'true' ? 25 : 5
const INSTANCE = 'ins_killed'

describe.each(dialects)('kill -9 during writes on %s', (dialect) => {
  const writer = useWriter()
  let location: string
  let cleanUp: () => unknown

  beforeAll(async () => {
    if (dialect === 'postgres') {
      const made = await newMigratedDatabase('postgres')
      location = made.location
      cleanUp = made.drop
    } else {
      const folder = mkdtempSync(join(tmpdir(), 'latchkey-kill-'))
      location = join(folder, 'killed.db')
      cleanUp = () => rmSync(folder, { recursive: true })
    }
  })
  afterAll(() => cleanUp())

  it(`loses nothing that was acknowledged, ${ROUNDS} times`, { timeout: 300_000 }, async () => {
    const acknowledged: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const before = acknowledged.length
      const child = startWriter(writer.file, location, INSTANCE)
      const lines = createInterface({ input: child.stdout })
      lines.on('line', (id) => acknowledged.push(id))
      const ended = Promise.all([once(child, 'exit'), once(lines, 'close')])
      // A program that cannot start ends by itself.
      await Promise.race([once(lines, 'line'), ended])
      await new Promise((resolve) => setTimeout(resolve, 20 + ((round * 37) % 180)))
      child.kill('SIGKILL')
      await ended
      expect(acknowledged.length).toBeGreaterThan(before)
    }

    const database = await openDatabase({ location })
    try {
      const stored = new Set((await database.read.selectFrom('users').select('id').execute()).map(({ id }) => id))
      // A line that was cut off by the kill was not acknowledged.
      expect(acknowledged.filter((id) => id.length === 32 && !stored.has(id))).toEqual([])
      const events = new Set(
        (
          await database.read.selectFrom('events').select('subject_id').where('type', '=', 'user.created').execute()
        ).map((row) => row.subject_id),
      )
      expect([...stored].filter((id) => !events.has(id))).toEqual([])
      const counted = await database.read
        .selectFrom('row_counts')
        .select((eb) => eb.fn.sum<number>('count').as('count'))
        .where('counted', '=', 'users')
        .executeTakeFirstOrThrow()
      expect(Number(counted.count)).toBe(stored.size)
      if (dialect === 'sqlite')
        expect((await sql<{ integrity_check: string }>`pragma integrity_check`.execute(database.read)).rows).toEqual([
          { integrity_check: 'ok' },
        ])
    } finally {
      await database.close()
    }
  })
})
