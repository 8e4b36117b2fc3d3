import type { Instance } from '../../instances/instance.js'
import { readUrl } from '../../lib/urls.js'
import { isAt } from '../domains/domains.rules.js'

const LOOPBACK = /^(localhost|[\w.-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/
/** Browsers leave out tabs and line breaks, and read backslashes as slashes: what is checked would not be where they go. */
// oxlint-disable-next-line no-control-regex
const TRICKS = /[\\\u0000-\u0020\u007f-\uffff]/

/** The origins that the instance's settings list, in lower case. In production the one for development does not count. */
export function listedOrigins({ environmentType, settings }: Pick<Instance, 'environmentType' | 'settings'>): string[] {
  const { developmentOrigin, allowedOrigins } = settings
  const ofDevelopment = environmentType === 'development' && developmentOrigin !== null ? [developmentOrigin] : []
  return [...ofDevelopment, ...(allowedOrigins ?? [])]
}

/**
 * Whether browsers may be sent to an origin, as far as its scheme goes: what they bring along would be read on the way to a
 * page without TLS. Applications with a scheme of their own have none to read.
 */
export function isSafeToReach(origin: string, { environmentType }: Pick<Instance, 'environmentType'>): boolean {
  return environmentType === 'development' || !/^http:/i.test(origin)
}

/**
 * Whether pages of this origin may use the instance, as far as its settings tell: its own domain and what is under it,
 * the origins it allows, and in development this machine.
 *
 * @param ownOrigin of this server, whose hosted pages may
 */
export function isOwnOrigin(origin: string, instance: Instance, ownOrigin: string): boolean {
  if (origin === ownOrigin || listedOrigins(instance).includes(origin.toLowerCase())) return true
  const { environmentType, frontendHost } = instance
  const url = readUrl(origin)
  if (!url) return false
  const { protocol, hostname } = url
  if (environmentType === 'development') return LOOPBACK.test(hostname)
  return protocol === 'https:' && isAt(hostname, frontendHost.replace(/^clerk\./, ''))
}

/** Whether a native application opens it. Those that browsers read themselves cannot be listed as redirect URLs. */
export function hasOwnScheme(text: string): boolean {
  return !/^https?:/i.test(text) && readUrl(text) !== undefined
}

/** @returns undefined unless it is the absolute URL of a page, without anything that a browser would read in another way */
export function parseTarget(text: string): URL | undefined {
  if (TRICKS.test(text) || !/^https?:\/\/[^/]/i.test(text)) return undefined
  const url = readUrl(text)
  return url?.username === '' && url.password === '' ? url : undefined
}

/** Origins of this machine, as globs of clerk-js. */
const LOOPBACK_GLOBS = ['localhost', '*.localhost', '127.0.0.1', '[::1]'].flatMap((host) =>
  ['http', 'https'].flatMap((scheme) => [`${scheme}://${host}`, `${scheme}://${host}:*`]),
)

/**
 * What `isOwnOrigin` accepts, as globs of clerk-js.
 *
 * @param satellites names of domains, which count with what is under them
 */
export function ownOrigins(instance: Instance, satellites: string[]): string[] {
  const { environmentType, frontendHost } = instance
  const listed = listedOrigins(instance)
  if (environmentType === 'development') return [...LOOPBACK_GLOBS, ...listed]
  const names = [frontendHost.replace(/^clerk\./, ''), ...satellites]
  return [...names.flatMap((name) => [`https://${name}`, `https://*.${name}`]), ...listed]
}

/** Native applications list URLs of schemes of their own, which have no origin for the standard. */
export function originOfUrl(text: string): string {
  const { origin, protocol, host } = new URL(text)
  return origin === 'null' ? `${protocol}//${host}` : origin
}
