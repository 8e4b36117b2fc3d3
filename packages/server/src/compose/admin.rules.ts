import { frontendHostOf, publishableKeyOf, type Instance } from '../instances/instance.js'
import { isSecret } from '../instances/secrets.js'
import { isPublicSuffix } from '../lib/email-domains/index.js'
import { isHost, primaryDomainOf } from '../resources/domains/domains.rules.js'

/** Characters of a live key. Its digest is as safe as the key is hard to guess. */
const SHORTEST_LIVE_KEY = 'sk_live_'.length + 32

export interface InstanceSummary {
  id: string
  name: string
  environmentType: 'development' | 'production'
  frontendHost: string
  publishableKey: string
  isDefault: boolean
  /** Of its primary domain: the application passes the Frontend API on there. Null without one. */
  proxyUrl: string | null
  /** Of its application, as its settings say it; null if they do not. */
  homeUrl: string | null
  /** Unix milliseconds. */
  createdAt: number
}

/** An instance cannot be created or changed as requested. */
export class AdminError extends Error {
  override readonly name = 'AdminError'
}

/** A host that can be the issuer of tokens: with a dot, and with a port if it has one. */
export function isFrontendHost(text: string): boolean {
  return text.includes('.') && isHost(text.toLowerCase())
}

/** The frontend host that the options name. @throws {AdminError} if it is missing or invalid */
export function hostOf(
  options: { publishableKey?: string; frontendHost?: string },
  environmentType: 'development' | 'production',
): string | undefined {
  const host = givenHost(options, environmentType)
  if (host !== undefined && environmentType === 'production') requireOwnDomain(host)
  return host
}

/** @throws {AdminError} for a host whose domain others have names below, as all pages there would be the instance's own */
function requireOwnDomain(host: string): void {
  const { name } = primaryDomainOf({ environmentType: 'production', frontendHost: host.toLowerCase() })
  if (!isPublicSuffix(name)) return
  throw new AdminError(
    `The frontend host of a production instance must be at a domain that somebody can register, such as clerk.example.com: ${host} would make every page below ${name} the instance's own`,
  )
}

function givenHost(
  { publishableKey, frontendHost }: { publishableKey?: string; frontendHost?: string },
  environmentType: 'development' | 'production',
): string | undefined {
  if (!publishableKey) {
    if (frontendHost !== undefined && !isFrontendHost(frontendHost)) {
      throw new AdminError(`The frontend host must be a host name with a dot, got ${frontendHost}`)
    }
    if (frontendHost !== undefined || environmentType === 'development') return frontendHost
    throw new AdminError('A production instance needs a publishable key or a frontend host, such as clerk.example.com')
  }
  const prefix = `pk_${environmentType === 'development' ? 'test' : 'live'}_`
  if (!publishableKey.startsWith(prefix)) {
    throw new AdminError(`The publishable key of a ${environmentType} instance begins with ${prefix}`)
  }
  const host = frontendHostOf(publishableKey)
  if (host !== undefined) return host
  throw new AdminError(
    'The publishable key is invalid: after pk_test_ or pk_live_ comes the base64 of a host name with a dot, followed by "$"',
  )
}

export function noInstance(id: string): AdminError {
  return new AdminError(`There is no instance ${id}. "latchkey instances list" shows the existing ones`)
}

/** Another instance has the host, or what else was asked for. */
export function taken(host: string, { id, isDefault }: { id?: string; isDefault?: boolean }): AdminError {
  const sameId = id === undefined ? '' : ` or the id ${id}`
  const another = isDefault === true ? ', or another default instance' : ''
  return new AdminError(`There is already an instance with the host ${host}${sameId}${another}`)
}

/** @throws {AdminError} if it has another form, or is for the other environment */
export function requireSecretKey(secretKey: string, environmentType: 'development' | 'production'): void {
  if (isSecret('secret_key', environmentType, secretKey)) {
    if (environmentType === 'development' || secretKey.length >= SHORTEST_LIVE_KEY) return
    throw new AdminError(`The secret key of a production instance has at least ${SHORTEST_LIVE_KEY} characters`)
  }
  const kind = environmentType === 'development' ? 'test' : 'live'
  throw new AdminError(`The secret key of a ${environmentType} instance begins with sk_${kind}_ and has no spaces`)
}

export function summary(instance: Instance): InstanceSummary {
  const { id, name, environmentType, frontendHost, isDefault, proxyUrl, createdAt, settings } = instance
  const publishableKey = publishableKeyOf(instance)
  const { homeUrl } = settings.display
  return { id, name, environmentType, frontendHost, publishableKey, isDefault, proxyUrl, homeUrl, createdAt }
}
