import type { InstanceContext } from '../../instances/instance-context.js'
import { DomainService } from '../../resources/domains/domains.service.js'
import { ProxyProbe } from '../../resources/domains/proxy-probe.service.js'
import { OriginService } from '../../resources/origins/origins.service.js'
import { ProxyCheckService } from '../../resources/proxy-checks/proxy-checks.service.js'
import type { InstanceServices } from './instance.js'
import type { SessionServices } from './sessions.js'

/** Where the instance is found. A change ends sessions, as their tokens name the old place. */
export function createDomainServices(
  context: InstanceContext,
  { redirectUrls }: InstanceServices,
  { sessions }: SessionServices,
) {
  const proxyProbe = new ProxyProbe(context)
  const domains = new DomainService({ context, sessions, proxyProbe })
  return {
    domains,
    origins: new OriginService({ context, domains, redirectUrls }),
    proxyChecks: new ProxyCheckService({ context, domains, proxyProbe }),
  }
}

export type DomainServices = ReturnType<typeof createDomainServices>
