import type { Dialect } from '../database.js'

/** The tables of a database as plain data, by their names in SQL: as they are defined, or as they are in a database. */
export type SchemaShape = Record<string, TableShape>

export interface TableShape {
  /** In the order of definition. The order is not compared: statements name their columns. */
  columns: Record<string, ColumnShape>
  primaryKey: readonly string[]
  indexes: Record<string, IndexShape>
  triggers: Record<string, TriggerShape>
}

/**
 * Defaults are not part of it. A column that an additive migration adds keeps its default for the programs of the
 * version before, which go on inserting rows without the column; definitions do not need one.
 */
export interface ColumnShape {
  /** `text`, `integer`, `bytes` or `sequence`. For any other type in a database, the database's name for it. */
  type: string
  nullable: boolean
  references: Reference | null
}

export interface Reference {
  table: string
  column: string
  onDelete: string
  /** `no action` in all definitions. */
  onUpdate: string
  /** PostgreSQL's name of the constraint. Not compared. */
  constraint?: string
}

export interface IndexShape {
  /** Each as in `create index`: `first_name nulls first`. */
  columns: readonly string[]
  unique: boolean
  /** As `normaliseWhere` writes it. */
  where: string | null
  /** Made by the database for a `unique` in `create table`, with a name of the database's choice. Not compared. */
  automatic?: true
}

export interface TriggerShape {
  /** All that it does, as `normaliseTrigger` writes it. */
  text: string
  /** The statements that make it. Empty for one that was read from a database. */
  create: readonly string[]
  /** The statements that do for existing rows what it does for new ones. */
  fill?: readonly string[]
}

/** A column's type in `create table`. */
export function typeIn(dialect: Dialect, type: string): string {
  const types: Record<string, { sqlite: string; postgres: string }> = {
    text: { sqlite: 'text', postgres: 'text collate "C"' },
    integer: { sqlite: 'integer', postgres: 'bigint' },
    bytes: { sqlite: 'blob', postgres: 'bytea' },
    sequence: {
      sqlite: 'integer primary key autoincrement',
      postgres: 'bigint generated always as identity primary key',
    },
  }
  const found = types[type]
  if (!found) throw new Error(`No column can be made with the type ${type}`)
  return found[dialect]
}
