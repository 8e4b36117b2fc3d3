/**
 * Says once which columns a table has, and derives from it the row type for SQL, the record type for the services
 * and the translation between the two: `snake_case` and 0/1, JSON text in rows; `camelCase`, booleans and objects in records.
 */
export interface Column<T> {
  kind: 'text' | 'integer' | 'boolean' | 'json' | 'bytes'
  /** Only for the compiler: the type in a record. */
  readonly type?: T
}

export const text: Column<string> = { kind: 'text' }
/** A whole number below 2^53; times are Unix milliseconds. */
export const integer: Column<number> = { kind: 'integer' }
export const boolean: Column<boolean> = { kind: 'boolean' }
export const bytes: Column<Uint8Array> = { kind: 'bytes' }
export const json = <T>(): Column<T> => ({ kind: 'json' })
/** A text column that holds one of a few words. */
export const word = <T extends string>(): Column<T> => ({ kind: 'text' })
export const nullable = <T>(column: Column<T>): Column<T | null> => column

type Columns = Record<string, Column<unknown>>

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

/** What the services see of a row. */
export type RecordOf<T extends { columns: Columns }> = { [K in keyof T['columns']]: RecordValue<T['columns'][K]> }
/** What SQL sees of it. */
export type RowOf<T extends { columns: Columns }> = {
  [K in keyof T['columns'] & string as SnakeCase<K>]: RowValue<RecordValue<T['columns'][K]>>
}

export interface Table<C extends Columns = Columns> {
  columns: C
  /** Column names as in SQL, in the order of definition. */
  names: readonly string[]
  decode(row: Record<string, unknown>): { [K in keyof C]: RecordValue<C[K]> }
  /** The same from the values alone, in the order of `names`: what a database hands over fastest, as one JSON array. */
  decodeValues(values: readonly unknown[]): { [K in keyof C]: RecordValue<C[K]> }
  encode(record: { [K in keyof C]?: RecordValue<C[K]> }): Record<string, unknown>
}

export function table<C extends Columns>(columns: C): Table<C> {
  const fields = Object.entries(columns).map(([key, { kind }]) => ({ key, name: snakeCase(key), kind }))
  return {
    columns,
    names: fields.map((field) => field.name),
    decode(row) {
      const record: Record<string, unknown> = {}
      for (const { key, name, kind } of fields) record[key] = decodeValue(kind, row[name])
      return record as { [K in keyof C]: RecordValue<C[K]> }
    },
    decodeValues(values) {
      const record: Record<string, unknown> = {}
      for (let index = 0; index < fields.length; index++) {
        const { key, kind } = fields[index]!
        record[key] = decodeValue(kind, values[index])
      }
      return record as { [K in keyof C]: RecordValue<C[K]> }
    },
    encode(record) {
      const row: Record<string, unknown> = {}
      for (const { key, name, kind } of fields) {
        const value = (record as Record<string, unknown>)[key]
        if (value !== undefined) row[name] = encodeValue(kind, value)
      }
      return row
    },
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

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
