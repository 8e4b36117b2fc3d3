export type * from '@latchkey/backend/types'
export type { ClerkFastifyOptions } from './clerk-plugin.js'
