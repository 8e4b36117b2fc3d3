import type { Queries } from '../../storage/database.js'
import { InstanceRows } from '../../storage/queries.js'
import {
  emailAddresses,
  externalAccounts,
  type EmailAddressRecord,
  type ExternalAccountRecord,
} from '../../storage/tables.js'

export class ExternalAccountStore extends InstanceRows<typeof externalAccounts> {
  constructor(queries: Queries, instanceId: string) {
    super(queries, 'external_accounts', externalAccounts, instanceId)
  }

  /** The user's accounts at a provider, oldest first. */
  async listOfProvider(userId: string, provider: string): Promise<ExternalAccountRecord[]> {
    const rows = await this.queries
      .selectFrom('external_accounts')
      .selectAll()
      .where('instance_id', '=', this.instanceId)
      .where('user_id', '=', userId)
      .where('provider', '=', provider)
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    return rows.map((row) => this.decode(row))
  }

  /** Whether somebody in the instance has an account at the provider. */
  async hasProvider(provider: string): Promise<boolean> {
    const row = await this.queries
      .selectFrom('external_accounts')
      .select('id')
      .where('instance_id', '=', this.instanceId)
      .where('provider', '=', provider)
      .limit(1)
      .executeTakeFirst()
    return row !== undefined
  }

  /** Says which accounts brought the address. */
  async setLinks(
    emailAddressId: string,
    linkedTo: EmailAddressRecord['linkedTo'],
    now: number,
    tx: Queries,
  ): Promise<void> {
    await tx
      .updateTable('email_addresses')
      .set(emailAddresses.encode({ linkedTo, updatedAt: now }))
      .where('instance_id', '=', this.instanceId)
      .where('id', '=', emailAddressId)
      .execute()
  }
}
