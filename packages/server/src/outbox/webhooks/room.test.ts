import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClerkClient } from '@latchkey/backend'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { createServer } from '../../index.js'
import { API_URL, dialects, StillClock } from '../../server.test-support.js'
import { webhookRemovals } from './webhooks.js'

const DAY = 24 * 60 * 60_000

it.runIf(dialects.includes('sqlite'))(
  'a file takes up the room of events that were removed before it grows again',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-room-'))
    const clock = new StillClock(Date.now())
    const server = await createServer({ database: join(folder, 'test.db'), clock, removeExpired: false })
    const { secretKey } = await server.createInstance()
    const fetch = (input: RequestInfo | URL, init?: RequestInit) => server.fetch(new Request(input, init))
    const { users } = createClerkClient({ secretKey, apiUrl: API_URL, fetch })
    const privateMetadata = { notes: '-'.repeat(6000) }
    const { id } = await users.createUser({ username: 'ada_l', privateMetadata })
    const { database } = server
    const pages = async () =>
      (await sql<{ page_count: number }>`pragma page_count`.execute(database.read)).rows[0]!.page_count
    const events = async () => await database.read.selectFrom('events').select('position').execute()
    const growth = async () => {
      const before = await pages()
      for (let part = 0; part < 10; part++)
        await Promise.all(Array.from({ length: 30 }, (_, n) => users.updateUser(id, { firstName: `Ada ${n}` })))
      // Numbered, as delivery does it: none that is not is removed.
      await expect.poll(async () => (await events()).filter(({ position }) => position === null)).toEqual([])
      return (await pages()) - before
    }

    const first = await growth()
    clock.advance(31 * DAY)
    for (const job of webhookRemovals({})(database)) await job.run(clock.now())
    expect(await events()).toEqual([])
    const second = await growth()
    // Entries of the audit trail are kept for a year.
    expect(second).toBeLessThan(first / 5)
    await server.close()
    rmSync(folder, { recursive: true })
  },
)
