import type { CnameTargetJSON, DomainJSON } from '@latchkey/types'
import { z } from 'zod'
import type { WireContext } from '../../instances/instance-context.js'
import { frontendApiUrlOf } from '../../instances/instance.js'
import { component, type Shape } from '../../kernel/component.js'
import { toWire } from '../../kernel/wire.js'
import type { DomainRecord } from './domains.table.js'

const cnameTarget = component(
  'CNameTarget',
  z.object({ host: z.string(), value: z.string(), required: z.boolean() } satisfies Shape<CnameTargetJSON>),
)

const schema = component(
  'Domain',
  z.object({
    object: z.literal('domain'),
    id: z.string(),
    name: z.string(),
    is_satellite: z.boolean(),
    frontend_api_url: z.string(),
    accounts_portal_url: z.string().nullish(),
    proxy_url: z.string().optional(),
    development_origin: z.string(),
    cname_targets: z.array(cnameTarget).nullable(),
  } satisfies Shape<DomainJSON>),
)

export const domain = {
  schema,
  toJSON: (record: DomainRecord, context: WireContext): DomainJSON => {
    const { instance, publicUrl } = context
    const isProduction = instance.environmentType === 'production'
    const ownUrl = frontendApiUrlOf(instance, publicUrl())
    return toWire(schema, record, {
      object: 'domain',
      frontend_api_url: record.proxyUrl ?? (isProduction ? `https://${record.frontendHost}` : ownUrl),
      accounts_portal_url: record.isSatellite ? null : isProduction ? `https://accounts.${record.name}` : ownUrl,
      proxy_url: record.proxyUrl ?? undefined,
      development_origin: isProduction || record.isSatellite ? '' : (instance.settings.developmentOrigin ?? ''),
      cname_targets: isProduction && record.proxyUrl === null ? cnameTargets(record, new URL(publicUrl())) : null,
    })
  },
}

/**
 * The records that make the hosts of a domain lead to this server. Mail needs none: it goes through the operator's own
 * server, whose records are theirs. A host that is the server's own already, or that no record can name, has none.
 */
function cnameTargets({ name, isSatellite, frontendHost }: DomainRecord, { hostname }: URL): CnameTargetJSON[] {
  if (hostname === 'localhost' || /^[\d.]+$|^\[/.test(hostname)) return []
  const hosts = isSatellite ? [frontendHost!] : [frontendHost!, `accounts.${name}`]
  return hosts.filter((host) => host !== hostname).map((host) => ({ host, value: hostname, required: true }))
}
