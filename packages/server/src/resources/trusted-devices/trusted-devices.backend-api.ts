import { endpointFactory } from '../../http/endpoint.js'
import type { TrustedDeviceService } from './trusted-devices.service.js'
import { trustedDevice } from './trusted-devices.wire.js'

const endpoint = endpointFactory<{ trustedDevices: TrustedDeviceService }>()
const access = 'secret_key'

export const trustedDeviceEndpoints = [
  endpoint(
    'GET /users/:user_id/trusted_devices',
    { operationId: 'ListUserTrustedDevices', access, answer: trustedDevice, list: 'page' },
    ({ params, services }) => services.trustedDevices.list(params.userId),
  ),

  endpoint(
    'DELETE /users/:user_id/trusted_devices/:trusted_device_id',
    { operationId: 'RevokeUserTrustedDevice', access, answer: trustedDevice },
    ({ params, caller, services }) => services.trustedDevices.revoke(params.userId, params.trustedDeviceId, caller),
  ),
]
