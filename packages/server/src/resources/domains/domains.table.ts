import { boolean, nullable, table, text } from '../../storage/table.js'
import type { RecordOf, RowOf } from '../../storage/table.js'

/** Where an application runs: each instance has one primary domain, and satellites that share its sessions. */
export const domains = table(
  'domains',
  { noun: 'domain', prefix: 'dmn' },
  {
    /** A host name; in development perhaps with a port. */
    name: text,
    isSatellite: boolean,
    /** Where browsers find the Frontend API of the domain, unless through a proxy. Null for satellites in development. */
    frontendHost: nullable(text),
    proxyUrl: nullable(text),
  },
  {
    domains_name: { on: ['instanceId', 'name'], unique: true },
    domains_primary: { on: ['instanceId'], unique: true, where: 'is_satellite = 0' },
    // A request names its instance by this host.
    domains_frontend_host: { on: ['frontendHost'], unique: true, where: 'frontend_host is not null' },
  },
)

declare module '../../storage/schema.js' {
  interface Schema {
    domains: RowOf<typeof domains>
  }
}

export type DomainRecord = RecordOf<typeof domains>
