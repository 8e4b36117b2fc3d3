import type { DeletedObjectJSON } from '@latchkey/types'
import type { Resource } from './resource.js'

/** The answer to the deletion of a resource. */
export interface DeletedObject extends Omit<Resource<DeletedObjectJSON>, 'id' | 'slug'> {
  id: string | null
  slug: string | null
}
