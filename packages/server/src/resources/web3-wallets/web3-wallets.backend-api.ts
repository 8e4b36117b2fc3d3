import { endpoint, type Endpoint } from '../../endpoint.js'
import { deletedObject } from '../../http/components.js'

export const web3WalletEndpoints: Endpoint[] = [
  endpoint(
    'DELETE /users/:user_id/web3_wallets/:web3_wallet_identification_id',
    { operationId: 'UserWeb3WalletDelete', access: 'secret_key', response: deletedObject },
    async ({ params, services: { web3Wallets } }) => {
      await web3Wallets.delete(params.user_id, params.web3_wallet_identification_id)
      return { object: 'web3_wallet', id: params.web3_wallet_identification_id, deleted: true }
    },
  ),
]
