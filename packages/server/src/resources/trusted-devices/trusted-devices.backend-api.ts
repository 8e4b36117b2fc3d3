import { endpoint, type Endpoint } from '../../endpoint.js'
import { trustedDevice } from './trusted-devices.schema.js'
import { toTrustedDeviceJSON } from './trusted-devices.serializer.js'

export const trustedDeviceEndpoints: Endpoint[] = [
  endpoint(
    'GET /users/:user_id/trusted_devices',
    { operationId: 'ListUserTrustedDevices', access: 'secret_key', response: trustedDevice, list: 'page' },
    async ({ params, services: { trustedDevices } }) => {
      const { data, totalCount } = await trustedDevices.list(params.user_id)
      return { data: data.map(toTrustedDeviceJSON), totalCount }
    },
  ),

  endpoint(
    'DELETE /users/:user_id/trusted_devices/:trusted_device_id',
    { operationId: 'RevokeUserTrustedDevice', access: 'secret_key', response: trustedDevice },
    async ({ params, services: { trustedDevices } }) =>
      toTrustedDeviceJSON(await trustedDevices.revoke(params.user_id, params.trusted_device_id)),
  ),
]
