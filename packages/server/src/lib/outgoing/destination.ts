import { lookup as systemLookup } from 'node:dns'
import os from 'node:os'
import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'
import { isLoopback, kindOfAddress, unmapped } from './addresses.js'
import { readUrl } from '../urls.js'

/** A URL or an address that requests must not go to. The message says which and why. */
export class DestinationRefused extends Error {
  override readonly name = 'DestinationRefused'
}

/** Where requests may go. */
export interface DestinationRules {
  /** Private networks and loopback, and there also without TLS. Otherwise only `https` to public addresses. */
  allowPrivate: boolean
  /** This server's own URLs, the public one and that of its port: no request may go to them. */
  self?: readonly string[] | undefined
}

/** Of databases, caches and the like: what a request to one of them would do, nobody wants to find out. */
const REFUSED_PORTS = new Set([
  1433, 1521, 2049, 2181, 2375, 2376, 2379, 2380, 3306, 4369, 5432, 5433, 5672, 5984, 6000, 6379, 6380, 6443, 6667,
  7000, 7001, 8086, 8500, 9042, 9092, 9200, 9300, 10250, 11211, 26379, 27017, 27018, 27019, 50000,
])
const LONGEST_URL = 2048

/**
 * What can be said of a URL without resolving its name.
 *
 * @throws {DestinationRefused}
 */
export function checkUrl(text: string, rules: DestinationRules): URL {
  if (text.length > LONGEST_URL) throw new DestinationRefused(`The URL is longer than ${LONGEST_URL} characters`)
  const url = readUrl(text)
  if (!url) throw new DestinationRefused('The URL is not a URL. It looks like https://example.com/webhooks')
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new DestinationRefused(`The URL must begin with https:// or http://, got ${url.protocol}`)
  if (url.protocol === 'http:' && !rules.allowPrivate) throw new DestinationRefused('The URL must begin with https://')
  if (url.username !== '' || url.password !== '')
    throw new DestinationRefused('The URL must not contain a user name or a password. Use a header')
  const port = portOf(url)
  if ((port < 1024 && port !== 80 && port !== 443) || REFUSED_PORTS.has(port))
    throw new DestinationRefused(
      `The port ${port} is not allowed. Allowed are 80, 443 and those above 1023, without databases`,
    )
  const isSelf = ownUrls(rules, url).some((own) => nameOf(own) === nameOf(url))
  if (isSelf) throw new DestinationRefused('The URL is that of this server')
  const address = addressOf(url)
  if (address !== undefined) checkAddress(address, url, rules)
  return url
}

/**
 * Judges an address that a URL's name resolved to, or that a socket is connected to.
 *
 * @throws {DestinationRefused}
 */
export function checkAddress(address: string, url: URL, rules: DestinationRules): void {
  const { allowPrivate } = rules
  const kind = kindOfAddress(address)
  if (kind === 'forbidden' || (kind === 'private' && !allowPrivate))
    throw new DestinationRefused(`Requests to the address ${address} are not allowed`)
  if (kind === 'public' && url.protocol === 'http:')
    throw new DestinationRefused(`Requests without TLS go to private addresses only, ${address} is public`)
  if (ownUrls(rules, url).some(isLocal) && isOwnAddress(address))
    throw new DestinationRefused('The URL is that of this server')
}

/** Resolves a name and judges every address it has: one bad one, and nothing is connected. */
export function guardedLookup(
  url: URL,
  rules: DestinationRules,
  lookup: typeof systemLookup = systemLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 4)
      try {
        if (addresses.length === 0) throw new DestinationRefused(`The name ${hostname} has no address`)
        for (const { address } of addresses) checkAddress(address, url, rules)
      } catch (refused) {
        return callback(refused as Error, '', 4)
      }
      if (options.all) return callback(null, addresses)
      const [first] = addresses
      callback(null, first!.address, first!.family)
    })
  }
}

export function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

/** The address in a URL that has no name. `URL` has brought forms such as `0x7f.1` to dots already. */
function addressOf({ hostname }: URL): string | undefined {
  const plain = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  return isIP(plain) === 0 ? undefined : plain
}

/** The server's own URLs with the port of this one. */
function ownUrls({ self = [] }: DestinationRules, url: URL): URL[] {
  return self.map((own) => new URL(own)).filter((own) => portOf(own) === portOf(url))
}

/** The host name; `example.com.` is `example.com`. */
function nameOf({ hostname }: URL): string {
  return hostname.replace(/\.$/, '')
}

/** Whether the URL says that a port of this machine is meant. */
function isLocal(url: URL): boolean {
  const address = addressOf(url)
  return nameOf(url) === 'localhost' || (address !== undefined && isOwnAddress(address))
}

/** A port that is open on one of this machine's addresses is taken to be open on all of them. */
function isOwnAddress(address: string): boolean {
  const plain = unmapped(address)
  if (isLoopback(plain)) return true
  return Object.values(os.networkInterfaces()).some((list) => list!.some((own) => own.address === plain))
}
