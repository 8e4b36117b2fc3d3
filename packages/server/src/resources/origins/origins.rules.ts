import type { Instance } from '../../instances/instance.js'
import { isAt } from '../domains/domains.rules.js'

const LOOPBACK = /^(localhost|[\w.-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/
const LONGEST = 8192
/** Browsers leave out tabs and line breaks, and read backslashes as slashes: what is checked would not be where they go. */
const TRICKS = /[\\\u0000-\u0020\u007f-\uffff]/

/**
 * Whether pages of this origin may use the instance, as far as its settings tell: its own domain and what is under it,
 * the origins it allows, and in development this machine.
 *
 * @param ownOrigin of this server, whose hosted pages may
 */
export function isOwnOrigin(
  origin: string,
  { environmentType, frontendHost, settings }: Instance,
  ownOrigin: string,
): boolean {
  if (origin === ownOrigin) return true
  if (settings.allowedOrigins?.includes(origin.toLowerCase()) || settings.developmentOrigin === origin) return true
  if (!URL.canParse(origin)) return false
  const { protocol, hostname } = new URL(origin)
  if (environmentType === 'development') return LOOPBACK.test(hostname)
  return protocol === 'https:' && isAt(hostname, frontendHost.replace(/^clerk\./, ''))
}

/** @returns undefined unless it is the absolute URL of a page, without anything that a browser would read in another way */
export function parseTarget(text: string): URL | undefined {
  if (text.length > LONGEST || TRICKS.test(text) || !/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text))
    return undefined
  const url = new URL(text)
  return url.username === '' && url.password === '' ? url : undefined
}
