import type { Expression, SqlBool } from 'kysely'
import { emailAddress, phoneNumber, web3Wallet } from '../../lib/identifiers/index.js'
import { splitSigns } from '../../storage/lists.js'
import { Rows, type Owner } from '../../storage/rows.js'
import { emailAddresses } from '../email-addresses/email-addresses.table.js'
import { externalAccounts } from '../external-accounts/external-accounts.table.js'
import { organizationMemberships } from '../organization-records/organization-records.table.js'
import { phoneNumbers } from '../phone-numbers/phone-numbers.table.js'
import { web3Wallets } from '../web3-wallets/web3-wallets.table.js'
import type { UserFilter } from './user-filter.rules.js'
import { timeConditions, type UserExpressions } from './user-times.store.js'

/** The conditions of a filter of users, in SQL. */
export class UserConditions {
  readonly #emailAddresses: Rows<typeof emailAddresses>
  readonly #phoneNumbers: Rows<typeof phoneNumbers>
  readonly #web3Wallets: Rows<typeof web3Wallets>
  readonly #externalAccounts: Rows<typeof externalAccounts>
  readonly #memberships: Rows<typeof organizationMemberships>

  constructor(owner: Owner) {
    this.#emailAddresses = new Rows(emailAddresses, owner)
    this.#phoneNumbers = new Rows(phoneNumbers, owner)
    this.#web3Wallets = new Rows(web3Wallets, owner)
    this.#externalAccounts = new Rows(externalAccounts, owner)
    this.#memberships = new Rows(organizationMemberships, owner)
  }

  of(eb: UserExpressions, filter: UserFilter): Expression<SqlBool>[] {
    const conditions = this.#identifiers(eb, filter)
    const add = (condition: Expression<SqlBool> | undefined | false) => condition && conditions.push(condition)
    for (const [column, values] of [
      ['external_id', filter.externalId],
      ['id', filter.userId],
    ] as const) {
      if (!values) continue
      const { included, excluded } = splitSigns(values)
      add((included.length > 0 || excluded.length === 0) && eb(column, 'in', orNothing(included)))
      add(excluded.length > 0 && eb.or([eb(column, 'not in', excluded), eb(column, 'is', null)]))
    }
    if (filter.organizationId) {
      const { included, excluded } = splitSigns(filter.organizationId)
      const membersOf = (ids: string[]) =>
        this.#memberships.select().select('user_id').where('organization_id', 'in', ids)
      add(included.length > 0 && eb('id', 'in', membersOf(included)))
      add(excluded.length > 0 && eb('id', 'not in', membersOf(excluded)))
    }
    add(filter.banned !== undefined && eb('banned', '=', filter.banned ? 1 : 0))
    return [...conditions, ...timeConditions(eb, filter)]
  }

  #identifiers(eb: UserExpressions, filter: UserFilter): Expression<SqlBool>[] {
    const conditions: Expression<SqlBool>[] = []
    if (filter.emailAddress) {
      const canonical = filter.emailAddress.flatMap((value) => canonicalOf(emailAddress(value)))
      conditions.push(
        eb('id', 'in', this.#emailAddresses.select().select('user_id').where('canonical', 'in', orNothing(canonical))),
      )
    }
    if (filter.phoneNumber) {
      const numbers = filter.phoneNumber.flatMap((value) => numberOf(phoneNumber(value)))
      conditions.push(
        eb('id', 'in', this.#phoneNumbers.select().select('user_id').where('canonical', 'in', orNothing(numbers))),
      )
    }
    if (filter.web3Wallet) {
      const canonical = filter.web3Wallet.flatMap((value) => canonicalOf(web3Wallet(value)))
      conditions.push(
        eb('id', 'in', this.#web3Wallets.select().select('user_id').where('canonical', 'in', orNothing(canonical))),
      )
    }
    if (filter.username) {
      const names = filter.username.map((value) => value.toLowerCase())
      conditions.push(eb('username_canonical', 'in', orNothing(names)))
    }
    if (filter.provider !== undefined) {
      const accounts = this.#externalAccounts
        .select()
        .select('user_id')
        .where('provider', '=', filter.provider)
        .where('provider_user_id', 'in', orNothing(filter.providerUserId ?? []))
      conditions.push(eb('id', 'in', accounts))
    }
    return conditions
  }
}

/** `in ()` is not SQL: an empty list of values matches no user. */
function orNothing(values: string[]): string[] {
  return values.length > 0 ? values : ['']
}

function canonicalOf(result: { ok: true; canonical: string } | { ok: false }): string[] {
  return result.ok ? [result.canonical] : []
}

function numberOf(result: { ok: true; number: string } | { ok: false }): string[] {
  return result.ok ? [result.number] : []
}
