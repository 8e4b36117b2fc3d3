import { nullable, table, text } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

export const clients = table(
  'clients',
  { noun: 'client', prefix: 'client' },
  {
    lastActiveSessionId: nullable(text),
    signInId: nullable(text),
    signUpId: nullable(text),
    lastAuthenticationStrategy: nullable(text),
  },
  { clients_by_created_at: { on: ['instanceId', 'createdAt', 'id'] } },
)

declare module '../../storage/schema.js' {
  interface Schema {
    clients: RowOf<typeof clients>
  }
}

export type ClientRecord = RecordOf<typeof clients>
