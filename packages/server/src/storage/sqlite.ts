import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { DatabaseConnection, Dialect } from 'kysely'
import type { Database, Queries } from './database.js'
import { loadSqlite, type SqliteConnection } from './sqlite-module.js'
import { StatementCache } from './statements.js'
import type { Schema } from './schema.js'

/** The most transactions that share one commit, so that the first does not wait too long for the last. */
const BATCH_SIZE = 256

const ALL_PAGES = 2 ** 30

interface Job {
  body(tx: Queries): Promise<unknown>
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** One connection that writes, one that reads beside it. */
export async function openSqlite(location: string): Promise<Database> {
  const sqlite = loadSqlite()
  const writer = new sqlite.DatabaseSync(location)
  configure(writer)
  const inMemory = location === ':memory:'
  const reader = inMemory ? writer : new sqlite.DatabaseSync(location)
  if (!inMemory) configure(reader)

  const queue = new WriteQueue(writer)
  // A database in memory has one connection only: its reads wait until no transaction is open, or they would see
  // uncommitted data.
  const ready = inMemory ? () => queue.idle() : undefined
  const statements = new StatementCache(reader)

  return {
    dialect: 'sqlite',
    location,
    read: connect(statements, ready),
    rows: async (query) => {
      if (ready) await ready()
      return statements.rows(query)
    },
    transaction: (body) => queue.push(body),
    backup: async (file) => {
      // All pages in one step: a copy in several steps starts again whenever somebody writes between two of them. It
      // has its own connection, so that reads do not wait. In memory there is no other connection, and little to copy.
      const source = inMemory ? writer : new sqlite.DatabaseSync(location, { readOnly: true })
      try {
        await sqlite.backup(source, file, { rate: ALL_PAGES })
      } finally {
        if (source !== writer) source.close()
      }
    },
    close: async () => {
      await queue.drain()
      if (!inMemory) {
        reader.close()
        // Leaves a single file: without this, the write-ahead log stays beside it until the next start.
        writer.exec('pragma wal_checkpoint(truncate)')
      }
      writer.close()
    },
  }
}

function configure(connection: SqliteConnection): void {
  // FULL: a commit is acknowledged after it is on the disk, also when the power goes.
  connection.exec(
    'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 5000',
  )
  connection.exec('pragma cache_size = -32768; pragma mmap_size = 268435456; pragma temp_store = memory')
}

/** Collects the transactions of one tick and commits them together: the sync to disk is what costs. */
class WriteQueue {
  readonly #connection: SqliteConnection
  readonly #tx: Queries
  #jobs: Job[] = []
  #running: Promise<void> | undefined

  constructor(connection: SqliteConnection) {
    this.#connection = connection
    this.#tx = connect(new StatementCache(connection))
  }

  push<T>(body: (tx: Queries) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({ body, resolve: resolve as (value: unknown) => void, reject })
      this.#running ??= this.#run()
    })
  }

  /** Resolves when no transaction is open. */
  async idle(): Promise<void> {
    while (this.#open) await this.#open
  }

  async drain(): Promise<void> {
    while (this.#running) await this.#running
  }

  #open: Promise<void> | undefined

  async #run(): Promise<void> {
    while (this.#jobs.length > 0) {
      await new Promise((resolve) => setImmediate(resolve))
      this.#open = this.#commit(this.#jobs.splice(0, BATCH_SIZE))
      await this.#open
      this.#open = undefined
    }
    this.#running = undefined
  }

  async #commit(jobs: Job[]): Promise<void> {
    const answers: (() => void)[] = []
    try {
      this.#connection.exec('begin immediate')
      for (const job of jobs) answers.push(await this.#savepoint(job))
      this.#connection.exec('commit')
    } catch (error) {
      if (this.#connection.isTransaction) this.#connection.exec('rollback')
      for (const job of jobs) job.reject(error)
      return
    }
    for (const answer of answers) answer()
  }

  /** One transaction of the batch: if it fails, only its own changes are rolled back. */
  async #savepoint(job: Job): Promise<() => void> {
    this.#connection.exec('savepoint job')
    try {
      const value = await job.body(this.#tx)
      this.#connection.exec('release job')
      return () => job.resolve(value)
    } catch (error) {
      // SQLite has already rolled back the whole batch by itself (disk full, I/O error).
      if (!this.#connection.isTransaction) throw error
      this.#connection.exec('rollback to job; release job')
      return () => job.reject(error)
    }
  }
}

function connect(connection: DatabaseConnection, ready?: () => Promise<void>): Queries {
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => ({
      init: async () => {},
      acquireConnection: async () => {
        await ready?.()
        return connection
      },
      beginTransaction: refuse,
      commitTransaction: refuse,
      rollbackTransaction: refuse,
      releaseConnection: async () => {},
      destroy: async () => {},
    }),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
  return new Kysely<Schema>({ dialect })
}

async function refuse(): Promise<never> {
  throw new Error('Use database.transaction(), which shares commits; nested transactions are not supported')
}
