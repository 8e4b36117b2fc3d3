import type { Endpoint } from './endpoint.js'
import { emailAddressEndpoints } from './resources/email-addresses/email-addresses.backend-api.js'
import { externalAccountEndpoints } from './resources/external-accounts/external-accounts.backend-api.js'
import { passkeyEndpoints } from './resources/passkeys/passkeys.backend-api.js'
import { trustedDeviceEndpoints } from './resources/trusted-devices/trusted-devices.backend-api.js'
import { clientEndpoints } from './resources/clients/clients.backend-api.js'
import { jwksEndpoints } from './resources/jwks/jwks.backend-api.js'
import { jwtTemplateEndpoints } from './resources/jwt-templates/jwt-templates.backend-api.js'
import { instanceEndpoints } from './resources/instance/instance.backend-api.js'
import { messageEndpoints } from './resources/messages/messages.backend-api.js'
import { phoneNumberEndpoints } from './resources/phone-numbers/phone-numbers.backend-api.js'
import { sessionEndpoints } from './resources/sessions/sessions.backend-api.js'
import { userCredentialEndpoints } from './resources/users/user-credentials.backend-api.js'
import { userFactorEndpoints } from './resources/users/user-factors.backend-api.js'
import { userImageEndpoints } from './resources/users/user-images.backend-api.js'
import { userOrganizationEndpoints } from './resources/users/user-organizations.backend-api.js'
import { userEndpoints } from './resources/users/users.backend-api.js'
import { web3WalletEndpoints } from './resources/web3-wallets/web3-wallets.backend-api.js'

/** Everything that is served of the Backend API, by resource. */
export const backendEndpoints: readonly Endpoint[] = [
  ...userEndpoints,
  ...userCredentialEndpoints,
  ...userFactorEndpoints,
  ...passkeyEndpoints,
  ...trustedDeviceEndpoints,
  ...web3WalletEndpoints,
  ...externalAccountEndpoints,
  ...userOrganizationEndpoints,
  ...emailAddressEndpoints,
  ...phoneNumberEndpoints,
  ...messageEndpoints,
  ...instanceEndpoints,
  ...sessionEndpoints,
  ...clientEndpoints,
  ...jwksEndpoints,
  ...jwtTemplateEndpoints,
  ...userImageEndpoints,
]
