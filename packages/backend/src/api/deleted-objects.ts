import type { DeletedObjectJSON } from '@latchkey/types'
import type { Resource } from './resource.js'

/** What is left of a deleted resource. */
export interface DeletedObject extends Omit<Resource<DeletedObjectJSON>, 'id' | 'slug'> {
  id: string | null
  slug: string | null
}
