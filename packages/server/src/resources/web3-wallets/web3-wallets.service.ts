import { errors } from '../../http/errors.js'
import { web3Wallet as readWeb3Wallet } from '../../identifiers/index.js'
import { InstanceRows } from '../../storage/queries.js'
import type { Queries } from '../../storage/database.js'
import { web3Wallets, type Web3WalletRecord } from '../../storage/tables.js'
import type { InstanceContext } from '../instances/instance-context.js'
import { requireIdentifierBeside } from '../users/user-identifiers.js'
import type { UserChanges } from '../users/user-changes.js'
import { verifiedByAdmin } from '../verifications/verification.serializer.js'

interface Web3WalletServiceOptions {
  context: InstanceContext
  /** Asked for when needed: users are made with wallets. */
  users: () => UserChanges
}

export class Web3WalletService {
  readonly store: InstanceRows<typeof web3Wallets>
  readonly #options: Web3WalletServiceOptions

  constructor(options: Web3WalletServiceOptions) {
    this.#options = options
    const { database, instanceId } = options.context
    this.store = new InstanceRows(database.read, 'web3_wallets', web3Wallets, instanceId)
  }

  /** @throws {ApiError} 422 `form_param_format_invalid` */
  parse(input: string): { address: string; canonical: string } {
    const result = readWeb3Wallet(input)
    if (!result.ok) throw errors.paramFormatInvalid('web3_wallet', 'must be an Ethereum or a Solana address')
    return result
  }

  /** @throws {ApiError} 422 `form_identifier_exists` when somebody has the wallet */
  async addTo(
    userId: string,
    { address, canonical }: { address: string; canonical: string },
    tx: Queries,
    id?: string,
  ): Promise<Web3WalletRecord> {
    const { instanceId, clock, ids } = this.#options.context
    const now = clock.now()
    const record: Web3WalletRecord = {
      id: id ?? ids.next('idn'),
      instanceId,
      userId,
      web3Wallet: address,
      canonical,
      claimed: true,
      ...verifiedByAdmin,
      createdAt: now,
      updatedAt: now,
    }
    if (!(await this.store.insertUnlessTaken(record, tx))) throw errors.identifierExists('web3_wallet')
    return record
  }

  /**
   * The oldest of the verified wallets that are left becomes the primary one.
   *
   * @throws {ApiError} 404, or 400 `last_required_identification_deletion_failed` when the user has no other identifier
   */
  async delete(userId: string, id: string): Promise<void> {
    const { context, users } = this.#options
    await context.database.transaction(async (tx) => {
      const user = await users().locked(userId, tx)
      if (!user.web3Wallets.some((own) => own.id === id)) throw errors.resourceNotFound('web3 wallet', id)
      requireIdentifierBeside(user, id)
      await this.store.delete(id, tx)
      const next = user.web3Wallets.find((own) => own.id !== id && own.verificationStatus === 'verified')
      await users().change(userId, user.primaryWeb3WalletId === id ? { primaryWeb3WalletId: next?.id ?? null } : {}, tx)
    })
  }
}
