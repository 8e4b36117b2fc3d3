import { errors } from '../../http/errors.js'
import { web3Wallet as readWeb3Wallet } from '../../identifiers/index.js'
import { InstanceRows } from '../../storage/queries.js'
import type { Queries } from '../../storage/database.js'
import { web3Wallets, type Web3WalletRecord } from '../../storage/tables.js'
import type { InstanceContext } from '../instances/instance-context.js'
import { verifiedByAdmin } from '../verifications/verification.serializer.js'

export class Web3WalletService {
  readonly store: InstanceRows<typeof web3Wallets>
  readonly #context: InstanceContext

  constructor(context: InstanceContext) {
    this.#context = context
    this.store = new InstanceRows(context.database.read, 'web3_wallets', web3Wallets, context.instanceId)
  }

  /** @throws {ApiError} 422 `form_param_format_invalid` */
  parse(input: string): { address: string; canonical: string } {
    const result = readWeb3Wallet(input)
    if (!result.ok) throw errors.paramFormatInvalid('web3_wallet', 'must be an Ethereum or a Solana address')
    return result
  }

  /** @throws {ApiError} 422 `form_identifier_exists` when somebody has the wallet */
  async addTo(userId: string, { address, canonical }: { address: string; canonical: string }, tx: Queries): Promise<Web3WalletRecord> {
    const { instanceId, clock, ids } = this.#context
    const now = clock.now()
    const record: Web3WalletRecord = { id: ids.next('idn'), instanceId, userId, web3Wallet: address, canonical, claimed: true, ...verifiedByAdmin, createdAt: now, updatedAt: now }
    if (!(await this.store.insertUnlessTaken(record, tx))) throw errors.identifierExists('web3_wallet')
    return record
  }
}
