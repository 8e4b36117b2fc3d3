import type * as OnNode from './runtime.js'

/** An edge runtime has only WebCrypto. */
export const node: typeof OnNode.node = null
