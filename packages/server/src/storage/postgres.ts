import { Kysely, PostgresDialect, type CompiledQuery, type PostgresPoolClient } from 'kysely'
import pg from 'pg'
import type { Database, Queries } from './database.js'
import { ConnectionPool, Trust, type Answer, type Connection } from './postgres-pool.js'
import { PreparedStatements } from './prepared-statements.js'
import type { Schema } from './schema.js'
import { DatabaseUnavailable } from './unavailable.js'

const RETRIES = 3
const RETRIED_ERRORS = new Set(['40001' /* serialization_failure */, '40P01' /* deadlock_detected */])

const INT8 = 20
const NUMERIC = 1700
const types = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === INT8 || oid === NUMERIC ? Number : pg.types.getTypeParser(oid, format)) as never,
}

interface PostgresOptions {
  /** Connections for reads; there are as many more for transactions, which never hold up reads. */
  poolSize: number
  /** In milliseconds, for a connection and for each answer. */
  timeout: number
}

export async function openPostgres(location: string, { poolSize, timeout }: PostgresOptions): Promise<Database> {
  const pool = { location, size: poolSize, timeout, types, trust: new Trust() }
  const readers = new ConnectionPool(pool)
  const writers = new ConnectionPool(pool)
  const waiting = new ConnectionPool({ ...pool, size: 1 })
  const statements = new PreparedStatements()
  const end = async () => void (await Promise.all([readers.end(), writers.end(), waiting.end()]))

  const read = toKysely(async () => reading(readers, statements))
  const write = toKysely(async () => writing(await writers.connect(), statements, timeout))
  const patient = toKysely(async () => writing(await writers.connect(), statements, undefined))
  const alone = toKysely(async () => writing(await waiting.connect(), statements, undefined))
  // Others wait here, and not for the connection, which they would get only so long.
  let before: Promise<unknown> = Promise.resolve()
  const apart: Database['transaction'] = (body) => {
    const result = before.then(() => alone.transaction().execute(body))
    before = result.catch(() => {})
    return result
  }

  const rows = async (query: CompiledQuery) =>
    (await read.executeQuery<Record<string, unknown>>(query as CompiledQuery<Record<string, unknown>>)).rows

  const database = (transactions: Queries): Database => ({
    dialect: 'postgres',
    location: withoutPassword(location),
    read,
    rows,
    aside: rows,
    transaction: async (body) => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await transactions.transaction().execute(body)
        } catch (error) {
          const { code = '' } = error as { code?: string }
          const isPassing = RETRIED_ERRORS.has(code) || error instanceof NotBegun || statements.recover(error)
          if (!isPassing || attempt > RETRIES) throw error
        }
      }
    },
    backup: async () => {
      throw new Error('A PostgreSQL database is backed up with pg_dump, not by the server')
    },
    apart,
    get patient() {
      return patientDatabase
    },
    close: end,
  })
  const patientDatabase = database(patient)
  return database(write)
}

type Connect = () => Promise<PostgresPoolClient>

function toKysely(connect: Connect): Queries {
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: { connect, end: async () => {} } }) })
}

/** What Kysely's driver uses of a client. */
function client(
  query: (sql: string, parameters: unknown[]) => Promise<Answer>,
  release = () => {},
): PostgresPoolClient {
  return { query: query as never, release }
}

/**
 * Runs each statement on a connection of its own. They read, or count what rate limits allow: where the connection
 * breaks, they run again on another.
 */
function reading(pool: ConnectionPool, statements: PreparedStatements): PostgresPoolClient {
  return client(async (sql, parameters) => {
    for (let attempt = 1; ; attempt++) {
      const connection = await pool.connect()
      try {
        return await connection.query(statements.of(sql, parameters))
      } catch (error) {
        const isPassing = isLost(error) || statements.recover(error)
        if (!isPassing || attempt > RETRIES) throw error
      } finally {
        connection.release()
      }
    }
  })
}

/** The connection broke before the transaction began: another one can be tried. */
class NotBegun extends DatabaseUnavailable {}

/** @param timeout in milliseconds; undefined waits as long as it takes */
function writing(
  connection: Connection,
  statements: PreparedStatements,
  timeout: number | undefined,
): PostgresPoolClient {
  const patient = timeout === undefined
  // For this transaction only: a setting of the session would reach others through PgBouncer, and one of the
  // connection's start would be refused by it. A node that is cut off does not keep its locks for ever.
  const begin = patient
    ? 'begin'
    : `begin; set local statement_timeout = ${timeout}; set local idle_in_transaction_session_timeout = ${2 * timeout}`
  return client(
    async (sql, parameters) => {
      if (sql !== 'begin') return connection.query(statements.of(sql, parameters), { patient })
      try {
        return await connection.query({ text: begin }, { patient })
      } catch (error) {
        if (!isLost(error)) throw error
        throw new NotBegun(error.message, error.code, { cause: error })
      }
    },
    () => connection.release(),
  )
}

function isLost(error: unknown): error is DatabaseUnavailable {
  return error instanceof DatabaseUnavailable && ['ECONNRESET', 'EPIPE', '57P01'].includes(error.code)
}

export function withoutPassword(location: string): string {
  const url = new URL(location)
  url.password = ''
  return url.href
}
