/** What a column holds, and how it is stored in both databases. */
export interface Column<T> {
  readonly kind: 'text' | 'integer' | 'boolean' | 'bytes' | 'json' | 'sequence'
  readonly nullable: boolean
  /** Holds what the encryption key sealed, as a whole or inside its JSON. Rotating that key goes by this. */
  readonly sealed?: true
  /** The table whose `id` it holds, named as text: definitions must not import each other in a circle. */
  readonly references?: { table: string; onDelete: 'cascade' | 'set null' }
  /** Only in the type. */
  readonly value?: T
}

export const text: Column<string> = { kind: 'text', nullable: false }
/** A whole number below 2^53. Times are Unix milliseconds. */
export const integer: Column<number> = { kind: 'integer', nullable: false }
export const boolean: Column<boolean> = { kind: 'boolean', nullable: false }
export const bytes: Column<Uint8Array> = { kind: 'bytes', nullable: false }
/** Numbered by the database as rows come in. Primary key of its table. */
export const sequence: Column<number> = { kind: 'sequence', nullable: false }
export const json = <T>(): Column<T> => ({ kind: 'json', nullable: false })
/** A text column that holds one of a few words. */
export const word = <T extends string>(): Column<T> => ({ kind: 'text', nullable: false })
/** A secret that must be read back, encrypted; see `lib/secrets/vault.ts`. */
export const sealed: Column<string> = { ...text, sealed: true }
/** JSON with such secrets among its values. */
export const sealedInside = <T>(): Column<T> => ({ ...json<T>(), sealed: true })
export const nullable = <T>(column: Column<T>): Column<T | null> => ({ ...column, nullable: true })
/** The id of a row of another table. By default this row is deleted with that one. */
export const reference = (table: string, onDelete: 'cascade' | 'set null' = 'cascade'): Column<string> => ({
  ...text,
  references: { table, onDelete },
})

export type Columns = Record<string, Column<unknown>>

/** An index, with its columns in order. A unique one decides what only one row may have. */
export interface Index<Name extends string = string> {
  readonly on: readonly Name[]
  readonly unique?: boolean
  /** SQL that both databases take: only rows it holds for are in the index. */
  readonly where?: string
  /** Sorts nulls before everything else on PostgreSQL too, as SQLite does. */
  readonly nullsFirst?: boolean
}

/**
 * What the database counts of a table's rows, in `row_counts`: all of an instance, or those that have the same values in
 * some columns. Lists read their totals there.
 */
export interface Counting<Name extends string = string> {
  readonly by?: readonly Name[]
  /** SQL that both databases take: only rows it holds for are counted. Over columns that never change. */
  readonly where?: string
}

type SnakeCase<S extends string> = S extends `${infer Head}${infer Tail}`
  ? Head extends Lowercase<Head>
    ? `${Head}${SnakeCase<Tail>}`
    : `_${Lowercase<Head>}${SnakeCase<Tail>}`
  : S

type RecordValue<C> = C extends Column<infer T> ? T : never
type RowValue<T> = [T] extends [boolean | null]
  ? number | Extract<T, null>
  : [T] extends [string | number | Uint8Array | null]
    ? T
    : string | Extract<T, null>

/** A row as services see it. */
export type RecordOf<T extends { columns: Columns }> = {
  [K in keyof T['columns']]: RecordValue<T['columns'][K]>
}
/** A row as SQL sees it. */
export type RowOf<T extends { columns: Columns }> = {
  [K in keyof T['columns'] & string as SnakeCase<K>]: RowValue<RecordValue<T['columns'][K]>>
}

/** A record for an insert: without the columns that the database numbers. */
type InsertOf<C extends Columns> = { [K in keyof C as K extends 'sequence' ? never : K]: RecordValue<C[K]> }

/** A table as the code defines it. The migrations make the same of a database; `storage/definitions.test.ts` compares. */
export interface Table<Name extends string = string, C extends Columns = Columns> {
  name: Name
  columns: C
  /** Column names as in SQL, in the order of definition. */
  names: readonly string[]
  primaryKey: readonly string[]
  indexes: Readonly<Record<string, Index>>
  /** Column names as in SQL. */
  counted: readonly Counting[]
  decode(row: Record<string, unknown>): { [K in keyof C]: RecordValue<C[K]> }
  /** The same from the values alone, in the order of `names`: the fastest form a database returns, one JSON array. */
  decodeValues(values: readonly unknown[]): { [K in keyof C]: RecordValue<C[K]> }
  /** Some columns, for an update. */
  encode(record: { [K in keyof C]?: RecordValue<C[K]> }): Partial<RowOf<{ columns: C }>>
  /** A whole row, for an insert. A number that the database gives is left out. */
  toRow(record: InsertOf<C>): RowOf<{ columns: C }>
  /** The values of `toRow` alone, in its order. */
  toValues(record: InsertOf<C>): unknown[]
  /** A record with null for each nullable column that is not given. */
  complete(record: { [K in keyof C]?: RecordValue<C[K]> }): { [K in keyof C]: RecordValue<C[K]> }
  /** Whether one of the record's columns stands in a unique index, so that writing it can fail. */
  canConflict(record: object): boolean
}

/** What every row of an instance has. */
const owned = { id: text, instanceId: reference('instances'), createdAt: integer, updatedAt: integer }
const { updatedAt: _, ...immutable } = owned

type Owned = typeof owned
type OwnedBy<A extends About> = A extends { immutable: true } ? Omit<Owned, 'updatedAt'> : Owned

export interface About<Name extends string = string> {
  /** Its name in error messages: `JWT template`. */
  noun: string
  /** Of the ids: `jtmp`. */
  prefix: string
  /** Rows are written once: there is no `updated_at`. */
  immutable?: true
  /** The primary key, where it is not `id`. */
  primaryKey?: string
  /** The list of its rows grows with the users: the database keeps their number. `true` is one number an instance. */
  counted?: true | readonly Counting<Name>[]
}

/** A table whose rows are always an instance's. `Rows` reads and writes it. */
export interface OwnedTable<Name extends string = string, C extends Columns = Columns> extends Table<Name, C> {
  noun: string
  prefix: string
  hasUpdatedAt: boolean
}

/** Defines a table whose rows belong to an instance: `id`, `instanceId` and the times come with it. */
export function table<Name extends string, const A extends About<keyof C & string>, C extends Columns>(
  name: Name,
  about: A,
  columns: C,
  indexes: Record<string, Index<(keyof C & string) | keyof Owned>> = {},
): OwnedTable<Name, C & OwnedBy<A>> {
  const all = { ...(about.immutable ? immutable : owned), ...columns } as unknown as C & OwnedBy<A>
  return {
    ...bare(name, all, {
      primaryKey: [about.primaryKey ?? 'id'],
      indexes,
      counted: about.counted === true ? [{}] : (about.counted ?? []),
    }),
    noun: about.noun,
    prefix: about.prefix,
    hasUpdatedAt: !about.immutable,
  }
}

/** Defines a table of the server's own, or one whose rows are looked up before their instance is known. */
export function bare<Name extends string, C extends Columns>(
  name: Name,
  columns: C,
  {
    primaryKey,
    indexes = {},
    counted = [],
  }: {
    primaryKey: readonly (keyof C & string)[] | readonly string[]
    indexes?: Record<string, Index>
    counted?: readonly Counting[]
  },
): Table<Name, C> {
  const fields = Object.entries(columns).map(([key, { kind, nullable: optional }]) => ({
    key,
    name: snakeCase(key),
    kind,
    optional,
  }))
  // Also the columns of a condition: a change of these can add a row to the index.
  const unique = new Set([
    ...primaryKey,
    ...Object.values(indexes)
      .filter((index) => index.unique)
      .flatMap(({ on, where = '' }) => [
        ...on,
        ...fields.filter(({ name }) => where.includes(name)).map(({ key }) => key),
      ]),
  ])
  type Decoded = { [K in keyof C]: RecordValue<C[K]> }
  const encode = (record: object) => {
    const row: Record<string, unknown> = {}
    for (const field of fields) {
      const value = (record as Record<string, unknown>)[field.key]
      if (value !== undefined) row[field.name] = encodeValue(field.kind, value)
    }
    return row
  }
  return {
    name,
    columns,
    names: fields.map((field) => field.name),
    primaryKey: primaryKey.map(snakeCase),
    indexes: Object.fromEntries(
      Object.entries(indexes).map(([index, definition]) => [
        index,
        { ...definition, on: definition.on.map(snakeCase) },
      ]),
    ),
    counted: counted.map(({ by = [], where }) => ({
      by: by.map(snakeCase),
      ...(where === undefined ? {} : { where }),
    })),
    decode(row) {
      const record: Record<string, unknown> = {}
      for (const field of fields) record[field.key] = decodeValue(field.kind, row[field.name])
      return record as Decoded
    },
    decodeValues(values) {
      const record: Record<string, unknown> = {}
      for (let index = 0; index < fields.length; index++) {
        const { key, kind } = fields[index]!
        record[key] = decodeValue(kind, values[index])
      }
      return record as Decoded
    },
    encode: (record) => encode(record) as Partial<RowOf<{ columns: C }>>,
    toRow: (record) => encode(record) as RowOf<{ columns: C }>,
    toValues(record) {
      const values: unknown[] = []
      for (const { key, kind } of fields) {
        const value = (record as Record<string, unknown>)[key]
        if (value !== undefined) values.push(encodeValue(kind, value))
      }
      return values
    },
    complete(record) {
      const complete: Record<string, unknown> = {}
      for (const { key, optional } of fields) complete[key] = record[key] ?? (optional ? null : record[key])
      return complete as Decoded
    },
    canConflict: (record) => Object.keys(record).some((key) => unique.has(key)),
  }
}

function decodeValue(kind: Column<unknown>['kind'], value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (kind === 'boolean') return value !== 0
  if (kind === 'json') return typeof value === 'string' ? (value === '{}' ? {} : JSON.parse(value)) : value
  return value
}

function encodeValue(kind: Column<unknown>['kind'], value: unknown): unknown {
  if (value === null) return null
  if (kind === 'boolean') return value ? 1 : 0
  if (kind === 'json') return JSON.stringify(value)
  return value
}

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
