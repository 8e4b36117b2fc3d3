import type { Queries } from '../../storage/database.js'
import type { UserRecord } from '../../storage/tables.js'
import type { User } from './user.js'

/** What other resources do with the users they belong to. The user service does it; they need not know more of it. */
export interface UserChanges {
  /** @throws {ApiError} 404 `resource_not_found` */
  get(id: string, tx?: Queries): Promise<User>
  /** The user, kept from other writers until the transaction ends. */
  locked(id: string, tx: Queries): Promise<User>
  /** Changes the row, tells of it in an event and returns the user. */
  change(id: string, changes: Partial<UserRecord>, tx: Queries): Promise<User>
  /** To be called when something that is shown with a user has changed: keeps searches and sorting right and emits `user.updated`. */
  changed(id: string, tx: Queries): Promise<User>
}
