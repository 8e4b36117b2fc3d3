import type { Dialect } from '../database.js'
import { changeTable, isReferenced } from './alter-table.js'
import { compareSchemas, describeChange, isAdditive, type Change } from './changes.js'
import { isWrittenByHand } from './exceptions.js'
import type { SchemaShape } from './shape.js'
import { createIndex, createTable } from './statements.js'

/** Answers that the definitions cannot give about the way from one schema to the next. */
export interface Answers {
  /** New names of tables by their old ones. */
  renames: Readonly<Record<string, string>>
  /** Tables that are dropped with their rows and created anew. */
  recreated: readonly string[]
  /** By `table.column`: the value for existing rows in a column that is not null. */
  defaults: Readonly<Record<string, string>>
  /** Programs of the version before must not go on with the database, even if every change is additive by itself. */
  breaking: boolean
}

export interface Plan {
  /** What it does, in words. */
  summary: string[]
  /** Whether programs that do not know the migration can go on with the database. */
  additive: boolean
  /** The changes that make it breaking, in words. */
  breaking: string[]
  statements: string[]
}

/**
 * The statements that make the tables of `to` out of those of `from`.
 *
 * @throws {Error} when an answer is missing or does not fit, or when a change needs statements written by hand
 */
export function planMigration(dialect: Dialect, from: SchemaShape, to: SchemaShape, answers: Answers): Plan {
  const prepared = prepare(from, answers)
  const changes = compareSchemas(prepared.schema, to)
  for (const change of changes) refuseUnwritable(change)
  refuseUnused(changes, answers)
  const hasDefault = (table: string, column: string) => answers.defaults[`${table}.${column}`] !== undefined
  const breaking = changes.filter((change) => !isAdditive(change, hasDefault)).map(describeChange)
  breaking.unshift(...prepared.summary)
  const additive = breaking.length === 0 && !answers.breaking
  const context = { dialect, additive, from: prepared.schema, to, defaults: answers.defaults }
  const of = <K extends Change['kind']>(kind: K) =>
    changes.filter((change): change is Extract<Change, { kind: K }> => change.kind === kind)
  const created = of('create table')
  return {
    summary: [...prepared.summary, ...changes.map(summarise)],
    additive,
    breaking,
    statements: [
      ...prepared.statements,
      ...created.map(({ table, shape }) => createTable(dialect, table, shape)),
      ...created.flatMap(({ table, shape }) =>
        Object.entries(shape.indexes).map(([index, definition]) => createIndex(table, index, definition)),
      ),
      ...created.flatMap(({ shape }) => Object.values(shape.triggers).flatMap(({ create }) => create)),
      ...Object.keys(to).flatMap((table) =>
        changeTable(
          context,
          table,
          changes.filter((change) => change.table === table && !change.kind.endsWith(' table')),
        ),
      ),
      ...childrenFirst(
        prepared.schema,
        of('drop table').map(({ table }) => table),
      ).map((table) => `drop table ${table}`),
    ],
  }
}

/** The schema after the renames and without the tables that are created anew. */
function prepare(from: SchemaShape, { renames, recreated }: Answers) {
  const schema = structuredClone(from)
  const statements: string[] = []
  const summary: string[] = []
  for (const [old, name] of Object.entries(renames)) {
    const shape = schema[old]
    if (!shape) throw new Error(`There is no table ${old} to rename`)
    if (schema[name]) throw new Error(`There is a table ${name} already`)
    delete schema[old]
    schema[name] = shape
    for (const { columns } of Object.values(schema))
      for (const { references } of Object.values(columns)) if (references?.table === old) references.table = name
    statements.push(`alter table ${old} rename to ${name}`)
    summary.push(`Table ${old} becomes ${name}`)
  }
  for (const table of recreated) if (!schema[table]) throw new Error(`There is no table ${table} to create anew`)
  for (const table of childrenFirst(schema, recreated)) {
    delete schema[table]
    if (isReferenced(schema, table))
      throw new Error(`Table ${table} is referenced by other tables: their rows would be deleted`)
    statements.push(`drop table ${table}`)
    summary.push(`Table ${table} is created anew, without its rows`)
  }
  return { schema, statements, summary }
}

function summarise(change: Change): string {
  const isLost = change.kind === 'drop table' || change.kind === 'drop column'
  return `${describeChange(change)}${isLost ? ': it is dropped with its data' : ''}`
}

function refuseUnwritable(change: Change): void {
  const { kind, table } = change
  if (
    isWrittenByHand(table) ||
    kind === 'change primary key' ||
    (kind === 'change column' && change.from.type !== change.to.type)
  )
    throw new Error(`This has to be written by hand: ${describeChange(change)}`)
}

function refuseUnused(changes: readonly Change[], { defaults }: Answers): void {
  for (const name of Object.keys(defaults)) {
    const isUsed = changes.some(
      (change) =>
        (change.kind === 'add column' || change.kind === 'change column') &&
        `${change.table}.${change.column}` === name &&
        !(change.kind === 'add column' ? change.shape : change.to).nullable,
    )
    if (!isUsed) throw new Error(`Column ${name} needs no value: remove --default ${name}`)
  }
}

/** The tables in an order in which each is dropped before those it references. */
function childrenFirst(schema: SchemaShape, tables: readonly string[]): string[] {
  const ordered: string[] = []
  const seen = new Set<string>()
  const visit = (table: string) => {
    if (seen.has(table)) return
    seen.add(table)
    for (const { references } of Object.values(schema[table]!.columns))
      if (references && tables.includes(references.table)) visit(references.table)
    ordered.unshift(table)
  }
  for (const table of tables) visit(table)
  return ordered
}
