import { isIP } from 'node:net'
import { originOf, originOfReferrer } from '../http/frontend/origin.js'
import type { RequestRoute } from '../http/handle.js'
import { queryParam } from '../http/query.js'
import { decided } from '../http/watch.js'
import { frontendErrors } from '../kernel/errors/frontend-errors.js'
import { readProxyUrl } from '../resources/domains/domains.rules.js'
import type { InstanceRegistry } from './registry.js'
import type { Services } from './services/index.js'

/** An instance as the Frontend API was asked for it. */
export interface Frontend {
  services: Services
  /** Where the browser believes it is: at the application's proxy, at the instance's own host, or at this server. */
  base: URL
  /**
   * The base of the Frontend API there, without a slash at the end, where that is a proxy at a page of the instance or, in
   * production, a host of its own. Links and pages lead there. Undefined: they lead to the configured base.
   */
  url?: string | undefined
  /** Whether `/i/<instance id>` stands in the path that the browser sees. */
  isBelowPath: boolean
  /** Whom a proxy speaks for. */
  ipAddress?: string | undefined
}

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
    const isNative = queryParam(request, '_is_native')
    if (isNative === '1' || isNative === 'true') throw frontendErrors.nativeDisabled()
    const frontend = await this.locate(request, instanceId)
    if (!frontend) throw frontendErrors.hostInvalid(instanceId === undefined ? hostOf(request) : `/i/${instanceId}`)
    await this.#requireOrigin(request, frontend.services)
    return frontend
  }

  /**
   * As `find`, whichever page asks.
   *
   * @param instanceId in the path
   * @returns undefined if there is no such instance
   * @throws {ApiError} 400 `proxy_request_missing_secret_key`, 401 `proxy_request_invalid_secret_key`
   */
  async locate(request: Request, instanceId: string | undefined): Promise<Frontend | undefined> {
    return (
      (await this.#proxied(request)) ??
      (instanceId === undefined ? this.#atHost(request) : this.#below(instanceId, request))
    )
  }

  /** Where a page of a satellite is: people sign in, and are who they are, at the primary domain. */
  async primaryPage(request: Request, instanceId: string | undefined): Promise<string | undefined> {
    const { pathname, search } = new URL(request.url)
    // Its own pages load the packages from its host.
    if (instanceId !== undefined || pathname.startsWith('/npm/')) return undefined
    const host = hostOf(request)
    const instance = (await this.options.registry.servicesAt(host))?.context.instance
    if (!instance || instance.frontendHost === host) return undefined
    return `https://${instance.frontendHost}${pathname}${search}`
  }

  async #proxied(request: Request): Promise<Frontend | undefined> {
    const proxyUrl = request.headers.get('clerk-proxy-url')
    if (proxyUrl === null) return undefined
    const key = request.headers.get('clerk-secret-key')
    if (!key) throw frontendErrors.proxySecretKeyMissing()
    const found = await this.options.registry.authenticate(key)
    if (!found) throw frontendErrors.proxySecretKeyInvalid()
    const { services } = found
    const base = URL.canParse(proxyUrl) ? new URL(proxyUrl) : this.#ownUrl()
    decided(request, `A proxy's secret key names the instance ${services.context.instanceId}.`)
    const url = await placeOfProxy(proxyUrl, services)
    return { services, base, url, isBelowPath: false, ipAddress: forwardedFor(request) }
  }

  async #atHost(request: Request): Promise<Frontend | undefined> {
    const { registry } = this.options
    const host = hostOf(request)
    const named = await registry.servicesAt(host)
    if (named) {
      decided(request, `The host ${host} names the instance ${named.context.instanceId}.`)
      // Whoever has a host of their own has it over TLS.
      const url = `https://${host}`
      const isProduction = named.context.instance.environmentType === 'production'
      return { services: named, base: new URL(url), url: isProduction ? url : undefined, isBelowPath: false }
    }
    const services = await registry.defaultServices()
    decided(request, 'Neither path nor host names an instance: the default one is meant.')
    return services && { services, base: this.#ownUrl(), isBelowPath: false }
  }

  async #below(instanceId: string, request: Request): Promise<Frontend | undefined> {
    const services = await this.options.registry.servicesFor(instanceId)
    decided(request, `The path names the instance ${instanceId}.`)
    return services && { services, base: this.#ownUrl(), isBelowPath: true }
  }

  #ownUrl(): URL {
    return new URL(this.options.publicUrl())
  }

  /** Programs send no origin: it keeps pages of others out, in the browsers of an instance's own users. */
  async #requireOrigin(request: Request, { origins }: Services): Promise<void> {
    const isProxied = request.headers.has('clerk-proxy-url')
    const origin = request.headers.get('origin') ?? (isProxied ? undefined : originOfReferrer(request))
    if (origin === undefined) return
    const shown = originOf(request)
    if (shown !== undefined && (await origins.allows(shown))) return
    decided(request, `Pages of ${origin} may not use it.`)
    throw frontendErrors.originInvalid(origin)
  }
}

function hostOf(request: Request): string {
  return request.headers.get('host') ?? new URL(request.url).host
}

/**
 * Where an application's proxy is, if a page of the instance can be there: many applications learn their own host from the
 * request, which anybody can write.
 */
async function placeOfProxy(text: string, { context, origins }: Services): Promise<string | undefined> {
  const url = readProxyUrl(text, context.instance.environmentType)
  return url !== undefined && (await origins.allows(new URL(url).origin)) ? url : undefined
}

/** The first address is the browser's: whoever has the secret key says so. */
function forwardedFor(request: Request): string | undefined {
  const [first = ''] = (request.headers.get('x-forwarded-for') ?? '').split(',')
  return isIP(first.trim()) === 0 ? undefined : first.trim()
}
