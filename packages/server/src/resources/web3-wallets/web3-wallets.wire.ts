import type { Web3WalletJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, milliseconds, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import { toVerificationJSON, verificationSchema } from '../verifications/verifications.wire.js'
import type { Web3WalletRecord } from './web3-wallets.table.js'

const schema = component(
  'Web3Wallet',
  z.object({
    object: z.literal('web3_wallet'),
    id: z.string(),
    web3_wallet: z.string(),
    verification: verificationSchema.nullable(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<Web3WalletJSON>),
)

export const web3Wallet = {
  schema,
  toJSON: (wallet: Web3WalletRecord): Web3WalletJSON =>
    toWire(schema, wallet, { object: 'web3_wallet', verification: toVerificationJSON(wallet) }),
}
