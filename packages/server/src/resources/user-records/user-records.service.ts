import { isDeepStrictEqual } from 'node:util'
import type { InstanceContext } from '../../instances/instance-context.js'
import { toDeletedJSON } from '../../kernel/component.js'
import { errors } from '../../kernel/errors/errors.js'
import { fieldNames, type New } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { user as userWire } from '../users/users.wire.js'
import { checkFilter, type UserFilter } from './user-filter.rules.js'
import { UserList, type UserPageRequest } from './user-list.store.js'
import type { User } from './user-records.rules.js'
import { UserRecordStore } from './user-records.store.js'
import type { UserChanges, UserRecord, users } from './user-records.table.js'

/** Is told of each change of a user, in its transaction. */
export interface UserObserver {
  /** @param changed names of the fields, as on the wire */
  userChanged(user: User, changed: readonly string[], tx: Tx): Promise<void>
}

/**
 * The rows of users. The services of everything that belongs to a user build on it. A service that changes something in
 * a user's JSON also changes the user here, which keeps searches and sorting right and emits `user.updated`.
 */
export class UserRecords {
  readonly #store: UserRecordStore
  readonly #list: UserList

  constructor(
    private readonly context: InstanceContext,
    private readonly observer: UserObserver,
  ) {
    this.#store = new UserRecordStore(context)
    this.#list = new UserList(context)
  }

  /** @throws {ApiError} 422 for a filter, an order or a cursor that does not fit */
  list(filter: UserFilter, page: UserPageRequest): Promise<User[]> {
    return this.#list.page(checkFilter(filter), page)
  }

  /** @throws {ApiError} 422 for a filter that does not fit */
  count(filter: UserFilter): Promise<number> {
    return this.#list.count(checkFilter(filter))
  }

  /**
   * The ids of those that match, for a list of what belongs to users.
   *
   * @throws {ApiError} 422 for a filter that does not fit
   */
  selection(filter: UserFilter): ReturnType<UserList['selection']> {
    return this.#list.selection(checkFilter(filter))
  }

  /** @throws {ApiError} 404 `resource_not_found` */
  async get(id: string, tx?: Tx): Promise<User> {
    const user = await this.find(id, tx)
    if (!user) throw errors.resourceNotFound('user', id)
    return user
  }

  find(id: string, tx?: Tx): Promise<User | undefined> {
    return this.#store.findUser(id, tx)
  }

  /** @param canonical as `parseUsername` gives it */
  isUsernameTaken(canonical: string): Promise<boolean> {
    return this.#store.isUsernameTaken(canonical, '')
  }

  /** The user, locked against other writers until the transaction ends. */
  async locked(id: string, tx: Tx): Promise<User> {
    await this.#store.lock(id, tx)
    return this.get(id, tx)
  }

  /**
   * Writes the row of a new user. Call `created` once everything that belongs to the user is written.
   *
   * @throws {ApiError} 422 `form_identifier_exists`
   */
  async create(fields: New<typeof users> & { id: string }, tx: Tx): Promise<UserRecord> {
    const record = await this.#store.create(fields, tx)
    if (!record) {
      if (await this.#store.isIdTaken(fields.id, tx)) throw errors.identifierExists('id')
      throw await this.#taken(fields.id, fields, tx)
    }
    return record
  }

  /** Makes the new user searchable and emits `user.created`. */
  async created(user: User, tx: Tx): Promise<User> {
    await this.#store.writeSearch(user, tx)
    await tx.emit('user.created', user.id, userWire.toJSON(user, this.context))
    return user
  }

  /**
   * Changes the row and emits `user.updated`.
   *
   * @param also names, as on the wire, of other fields that changed with the user
   * @throws {ApiError} 404 `resource_not_found`, 422 `form_identifier_exists` for a username or external id that is taken
   */
  async change(id: string, changes: UserChanges, tx: Tx, also: readonly string[] = []): Promise<User> {
    const user = await this.#store.changeUser(id, changes, tx)
    if (!user) throw await this.#taken(id, changes, tx)
    await this.#store.writePrimaryIdentifiers(user, tx)
    await this.#store.writeSearch(user, tx)
    const changed = [...fieldNames(changes), ...also]
    await tx.emit('user.updated', id, userWire.toJSON(user, this.context), changed)
    await this.observer.userChanged(user, changed, tx)
    return user
  }

  /** As `change`, but writes and emits nothing if the user stays the same. */
  async changeIfDifferent(before: User, changes: UserChanges, tx: Tx, also: readonly string[] = []): Promise<User> {
    if (Object.keys(changes).length === 0 && isDeepStrictEqual(before, await this.get(before.id, tx))) return before
    return this.change(before.id, changes, tx, also)
  }

  /** Changes internal fields: without an event, and without a new `updated_at`. */
  async changeQuietly(id: string, changes: UserChanges, tx: Tx): Promise<void> {
    await this.#store.changeQuietly(id, changes, tx)
  }

  /**
   * Deletes the row, and with it everything that references it.
   *
   * @throws {ApiError} 404 `resource_not_found`
   */
  async delete(id: string, tx: Tx): Promise<UserRecord> {
    const user = await this.#store.delete(id, tx)
    await tx.emit('user.deleted', id, toDeletedJSON('user', user))
    return user
  }

  /** Which of the unique columns refused the values. */
  async #taken(id: string, { usernameCanonical }: { usernameCanonical?: string | null }, tx: Tx) {
    const byName = usernameCanonical != null && (await this.#store.isUsernameTaken(usernameCanonical, id, tx))
    return errors.identifierExists(byName ? 'username' : 'external_id')
  }
}
