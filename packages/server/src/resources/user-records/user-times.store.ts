import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import type { Order } from '../../storage/lists.js'
import { Rows, type Owner } from '../../storage/rows.js'
import type { Schema } from '../../storage/schema.js'
import type { UserFilter } from './user-filter.rules.js'
import { users } from './user-records.table.js'
import type { SearchPlan } from './user-search.store.js'

export type UserExpressions = ExpressionBuilder<Schema, 'users'>

/** With more users than this in a range of time, a walk in the order of the list fills a page sooner. */
const COMMON = 2000

/** Which bound of which column a filter sets. */
const BOUNDS = [
  ['lastActiveAtBefore', 'last_active_at', '<'],
  ['lastActiveAtAfter', 'last_active_at', '>'],
  ['lastActiveAtSince', 'last_active_at', '>='],
  ['createdAtBefore', 'created_at', '<'],
  ['createdAtAfter', 'created_at', '>'],
  ['lastSignInAtBefore', 'last_sign_in_at', '<'],
  ['lastSignInAtAfter', 'last_sign_in_at', '>'],
] as const

type Column = (typeof BOUNDS)[number][1]

const COLUMNS = new Set(BOUNDS.map(([, column]) => column))

/** The conditions of a filter on one time, or on all of them. */
export function timeConditions(eb: UserExpressions, filter: UserFilter, only?: Column): Expression<SqlBool>[] {
  return BOUNDS.flatMap(([name, column, operator]) => {
    const time = filter[name]
    return time === undefined || (only !== undefined && only !== column) ? [] : [eb(column, operator, time)]
  })
}

/** Finds users by their times, each of which has an index. */
export class UserTimes {
  readonly #users: Rows<typeof users>

  constructor(private readonly owner: Owner) {
    this.#users = new Rows(users, owner)
  }

  /**
   * Where few users are in a range of time, reads only these: in the order of another column every user would be looked
   * at to find them.
   */
  async plan(filter: UserFilter, by: Order): Promise<SearchPlan> {
    for (const column of COLUMNS) {
      if (column === by.column || !BOUNDS.some(([name, of]) => of === column && filter[name] !== undefined)) continue
      const within = this.#users
        .select()
        .select('id')
        .where((eb) => eb.and(timeConditions(eb, filter, column)))
      const { count } = await this.owner.database.read
        .selectFrom(within.limit(COMMON + 1).as('found'))
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      if (Number(count) <= COMMON) return { conditions: (eb) => [eb('users.id', 'in', within)] }
    }
    return { conditions: () => [] }
  }
}
