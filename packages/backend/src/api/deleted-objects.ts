import type { DeletedObjectJSON } from '@latchkey/types'

/** What is left of a deleted resource. */
export interface DeletedObject {
  object: string
  id: string | null
  slug: string | null
  deleted: boolean
}

export function toDeletedObject(json: DeletedObjectJSON): DeletedObject {
  return { object: json.object, id: json.id || null, slug: json.slug || null, deleted: json.deleted }
}
