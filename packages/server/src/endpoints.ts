import type { Endpoint } from './endpoint.js'
import { userEndpoints } from './resources/users/users.backend-api.js'

/** Everything that is served of the Backend API, by resource. */
export const backendEndpoints: readonly Endpoint[] = [...userEndpoints]
