import { sql } from 'kysely'
import type { Database, Queries } from '../storage/database.js'
import { unlessTaken } from '../storage/queries.js'
import { toInstance, type Instance } from './instance.js'
import { instances, secrets, type InstanceRecord, type SecretKind, type SecretRecord } from './instances.table.js'

/** Instances and their secrets: the only rows that are looked up before their instance is known. */
export class InstanceStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** The instance, and the machine, that the secret belongs to, unless the secret was revoked or has expired. */
  async findBySecret(
    kind: SecretKind,
    hash: string,
    now: number,
  ): Promise<{ instance: Instance; secretId: string; machineId: string | null } | undefined> {
    const row = await this.#select()
      .innerJoin('secrets', 'secrets.instance_id', 'instances.id')
      .select(['secrets.id as secret_id', 'secrets.machine_id'])
      .where('secrets.hash', '=', hash)
      .where('secrets.kind', '=', kind)
      .where('secrets.revoked_at', 'is', null)
      .where((eb) => eb.or([eb('secrets.expires_at', 'is', null), eb('secrets.expires_at', '>', now)]))
      .executeTakeFirst()
    return row && { instance: toInstance(row), secretId: row.secret_id, machineId: row.machine_id }
  }

  async find(id: string, queries: Queries = this.#database.read): Promise<Instance | undefined> {
    const row = await this.#select(queries).where('id', '=', id).executeTakeFirst()
    return row && toInstance(row)
  }

  /** The instance whose Frontend API has the host, for its primary domain or a satellite. */
  async findByHost(host: string): Promise<Instance | undefined> {
    const row = await this.#select()
      .where((eb) =>
        eb.or([
          eb('frontend_host', '=', host),
          eb('id', '=', eb.selectFrom('domains').select('instance_id').where('frontend_host', '=', host)),
        ]),
      )
      .executeTakeFirst()
    return row && toInstance(row)
  }

  async findDefault(): Promise<Instance | undefined> {
    const row = await this.#select().where('is_default', '=', 1).executeTakeFirst()
    return row && toInstance(row)
  }

  async list(): Promise<Instance[]> {
    const rows = await this.#select().orderBy('created_at').orderBy('id').execute()
    return rows.map(toInstance)
  }

  /** With the proxy of the primary domain. */
  #select(queries: Queries = this.#database.read) {
    return queries
      .selectFrom('instances')
      .selectAll('instances')
      .select((eb) =>
        eb
          .selectFrom('domains')
          .select('domains.proxy_url')
          .whereRef('domains.instance_id', '=', 'instances.id')
          .where('domains.is_satellite', '=', 0)
          .as('proxy_url'),
      )
  }

  /** The newest private key of any instance, as the encryption key has sealed it. */
  async newestSealedKey(): Promise<string | undefined> {
    const query = this.#database.read.selectFrom('signing_keys').select('private_key').orderBy('created_at', 'desc')
    return (await query.limit(1).executeTakeFirst())?.private_key
  }

  /**
   * @returns false if another instance has the frontend host, or if this one should be the default and there is one
   * already
   */
  async create(record: InstanceRecord, queries: Queries): Promise<boolean> {
    const inserted = await queries
      .insertInto('instances')
      .values(instances.toRow(record))
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    return inserted !== undefined
  }

  /** The one before is the default no longer. @returns false if there is no such instance */
  async makeDefault(id: string, now: number, queries: Queries): Promise<boolean> {
    const change = () => queries.updateTable('instances')
    await change()
      .set({ is_default: 0, updated_at: laterThan(now) })
      .where('is_default', '=', 1)
      .where('id', '!=', id)
      .execute()
    const made = await change()
      .set({ is_default: 1, updated_at: laterThan(now) })
      .where('id', '=', id)
      .returning('id')
      .executeTakeFirst()
    return made !== undefined
  }

  /** With everything in it. */
  async delete(id: string, queries: Queries): Promise<void> {
    await queries.deleteFrom('instances').where('id', '=', id).execute()
  }

  /**
   * `updated_at` grows with every change, also within one millisecond: so it tells which of two states is the later
   * one.
   */
  async updateSettings(id: string, settings: InstanceRecord['settings'], now: number, queries: Queries): Promise<void> {
    await queries
      .updateTable('instances')
      .set({ settings: JSON.stringify(settings), updated_at: laterThan(now) })
      .where('id', '=', id)
      .execute()
  }

  /** @returns false if another instance has the host */
  async updateFrontendHost(id: string, frontendHost: string, now: number, queries: Queries): Promise<boolean> {
    return unlessTaken(queries, async () => {
      await queries
        .updateTable('instances')
        .set({ frontend_host: frontendHost, updated_at: laterThan(now) })
        .where('id', '=', id)
        .execute()
    })
  }

  /** The changed settings, without defaults. Locked against other writers until the transaction ends. */
  async changedSettings(id: string, queries: Queries): Promise<InstanceRecord['settings']> {
    const query = queries.selectFrom('instances').select('settings').where('id', '=', id)
    const row = await (this.#database.dialect === 'postgres' ? query.forUpdate() : query).executeTakeFirstOrThrow()
    return JSON.parse(row.settings) as InstanceRecord['settings']
  }

  /** @returns false if an instance already has this secret */
  async createSecret(record: SecretRecord, queries: Queries): Promise<boolean> {
    const inserted = await queries
      .insertInto('secrets')
      .values(secrets.toRow(record))
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .returning('id')
      .executeTakeFirst()
    return inserted !== undefined
  }

  /** @returns the instance it belonged to; undefined if no secret key has this id, or it was already revoked */
  async revokeSecret(id: string, now: number, queries: Queries): Promise<{ instanceId: string } | undefined> {
    const revoked = await queries
      .updateTable('secrets')
      .set({ revoked_at: now })
      .where('id', '=', id)
      .where('kind', '=', 'secret_key')
      .where('revoked_at', 'is', null)
      .returning('instance_id')
      .executeTakeFirst()
    return revoked && { instanceId: revoked.instance_id }
  }

  /** Whether the instance has a secret key that was not revoked. */
  async hasSecretKey(instanceId: string, queries: Queries): Promise<boolean> {
    const query = queries
      .selectFrom('secrets')
      .select('id')
      .where('instance_id', '=', instanceId)
      .where('kind', '=', 'secret_key')
      .where('revoked_at', 'is', null)
    return (await query.limit(1).executeTakeFirst()) !== undefined
  }

  async touchSecret(id: string, now: number, queries: Queries): Promise<void> {
    await queries.updateTable('secrets').set({ last_used_at: now }).where('id', '=', id).execute()
  }
}

function laterThan(now: number) {
  return sql<number>`case when updated_at < ${now} then ${now} else updated_at + 1 end`
}
