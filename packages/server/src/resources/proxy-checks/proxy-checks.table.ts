import { boolean, integer, nullable, reference, table, text } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

/** The last attempt to reach the Frontend API through a proxy, for each domain and URL. */
export const proxyChecks = table(
  'proxy_checks',
  { noun: 'proxy check', prefix: 'prxchk' },
  {
    domainId: reference('domains'),
    proxyUrl: text,
    lastRunAt: nullable(integer),
    successful: boolean,
  },
  { proxy_checks_domain: { on: ['domainId', 'proxyUrl'], unique: true } },
)

declare module '../../storage/schema.js' {
  interface Schema {
    proxy_checks: RowOf<typeof proxyChecks>
  }
}

export type ProxyCheckRecord = RecordOf<typeof proxyChecks>
