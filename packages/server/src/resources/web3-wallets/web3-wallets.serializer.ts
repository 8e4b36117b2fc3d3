import type { Web3WalletJSON } from '@latchkey/types'
import type { Web3WalletRecord } from '../../storage/tables.js'
import { toVerificationJSON } from '../verifications/verification.serializer.js'

export function toWeb3WalletJSON(wallet: Web3WalletRecord): Web3WalletJSON {
  return {
    id: wallet.id,
    object: 'web3_wallet',
    web3_wallet: wallet.web3Wallet,
    verification: toVerificationJSON(wallet),
    created_at: wallet.createdAt,
    updated_at: wallet.updatedAt,
  }
}
