import { originOf } from '../http/frontend/origin.js'
import type { RequestRoute } from '../http/handle.js'
import type { Instance } from '../instances/instance.js'
import { frontendErrors } from '../kernel/errors/frontend-errors.js'
import { isAt } from '../resources/domains/domains.rules.js'
import type { InstanceRegistry } from './registry.js'
import type { Services } from './services/index.js'

/** An instance as the Frontend API was asked for it. */
export interface Frontend {
  services: Services
  /** The URL of the application's proxy that forwards the request, if one does. */
  proxyUrl: URL | undefined
}

const LOOPBACK = /^(localhost|[\w.-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** Finds the instance that a request to the Frontend API is for, and refuses pages that may not use it. */
export class Frontends {
  constructor(private readonly options: { registry: InstanceRegistry; publicUrl: () => string }) {}

  /**
   * The instance that the path names, or the secret key of a proxy, or the host if it is registered; else the default one.
   *
   * @throws {ApiError} 400 `host_invalid`, `origin_invalid`, `native_api_disabled`, `proxy_request_missing_secret_key`;
   *   401 `proxy_request_invalid_secret_key`
   */
  async find(request: Request, { instanceId }: RequestRoute): Promise<Frontend> {
    const { registry } = this.options
    const url = new URL(request.url)
    const isNative = url.searchParams.get('_is_native')
    if (isNative === '1' || isNative === 'true') throw frontendErrors.nativeDisabled()
    const proxied = await this.#proxied(request)
    const services =
      proxied?.services ??
      (instanceId === undefined ? await registry.frontend(hostOf(request)) : await registry.servicesFor(instanceId))
    if (!services) throw frontendErrors.hostInvalid(instanceId === undefined ? hostOf(request) : `/i/${instanceId}`)
    await this.#requireOrigin(request, services)
    return { services, proxyUrl: proxied?.proxyUrl }
  }

  async #proxied(request: Request): Promise<Frontend | undefined> {
    const proxyUrl = request.headers.get('clerk-proxy-url')
    if (proxyUrl === null) return undefined
    const key = request.headers.get('clerk-secret-key')
    if (!key) throw frontendErrors.proxySecretKeyMissing()
    const found = await this.options.registry.authenticate(key)
    if (!found) throw frontendErrors.proxySecretKeyInvalid()
    return { services: found.services, proxyUrl: URL.canParse(proxyUrl) ? new URL(proxyUrl) : undefined }
  }

  /** Programs send no origin: it keeps pages of others out, in the browsers of an instance's own users. */
  async #requireOrigin(request: Request, { context, domains }: Services): Promise<void> {
    const origin = request.headers.get('origin')
    if (origin === null) return
    const { instance } = context
    const shown = originOf(request)
    const allowed =
      shown !== undefined &&
      (isAllowed(shown, instance, new URL(this.options.publicUrl()).origin) ||
        (URL.canParse(shown) && (await domains.has(new URL(shown).host).catch(() => false))))
    if (!allowed) throw frontendErrors.originInvalid(origin)
  }
}

function hostOf(request: Request): string {
  return request.headers.get('host') ?? new URL(request.url).host
}

function isAllowed(origin: string, { environmentType, frontendHost, settings }: Instance, ownOrigin: string): boolean {
  if (origin === ownOrigin) return true
  if (settings.allowedOrigins?.includes(origin.toLowerCase()) || settings.developmentOrigin === origin) return true
  if (!URL.canParse(origin)) return false
  const { protocol, hostname } = new URL(origin)
  if (environmentType === 'development') return LOOPBACK.test(hostname)
  return protocol === 'https:' && isAt(hostname, frontendHost.replace(/^clerk\./, ''))
}
