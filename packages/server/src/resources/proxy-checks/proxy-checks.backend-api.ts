import { z } from 'zod'
import { endpointFactory } from '../../http/endpoint.js'
import type { ProxyCheckService } from './proxy-checks.service.js'
import { proxyCheck } from './proxy-checks.wire.js'

const verifyProxy = z.object({ domain_id: z.string().optional(), proxy_url: z.string().optional() })

const endpoint = endpointFactory<{ proxyChecks: ProxyCheckService }>()

export const proxyCheckEndpoints = [
  endpoint(
    'POST /proxy_checks',
    { operationId: 'VerifyDomainProxy', access: 'secret_key', body: verifyProxy, answer: proxyCheck },
    ({ body, caller, services }) => services.proxyChecks.run(body, caller),
  ),
]
