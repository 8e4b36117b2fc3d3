export type * from '@latchkey/backend/types'
export type { ClerkFastifyOptions } from './options.js'
