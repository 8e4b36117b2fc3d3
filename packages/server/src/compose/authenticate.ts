import { bearerKey } from '../http/access.js'
import type { Authenticate } from '../http/handle.js'
import { Browsers } from './browsers.js'
import type { Frontends } from './frontends.js'
import type { InstanceRegistry } from './registry.js'

/** How callers are authenticated, by access word. Words without an entry have no endpoints yet. */
export function createAuthenticate(registry: InstanceRegistry, frontends: Frontends): Authenticate {
  const browsers = new Browsers(frontends)
  return {
    secret_key: async (request) => {
      const found = await registry.authenticate(bearerKey(request.headers.get('authorization')))
      return found && { caller: { kind: 'secret_key', keyId: found.keyId }, services: found.services }
    },
    public: async (request, route) => {
      if (route.api === 'frontend') return browsers.public(request, route)
      const services = await registry.anyServices()
      return services && { caller: { kind: 'public' }, services }
    },
    client: (request, route) => browsers.client(request, route),
    session: (request, route) => browsers.session(request, route),
    machine: async (request) => {
      const key = bearerKey(request.headers.get('authorization'))
      // Nothing else can be one, so that other keys cost no look-up.
      if (!key.startsWith('ak_')) return undefined
      const found = await registry.authenticateMachine(key)
      return found && { caller: { kind: 'machine', machineId: found.machineId }, services: found.services }
    },
  }
}
