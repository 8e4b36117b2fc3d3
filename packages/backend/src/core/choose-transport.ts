import type { Transport } from './transport.js'
import { createFetchTransport } from './transport-fetch.js'
import { createNodeTransport, type NodeModules } from './transport-node.js'

type Fetch = typeof globalThis.fetch

const DISPATCHER = Symbol.for('undici.globalDispatcher.1')

let nodeTransport: Transport | undefined
let checkedFetch: Fetch | undefined
let checkedIsNodes = false

/** What sends requests at this moment. It can change between two: a test replaces `globalThis.fetch`, then puts it back. */
export function chooseTransport(custom: Fetch | undefined): Transport {
  if (custom) return createFetchTransport(custom)
  const { fetch } = globalThis
  return isNodes(fetch) && !isRerouted()
    ? (nodeTransport ??= createNodeTransport(nodeModules()))
    : createFetchTransport(fetch)
}

/** Whether this is the `fetch` that Node comes with, which nobody would miss. Its source says so; when in doubt, it is not. */
function isNodes(fetch: Fetch): boolean {
  if (fetch !== checkedFetch) {
    checkedFetch = fetch
    checkedIsNodes = !!getBuiltinModule() && /internal\/deps\/undici/.test(Function.prototype.toString.call(fetch))
  }
  return checkedIsNodes
}

/** Whether Node's `fetch` was told to go through a proxy or a mock. Its own dispatcher is an `Agent`. */
function isRerouted(): boolean {
  const dispatcher = (globalThis as Record<symbol, object | undefined>)[DISPATCHER]
  return dispatcher !== undefined && dispatcher.constructor.name !== 'Agent'
}

/** Node's modules, without an import that a bundler for an edge runtime would follow. */
function getBuiltinModule(): ((id: string) => unknown) | undefined {
  return (globalThis as { process?: { getBuiltinModule?(id: string): unknown } }).process?.getBuiltinModule
}

/** Loaded when first needed: a program that only verifies tokens never pays for them. */
function nodeModules(): NodeModules {
  const load = getBuiltinModule()! as <T>(id: string) => T
  return {
    http: load('node:http'),
    zlib: () => load('node:zlib'),
    https: () => load('node:https'),
  }
}
