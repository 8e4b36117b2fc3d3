import { endpointFactory } from '../../http/endpoint.js'
import { deleted } from '../../kernel/component.js'
import type { Web3WalletService } from './web3-wallets.service.js'

const endpoint = endpointFactory<{ web3Wallets: Web3WalletService }>()

export const web3WalletEndpoints = [
  endpoint(
    'DELETE /users/:user_id/web3_wallets/:web3_wallet_identification_id',
    { operationId: 'UserWeb3WalletDelete', access: 'secret_key', answer: deleted('web3_wallet') },
    ({ params, caller, services }) =>
      services.web3Wallets.delete(params.userId, params.web3WalletIdentificationId, caller),
  ),
]
