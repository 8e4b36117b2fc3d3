import { bearerKey } from '../http/access.js'
import type { Authenticate } from '../http/handle.js'
import type { InstanceRegistry } from './registry.js'

/** How callers are authenticated, by access word. Words without an entry have no endpoints yet. */
export function createAuthenticate(registry: InstanceRegistry): Authenticate {
  return {
    secret_key: async (request) => {
      const found = await registry.authenticate(bearerKey(request.headers.get('authorization')))
      return found && { caller: { kind: 'secret_key', keyId: found.keyId }, services: found.services }
    },
  }
}
