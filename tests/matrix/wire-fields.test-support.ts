import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { backendEndpoints, frontendEndpoints } from '../../packages/server/src/compose/endpoints.js'
import { tables } from '../../packages/server/src/compose/tables.js'
import { contractFolder } from '../contract/contract.test-support.js'
import { isObject, resolve, type Json, type JsonObject } from '../contract/json-schema.test-support.js'

/** In no other text of the database. */
export const MARK = 'assigned_by_nobody'
/** Long before anything happens here, in milliseconds, and more than anything counts up to. */
const NUMBER = 987_654_321

/** Values that a field could have, of each of its types. */
export type Values = ReadonlyMap<string, readonly unknown[]>

/**
 * Every field that an answer of either API has, however deep, with values of its types; and every column of a table,
 * and, where the contract is, every field of its schemas.
 */
export function wireFields(): Values {
  const fields = new Map<string, Map<string, unknown>>()
  const add: Add = (name, value) => {
    if (!fields.has(name)) fields.set(name, new Map())
    fields.get(name)!.set(JSON.stringify(value), value)
  }
  for (const { answer } of [...frontendEndpoints, ...backendEndpoints]) if (answer) addWire(answer.schema, add)
  for (const name of [...tables.flatMap(({ names }) => names), ...propertiesOf(contractOf('components'))]) {
    if (!fields.has(name)) add(name, MARK)
  }
  return new Map([...fields].map(([name, values]) => [name, [...values.values()]]))
}

type Add = (name: string, value: unknown) => void

/** @param name of the field that has the schema; the schema of an answer stands in none */
function addWire(schema: z.core.$ZodType, add: Add, name?: string): void {
  const { def } = (schema as z.ZodType)._zod as { def: z.core.$ZodTypes['_zod']['def'] }
  const addOwn = (...values: unknown[]) => values.forEach((value) => name !== undefined && add(name, value))
  switch (def.type) {
    case 'object':
      addOwn({ by: MARK })
      return Object.entries(def.shape).forEach(([field, inner]) => addWire(inner, add, field))
    case 'array':
      return addWire(def.element, add, name)
    case 'union':
      return def.options.forEach((option) => addWire(option, add, name))
    case 'optional':
    case 'nullable':
    case 'default':
    case 'readonly':
      return addWire(def.innerType, add, name)
    case 'pipe':
      return addWire(def.in, add, name)
    case 'boolean':
      return addOwn(true, false)
    case 'number':
      return addOwn(NUMBER)
    case 'enum':
      return addOwn(...Object.values(def.entries))
    case 'literal':
      return addOwn(...def.values)
    case 'record':
      return addOwn({ by: MARK })
    default:
      return addOwn(MARK)
  }
}

/** The fields that the contract gives the body of an operation of the Frontend API; undefined without the contract. */
export function contractBody(operationId: string): ReadonlySet<string> | undefined {
  if (contractFolder === undefined) return undefined
  const operations = Object.values(contractOf('paths')).flatMap((item) => Object.values(item as JsonObject))
  const operation = operations.find((one) => isObject(one) && one['operationId'] === operationId)
  const body = isObject(operation) ? operation['requestBody'] : undefined
  return new Set(body === undefined ? [] : propertiesOf(resolve(document(), body)))
}

let opened: JsonObject | undefined
function document(): JsonObject {
  opened ??= JSON.parse(readFileSync(join(contractFolder!, 'frontend-api.json'), 'utf8')) as JsonObject
  return opened
}

function contractOf(part: 'components' | 'paths'): JsonObject {
  return contractFolder === undefined ? {} : (document()[part] as JsonObject)
}

/** The names of all properties of schemas. */
function propertiesOf(node: Json): string[] {
  if (Array.isArray(node)) return node.flatMap(propertiesOf)
  if (!isObject(node)) return []
  const own = isObject(node['properties']) ? Object.keys(node['properties']) : []
  return [...own, ...Object.values(node).flatMap(propertiesOf)]
}
