import type { z } from 'zod'

/** The type of a schema's field, without `optional`, `nullable` and the like. */
export type FieldKind = 'string' | 'number' | 'boolean' | 'array' | 'object'

export interface Field {
  kind: FieldKind
  /** Of an array's items. */
  item?: FieldKind
}

/** The fields of an object schema, for reading inputs that arrive as text: queries and forms. */
export function fieldsOf(schema: z.ZodObject): Map<string, Field> {
  return new Map(Object.entries(schema.shape).map(([name, field]) => [name, fieldOf(field as z.ZodType)]))
}

function fieldOf(schema: z.ZodType): Field {
  const def = schema._zod.def as {
    type: string
    innerType?: z.ZodType
    in?: z.ZodType
    element?: z.ZodType
    options?: z.ZodType[]
  }
  if (def.innerType) return fieldOf(def.innerType)
  if (def.type === 'pipe' && def.in) return fieldOf(def.in)
  switch (def.type) {
    case 'array':
      return { kind: 'array', item: def.element ? fieldOf(def.element).kind : 'string' }
    case 'boolean':
      return { kind: 'boolean' }
    case 'number':
    case 'int':
      return { kind: 'number' }
    case 'object':
    case 'record':
      return { kind: 'object' }
    default:
      return { kind: 'string' }
  }
}

/**
 * Reads a value that arrived as text. A value that does not fit stays text, and the schema refuses it. An empty text is
 * null, unless the field is a string: browsers and the classic SDK send null that way.
 */
export function fromText(text: string, kind: FieldKind): unknown {
  switch (kind) {
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text === '' ? null : text
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text === '' ? null : text
    case 'object':
    case 'array':
      return text === '' ? null : parseJson(text)
    case 'string':
      return text
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
