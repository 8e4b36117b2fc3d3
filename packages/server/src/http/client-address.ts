import { BlockList, isIPv4, isIPv6 } from 'node:net'
import type { Logger } from '../kernel/runtime.js'

/** Names for sets of addresses, beside single ones and ranges such as `10.0.0.0/8`. */
const NAMED = new Map([
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']],
])

/** What trusted proxies may be, for messages. */
const EXPECTED = 'addresses, ranges such as 10.0.0.0/8, loopback or private'

/** A trusted proxy that is not given as an address, a range or a name. */
export class TrustedProxyError extends RangeError {
  override readonly name = 'TrustedProxyError'
  readonly expectation = EXPECTED

  constructor(readonly proxy: string) {
    super(`"trustedProxies" must be ${EXPECTED}, got ${JSON.stringify(proxy)}`)
  }
}

/** Which peers are proxies whose `X-Forwarded-For` is trusted. */
export class TrustedProxies {
  readonly #list = new BlockList()
  readonly #isEmpty: boolean

  /**
   * @param proxies addresses, ranges, `loopback` or `private`
   * @throws {TrustedProxyError} for anything else
   */
  constructor(proxies: readonly string[]) {
    for (const proxy of proxies.flatMap((name) => NAMED.get(name) ?? [name])) this.#add(proxy)
    this.#isEmpty = proxies.length === 0
  }

  /** @param address as `clientAddress` returns it */
  has(address: string): boolean {
    return !this.#isEmpty && this.#list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
  }

  #add(proxy: string): void {
    const [, address = '', prefix] = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/i.exec(proxy) ?? []
    const plain = canonical(address)
    const bits = plain !== undefined && isIPv4(plain) ? 32 : 128
    const length = Number(prefix ?? bits)
    // For IPv4 written as IPv6 it would be unclear which bits the length of a range counts.
    const isUnclear = prefix !== undefined && bits === 32 && isIPv6(address)
    if (plain === undefined || length > bits || isUnclear) throw new TrustedProxyError(proxy)
    this.#list.addSubnet(plain, length, bits === 32 ? 'ipv4' : 'ipv6')
  }
}

/** @returns null if it is unknown, as in a call within the process */
export type AddressOf = (peer: string | undefined, forwardedFor: string | null) => string | null

/**
 * Tells where requests come from. The first ignored header is logged: behind a proxy that is not trusted all visitors
 * share one address.
 */
export function createAddressOf(proxies: TrustedProxies, logger: Logger): AddressOf {
  let warned = false
  return (peer, forwardedFor) => {
    const address = peer === undefined ? undefined : canonical(peer)
    if (!warned && forwardedFor !== null && address !== undefined && !proxies.has(address)) {
      warned = true
      logger.warn(
        { peer: address },
        'X-Forwarded-For is ignored, because it came from a peer that is not a trusted proxy. If that is your proxy, ' +
          'name it with --trusted-proxies; until then all visitors behind it count as one address',
      )
    }
    return clientAddress(peer, forwardedFor, proxies)
  }
}

/**
 * The address a request came from: the nearest one that is not a trusted proxy. A forwarded address counts only if
 * every hop behind it is trusted, since the sender of a request can write anything in front.
 *
 * @param peer the other end of the connection
 * @param forwardedFor the `X-Forwarded-For` header
 * @returns in canonical form; null if the peer is unknown
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | null,
  proxies: TrustedProxies,
): string | null {
  let address = canonical(peer ?? '')
  if (address === undefined) return null
  if (forwardedFor === null) return address
  const hops = forwardedFor.split(',')
  while (proxies.has(address)) {
    const next = canonical(withoutPort((hops.pop() ?? '').trim()))
    if (next === undefined) return address
    address = next
  }
  return address
}

/**
 * The key that limits count by: an IPv4 address, or the /64 of an IPv6 address, since one subscriber has a whole /64.
 */
export function addressKey(address: string | null): string {
  if (address === null) return 'unknown'
  return isIPv6(address) ? `${groupsOf(address).slice(0, 4).join(':')}::/64` : address
}

/** Some proxies add the port, and then brackets around an IPv6 address. */
function withoutPort(text: string): string {
  const [, bracketed, ipv4] = /^\[([^\]]+)\](?::\d+)?$|^([\d.]+):\d+$/.exec(text) ?? []
  return bracketed ?? ipv4 ?? text
}

/**
 * One form for each address: IPv6 as RFC 5952 writes it, without a zone, and IPv4 in IPv6 as IPv4.
 *
 * @returns undefined for anything else
 */
function canonical(text: string): string | undefined {
  if (isIPv4(text)) return text
  if (!isIPv6(text)) return undefined
  const address = inUrl(text.split('%')[0]!)
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(address) ?? []
  if (high === undefined) return address
  const number = (Number.parseInt(high, 16) << 16) | Number.parseInt(low!, 16)
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.')
}

/** The URL parser knows the canonical form (https://url.spec.whatwg.org/#concept-ipv6-serializer). */
function inUrl(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1)
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = inUrl(address).split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after]
}
