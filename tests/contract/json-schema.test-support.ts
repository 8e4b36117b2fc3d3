export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

/**
 * Rewrites the schemas of an OpenAPI document to JSON Schema 2020-12, in a copy.
 *
 * A 3.1 document is JSON Schema already and comes back as it is, but for discriminators, which are in both. Of 3.0 it
 * translates `nullable`, boolean `exclusiveMinimum` and `exclusiveMaximum`, and closed schemas inside `allOf`.
 */
export function toJsonSchema(document: JsonObject): JsonObject {
  return convert(document, document) as JsonObject
}

function convert(node: Json, document: JsonObject): Json {
  if (Array.isArray(node)) return node.map((item) => convert(item, document))
  if (!isObject(node)) return node
  const schema = composed(bounded(node), document)
  const copy: JsonObject = {}
  for (const [key, value] of Object.entries(schema)) {
    // Examples are values; what looks like a schema in them is none.
    copy[key] = key === 'example' || key === 'examples' ? value : convert(value, document)
  }
  return nullable(discriminated(copy, document))
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Follows a local reference, such as `#/components/schemas/User`. */
export function resolve(document: JsonObject, node: Json | undefined): JsonObject {
  if (!isObject(node)) throw new Error(`Expected a schema, got ${JSON.stringify(node)}.`)
  if (typeof node.$ref !== 'string') return node
  const target = node.$ref
    .slice('#/'.length)
    .split('/')
    .reduce<Json | undefined>((at, key) => (isObject(at) ? at[unescape(key)] : undefined), document)
  if (!target) throw new Error(`The document has nothing at ${node.$ref}.`)
  return resolve(document, target)
}

function unescape(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~')
}

function bounded(schema: JsonObject): JsonObject {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, ...rest } = schema
  const lower = exclusiveMinimum === true ? { exclusiveMinimum: minimum } : { minimum, exclusiveMinimum }
  const upper = exclusiveMaximum === true ? { exclusiveMaximum: maximum } : { maximum, exclusiveMaximum }
  const limits = Object.entries({ ...lower, ...upper }).filter(([, limit]) => limit !== undefined && limit !== false)
  return { ...rest, ...(Object.fromEntries(limits) as JsonObject) }
}

/**
 * A closed schema inside `allOf` would refuse the properties of its neighbours, which is never what the author meant:
 * the whole is closed instead.
 */
function composed(schema: JsonObject, document: JsonObject): JsonObject {
  if (!Array.isArray(schema.allOf) || schema.allOf.length < 2) return schema
  const members = schema.allOf.map((member) => ({ ...resolve(document, member) }))
  if (!members.some((member) => member.additionalProperties === false)) return schema
  for (const member of members) delete member.additionalProperties
  return { ...schema, allOf: members, unevaluatedProperties: false }
}

/** Looks at the discriminator first, so that an error is about the variant that was meant and not about all of them. */
function discriminated(schema: JsonObject, document: JsonObject): JsonObject {
  const { oneOf, discriminator, ...rest } = schema
  if (!Array.isArray(oneOf) || !isObject(discriminator)) return schema
  const property = discriminator.propertyName as string
  const variants = oneOf.map((variant) => {
    const tag = resolve(document, resolve(document, variant).properties as Json)[property]
    return { tags: (isObject(tag) ? (tag.enum ?? [tag.const]) : []) as Json[], variant }
  })
  return {
    ...rest,
    required: [property],
    properties: { [property]: { enum: variants.flatMap(({ tags }) => tags) } },
    allOf: variants.map(({ tags, variant }) => implies({ properties: { [property]: { enum: tags } } }, variant)),
  }
}

/** The same as `if` and `then`, in an object that nothing takes for a promise. */
function implies(condition: JsonObject, consequence: Json): JsonObject {
  return { anyOf: [{ not: condition }, consequence] }
}

function nullable(schema: JsonObject): JsonObject {
  const { nullable: isNullable, ...rest } = schema
  // A property may be called `nullable`; only the keyword is a boolean.
  if (typeof isNullable !== 'boolean') return schema
  if (!isNullable) return rest
  const { type, enum: values, ...others } = rest
  const own: JsonObject = typeof type === 'string' ? { type: [type, 'null'] } : {}
  if (Array.isArray(values)) own.enum = [...new Set([...values, null])]
  const combined = ['$ref', 'oneOf', 'anyOf', 'allOf'].some((keyword) => keyword in others)
  return combined ? { ...own, ...implies({ not: { type: 'null' } }, others) } : { ...own, ...others }
}
