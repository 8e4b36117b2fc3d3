import type { Clock, Ids, Random } from '../kernel/runtime.js'
import type { Database } from '../storage/database.js'
import { operatorKeys, type OperatorKeyRecord } from './instances.table.js'
import { hashSecret, randomLetters } from './secrets.js'

const PREFIX = 'operator_'
/** Characters after the prefix, some 250 bits of randomness. */
const LENGTH = 43

interface OperatorKeyOptions {
  database: Database
  clock: Clock
  ids: Ids
  random: Random
}

/** Keys of whoever runs the server. They open what tells of all instances, such as `/metrics`, and no instance's data. */
export class OperatorKeys {
  constructor(private readonly options: OperatorKeyOptions) {}

  /** @returns the key, which cannot be read again */
  async create(name: string): Promise<{ id: string; name: string; key: string }> {
    const { database, clock, ids, random } = this.options
    const key = `${PREFIX}${randomLetters(LENGTH, random)}`
    const record = { id: ids.next('opk'), name, hash: hashSecret(key), createdAt: clock.now(), revokedAt: null }
    await database.transaction((queries) =>
      queries.insertInto('operator_keys').values(operatorKeys.toRow(record)).execute(),
    )
    return { id: record.id, name, key }
  }

  async list(): Promise<OperatorKeyRecord[]> {
    const rows = await this.options.database.read
      .selectFrom('operator_keys')
      .selectAll()
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map((row) => operatorKeys.decode(row))
  }

  /** @returns false if there is no such key, or it was revoked before */
  async revoke(id: string): Promise<boolean> {
    const { database, clock } = this.options
    const revoked = await database.transaction((queries) =>
      queries
        .updateTable('operator_keys')
        .set({ revoked_at: clock.now() })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .returning('id')
        .executeTakeFirst(),
    )
    return revoked !== undefined
  }

  /** Whether it is one that was not revoked. */
  async accepts(key: string): Promise<boolean> {
    if (!key.startsWith(PREFIX)) return false
    const found = await this.options.database.read
      .selectFrom('operator_keys')
      .select('id')
      .where('hash', '=', hashSecret(key))
      .where('revoked_at', 'is', null)
      .executeTakeFirst()
    return found !== undefined
  }
}
