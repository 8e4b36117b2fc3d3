import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely'
import type { Page, PageRequest } from '../../kernel/page.js'
import { searchText } from '../../lib/identifiers/text.js'
import { orderBy } from '../../storage/lists.js'
import { Rows, type Owner } from '../../storage/rows.js'
import type { Schema } from '../../storage/schema.js'
import { oauthApplications, type OAuthApplicationRecord } from './oauth-applications.table.js'

export interface OAuthApplicationListRequest extends PageRequest {
  /** Part of a name, or a whole client id. */
  nameQuery?: string | undefined
  /** Default is `+created_at`. */
  orderBy?: string | undefined
}

const order = orderBy({ created_at: 'created_at', name: 'name' }, '+created_at')

export class OAuthApplicationStore extends Rows<typeof oauthApplications> {
  constructor(owner: Owner) {
    super(oauthApplications, owner)
  }

  /** @throws {ApiError} 422 `form_param_value_invalid` for an order that is not known */
  async search(request: OAuthApplicationListRequest): Promise<Page<OAuthApplicationRecord>> {
    const by = order.parse(request.orderBy)
    const matching = this.select().where((eb) => this.#matches(eb, request.nameQuery))
    return this.readPage(matching, by, { ...request, parts: request.nameQuery ? undefined : [''] })
  }

  #matches(eb: ExpressionBuilder<Schema, 'oauth_applications'>, nameQuery = ''): Expression<SqlBool> {
    const term = searchText(nameQuery)
    if (term === '') return eb.and([])
    // Other than `like`, these know no wildcards.
    const position =
      this.owner.database.dialect === 'postgres' ? sql`strpos(search, ${term})` : sql`instr(search, ${term})`
    return eb.or([eb('client_id', '=', nameQuery), sql<SqlBool>`${position} > 0`])
  }
}
