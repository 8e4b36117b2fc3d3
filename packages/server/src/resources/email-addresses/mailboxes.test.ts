import { sql } from 'kysely'
import { expect, describe, it } from 'vitest'
import { mailboxOf } from '../../lib/email-domains/index.js'
import { dialects, useTestServer } from '../../server.test-support.js'
import { lists } from '../../storage/migrations/0021-lists.js'

const ADDRESSES = [
  'ada@example.com',
  'ada+x@example.com',
  'ada=x#y+z@example.com',
  'ada#x@example.com',
  '+ada@example.com',
  'ada-x@example.com',
  'ada-x@yahoo.com',
  'ada.l-x@yahoo.co.uk',
  'ada-x@yahoo.com.br',
  'ada-x@yahoo.de',
  'ada-x@ymail.com',
  'ada-x@yahoo.example.com',
  'a.d.a@gmail.com',
  'a.d.a+x.y@googlemail.com',
  'a.da@mail.example.com',
  'grüße+x@bücher.example',
]

describe.each(dialects)('the mailboxes of addresses on %s', (dialect) => {
  const server = useTestServer(dialect)

  it('are found by the migration as by the program', async () => {
    await server.call('POST', '/users', { email_address: ADDRESSES })
    const stored = async () => {
      const rows = await server.server.database.read
        .selectFrom('email_addresses')
        .select(['canonical', 'mailbox'])
        .where('instance_id', '=', server.instance.id)
        .orderBy('canonical')
        .execute()
      return rows.map(({ canonical, mailbox }) => [canonical, mailbox])
    }
    const written = await stored()
    expect(written).toHaveLength(ADDRESSES.length)
    expect(written).toEqual(written.map(([canonical]) => [canonical, mailboxOf(canonical!)]))

    const statement = lists.statements(dialect).find((text) => text.startsWith('update email_addresses'))!
    await server.server.database.transaction(async (tx) => {
      await sql`update email_addresses set mailbox = null`.execute(tx)
      await sql.raw(statement).execute(tx)
    })
    expect(await stored()).toEqual(written)
  })
})
