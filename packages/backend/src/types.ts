/** Everything on the wire, in snake_case. */
export type * from '@latchkey/types'
