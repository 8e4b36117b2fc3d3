import type { Web3WalletJSON } from '@latchkey/types'
import { z } from 'zod'
import { component, milliseconds } from '../../http/components.js'
import type { Shape } from '../../http/validation.js'
import { verification } from '../verifications/verification.schema.js'

export const web3Wallet = component(
  'Web3Wallet',
  z.object({
    object: z.literal('web3_wallet'),
    id: z.string(),
    web3_wallet: z.string(),
    verification: verification.nullable(),
    created_at: milliseconds,
    updated_at: milliseconds,
  } satisfies Shape<Web3WalletJSON>),
)
