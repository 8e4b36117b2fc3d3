import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import { boundedCache } from '../kernel/bounded-cache.js'
import type { SqliteConnection, SqliteStatement } from './sqlite-module.js'
import { unlocked } from './unlocked.js'

/** How many prepared statements a connection keeps. */
const STATEMENT_CACHE_SIZE = 500

/** One SQLite connection as Kysely sees it, with its prepared statements kept. */
export class StatementCache implements DatabaseConnection {
  readonly #connection: SqliteConnection
  readonly #statements = boundedCache<SqliteStatement>(STATEMENT_CACHE_SIZE)

  /** @param timeout milliseconds to wait for a lock on the file, without blocking the event loop */
  constructor(
    connection: SqliteConnection,
    private readonly timeout: number,
  ) {
    this.#connection = connection
  }

  executeQuery<R>(compiled: CompiledQuery): Promise<QueryResult<R>> {
    return unlocked(this.timeout, () => {
      const statement = this.#prepare(compiled.sql)
      const parameters = compiled.parameters as never[]
      if (returnsRows(compiled)) return { rows: statement.all(...parameters) as R[] }
      const { changes } = statement.run(...parameters)
      return { rows: [], numAffectedRows: BigInt(changes) }
    })
  }

  /** The rows of a query that returns some, without Kysely's steps between. */
  rows({ sql, parameters }: CompiledQuery): Promise<Record<string, unknown>[]> {
    return unlocked(this.timeout, () => this.#prepare(sql).all(...(parameters as never[])) as Record<string, unknown>[])
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('This driver does not support streaming; read page by page')
  }

  #prepare(sql: string): SqliteStatement {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#connection.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

function returnsRows({ query, sql }: CompiledQuery): boolean {
  switch (query.kind) {
    case 'InsertQueryNode':
    case 'UpdateQueryNode':
    case 'DeleteQueryNode':
      return query.returning !== undefined
    case 'RawNode':
      return /^\s*(select|with|pragma)\b|\breturning\b/i.test(sql)
    default:
      return true
  }
}
