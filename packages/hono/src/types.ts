export type * from '@latchkey/backend/types'
export type { ClerkHonoVariables } from './variables.js'
