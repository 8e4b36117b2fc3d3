import type { InstanceContext } from '../../instances/instance-context.js'
import type { Caller } from '../../kernel/caller.js'
import { errors } from '../../kernel/errors/errors.js'
import { web3Wallet as readWeb3Wallet } from '../../lib/identifiers/index.js'
import { Rows } from '../../storage/rows.js'
import type { Tx } from '../../storage/tx.js'
import { requireIdentifierBeside } from '../user-records/user-identifiers.rules.js'
import type { UserRecords } from '../user-records/user-records.service.js'
import { verifiedByAdmin } from '../verifications/verifications.rules.js'
import { web3Wallets, type Web3WalletRecord } from './web3-wallets.table.js'

export interface ParsedWeb3Wallet {
  /** As it was entered. */
  address: string
  /** The form that is compared. */
  canonical: string
}

export class Web3WalletService {
  readonly #rows: Rows<typeof web3Wallets>

  constructor(private readonly options: { context: InstanceContext; userRecords: UserRecords }) {
    this.#rows = new Rows(web3Wallets, options.context)
  }

  /** @throws {ApiError} 422 `form_param_format_invalid` */
  parse(input: string): ParsedWeb3Wallet {
    const result = readWeb3Wallet(input)
    if (!result.ok) throw errors.paramFormatInvalid('web3_wallet', 'must be an Ethereum or a Solana address')
    return result
  }

  /** Gives a new user a wallet. @throws {ApiError} 422 `form_identifier_exists` if somebody has the wallet */
  async insert(
    { userId, id }: { userId: string; id?: string | undefined },
    { address, canonical }: ParsedWeb3Wallet,
    tx: Tx,
  ): Promise<Web3WalletRecord> {
    const fields = { ...(id === undefined ? {} : { id }), userId, web3Wallet: address, canonical, claimed: true }
    const wallet = await this.#rows.create({ ...fields, ...verifiedByAdmin }, tx)
    if (!wallet) throw errors.identifierExists('web3_wallet')
    return wallet
  }

  /**
   * The oldest of the remaining verified wallets becomes the primary one.
   *
   * @throws {ApiError} 404, or 400 `last_required_identification_deletion_failed` if the user has no other identifier
   */
  delete(userId: string, id: string, caller: Caller): Promise<Web3WalletRecord> {
    const { context, userRecords } = this.options
    return context.transaction(caller, async (tx) => {
      const user = await userRecords.locked(userId, tx)
      if (!user.web3Wallets.some((own) => own.id === id)) throw errors.resourceNotFound('web3 wallet', id)
      requireIdentifierBeside(user, id)
      const wallet = await this.#rows.delete(id, tx)
      const next = user.web3Wallets.find((own) => own.id !== id && own.verificationStatus === 'verified')
      const changes = user.primaryWeb3WalletId === id ? { primaryWeb3WalletId: next?.id ?? null } : {}
      await userRecords.change(userId, changes, tx, ['web3_wallets'])
      return wallet
    })
  }
}
