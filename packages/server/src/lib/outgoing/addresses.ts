import { BlockList, isIP } from 'node:net'

/**
 * What an address is to somebody who sends requests to URLs of others: `forbidden` for what no receiver has (metadata
 * services, link-local, multicast, documentation, unspecified).
 */
export type AddressKind = 'public' | 'private' | 'forbidden'

/** Ranges of private networks, where the receivers of somebody who hosts this server usually are. */
export const PRIVATE_RANGES = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
] as const

export const FORBIDDEN_RANGES = [
  '0.0.0.0/8',
  // Metadata of Alibaba Cloud and of Azure.
  '100.100.100.200/32',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  '100::/64',
  '2001:db8::/32',
  '3fff::/20',
  // Metadata of AWS and of Google Cloud.
  'fd00:ec2::/32',
  'fd20:ce::254/128',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
] as const

const privateRanges = listOf(PRIVATE_RANGES)
const forbiddenRanges = listOf(FORBIDDEN_RANGES)

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network, bits] = range.split('/') as [string, string]
    list.addSubnet(network, Number(bits), isIP(network) === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}

/** @param address an IPv4 or IPv6 address, without brackets; anything else is forbidden */
export function kindOfAddress(address: string): AddressKind {
  const plain = unmapped(address)
  const version = isIP(plain)
  if (version === 0) return 'forbidden'
  const family = version === 6 ? 'ipv6' : 'ipv4'
  if (forbiddenRanges.check(plain, family)) return 'forbidden'
  return privateRanges.check(plain, family) ? 'private' : 'public'
}

export function isLoopback(address: string): boolean {
  const plain = unmapped(address)
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'))
}

/** The IPv4 address that an IPv6 address leads to (mapped, compatible, NAT64, 6to4, Teredo); else the address itself. */
export function unmapped(address: string): string {
  const [withoutZone] = address.split('%') as [string]
  if (isIP(withoutZone) !== 6) return withoutZone
  const words = wordsOf(withoutZone)
  const startsWith = (...start: number[]) => start.every((word, index) => words[index] === word)
  const ipv4 = (high: number, low: number) => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
  const [, second, third] = words as [number, number, number]
  const last = [words[6]!, words[7]!] as const
  if (startsWith(0, 0, 0, 0, 0, 0xffff)) return ipv4(...last)
  if (startsWith(0, 0, 0, 0, 0xffff, 0)) return ipv4(...last)
  if (startsWith(0, 0, 0, 0, 0, 0) && (last[0] !== 0 || last[1] > 1)) return ipv4(...last)
  if (startsWith(0x64, 0xff9b, 0, 0, 0, 0) || startsWith(0x64, 0xff9b, 1)) return ipv4(...last)
  if (startsWith(0x2002)) return ipv4(second, third)
  if (startsWith(0x2001, 0)) return ipv4(last[0] ^ 0xffff, last[1] ^ 0xffff)
  return withoutZone
}

/** The eight groups of an IPv6 address. */
function wordsOf(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const text = dotted
    ? `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`
    : address
  const [head, tail] = text.split('::') as [string, string?]
  const parse = (part: string) => (part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16)))
  const start = parse(head)
  const end = tail === undefined ? [] : parse(tail)
  return [...start, ...Array.from<number>({ length: 8 - start.length - end.length }).fill(0), ...end]
}
