import type { Web3WalletJSON } from '@latchkey/types'
import { toOptionalVerification, type Verification } from './verifications.js'

export interface Web3Wallet {
  id: string
  /** The wallet's address. */
  web3Wallet: string
  verification: Verification | null
}

export function toWeb3Wallet(json: Web3WalletJSON): Web3Wallet {
  return { id: json.id, web3Wallet: json.web3_wallet, verification: toOptionalVerification(json.verification) }
}
