import type * as NodeBuffer from 'node:buffer'
import type * as NodeCrypto from 'node:crypto'

export interface NodeModules {
  crypto: typeof NodeCrypto
  buffer: typeof NodeBuffer
}

/**
 * Node's modules, or null on other runtimes. Found without an `import`, which a bundler for an edge runtime would
 * follow.
 */
export const node: NodeModules | null = /* @__PURE__ */ findNodeModules()

function findNodeModules(): NodeModules | null {
  const { process } = globalThis as { process?: { getBuiltinModule?(id: string): unknown } }
  const crypto = process?.getBuiltinModule?.('node:crypto') as NodeModules['crypto'] | undefined
  const buffer = process?.getBuiltinModule?.('node:buffer') as NodeModules['buffer'] | undefined
  return crypto?.createPublicKey && buffer ? { crypto, buffer } : null
}
