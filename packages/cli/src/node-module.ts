import * as nodeModule from 'node:module'

export const { createRequire } = nodeModule

/** Node 22.8 and newer keep compiled code between two starts. */
export function enableCompileCache(): void {
  const { enableCompileCache: enable } = nodeModule as { enableCompileCache?: () => unknown }
  enable?.()
}
