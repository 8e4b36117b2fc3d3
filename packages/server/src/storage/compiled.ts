import type { Compilable, CompiledQuery, Kysely } from 'kysely'
import type { LRUCache } from 'lru-cache'
import { boundedCache } from '../kernel/bounded-cache.js'
import type { Database, Queries } from './database.js'
import type { Columns, Table } from './table.js'

type Row = Record<string, unknown>

/** How many are kept of a database. Which columns an update writes is the caller's choice: there are many of them. */
const KEPT = 1000

/** By database, as each dialect writes a query in its own way; by key, as instances share their queries. */
const compiledOf = new WeakMap<Database, LRUCache<string, CompiledQuery<Row>>>()

/**
 * A query that is compiled once for a database. Only its parameters change from call to call.
 *
 * @param key names the query; always the same for the same text
 * @param parameters of this call, in the order in which the query has them
 */
export function compiled(
  database: Database,
  key: string,
  build: () => Compilable<Row>,
  parameters: readonly unknown[],
): CompiledQuery<Row> {
  let queries = compiledOf.get(database)
  if (!queries) {
    queries = boundedCache(KEPT)
    compiledOf.set(database, queries)
  }
  let query = queries.get(key)
  if (!query) {
    query = withoutValues(build().compile())
    queries.set(key, query)
  }
  return { sql: query.sql, parameters, query: query.query, queryId: query.queryId }
}

type RunsCompiled = (query: CompiledQuery) => Promise<Row[]>

const straight = new WeakMap<Queries, RunsCompiled>()

/** Has compiled queries run straight on a connection. Kysely's steps between take as long as many a statement. */
export function runStraight(queries: Queries, run: RunsCompiled): void {
  straight.set(queries, run)
}

/** The rows of a compiled query. @param tx undefined reads what is committed */
export async function runCompiled(
  query: CompiledQuery<Row>,
  database: Database,
  tx: { readonly queries: Queries } | undefined,
): Promise<Row[]> {
  if (!tx) return database.rows(query)
  const run = straight.get(tx.queries)
  return run ? run(query) : (await tx.queries.executeQuery(query)).rows
}

/** What drivers ask of a query: its kind, and whether it returns rows. The whole tree would keep the first call's values. */
function withoutValues({ sql, query, queryId }: CompiledQuery<Row>): CompiledQuery<Row> {
  const { kind } = query
  const returning = 'returning' in query ? query.returning : undefined
  return { sql, queryId, parameters: [], query: { kind, returning } as CompiledQuery['query'] }
}

/** The parameters of an insert of a table's record. */
export interface Insert<T extends Table> {
  table: T
  record: Parameters<T['toRow']>[0]
  database: Database
  queries: Queries
}

/** Inserts a whole record. */
export async function insertRow<T extends Table<string, Columns>>(insert: Insert<T>): Promise<void> {
  await run(insert, 'insert', (query) => query)
}

/** @returns false if a unique index already has the row's values */
export async function insertUnlessTaken<T extends Table<string, Columns>>(insert: Insert<T>): Promise<boolean> {
  const rows = await run(insert, 'insert unless taken', (query) =>
    query.onConflict((conflict) => conflict.doNothing()).returning('id'),
  )
  return rows.length > 0
}

type InsertQuery = ReturnType<typeof into>

async function run<T extends Table<string, Columns>>(
  { table, record, database, queries }: Insert<T>,
  key: string,
  complete: (query: InsertQuery) => Compilable<Row>,
): Promise<Row[]> {
  const values = table.toValues(record)
  // Records are complete, so that a table's rows always have the same columns in the same order.
  const build = () => complete(into(queries, table.name, table.toRow(record)))
  const query = compiled(database, `${key} ${table.name} ${values.length}`, build, values)
  return runCompiled(query, database, { queries })
}

function into(queries: Queries, name: string, row: Row) {
  return (queries as unknown as Kysely<Record<string, Row>>).insertInto(name).values(row)
}
