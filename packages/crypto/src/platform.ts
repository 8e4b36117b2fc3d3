import type { JwtAlgorithm } from './algorithms.js'
import type { KeyMaterial } from './key-material.js'
import { createNodePlatform, type NodeModules } from './platform-node.js'
import { createWebPlatform } from './platform-web.js'

/** A key ready for use, and the algorithms it may be used with. */
export interface ImportedKey {
  readonly algorithms: readonly JwtAlgorithm[]
}

export type KeyUse = 'sign' | 'verify'

/** What differs between Node and the other runtimes. Text to sign is ASCII: two base64url parts and a dot. */
export interface Platform {
  encodeBase64url(data: string | Uint8Array): string
  /** May be lenient: what it does not understand it skips, or it answers null. */
  decodeBase64url(text: string): Uint8Array | null
  /** @param secret Whether text is an HMAC secret rather than PEM. */
  importKey(key: KeyMaterial, use: KeyUse, secret: boolean): ImportedKey | Promise<ImportedKey>
  sign(algorithm: JwtAlgorithm, key: ImportedKey, text: string): Promise<Uint8Array>
  verify(algorithm: JwtAlgorithm, key: ImportedKey, text: string, signature: Uint8Array): boolean | Promise<boolean>
}

/** Node's modules, without an import that a bundler for an edge runtime would follow. */
function nodeModules(): NodeModules | null {
  const { process } = globalThis as { process?: { getBuiltinModule?(id: string): unknown } }
  const crypto = process?.getBuiltinModule?.('node:crypto') as NodeModules['crypto'] | undefined
  const buffer = process?.getBuiltinModule?.('node:buffer') as NodeModules['buffer'] | undefined
  return crypto?.createPublicKey && buffer ? { crypto, buffer } : null
}

function choosePlatform(): Platform {
  const modules = nodeModules()
  return modules ? createNodePlatform(modules) : createWebPlatform()
}

export const platform: Platform = /* @__PURE__ */ choosePlatform()
