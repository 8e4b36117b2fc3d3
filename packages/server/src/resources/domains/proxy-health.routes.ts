import type { ServerApp } from '../../http/app.js'
import { errorReply, jsonReply } from '../../http/reply.js'
import { newTraceId } from '../../http/request-origin.js'
import { apiError } from '../../kernel/errors/api-error.js'
import type { Random } from '../../kernel/runtime.js'
import type { DomainService } from './domains.service.js'
import type { ProxyHealth } from './proxy-probe.service.js'

interface ProxyHealthOptions {
  /** Resolves to undefined for an invalid key. */
  authenticate(key: string): Promise<{ services: { domains: DomainService } } | undefined>
  random: Random
}

/**
 * Tells whoever asks through a proxy whether it forwards requests as it must: with the instance's secret key, its own
 * URL, and where they came from. Operation `getProxyHealth` of the Frontend API.
 */
export function mountProxyHealth(app: ServerApp, { authenticate, random }: ProxyHealthOptions): void {
  app.get('/v1/proxy-health', async ({ req }) => {
    const traceId = newTraceId(random)
    const key = req.header('clerk-secret-key')
    if (!key) {
      const missing = 'A proxy must send the secret key of the instance in the Clerk-Secret-Key header'
      return errorReply(apiError(400, 'proxy_request_missing_secret_key', 'Missing secret key', missing), traceId)
    }
    const found = await authenticate(key)
    if (!found) {
      const invalid = 'The secret key in the Clerk-Secret-Key header is not one of this server, or it was revoked'
      return errorReply(apiError(401, 'proxy_request_invalid_secret_key', 'Invalid secret key', invalid), traceId)
    }
    const headers = { proxyUrl: req.header('clerk-proxy-url'), forwardedFor: req.header('x-forwarded-for') }
    const health = await healthOf(req.query('domain_id') ?? '', headers, found.services.domains)
    return jsonReply(200, health, traceId, { 'cache-control': 'no-store' })
  })
}

async function healthOf(
  domainId: string,
  { proxyUrl, forwardedFor }: { proxyUrl: string | undefined; forwardedFor: string | undefined },
  domains: DomainService,
): Promise<ProxyHealth> {
  const sick = (message: string): ProxyHealth => ({ status: 'unhealthy', message })
  if (!/^[\w-]{1,256}$/.test(domainId) || !(await domains.find(domainId))) {
    return sick('The instance of the secret key has no domain with this id')
  }
  if (!proxyUrl) return sick('The proxy must send its own URL in the Clerk-Proxy-Url header')
  if (!forwardedFor) return sick('The proxy must send the address of the client in the X-Forwarded-For header')
  return { status: 'healthy', x_forwarded_for: forwardedFor, domain_id: domainId }
}
