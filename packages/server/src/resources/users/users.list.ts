import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely'
import { errors } from '../../http/errors.js'
import { emailAddress, phoneNumber, web3Wallet } from '../../identifiers/index.js'
import type { Database } from '../../storage/database.js'
import type { Schema } from '../../storage/tables.js'
import type { User } from './user.js'
import { splitSigns, type UserFilter, type UserOrder } from './users.filter.js'
import { searchTerms, UserSearch, type SearchPlan } from './users.search.js'
import { toUser, userRows } from './users.store.js'

interface PageRequest {
  limit: number
  offset: number
  startingAfter?: string | undefined
}

type UserExpressions = ExpressionBuilder<Schema, 'users'>

/** Lists and counts users. */
export class UserList {
  readonly #search: UserSearch

  constructor(
    private readonly database: Database,
    private readonly instanceId: string,
  ) {
    this.#search = new UserSearch(database)
  }

  async page(filter: UserFilter, order: UserOrder, { limit, offset, startingAfter }: PageRequest): Promise<User[]> {
    const after = startingAfter === undefined ? undefined : await this.#cursor(startingAfter, order, offset)
    const plans = await this.#search.plans(searchTerms(filter))
    let users: User[] = []
    for (const plan of plans) {
      users = await this.#select(filter, order, { limit, offset }, after, plan)
      // A walk that found a full page has found the right one; else the next plan looks everywhere.
      if (users.length === limit) break
    }
    return users
  }

  async count(filter: UserFilter): Promise<number> {
    if (Object.values(filter).every((value) => value === undefined)) return this.#countAll()
    const plan = (await this.#search.plans(searchTerms(filter))).at(-1)!
    const row = await this.database.read
      .selectFrom('users')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where((eb) => eb.and([...this.#conditions(eb, filter), ...plan.conditions(eb)]))
      .executeTakeFirstOrThrow()
    return Number(row.count)
  }

  async #countAll(): Promise<number> {
    const row = await this.database.read
      .selectFrom('user_counts')
      .select((eb) => eb.fn.sum<number | null>('count').as('count'))
      .where('instance_id', '=', this.instanceId)
      .executeTakeFirstOrThrow()
    return Number(row.count ?? 0)
  }

  async #select(
    filter: UserFilter,
    { column, direction }: UserOrder,
    { limit, offset }: PageRequest,
    after: Cursor | undefined,
    plan: SearchPlan,
  ): Promise<User[]> {
    const ordered = sql.raw(
      direction === 'asc' ? `${column} asc nulls first, id asc` : `${column} desc nulls last, id desc`,
    )
    const ids = this.database.read
      .selectFrom('users')
      .select('id')
      .where((eb) =>
        eb.and([...this.#conditions(eb, filter), ...plan.conditions(eb), ...(after ? [after.condition(eb)] : [])]),
      )
      .$if(plan.walk !== undefined, (query) =>
        query.where('id', 'in', (eb) =>
          eb
            .selectFrom('users')
            .select('id')
            .where('instance_id', '=', this.instanceId)
            .$if(after !== undefined, (walk) => walk.where((walkEb) => after!.condition(walkEb)))
            .orderBy(ordered)
            .limit(plan.walk!),
        ),
      )
      .orderBy(ordered)
      .limit(limit)
      .offset(offset)
    const rows = await userRows(this.database.dialect, this.database.read)
      .where('id', 'in', ids)
      .orderBy(ordered)
      .execute()
    return rows.map(toUser)
  }

  /** @throws {ApiError} 422 when the order is not by creation, the offset is not zero, or the cursor is no user's id */
  async #cursor(startingAfter: string, order: UserOrder, offset: number): Promise<Cursor> {
    if (order.column !== 'created_at')
      throw errors.paramValueInvalid('starting_after', 'needs order_by to be created_at, +created_at or -created_at')
    if (offset !== 0) throw errors.paramValueInvalid('starting_after', 'cannot be combined with an offset')
    const row = await this.database.read
      .selectFrom('users')
      .select('created_at')
      .where('instance_id', '=', this.instanceId)
      .where('id', '=', startingAfter)
      .executeTakeFirst()
    if (!row) throw errors.formResourceNotFound('starting_after', startingAfter)
    return new Cursor(row.created_at, startingAfter, order.direction)
  }

  #conditions(eb: UserExpressions, filter: UserFilter): Expression<SqlBool>[] {
    const instanceId = this.instanceId
    const owners = (table: 'email_addresses' | 'phone_numbers' | 'web3_wallets', canonical: string[]) =>
      eb(
        'id',
        'in',
        eb
          .selectFrom(table)
          .select('user_id')
          .where('instance_id', '=', instanceId)
          .where('canonical', 'in', orNothing(canonical)),
      )
    const conditions: Expression<SqlBool>[] = [eb('instance_id', '=', instanceId)]
    const add = (condition: Expression<SqlBool> | undefined | false) => condition && conditions.push(condition)

    add(
      filter.emailAddress &&
        owners(
          'email_addresses',
          filter.emailAddress.flatMap((value) => canonicalOf(emailAddress(value))),
        ),
    )
    add(
      filter.phoneNumber &&
        owners(
          'phone_numbers',
          filter.phoneNumber.flatMap((value) => numberOf(phoneNumber(value))),
        ),
    )
    add(
      filter.web3Wallet &&
        owners(
          'web3_wallets',
          filter.web3Wallet.flatMap((value) => canonicalOf(web3Wallet(value))),
        ),
    )
    add(
      filter.username && eb('username_canonical', 'in', orNothing(filter.username.map((value) => value.toLowerCase()))),
    )
    for (const [column, values] of [
      ['external_id', filter.externalId],
      ['id', filter.userId],
    ] as const) {
      if (!values) continue
      const { included, excluded } = splitSigns(values)
      add((included.length > 0 || excluded.length === 0) && eb(column, 'in', orNothing(included)))
      add(excluded.length > 0 && eb.or([eb(column, 'not in', excluded), eb(column, 'is', null)]))
    }
    // Nobody is a member of anything until organizations are served.
    add(filter.organizationId && splitSigns(filter.organizationId).included.length > 0 && sql<SqlBool>`1 = 0`)
    add(filter.banned !== undefined && eb('banned', '=', filter.banned ? 1 : 0))
    add(filter.lastActiveAtBefore !== undefined && eb('last_active_at', '<', filter.lastActiveAtBefore))
    add(filter.lastActiveAtAfter !== undefined && eb('last_active_at', '>', filter.lastActiveAtAfter))
    add(filter.lastActiveAtSince !== undefined && eb('last_active_at', '>=', filter.lastActiveAtSince))
    add(filter.createdAtBefore !== undefined && eb('created_at', '<', filter.createdAtBefore))
    add(filter.createdAtAfter !== undefined && eb('created_at', '>', filter.createdAtAfter))
    add(filter.lastSignInAtBefore !== undefined && eb('last_sign_in_at', '<', filter.lastSignInAtBefore))
    add(filter.lastSignInAtAfter !== undefined && eb('last_sign_in_at', '>', filter.lastSignInAtAfter))
    add(
      filter.provider !== undefined &&
        eb(
          'id',
          'in',
          eb
            .selectFrom('external_accounts')
            .select('user_id')
            .where('instance_id', '=', instanceId)
            .where('provider', '=', filter.provider)
            .where('provider_user_id', 'in', orNothing(filter.providerUserId ?? [])),
        ),
    )
    return conditions
  }
}

/** Where the page before this one ended. */
class Cursor {
  constructor(
    private readonly createdAt: number,
    private readonly id: string,
    private readonly direction: 'asc' | 'desc',
  ) {}

  condition(eb: UserExpressions): Expression<SqlBool> {
    const follows = sql.raw(this.direction === 'asc' ? '>' : '<')
    return sql<SqlBool>`(${eb.ref('created_at')}, ${eb.ref('id')}) ${follows} (${this.createdAt}, ${this.id})`
  }
}

/** `in ()` is no SQL: an empty list of values matches nobody. */
function orNothing(values: string[]): string[] {
  return values.length > 0 ? values : ['']
}

function canonicalOf(result: { ok: true; canonical: string } | { ok: false }): string[] {
  return result.ok ? [result.canonical] : []
}

function numberOf(result: { ok: true; number: string } | { ok: false }): string[] {
  return result.ok ? [result.number] : []
}
