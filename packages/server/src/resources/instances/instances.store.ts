import { sql } from 'kysely'
import type { Database, Queries } from '../../storage/database.js'
import { instances, secretKeys, type InstanceRecord, type SecretKeyRecord } from '../../storage/tables.js'
import { toInstance, type Instance } from './instance.js'

/** Instances and their secret keys: the only rows that are looked up before it is known whose they are. */
export class InstanceStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async findByKeyHash(hash: string): Promise<{ instance: Instance; keyId: string } | undefined> {
    const row = await this.#database.read
      .selectFrom('secret_keys')
      .innerJoin('instances', 'instances.id', 'secret_keys.instance_id')
      .selectAll('instances')
      .select('secret_keys.id as key_id')
      .where('secret_keys.hash', '=', hash)
      .where('secret_keys.revoked_at', 'is', null)
      .executeTakeFirst()
    return row && { instance: toInstance(row), keyId: row.key_id }
  }

  async find(id: string, queries: Queries = this.#database.read): Promise<Instance | undefined> {
    const row = await queries.selectFrom('instances').selectAll().where('id', '=', id).executeTakeFirst()
    return row && toInstance(row)
  }

  async findDefault(): Promise<Instance | undefined> {
    const row = await this.#database.read
      .selectFrom('instances')
      .selectAll()
      .where('is_default', '=', 1)
      .executeTakeFirst()
    return row && toInstance(row)
  }

  async list(): Promise<Instance[]> {
    const rows = await this.#database.read
      .selectFrom('instances')
      .selectAll()
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map(toInstance)
  }

  /** @returns false when another instance has the frontend host, or there is a default already and this is to be one */
  async insert(record: InstanceRecord, tx: Queries): Promise<boolean> {
    const inserted = await tx
      .insertInto('instances')
      .values(instances.encode(record) as never)
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    return inserted !== undefined
  }

  /** `updated_at` grows with every change, also within one millisecond: it tells which of two states is the later one. */
  async updateSettings(id: string, settings: InstanceRecord['settings'], now: number, tx: Queries): Promise<void> {
    const updatedAt = sql<number>`case when updated_at < ${now} then ${now} else updated_at + 1 end`
    await tx
      .updateTable('instances')
      .set({ settings: JSON.stringify(settings), updated_at: updatedAt })
      .where('id', '=', id)
      .execute()
  }

  /** The settings that were changed, without defaults, kept from other writers until the transaction ends. */
  async changedSettings(id: string, tx: Queries): Promise<InstanceRecord['settings']> {
    const query = tx.selectFrom('instances').select('settings').where('id', '=', id)
    const row = await (this.#database.dialect === 'postgres' ? query.forUpdate() : query).executeTakeFirstOrThrow()
    return JSON.parse(row.settings) as InstanceRecord['settings']
  }

  /** @returns false when some instance has this very key */
  async insertKey(record: SecretKeyRecord, tx: Queries): Promise<boolean> {
    const inserted = await tx
      .insertInto('secret_keys')
      .values(secretKeys.encode(record) as never)
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .returning('id')
      .executeTakeFirst()
    return inserted !== undefined
  }

  async listKeys(instanceId: string): Promise<SecretKeyRecord[]> {
    const rows = await this.#database.read
      .selectFrom('secret_keys')
      .selectAll()
      .where('instance_id', '=', instanceId)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map((row) => secretKeys.decode(row) as SecretKeyRecord)
  }

  /** @returns false when there is no such key, or it was revoked before */
  async revokeKey(id: string, now: number, tx: Queries): Promise<boolean> {
    const revoked = await tx
      .updateTable('secret_keys')
      .set({ revoked_at: now })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    return revoked !== undefined
  }

  async touchKey(id: string, now: number, tx: Queries): Promise<void> {
    await tx.updateTable('secret_keys').set({ last_used_at: now }).where('id', '=', id).execute()
  }
}
