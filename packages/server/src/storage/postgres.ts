import { Kysely, PostgresDialect, type CompiledQuery, type PostgresPoolClient } from 'kysely'
import pg from 'pg'
import type { Database } from './database.js'
import type { Schema } from './schema.js'

/** A statement with more parameters than this contains a list of any length: too many shapes to keep each prepared. */
const NAMED_STATEMENT_PARAMETERS = 48
/**
 * Statements that each connection keeps prepared. Filters come in more shapes than that: only the first ones are kept.
 */
const NAMED_STATEMENTS = 500
const RETRIES = 3
const RETRIED_ERRORS = new Set(['40001' /* serialization_failure */, '40P01' /* deadlock_detected */])

const INT8 = 20
const NUMERIC = 1700

export async function openPostgres(location: string, poolSize: number): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: location,
    max: poolSize,
    types: {
      getTypeParser: ((oid: number, format?: 'text') =>
        oid === INT8 || oid === NUMERIC ? Number : pg.types.getTypeParser(oid, format)) as never,
    },
  })
  // A broken connection is replaced at the next use, and its query fails by itself. Without listeners, its error would
  // end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const names = new StatementNames()
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({
      pool: {
        connect: async () => named(await pool.connect(), names),
        end: () => pool.end(),
      },
    }),
  })

  return {
    dialect: 'postgres',
    location: withoutPassword(location),
    read: db,
    rows: async (query) =>
      (await db.executeQuery<Record<string, unknown>>(query as CompiledQuery<Record<string, unknown>>)).rows,
    transaction: async (body) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await db.transaction().execute(body)
        } catch (error) {
          if (attempt > RETRIES || !RETRIED_ERRORS.has((error as { code?: string }).code ?? '')) throw error
        }
      }
    },
    backup: async () => {
      throw new Error('A PostgreSQL database is backed up with pg_dump, not by the server')
    },
    close: () => db.destroy(),
  }
}

class StatementNames {
  readonly #names = new Map<string, string>()

  /** @returns undefined if there are too many already */
  of(sql: string): string | undefined {
    let name = this.#names.get(sql)
    if (!name && this.#names.size < NAMED_STATEMENTS) {
      name = `s${this.#names.size}`
      this.#names.set(sql, name)
    }
    return name
  }
}

/** Sends each statement under a name, so that a connection parses and plans it once: half the time of a small query. */
function named(client: pg.PoolClient, names: StatementNames): PostgresPoolClient {
  return {
    query: ((sql: string, parameters: unknown[]) => {
      const name = parameters.length > NAMED_STATEMENT_PARAMETERS || parameters.length === 0 ? undefined : names.of(sql)
      return name === undefined ? client.query(sql, parameters) : client.query({ name, text: sql, values: parameters })
    }) as never,
    release: () => client.release(),
  }
}

export function withoutPassword(location: string): string {
  const url = new URL(location)
  url.password = ''
  return url.href
}
