import type { Transport } from './transport.js'
import { createFetchTransport } from './transport-fetch.js'
import { createNodeTransport, type NodeModules } from './transport-node.js'

type Fetch = typeof globalThis.fetch

/** What `fetch` and the package undici send through. Whoever sets one puts it into the global object, under a symbol. */
interface Dispatcher {
  constructor?: { new (options: unknown): unknown; prototype: Dispatcher; name: string }
  dispatch(): unknown
}

/** The classes of Node's dispatcher when nobody has set another: it, and what shows it to older versions of undici. */
const DEFAULT_CLASSES = ['Agent', 'Dispatcher1Wrapper']

let nodeTransport: Transport | undefined
let checkedFetch: Fetch | undefined
let checkedIsNodes = false
const checkedClasses = new WeakMap<object, boolean>()

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
 * Whether this is Node's built-in `fetch`, which we may bypass: only Node's own code can load a module of `internal/`.
 * If unsure, assume that it was replaced.
 */
function isNodes(fetch: Fetch): boolean {
  if (fetch !== checkedFetch) {
    checkedFetch = fetch
    checkedIsNodes = !!getBuiltinModule() && /\brequire\(['"]internal\//.test(Function.prototype.toString.call(fetch))
  }
  return checkedIsNodes
}

/**
 * Whether Node's `fetch` sends through a dispatcher that the application or the environment chose: a proxy, a mock, an
 * agent with its own certificates. Dispatchers are recognised by their method, as each version of undici has its own symbol.
 */
function isRerouted(): boolean {
  return Object.getOwnPropertySymbols(globalThis).some((name) => {
    const value = (globalThis as Record<symbol, unknown>)[name]
    return isDispatcher(value) && !isDefault(value)
  })
}

function isDispatcher(value: unknown): value is Dispatcher {
  return typeof (value as Dispatcher | null | undefined)?.dispatch === 'function'
}

/** Whether Node itself made it, without options. `compose()` of undici replaces the method and keeps the class. */
function isDefault({ constructor, dispatch }: Dispatcher): boolean {
  if (!constructor) return false
  let builtIn = checkedClasses.get(constructor)
  if (builtIn === undefined) {
    builtIn = DEFAULT_CLASSES.includes(constructor.name) && isBuiltIn(constructor)
    checkedClasses.set(constructor, builtIn)
  }
  return builtIn && dispatch === constructor.prototype.dispatch
}

/** Whether a class is part of Node and not of the package undici: where it refuses an option, the stack says its file. */
function isBuiltIn(checked: NonNullable<Dispatcher['constructor']>): boolean {
  try {
    void new checked({ factory: 'none' })
    return false
  } catch (error) {
    const [firstFrame] = /^ +at .*$/m.exec((error as Error).stack ?? '') ?? ['']
    return firstFrame.includes('(node:')
  }
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
