import { table } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

/** What holds the endpoints of an instance: it has one or none. Who came by a link to its page is out once it is gone. */
export const webhookApplications = table(
  'webhook_applications',
  { noun: 'application', prefix: 'whapp', immutable: true },
  {},
  { webhook_applications_instance: { on: ['instanceId'], unique: true } },
)

declare module '../../storage/schema.js' {
  interface Schema {
    webhook_applications: RowOf<typeof webhookApplications>
  }
}

export type WebhookApplicationRecord = RecordOf<typeof webhookApplications>
