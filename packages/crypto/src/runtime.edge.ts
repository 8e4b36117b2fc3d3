import type * as OnNode from './runtime.js'

/** An edge runtime has WebCrypto alone. */
export const node: typeof OnNode.node = null
