import { endpointFactory } from './http/endpoint.js'
import type { Services } from './services.js'

export type { Endpoint } from './http/endpoint.js'

/** Declares an operation that is served; its handler is given the services of the caller's instance. */
export const endpoint = endpointFactory<Services>()
