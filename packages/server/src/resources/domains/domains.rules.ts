import type { Instance } from '../../instances/instance.js'
import { errors } from '../../kernel/errors/errors.js'
import { isHostingDomain, isPublicSuffix, registrableDomain } from '../../lib/email-domains/index.js'
import { domainName } from '../../lib/identifiers/index.js'
import { readUrl, withoutEndSlashes } from '../../lib/urls.js'
import { domainErrors } from './domains.errors.js'
import type { DomainRecord } from './domains.table.js'

type EnvironmentType = Instance['environmentType']

/** For names that a browser of this machine or network finds in development. */
const LOCAL_HOST =
  /^(?=.{1,253}(?::|$))[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::\d{1,5})?$/

/** @param text in lower case */
export function isHost(text: string): boolean {
  return LOCAL_HOST.test(text)
}

/** Hosts below these switch client packages into their development mode. */
const DEVELOPMENT_DOMAINS = ['accounts.dev', 'lcl.dev', 'lclclerk.com']

/** What the hosts of a domain that the server is found at begin with. */
const OWN_LABELS = ['clerk', 'accounts', 'clkmail', 'clk', 'clk2']

/**
 * A host name as it is stored: in lower case, in ASCII. In development with a port, if it has one.
 *
 * @throws {ApiError} 422 `form_param_format_invalid`
 */
export function parseDomainName(text: string, environmentType: EnvironmentType): string {
  const local = text.trim().toLowerCase()
  if (environmentType === 'development' && isHost(local)) return local
  const name = domainName(text.trim())
  if (name !== undefined) return name
  throw errors.paramFormatInvalid(
    'name',
    environmentType === 'development'
      ? 'must be a host name without a scheme, such as example.com or localhost:3000'
      : 'must be a fully qualified domain name without a scheme, such as example.com',
  )
}

/**
 * The name of a primary domain for the host of an application: the domain that was registered, or the whole host where
 * several applications share that.
 *
 * @param param whose fault it is
 * @throws {ApiError} 422 `reserved_domain`, `reserved_subdomain`, `known_hosting_domain`, `form_param_format_invalid`
 */
export function primaryNameOf(host: string, { isSecondary, param }: { isSecondary: boolean; param: string }): string {
  refuseReserved(host, param)
  if (isHostingDomain(host)) throw domainErrors.hostingDomain(param, host)
  const name = isSecondary ? host.replace(/^www\./, '') : registrableDomain(host)
  requireOwn(name, param)
  return name
}

/**
 * Pages at a domain and below it are the instance's own: nobody else may have names there.
 *
 * @throws {ApiError} 422 `form_param_format_invalid`
 */
export function requireOwn(name: string | undefined, param: string): asserts name is string {
  if (name !== undefined && !isPublicSuffix(name)) return
  throw errors.paramFormatInvalid(param, 'must be at a domain that somebody can register, such as example.com')
}

/** @throws {ApiError} 422 `reserved_domain`, `reserved_subdomain` */
export function refuseReserved(host: string, param: string): void {
  if (DEVELOPMENT_DOMAINS.some((domain) => host === domain || host.endsWith(`.${domain}`))) {
    throw domainErrors.reservedDomain(param, host)
  }
  const [first = '', ...rest] = host.split('.')
  if (rest.length > 1 && OWN_LABELS.includes(first)) throw domainErrors.reservedSubdomain(param, host)
}

/**
 * The host of an application's home page.
 *
 * @throws {ApiError} 422 `form_param_format_invalid`
 */
export function parseHomeUrl(text: string): string {
  const url = readUrl(text)
  const host = url && /^https?:$/.test(url.protocol) && url.port === '' ? domainName(url.hostname) : undefined
  if (host !== undefined) return host
  throw errors.paramFormatInvalid('home_url', 'must be a full URL such as https://www.example.com, without a port')
}

/** The primary domain of a new instance. */
export function primaryDomainOf({ environmentType, frontendHost }: Pick<Instance, 'environmentType' | 'frontendHost'>) {
  const name = environmentType === 'production' ? frontendHost.replace(/^clerk\./, '') : frontendHost
  return { name, isSatellite: false, frontendHost, proxyUrl: null }
}

export function frontendHostOf(name: string): string {
  return `clerk.${name}`
}

/** The URL of a proxy, without a slash at the end. @returns undefined for what cannot be one */
export function readProxyUrl(text: string, environmentType: EnvironmentType): string | undefined {
  const url = text.length <= 2048 ? readUrl(text) : undefined
  const schemes = environmentType === 'production' ? ['https:'] : ['https:', 'http:']
  if (!url || !schemes.includes(url.protocol) || url.username || url.password || url.search || url.hash)
    return undefined
  return withoutEndSlashes(url.href)
}

/**
 * As `readProxyUrl`. In production it must be at the domain.
 *
 * @throws {ApiError} 422 `form_param_format_invalid`, `invalid_proxy_configuration`
 */
export function parseProxyUrl(
  text: string,
  domain: Pick<DomainRecord, 'name'>,
  environmentType: EnvironmentType,
): string {
  const url = readProxyUrl(text, environmentType)
  if (url === undefined) {
    throw errors.paramFormatInvalid('proxy_url', 'must be a full URL such as https://example.com/__clerk')
  }
  if (environmentType === 'production' && !isAt(new URL(url).hostname, domain.name)) {
    throw domainErrors.proxyInvalid(text, `its host must be ${domain.name} or below it`)
  }
  return url
}

export function isAt(host: string, name: string): boolean {
  return host === name || host.endsWith(`.${name}`)
}

/** The proxy, if it is still at the domain under its new name. */
export function proxyUnder(proxyUrl: string | null, name: string): string | null {
  return proxyUrl !== null && isAt(new URL(proxyUrl).hostname, name) ? proxyUrl : null
}
