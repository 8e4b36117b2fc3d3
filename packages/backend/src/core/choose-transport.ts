import type { Transport } from './transport.js'
import { createFetchTransport } from './transport-fetch.js'
import { createNodeTransport, type NodeModules } from './transport-node.js'

let nodeTransport: Transport | undefined

/**
 * Chooses the transport for one request: `fetch`, unless the application states `node`. It is not guessed: no public API of Node
 * tells whether `globalThis.fetch` was replaced, or whether a proxy, a mock or an agent is set for it.
 *
 * @param custom the option `fetch`
 * @param stated the option `transport`
 */
export function chooseTransport(custom: typeof globalThis.fetch | undefined, stated?: 'node' | 'fetch'): Transport {
  if (custom || stated !== 'node' || !getBuiltinModule()) return createFetchTransport(custom ?? globalThis.fetch)
  return (nodeTransport ??= createNodeTransport(nodeModules()))
}

/** Gets Node's modules without an `import`, which a bundler for an edge runtime would follow. */
function getBuiltinModule(): ((id: string) => unknown) | undefined {
  return (globalThis as { process?: { getBuiltinModule?(id: string): unknown } }).process?.getBuiltinModule
}

/** Loaded on first use, so that a program that only verifies tokens does not load them. */
function nodeModules(): NodeModules {
  const load = getBuiltinModule()! as <T>(id: string) => T
  return {
    http: load('node:http'),
    zlib: () => load('node:zlib'),
    https: () => load('node:https'),
  }
}
