export type * from '@latchkey/backend/types'
