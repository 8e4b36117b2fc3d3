import { vi } from 'vitest'

export const PLATFORMS = ['node:crypto', 'WebCrypto'] as const

/** Loads modules afresh, as they are where there is `node:crypto` and where there is not. Undone by `vi.restoreAllMocks`. */
export function loadOn<T>(platform: (typeof PLATFORMS)[number], load: () => Promise<T>): Promise<T> {
  vi.resetModules()
  if (platform === 'WebCrypto') vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
  return load()
}
