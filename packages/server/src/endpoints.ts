import type { Endpoint } from './endpoint.js'
import { userCredentialEndpoints } from './resources/users/user-credentials.backend-api.js'
import { userFactorEndpoints } from './resources/users/user-factors.backend-api.js'
import { userEndpoints } from './resources/users/users.backend-api.js'

/** Everything that is served of the Backend API, by resource. */
export const backendEndpoints: readonly Endpoint[] = [...userEndpoints, ...userCredentialEndpoints, ...userFactorEndpoints]
