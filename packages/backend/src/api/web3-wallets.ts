import type { Web3WalletJSON } from '@latchkey/types'
import type { Resource } from './resource.js'
import type { Verification } from './verifications.js'

export interface Web3Wallet extends Resource<Web3WalletJSON> {
  verification: Verification | null
}
