import { sql, type Expression, type ExpressionBuilder, type RawBuilder, type SqlBool } from 'kysely'
import { searchText } from '../../lib/identifiers/index.js'
import type { Database, Dialect } from '../../storage/database.js'
import type { Schema } from '../../storage/schema.js'
import type { UserFilter } from './user-filter.rules.js'

/** The index knows pieces of three characters; anything shorter is looked for in the text itself. */
const SHORTEST_INDEXED = 3
/** With more matches than this it is quicker to walk through the users in order until the page is full. */
const COMMON = 2000
/** How many users such walks look at before they give up. */
const WALKS = [500, 20_000] as const
/** How many a walk looks at before anything is known, for each user of the page: for short pages only. */
const FIRST_WALK = 3

const COLUMNS = ['email_addresses', 'phone_numbers', 'username', 'web3_wallets', 'name', 'user_id'] as const
type SearchColumn = (typeof COLUMNS)[number]

/** A text that at least one of the columns must contain. */
interface SearchTerm {
  columns: readonly SearchColumn[]
  text: string
}

/** A way to find the users that match. */
export interface SearchPlan {
  conditions(eb: ExpressionBuilder<Schema, 'users'>): Expression<SqlBool>[]
  /** Looks at only this many users, in the order of the list. A page that is not full is then not the final answer. */
  walk?: number
}

export function searchTerms(filter: UserFilter): SearchTerm[] {
  const terms: SearchTerm[] = []
  const add = (text: string | undefined, columns: readonly SearchColumn[]) => {
    const folded = text === undefined ? '' : searchText(text)
    if (folded !== '') terms.push({ columns, text: folded })
  }
  add(filter.query, COLUMNS)
  add(filter.emailAddressQuery, ['email_addresses'])
  add(filter.phoneNumberQuery, ['phone_numbers'])
  add(filter.usernameQuery, ['username'])
  add(filter.nameQuery, ['name'])
  return terms
}

/** Finds users by parts of their identifiers and names. */
export class UserSearch {
  constructor(private readonly database: Database) {}

  /**
   * The plans to try for a page, one after the other, until one fills it; the last finds everything. Most common terms
   * fill a page with the first few users, so that nothing has to be counted.
   */
  async *plans(terms: readonly SearchTerm[], limit: number): AsyncIterable<SearchPlan> {
    const isOne = sql<SqlBool>`exists (select 1 from user_search s where s.user_id = users.id and ${this.#contains(terms)})`
    const first = FIRST_WALK * limit
    if (first < WALKS[0]) yield { conditions: () => [isOne], walk: first }
    const matches = this.#matches(terms)
    const few = matches && (await this.#few(matches))
    if (few) return yield { conditions: () => [this.#isOneOf(few)] }
    for (const walk of WALKS) yield { conditions: () => [isOne], walk }
    yield this.all(terms)
  }

  /** The plan that finds everything, however common it is. */
  all(terms: readonly SearchTerm[]): SearchPlan {
    if (terms.length === 0) return { conditions: () => [] }
    // Without an index the texts are read one after the other, which is quicker than user by user.
    const matches = this.#matches(terms) ?? sql`user_search s where ${this.#contains(terms)}`
    const isAmong = sql<SqlBool>`users.id in (select s.user_id from ${matches})`
    return { conditions: () => [isAmong] }
  }

  #contains(terms: readonly SearchTerm[]): RawBuilder<SqlBool> {
    return contains(terms, this.database.dialect)
  }

  /** What to select from, as `s`, to find by the index. Undefined when no term is long enough for it. */
  #matches(terms: readonly SearchTerm[]): RawBuilder<unknown> | undefined {
    const indexed = terms.filter(({ text }) => [...text].length >= SHORTEST_INDEXED)
    if (indexed.length === 0) return undefined
    if (this.database.dialect === 'postgres') return sql`user_search s where ${this.#contains(terms)}`
    const phrases = indexed
      .map(({ columns, text }) => `({${columns.join(' ')}} : "${text.replaceAll('"', '""')}")`)
      .join(' AND ')
    return sql`user_search_index i join user_search s on s.row_id = i.rowid where i.user_search_index match ${phrases} and ${this.#contains(terms)}`
  }

  /** The ids of all matches; undefined if there are many. */
  async #few(matches: RawBuilder<unknown>): Promise<string[] | undefined> {
    const found = sql<{ id: string }>`select s.user_id as id from ${matches} limit ${sql.lit(COMMON + 1)}`
    const { rows } = await found.execute(this.database.read)
    return rows.length > COMMON ? undefined : rows.map(({ id }) => id)
  }

  #isOneOf(ids: readonly string[]): Expression<SqlBool> {
    return this.database.dialect === 'postgres'
      ? sql`users.id = any(${ids})`
      : sql`users.id in (select value from json_each(${JSON.stringify(ids)}))`
  }
}

/** Looks into the texts of `s`. */
function contains(terms: readonly SearchTerm[], dialect: Dialect): RawBuilder<SqlBool> {
  const all = terms.map(
    ({ columns, text }) =>
      sql`(${sql.join(
        columns.map((column) => containsText(column, text, dialect)),
        sql` or `,
      )})`,
  )
  return sql<SqlBool>`${sql.join(all, sql` and `)}`
}

function containsText(column: SearchColumn, text: string, dialect: Dialect) {
  // Ids keep their case, and the text is folded: they are compared without it.
  const subject = column === 'user_id' ? sql`lower(s.user_id)` : sql.ref(`s.${column}`)
  // PostgreSQL has an index for `like`; SQLite is quicker without it.
  if (dialect === 'sqlite') return sql`instr(${subject}, ${text})`
  return sql`${subject} like ${`%${text.replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`
}
