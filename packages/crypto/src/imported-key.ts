import type { VerificationAlgorithm } from './algorithms.js'

/** A key ready for use, and the algorithms it may be used with. */
export interface ImportedKey {
  readonly algorithms: readonly VerificationAlgorithm[]
}

export type KeyUse = 'sign' | 'verify'
