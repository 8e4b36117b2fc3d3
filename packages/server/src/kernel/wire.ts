import { z } from 'zod'
import type { ApiVersion } from './versions.js'
import { apiVersions } from './versions.js'

/** `first_name` is `firstName`. */
export type CamelCase<Name> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name

/**
 * A parsed body, query or path as services take it: the same fields in camelCase. What an application puts into
 * metadata stays as it is, and so do files.
 */
export type Camelized<T> = T extends readonly (infer Item)[]
  ? Camelized<Item>[]
  : T extends Blob
    ? T
    : T extends object
      ? string extends keyof T
        ? T
        : { [Name in keyof T as CamelCase<Name>]: Camelized<T[Name]> }
      : T

export function camelCase(name: string): string {
  return name.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase())
}

type Rename = (value: unknown) => unknown
const same: Rename = (value) => value

/** Types of schemas whose values contain no field names of the API. */
const PLAIN = new Set([
  'string',
  'number',
  'int',
  'boolean',
  'null',
  'literal',
  'enum',
  'record',
  'unknown',
  'any',
  'never',
  'file',
  'custom',
  'date',
])

/**
 * Renames by the schema, so that the keys of metadata, which no schema names, stay. Built once for each endpoint.
 *
 * @throws {TypeError} for a union, pipe or the like that holds objects with names: nothing would rename these
 */
export function camelizer(schema: z.ZodType): Rename {
  const def = schema._zod.def as {
    type: string
    innerType?: z.ZodType
    element?: z.ZodType
    shape?: Record<string, z.ZodType>
    options?: z.ZodType[]
    in?: z.ZodType
    out?: z.ZodType
  }
  if (PLAIN.has(def.type)) return same
  if (def.innerType) return camelizer(def.innerType)
  if (def.type === 'array' && def.element) {
    const rename = camelizer(def.element)
    return rename === same ? same : (value) => (Array.isArray(value) ? value.map(rename) : value)
  }
  if (def.type === 'object' && def.shape) return objectCamelizer(def.shape)
  // A transformed text contains no field names. In a union, at most one form may contain some.
  if (def.type === 'pipe' && def.in && def.out?._zod.def.type === 'transform' && camelizer(def.in) === same) return same
  if (def.type === 'union' && def.options) {
    const renames = def.options.map(camelizer).filter((rename) => rename !== same)
    if (renames.length <= 1) return renames[0] ?? same
  }
  throw new TypeError(`A schema of type "${def.type}" cannot be renamed: its fields would keep their wire names`)
}

function objectCamelizer(shape: Record<string, z.ZodType>): Rename {
  const fields = Object.entries(shape).map(([name, field]) => [name, camelCase(name), camelizer(field)] as const)
  return (value) => {
    if (typeof value !== 'object' || value === null) return value
    const renamed: Record<string, unknown> = {}
    for (const [name, camel, rename] of fields) {
      const field = (value as Record<string, unknown>)[name]
      if (field !== undefined) renamed[camel] = rename === same ? field : rename(field)
    }
    return renamed
  }
}

/** The fields that a record has under their camelCase name, with a type that fits. */
type Plain<JSON, Record> = {
  [Name in keyof JSON]-?: CamelCase<Name> extends keyof Record
    ? Record[CamelCase<Name>] extends JSON[Name]
      ? Name
      : never
    : never
}[keyof JSON]

/** The fields that must be computed. A plain field may be computed too; then the computed value counts. */
export type Computed<JSON, Record> = Omit<JSON, Plain<JSON, Record>> & Partial<Pick<JSON, Plain<JSON, Record>>>

type Json = { [name: string]: unknown }

/** The names of a schema's fields beside those of the record; computed once for each schema. */
const fieldsOf = new WeakMap<z.ZodObject, readonly (readonly [string, string])[]>()

/**
 * The wire form of a record: exactly the fields of the schema, so that a column nobody listed cannot leak. Fields that
 * the record has under their camelCase name are read from it; the others are `computed`.
 */
export function toWire<Fields extends z.ZodRawShape, Record extends object>(
  schema: z.ZodObject<Fields>,
  record: Record,
  computed: Computed<z.output<z.ZodObject<Fields>>, Record>,
): z.output<z.ZodObject<Fields>> {
  let fields = fieldsOf.get(schema)
  if (!fields) {
    fields = Object.keys(schema.shape).map((name) => [name, camelCase(name)] as const)
    fieldsOf.set(schema, fields)
  }
  const json: Json = {}
  for (const [name, camel] of fields) {
    // A computed field counts even if it is undefined: the column of that name may hold a secret.
    const value = name in computed ? (computed as Json)[name] : (record as Json)[camel]
    if (value !== undefined) json[name] = value
  }
  return json as z.output<z.ZodObject<Fields>>
}

/** The answer of an operation: its shape, for the description, and how a value is brought into this shape. */
export interface Answer<Value, Context = never> {
  schema: z.ZodType
  toJSON(value: Value, context: Context): unknown
  /** How the answer differs in versions before a date: applied to the newer form, youngest date first. */
  before?: { [Version in ApiVersion]?: (json: never) => unknown } | undefined
}

/** The answer of a single deletion; `slug` and `external_id` where the record has one. */
export interface Deleted {
  id: string
  slug?: string | null
  externalId?: string | null
}

/** The answer in the form that a version of the API has. */
export function inVersion(json: unknown, { before }: Pick<Answer<never>, 'before'>, version: ApiVersion): unknown {
  if (!before) return json
  let value = json
  for (const date of apiVersions.toReversed()) {
    const older = before[date]
    if (older && version < date) value = older(value as never)
  }
  return value
}

/** The same for a list of values, as bulk operations answer. */
export function arrayOf<Value, Context>({ schema, toJSON, before }: Answer<Value, Context>): Answer<Value[], Context> {
  return {
    schema: z.array(schema),
    toJSON: (values, context) => values.map((value) => toJSON(value, context)),
    before: before && mapOver(before),
  }
}

function mapOver(before: NonNullable<Answer<never>['before']>): NonNullable<Answer<never>['before']> {
  return Object.fromEntries(
    Object.entries(before).map(([date, older]) => [date, (items: never[]) => items.map((item) => older(item))]),
  )
}
