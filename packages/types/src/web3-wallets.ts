import type { ResourceJSON } from './resource.js'
import type { VerificationJSON } from './verification.js'

export interface Web3WalletJSON extends ResourceJSON<'web3_wallet'> {
  /** The wallet's address. */
  web3_wallet: string
  verification: VerificationJSON | null
  /** Unix milliseconds. */
  created_at: number
  /** Unix milliseconds. */
  updated_at: number
}
