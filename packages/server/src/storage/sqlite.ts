import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { Kysely, SqliteAdapter, SqliteIntrospector } from 'kysely'
import type { CompiledQuery, DatabaseConnection, Dialect, QueryResult } from 'kysely'
import type { Database, Queries } from './database.js'
import { runStraight } from './compiled.js'
import { refuseForeign } from './foreign.js'
import { Aside } from './aside.js'
import { PlannedOnceCompiler } from './sqlite-compiler.js'
import { loadSqlite, type SqliteConnection } from './sqlite-module.js'
import { StatementCache } from './statements.js'
import type { Schema } from './schema.js'
import { readSqliteError } from './unavailable.js'
import { unlocked } from './unlocked.js'
import { requireWholeLog } from './write-ahead-log.js'

/** The most transactions that share one commit, so that the first does not wait too long for the last. */
const BATCH_SIZE = 256

const ALL_PAGES = 2 ** 30

interface Job {
  body(tx: Queries): Promise<unknown>
  /** Waits for a foreign lock as long as it takes. */
  patient: boolean
  resolve(value: unknown): void
  reject(error: unknown): void
}

interface SqliteOptions {
  /** Milliseconds to wait for a lock that another process has. */
  timeout: number
}

/**
 * One connection that writes, one that reads beside it, and a third in a thread of its own for what may take long.
 *
 * @throws {DamagedLogError} if opening the file would lose rows
 * @throws {ForeignDatabaseError} before anything is written, also not the mode of its log
 */
export async function openSqlite(location: string, { timeout }: SqliteOptions): Promise<Database> {
  const sqlite = loadSqlite()
  const inMemory = location === ':memory:'
  if (!inMemory) {
    createPrivately(location)
    await requireWholeLog(location)
  }
  const writer = new sqlite.DatabaseSync(location)
  try {
    await unlocked(timeout, () => refuseForeign(writer, location))
  } catch (error) {
    writer.close()
    throw error
  }
  await configure(writer, timeout)
  const reader = inMemory ? writer : new sqlite.DatabaseSync(location)
  if (!inMemory) await configure(reader, timeout)

  const queue = new WriteQueue(writer, timeout)
  // A database in memory has one connection only: its reads wait until no transaction is open, or they would see
  // uncommitted data.
  const ready = inMemory ? () => queue.idle() : undefined
  const statements = new StatementCache(reader, timeout)
  const rows = async (query: CompiledQuery) => {
    if (ready) await ready()
    return statements.rows(query)
  }
  const aside = inMemory ? undefined : new Aside({ location, timeout })

  const database = (patient: boolean): Database => ({
    dialect: 'sqlite',
    location,
    read: connect(statements, ready),
    rows,
    aside: (query) => (aside ? aside.rows(query) : rows(query)),
    transaction: (body) => queue.push(body, patient),
    get patient() {
      return patientDatabase
    },
    backup: async (file) => {
      createPrivately(file)
      // All pages in one step: a copy in several steps starts again whenever somebody writes between two of them. It
      // has its own connection, so that reads do not wait. In memory there is no other connection, and little to copy.
      const source = inMemory ? writer : new sqlite.DatabaseSync(location, { readOnly: true })
      try {
        await sqlite.backup(source, file, { rate: ALL_PAGES })
      } finally {
        if (source !== writer) source.close()
      }
    },
    close: () => (closed ??= close()),
  })
  let closed: Promise<void> | undefined
  const close = async () => {
    await queue.drain()
    await aside?.close()
    if (!inMemory) {
      reader.close()
      // Everything is in one file then: without this, the write-ahead log would keep the last rows until the next start.
      writer.exec('pragma wal_checkpoint(truncate)')
    }
    writer.close()
  }
  const patientDatabase = database(true)
  return database(false)
}

async function configure(connection: SqliteConnection, timeout: number): Promise<void> {
  // SQLite's own waiting for a lock would stop the event loop.
  connection.exec('pragma busy_timeout = 0')
  // FULL: a commit is acknowledged after it is on the disk, also when the power goes.
  await unlocked(timeout, () =>
    connection.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on'),
  )
  connection.exec('pragma cache_size = -32768; pragma mmap_size = 268435456; pragma temp_store = memory')
}

/**
 * A database and its copies hold secrets: nobody but their owner can read a new one. SQLite fills an empty file.
 *
 * @throws {NodeJS.ErrnoException} if the file cannot be written: SQLite would say so at its first write only
 */
function createPrivately(file: string): void {
  // To open one that is there and close it again would end the locks that this process has on it.
  if (existsSync(file)) accessSync(file, constants.R_OK | constants.W_OK)
  else closeSync(openSync(file, 'a', 0o600))
}

/** Collects the transactions of one tick and commits them together: the sync to disk is what costs. */
class WriteQueue {
  readonly #connection: SqliteConnection
  readonly #timeout: number
  readonly #tx: Queries
  #jobs: Job[] = []
  #running: Promise<void> | undefined

  constructor(connection: SqliteConnection, timeout: number) {
    this.#connection = connection
    this.#timeout = timeout
    const statements = new YieldingConnection(connection, timeout)
    this.#tx = connect(statements)
    runStraight(this.#tx, (query) => statements.rows(query))
  }

  push<T>(body: (tx: Queries) => Promise<T>, patient: boolean): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#jobs.push({ body, patient, resolve: resolve as (value: unknown) => void, reject })
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
      await setImmediate()
      this.#open = this.#commit(this.#jobs.splice(0, BATCH_SIZE))
      await this.#open
      this.#open = undefined
    }
    this.#running = undefined
  }

  async #commit(jobs: Job[]): Promise<void> {
    const isLong = jobs.some(({ patient }) => patient)
    const timeout = isLong ? Number.POSITIVE_INFINITY : this.#timeout
    let answers: (() => void)[]
    try {
      await this.#begin(timeout)
      try {
        answers = await each(jobs, (job) => (isLong ? this.#savepoint(job) : this.#attempt(job)))
      } catch (error) {
        if (isLong || jobs.length === 1) throw error
        // One of them failed: again, each by itself now. Savepoints cost as much as a write, and few batches need them.
        if (this.#connection.isTransaction) this.#connection.exec('rollback')
        await this.#begin(timeout)
        answers = await each(jobs, (job) => this.#savepoint(job))
      }
      await unlocked(this.#timeout, () => this.#connection.exec('commit'))
    } catch (error) {
      if (this.#connection.isTransaction) this.#connection.exec('rollback')
      for (const job of jobs) job.reject(readSqliteError(error))
      return
    }
    for (const answer of answers) answer()
  }

  #begin(timeout: number): Promise<void> {
    return unlocked(timeout, () => this.#connection.exec('begin immediate'))
  }

  async #attempt(job: Job): Promise<() => void> {
    const value = await job.body(this.#tx)
    return () => job.resolve(value)
  }

  /** One transaction of the batch: if it fails, only its own changes are rolled back. */
  async #savepoint(job: Job): Promise<() => void> {
    this.#connection.exec('savepoint job')
    try {
      const answer = await this.#attempt(job)
      this.#connection.exec('release job')
      return answer
    } catch (error) {
      // SQLite has already rolled back the whole batch by itself (disk full, I/O error).
      if (!this.#connection.isTransaction) throw error
      this.#connection.exec('rollback to job; release job')
      return () => job.reject(error)
    }
  }
}

/** One after the other. */
async function each<T, U>(values: readonly T[], run: (value: T) => Promise<U>): Promise<U[]> {
  const results: U[] = []
  for (const value of values) results.push(await run(value))
  return results
}

/** How many statements of a batch run before whoever else waits for the event loop has a turn. */
const STATEMENTS_IN_A_ROW = 100

/** A long batch would keep everybody else waiting: its statements take no time in between by themselves. */
class YieldingConnection extends StatementCache {
  #inARow = 0

  override async executeQuery<R>(compiled: CompiledQuery): Promise<QueryResult<R>> {
    await this.#turn()
    return super.executeQuery(compiled)
  }

  override async rows(compiled: CompiledQuery): Promise<Record<string, unknown>[]> {
    await this.#turn()
    return super.rows(compiled)
  }

  #turn(): Promise<void> | undefined {
    this.#inARow += 1
    if (this.#inARow < STATEMENTS_IN_A_ROW) return undefined
    this.#inARow = 0
    return setImmediate()
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
    createQueryCompiler: () => new PlannedOnceCompiler(),
  }
  return new Kysely<Schema>({ dialect })
}

async function refuse(): Promise<never> {
  throw new Error('Use database.transaction(), which shares commits; nested transactions are not supported')
}
