import type { ChangeDomainJSON } from '@latchkey/types'
import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import { deleted, type Shape } from '../../kernel/component.js'
import type { DomainService } from './domains.service.js'
import { domain } from './domains.wire.js'

const addDomain = z.object({ name: z.string(), is_satellite: z.boolean(), proxy_url: z.string().nullish() })

const updateDomain = z.object({
  name: z.string().nullish(),
  proxy_url: z.string().nullish(),
  is_secondary: z.boolean().nullish(),
})

/** The description requires nothing, but nothing can be changed without a URL. */
const changeDomain = z.object({
  home_url: z.string(),
  is_secondary: z.boolean().optional(),
} satisfies Shape<ChangeDomainJSON>)

const endpoint = endpointFactory<{ domains: DomainService }>()
const access = 'secret_key'

export const domainEndpoints = [
  endpoint('GET /domains', { operationId: 'ListDomains', access, answer: domain, list: 'page' }, ({ services }) =>
    services.domains.list(),
  ),

  endpoint(
    'POST /domains',
    { operationId: 'AddDomain', access, body: addDomain, answer: domain },
    ({ body, caller, services }) => services.domains.add(body, caller),
  ),

  endpoint(
    'PATCH /domains/:domain_id',
    { operationId: 'UpdateDomain', access, body: updateDomain, answer: domain },
    ({ params, body, caller, services }) => services.domains.update(params.domainId, body, caller),
  ),

  endpoint(
    'DELETE /domains/:domain_id',
    { operationId: 'DeleteDomain', access, answer: deleted('domain') },
    ({ params, caller, services }) => services.domains.delete(params.domainId, caller),
  ),

  endpoint(
    'POST /instance/change_domain',
    { operationId: 'ChangeProductionInstanceDomain', access, body: changeDomain, status: 202 },
    ({ body, caller, services }) => services.domains.changeHome(body, caller),
  ),

  // The same by its older name.
  endpoint(
    'PUT /beta_features/domain',
    { operationId: 'UpdateProductionInstanceDomain', access, body: changeDomain, status: 202 },
    ({ body, caller, services }) => services.domains.changeHome(body, caller),
  ),

  // The same as the official SDK asks for it.
  endpoint(
    'POST /beta_features/change_domain',
    { operationId: 'ChangeDomain', access, body: changeDomain, status: 202 },
    ({ body, caller, services }) => services.domains.changeHome(body, caller),
  ),
]
