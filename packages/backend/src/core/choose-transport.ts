import type { Transport } from './transport.js'
import { createFetchTransport } from './transport-fetch.js'
import { createNodeTransport, type NodeModules } from './transport-node.js'

type Fetch = typeof globalThis.fetch

/** The versions of Node's `fetch` keep their dispatcher under names that differ in the number at the end. */
const DISPATCHER = /^undici\.globalDispatcher\.\d+$/

let nodeTransport: Transport | undefined
let checkedFetch: Fetch | undefined
let checkedIsNodes = false

/**
 * Chooses the transport for one request. The choice can differ from request to request: a test may replace
 * `globalThis.fetch` and restore it later.
 */
export function chooseTransport(custom: Fetch | undefined, stated?: 'node' | 'fetch'): Transport {
  if (custom) return createFetchTransport(custom)
  const { fetch } = globalThis
  const overNode = stated ? stated === 'node' && !!getBuiltinModule() : isNodes(fetch) && !isRerouted()
  return overNode ? (nodeTransport ??= createNodeTransport(nodeModules())) : createFetchTransport(fetch)
}

/**
 * Whether this is Node's built-in `fetch`, which we may bypass. Decided by its source text; if unsure, assume that it
 * was replaced.
 */
function isNodes(fetch: Fetch): boolean {
  if (fetch !== checkedFetch) {
    checkedFetch = fetch
    checkedIsNodes = !!getBuiltinModule() && /internal\/deps\/undici/.test(Function.prototype.toString.call(fetch))
  }
  return checkedIsNodes
}

/** Whether Node's `fetch` is configured to use a proxy or a mock. Its default dispatcher is an `Agent`. */
function isRerouted(): boolean {
  return Object.getOwnPropertySymbols(globalThis).some((name) => {
    if (!DISPATCHER.test(name.description ?? '')) return false
    const dispatcher = (globalThis as Record<symbol, object | undefined>)[name]
    return dispatcher !== undefined && dispatcher.constructor.name !== 'Agent'
  })
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
