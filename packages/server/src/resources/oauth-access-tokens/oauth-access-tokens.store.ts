import { Rows, type New, type Owner } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { oauthGrants, oauthTokens, type OAuthGrantRecord, type OAuthTokenRecord } from './oauth-access-tokens.table.js'

export interface TokenOfGrant {
  token: OAuthTokenRecord
  grant: OAuthGrantRecord
}

/** Tokens and the grants they belong to. */
export class OAuthAccessTokenStore {
  readonly #grants: Rows<typeof oauthGrants>
  readonly #tokens: Rows<typeof oauthTokens>

  constructor(owner: Owner) {
    this.#grants = new Rows(oauthGrants, owner)
    this.#tokens = new Rows(oauthTokens, owner)
  }

  /** @param hash of a token of either kind */
  async find(hash: string, tx?: Tx): Promise<TokenOfGrant | undefined> {
    const token = await this.#tokens.findBy({ hash }, tx)
    const grant = token && (await this.#grants.find(token.grantId, tx))
    return grant && { token, grant }
  }

  async createGrant(grant: New<typeof oauthGrants>, tx: Tx): Promise<OAuthGrantRecord> {
    return (await this.#grants.create(grant, tx))!
  }

  /** @returns undefined when the token exists already */
  createToken(token: New<typeof oauthTokens>, tx: Tx): Promise<OAuthTokenRecord | undefined> {
    return this.#tokens.create(token, tx)
  }

  /** @returns false when it was revoked before */
  async revoke(grantId: string, revokedAt: number, tx: Tx): Promise<boolean> {
    const row = await this.#grants
      .change(tx)
      .set(oauthGrants.encode({ revokedAt, updatedAt: revokedAt }))
      .where('id', '=', grantId)
      .where('revoked_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    return row !== undefined
  }
}
