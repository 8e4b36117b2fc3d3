import { path } from '../core/path.js'
import { ApiClient } from '../core/request.js'
import type { FetchKeys } from './key-sets.js'

/** Fetches an instance's key set as the client sends all of its requests: with its headers, hooks, log and transport. */
export const requestKeys: FetchKeys = (options) => new ApiClient(options).request('GET', path`/jwks`)
