import { boolean, reference, table, text } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'
import { verificationColumns } from '../verifications/verifications.table.js'

export const web3Wallets = table(
  'web3_wallets',
  { noun: 'web3 wallet', prefix: 'idn' },
  { userId: reference('users'), web3Wallet: text, canonical: text, claimed: boolean, ...verificationColumns },
  {
    web3_wallets_claimed: { on: ['instanceId', 'canonical'], unique: true, where: 'claimed = 1' },
    web3_wallets_canonical: { on: ['instanceId', 'canonical'] },
    web3_wallets_user: { on: ['userId', 'createdAt'] },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    web3_wallets: RowOf<typeof web3Wallets>
  }
}

export type Web3WalletRecord = RecordOf<typeof web3Wallets>
