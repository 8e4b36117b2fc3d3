import { sql, type Expression, type SelectQueryBuilder, type SqlBool } from 'kysely'
import { errors } from '../../kernel/errors/errors.js'
import type { PageRequest } from '../../kernel/page.js'
import { compiled } from '../../storage/compiled.js'
import { orderBy, orderedBy, type Order } from '../../storage/lists.js'
import { countAside, Rows, type Owner } from '../../storage/rows.js'
import type { Schema } from '../../storage/schema.js'
import { UserConditions } from './user-conditions.store.js'
import type { UserFilter } from './user-filter.rules.js'
import type { User } from './user-records.rules.js'
import { toUser, userColumn } from './user-records.store.js'
import { users } from './user-records.table.js'
import { searchTerms, UserSearch, type SearchPlan } from './user-search.store.js'
import { UserTimes, type UserExpressions } from './user-times.store.js'

export interface UserPageRequest extends PageRequest {
  /** The id of the last user of the previous page. Only in the order of creation. */
  startingAfter?: string | undefined
  /** Default is `-created_at`. */
  orderBy?: string | undefined
}

const order = orderBy(
  {
    created_at: 'created_at',
    updated_at: 'updated_at',
    email_address: 'primary_email_address',
    web3wallet: 'primary_web3_wallet',
    first_name: 'first_name',
    last_name: 'last_name',
    phone_number: 'primary_phone_number',
    username: 'username_canonical',
    last_active_at: 'last_active_at',
    last_sign_in_at: 'last_sign_in_at',
  },
  '-created_at',
)

/** Lists and counts users. */
export class UserList {
  readonly #users: Rows<typeof users>
  readonly #conditions: UserConditions
  readonly #search: UserSearch
  readonly #times: UserTimes

  constructor(private readonly owner: Owner) {
    this.#users = new Rows(users, owner)
    this.#conditions = new UserConditions(owner)
    this.#search = new UserSearch(owner.database)
    this.#times = new UserTimes(owner)
  }

  /** @throws {ApiError} 422 for an order that is not known, or a cursor that does not fit */
  async page(filter: UserFilter, { limit, offset, startingAfter, orderBy: text }: UserPageRequest): Promise<User[]> {
    const ordered = order.parse(text)
    const after = startingAfter === undefined ? undefined : await this.#cursor(startingAfter, ordered, offset)
    if (isEmpty(filter)) return this.#everybody(ordered, { limit, offset }, after)
    const terms = searchTerms(filter)
    const select = (plan: SearchPlan) => this.#select(filter, ordered, { limit, offset }, after, plan)
    if (terms.length === 0) return select(await this.#times.plan(filter, ordered))
    let page: User[] = []
    for await (const plan of this.#search.plans(terms, limit)) {
      page = await select(plan)
      // If a limited search filled the page, the page is right; otherwise the next plan searches everything.
      if (page.length === limit) break
    }
    return page
  }

  async count(filter: UserFilter): Promise<number> {
    if (isEmpty(filter)) return this.#users.count()
    const plan = this.#search.all(searchTerms(filter))
    const list = this.#users
      .select()
      .where((eb) => eb.and([...this.#conditions.of(eb, filter), ...plan.conditions(eb)]))
    return countAside(list, this.owner.database)
  }

  /** The ids of those that match, for a list of what belongs to users. */
  async selection(filter: UserFilter): Promise<SelectQueryBuilder<Schema, 'users', { id: string }>> {
    const plan = this.#search.all(searchTerms(filter))
    return this.#users
      .select()
      .select('users.id')
      .where((eb) => eb.and([...this.#conditions.of(eb, filter), ...plan.conditions(eb)]))
  }

  async #select(
    filter: UserFilter,
    by: Order,
    page: PageRequest,
    after: Cursor | undefined,
    plan: SearchPlan,
  ): Promise<User[]> {
    return (await this.#query(filter, by, page, after, plan).execute()).map(toUser)
  }

  /** A page of all users, in a query that is compiled once. */
  async #everybody(by: Order, page: PageRequest, after: Cursor | undefined): Promise<User[]> {
    const { database, instanceId } = this.owner
    const build = () => this.#query({}, by, page, after, { conditions: () => [] })
    const key = `users ${by.column} ${by.direction}${after ? ' after' : ''}`
    const parameters = [instanceId, instanceId, ...(after?.values ?? []), page.limit, page.offset]
    return (await database.rows(compiled(database, key, build, parameters))).map(toUser)
  }

  #query(
    filter: UserFilter,
    by: Order,
    { limit, offset }: PageRequest,
    after: Cursor | undefined,
    { conditions, walk }: SearchPlan,
  ) {
    const ordered = orderedBy(by, users)
    const ids = this.#users
      .select()
      .select('id')
      .where((eb) =>
        eb.and([...this.#conditions.of(eb, filter), ...conditions(eb), ...(after ? [after.condition(eb)] : [])]),
      )
      .$if(walk !== undefined, (query) => query.where('id', 'in', this.#walked(walk!, by, after)))
      .orderBy(ordered)
      .limit(limit)
      .offset(offset)
    return this.#users.select().select(userColumn[this.owner.database.dialect]).where('id', 'in', ids).orderBy(ordered)
  }

  /** The first users in the order of the list. */
  #walked(count: number, by: Order, after: Cursor | undefined) {
    return this.#users
      .select()
      .select('id')
      .$if(after !== undefined, (query) => query.where((eb) => after!.condition(eb)))
      .orderBy(orderedBy(by, users))
      .limit(count)
  }

  /** @throws {ApiError} 422 if the order is not by creation, the offset is not zero, or the cursor is not a user's id */
  async #cursor(startingAfter: string, { column, direction }: Order, offset: number): Promise<Cursor> {
    if (column !== 'created_at') {
      throw errors.paramValueInvalid('starting_after', 'needs order_by to be created_at, +created_at or -created_at')
    }
    if (offset !== 0) throw errors.paramValueInvalid('starting_after', 'cannot be combined with an offset')
    const row = await this.#users.select().select('created_at').where('id', '=', startingAfter).executeTakeFirst()
    if (!row) throw errors.formResourceNotFound('starting_after', startingAfter)
    return new Cursor(row.created_at, startingAfter, direction)
  }
}

function isEmpty(filter: UserFilter): boolean {
  return Object.values(filter).every((value) => value === undefined)
}

/** Where the previous page ended. */
class Cursor {
  constructor(
    private readonly createdAt: number,
    private readonly id: string,
    private readonly direction: 'asc' | 'desc',
  ) {}

  /** The parameters of `condition`, in its order. */
  get values(): [createdAt: number, id: string] {
    return [this.createdAt, this.id]
  }

  condition(eb: UserExpressions): Expression<SqlBool> {
    const follows = sql.raw(this.direction === 'asc' ? '>' : '<')
    return sql<SqlBool>`(${eb.ref('created_at')}, ${eb.ref('id')}) ${follows} (${this.createdAt}, ${this.id})`
  }
}
