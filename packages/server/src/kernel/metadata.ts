import { errors } from './errors/errors.js'

/** Arbitrary JSON that an application keeps with a row. */
export type Metadata = Record<string, unknown>

/** Bytes of each of the three, as JSON in UTF-8. */
export const METADATA_LIMIT = 8 * 1024

export interface MetadataInput {
  publicMetadata?: Metadata | undefined
  privateMetadata?: Metadata | undefined
  unsafeMetadata?: Metadata | undefined
}

const params = {
  publicMetadata: 'public_metadata',
  privateMetadata: 'private_metadata',
  unsafeMetadata: 'unsafe_metadata',
} as const

/**
 * The given fields, each checked for its size.
 *
 * @throws {ApiError} 422 `form_param_exceeds_allowed_size`
 */
export function checkMetadata(input: MetadataInput): MetadataInput {
  const checked: MetadataInput = {}
  for (const [name, param] of Object.entries(params) as [keyof MetadataInput, string][]) {
    const metadata = input[name]
    if (metadata === undefined) continue
    if (Buffer.byteLength(JSON.stringify(metadata)) > METADATA_LIMIT) throw errors.paramTooLarge(param, METADATA_LIMIT)
    checked[name] = metadata
  }
  return checked
}

/** The given fields, each merged into what the owner has. */
export function mergeMetadata(owner: MetadataInput, input: MetadataInput): MetadataInput {
  const merged: MetadataInput = {}
  for (const name of Object.keys(params) as (keyof MetadataInput)[]) {
    const patch = input[name]
    if (patch !== undefined) merged[name] = merge(owner[name] ?? {}, patch)
  }
  return merged
}

/** Objects are merged at every level, null deletes a key, anything else replaces what was there. */
function merge(metadata: Metadata, changes: Metadata): Metadata {
  const merged = new Map(Object.entries(metadata))
  for (const [key, change] of Object.entries(changes)) {
    const value = merged.get(key)
    if (change === null) merged.delete(key)
    else if (isObject(change)) merged.set(key, merge(isObject(value) ? value : {}, change))
    else merged.set(key, change)
  }
  return Object.fromEntries(merged)
}

function isObject(value: unknown): value is Metadata {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
