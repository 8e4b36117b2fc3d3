import type { CompiledQuery, Kysely } from 'kysely'
import type { Schema } from './schema.js'

export type Dialect = 'sqlite' | 'postgres'

/** A handle to run queries on: the database itself for what is committed, a transaction inside its body. */
export type Queries = Kysely<Schema>

export interface Database {
  dialect: Dialect
  /** Where the data is, without a password: a path, `:memory:` or a URL. */
  location: string
  /** Reads committed data. */
  read: Queries
  /** The rows of a precompiled query on committed data, for the few queries that run all the time. */
  rows(query: CompiledQuery): Promise<Record<string, unknown>[]>
  /** The same for a query that may take long, such as a count: it holds nobody else up. */
  aside(query: CompiledQuery): Promise<Record<string, unknown>[]>
  /**
   * Runs the body in a transaction and resolves once it is durable. The body awaits nothing but queries on `tx`:
   * on SQLite the transactions of one event-loop tick share a commit, so one that waits keeps all others waiting.
   * A body runs again, from the beginning, if one that shares its commit fails, and on PostgreSQL if it meets a
   * deadlock: what it does outside the database must bear that.
   */
  transaction<T>(body: (tx: Queries) => Promise<T>): Promise<T>
  /**
   * A transaction on a connection of its own, apart from those of all others, one at a time: for a body that waits for
   * other transactions. PostgreSQL only.
   */
  readonly apart?: Database['transaction']
  /** Writes a consistent copy to a file while the database is in use. SQLite only. */
  backup(file: string): Promise<void>
  /** The same without deadlines, for migrations and seeds. */
  readonly patient: Database
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** A path, `:memory:` or `postgres://…`. */
  location: string
  /**
   * Connections to PostgreSQL for reads, and as many more for transactions. Default is 8: in measurements, more did not
   * speed up reads.
   */
  poolSize?: number
  /**
   * Milliseconds that a query waits for a connection, for a lock and for each answer, before it fails with
   * `DatabaseUnavailable`. Default is 5000.
   */
  timeout?: number
}
