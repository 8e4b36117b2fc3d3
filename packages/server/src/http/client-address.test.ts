import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Logger } from '../kernel/runtime.js'
import { addressKey, clientAddress, createAddressOf, TrustedProxies, TrustedProxyError } from './client-address.js'

const none = new TrustedProxies([])
const proxies = new TrustedProxies(['loopback', '10.0.0.0/8', '2001:db8:ffff::/48'])

describe('the address of a caller', () => {
  it.each([
    ['the peer without proxies', '192.0.2.1', null, '192.0.2.1'],
    ['the peer when it is no proxy, whatever the header says', '192.0.2.1', '198.51.100.7', '192.0.2.1'],
    ['what a trusted proxy says', '10.0.0.1', '198.51.100.7', '198.51.100.7'],
    ['the proxy itself when it says nothing', '10.0.0.1', null, '10.0.0.1'],
    ['the nearest one that is not trusted', '127.0.0.1', '203.0.113.9, 198.51.100.7, 10.2.3.4', '198.51.100.7'],
    ['not one that the visitor wrote in front', '10.0.0.1', '127.0.0.1, 10.9.9.9, 198.51.100.7', '198.51.100.7'],
    ['the first of a chain of proxies only', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['the last trusted one when what it says is no address', '10.0.0.1', '198.51.100.7, unknown', '10.0.0.1'],
    ['not behind a gap', '10.0.0.1', '198.51.100.7, , 10.0.0.2', '10.0.0.2'],
    ['without spaces and tabs', '10.0.0.1', '\t198.51.100.7  ', '198.51.100.7'],
    ['without a port', '10.0.0.1', '198.51.100.7:50123', '198.51.100.7'],
    ['IPv6', '2001:db8:ffff::1', '2001:db8:1::7', '2001:db8:1::7'],
    ['IPv6 in brackets', '10.0.0.1', '[2001:db8:1::7]', '2001:db8:1::7'],
    ['IPv6 in brackets with a port', '10.0.0.1', '[2001:db8:1::7]:443', '2001:db8:1::7'],
    ['IPv6 in one form', '10.0.0.1', '2001:0DB8:0001:0:0:0:0:0007', '2001:db8:1::7'],
    ['IPv6 without a zone', 'fe80::1%eth0', null, 'fe80::1'],
    ['IPv4 where the socket takes both', '::ffff:192.0.2.1', null, '192.0.2.1'],
    ['IPv4 written as IPv6 in another way', '::ffff:a00:1', '198.51.100.7', '198.51.100.7'],
    ['unknown within the process, whatever the header says', undefined, '198.51.100.7', null],
    ['unknown for a peer that is no address', 'socket', '198.51.100.7', null],
  ])('is %s', (_, peer, header, expected) => {
    expect(clientAddress(peer, header, proxies)).toBe(expected)
  })

  const address = fc.oneof(fc.ipV4(), fc.ipV6())
  const hop = fc.oneof(address, fc.string(), fc.constantFrom('', 'unknown', '127.0.0.1', '[::1]:80', '10.0.0.1:1'))

  it('does not depend on the header where no proxy is trusted', () => {
    fc.assert(
      fc.property(address, fc.array(hop), (peer, hops) => {
        expect(clientAddress(peer, hops.join(','), none)).toBe(clientAddress(peer, null, none))
      }),
    )
  })

  it('never is one that stands in front of an untrusted one', () => {
    const visitor = fc.ipV4().filter((text) => !proxies.has(text))
    const trusted = fc.integer({ min: 1, max: 254 }).map((last) => `10.0.0.${last}`)
    fc.assert(
      fc.property(fc.array(hop), visitor, fc.array(trusted), trusted, (forged, from, behind, peer) => {
        expect(clientAddress(peer, [...forged, from, ...behind].join(', '), proxies)).toBe(from)
      }),
    )
  })

  it('is an address in one form, or unknown', () => {
    const everybody = new TrustedProxies(['0.0.0.0/0', '::/0'])
    fc.assert(
      fc.property(fc.oneof(address, fc.string()), fc.array(hop), (peer, hops) => {
        const found = clientAddress(peer, hops.join(', '), everybody)
        if (found === null) return
        expect(isIP(found)).not.toBe(0)
        expect(clientAddress(found, null, none)).toBe(found)
      }),
    )
  })
})

describe('trusted proxies', () => {
  it.each([
    ['127.8.9.1', true],
    ['::1', true],
    ['10.255.0.1', true],
    ['172.31.0.1', true],
    ['172.32.0.1', false],
    ['192.168.1.1', true],
    ['fd00::1', true],
    ['fe80::1', false],
    ['203.0.113.7', true],
    ['203.0.113.8', false],
    ['2001:db8::5', true],
    ['2001:db8::6', false],
    ['198.51.100.1', true],
  ])('hold %s: %s', (address, expected) => {
    const list = new TrustedProxies(['loopback', 'private', '203.0.113.7', '2001:DB8::5', '::ffff:198.51.100.1'])
    expect(list.has(address)).toBe(expected)
  })

  it.each([
    '',
    ' 10.0.0.1',
    'proxy.example.com',
    'constructor',
    '10.0.0.1/',
    '10.0.0.0/33',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    '10.0.0.0/1e1',
    '::1/129',
    '::ffff:10.0.0.0/104',
    'fe80::1%eth0',
    '[::1]',
    '10.0.0.1:80',
    '10.0.0',
  ])('are not %j', (proxy) => {
    expect(() => new TrustedProxies([proxy])).toThrow(TrustedProxyError)
    expect(() => new TrustedProxies([proxy])).toThrow(
      `"trustedProxies" must be addresses, ranges such as 10.0.0.0/8, loopback or private, got ${JSON.stringify(proxy)}`,
    )
  })
})

describe('the key that limits count by', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8:1:2:3::', '2001:db8:1:2::/64'],
    [null, 'unknown'],
  ])('of %s is %s', (address, key) => {
    expect(addressKey(address)).toBe(key)
  })

  it('is one for all of a /64, and another for each', () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((number) => number.toString(16))
    const half = fc.array(group, { minLength: 4, maxLength: 4 }).map((groups) => groups.join(':'))
    fc.assert(
      fc.property(half, half, half, half, (network, other, host, neighbour) => {
        expect(addressKey(`${network}:${host}`)).toBe(addressKey(`${network}:${neighbour}`))
        if (network !== other) expect(addressKey(`${network}:${host}`)).not.toBe(addressKey(`${other}:${host}`))
      }),
    )
  })
})

describe('an ignored header', () => {
  function reader(list: TrustedProxies) {
    const warnings: { fields: object; message: string }[] = []
    const logger: Logger = {
      debug() {},
      info() {},
      warn: (fields, message) => warnings.push({ fields, message }),
      error() {},
    }
    return { addressOf: createAddressOf(list, logger), warnings }
  }

  it('is logged once, with the peer and what to do', () => {
    const { addressOf, warnings } = reader(none)
    expect(addressOf('::ffff:172.17.0.1', '198.51.100.7')).toBe('172.17.0.1')
    expect(addressOf('172.17.0.2', '198.51.100.8')).toBe('172.17.0.2')
    expect(warnings).toEqual([
      { fields: { peer: '172.17.0.1' }, message: expect.stringContaining('name it with --trusted-proxies') },
    ])
  })

  it('is not logged where there is none, or it is believed', () => {
    const { addressOf, warnings } = reader(proxies)
    expect(addressOf('192.0.2.1', null)).toBe('192.0.2.1')
    expect(addressOf(undefined, '198.51.100.7')).toBeNull()
    expect(addressOf('10.0.0.1', '198.51.100.7')).toBe('198.51.100.7')
    expect(warnings).toEqual([])
  })
})
