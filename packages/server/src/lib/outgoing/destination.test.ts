import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { kindOfAddress } from './addresses.js'
import { checkUrl, DestinationRefused, guardedLookup } from './destination.js'
import { GuardedPoster, PostTimeout } from './guarded-post.js'

const self = ['https://auth.example.com', 'http://127.0.0.1:4400']
const operator = { allowPrivate: true, self }
const portal = { allowPrivate: false, self }

describe('an address', () => {
  it.each([
    ['8.8.8.8', 'public'],
    ['172.15.255.255', 'public'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.1', 'public'],
    ['10.255.255.255', 'private'],
    ['11.0.0.0', 'public'],
    ['100.64.0.1', 'private'],
    ['100.127.255.255', 'private'],
    ['100.128.0.0', 'public'],
    ['100.100.100.200', 'forbidden'],
    ['127.0.0.1', 'private'],
    ['192.168.1.1', 'private'],
    ['192.167.255.255', 'public'],
    ['0.0.0.0', 'forbidden'],
    ['0.1.2.3', 'forbidden'],
    ['169.254.169.254', 'forbidden'],
    ['168.63.129.16', 'forbidden'],
    ['192.0.0.192', 'forbidden'],
    ['192.0.2.7', 'forbidden'],
    ['192.88.99.1', 'forbidden'],
    ['198.17.255.255', 'public'],
    ['198.18.0.1', 'forbidden'],
    ['198.19.255.255', 'forbidden'],
    ['198.51.100.9', 'forbidden'],
    ['203.0.113.9', 'forbidden'],
    ['223.255.255.255', 'public'],
    ['224.0.0.1', 'forbidden'],
    ['239.255.255.255', 'forbidden'],
    ['240.0.0.1', 'forbidden'],
    ['255.255.255.255', 'forbidden'],
    ['2606:4700::1111', 'public'],
    ['::', 'forbidden'],
    ['::1', 'private'],
    ['100::1', 'forbidden'],
    ['2001:db8::1', 'forbidden'],
    ['3fff::1', 'forbidden'],
    ['fc00::1', 'private'],
    ['fdff::1', 'private'],
    ['fd00:ec2::254', 'forbidden'],
    ['fe80::1', 'forbidden'],
    ['fe80::1%eth0', 'forbidden'],
    ['febf::1', 'forbidden'],
    ['fec0::1', 'forbidden'],
    ['ff02::1', 'forbidden'],
    // The same under other names.
    ['::ffff:169.254.169.254', 'forbidden'],
    ['::ffff:a9fe:a9fe', 'forbidden'],
    ['::ffff:10.0.0.1', 'private'],
    ['::ffff:8.8.8.8', 'public'],
    ['::169.254.169.254', 'forbidden'],
    ['::ffff:0:169.254.169.254', 'forbidden'],
    ['64:ff9b::169.254.169.254', 'forbidden'],
    ['64:ff9b::a00:1', 'private'],
    ['64:ff9b:1::a9fe:a9fe', 'forbidden'],
    ['2002:a9fe:a9fe::1', 'forbidden'],
    ['2002:808:808::1', 'public'],
    ['2002:7f00:1::', 'private'],
    // Teredo writes the client's address inverted.
    ['2001:0:4136:e378:8000:63bf:5601:5601', 'forbidden'],
    ['2001:0:4136:e378:8000:63bf:f7f7:f7f7', 'public'],
    ['nonsense', 'forbidden'],
    ['', 'forbidden'],
  ])('%s is %s', (address, kind) => {
    expect(kindOfAddress(address)).toBe(kind)
  })
})

describe('the URL of a receiver', () => {
  it.each([
    'https://example.com/hooks',
    'https://example.com:8443/hooks',
    'http://app:3000/hooks',
    'http://127.0.0.1:3000/hooks',
    'http://[::1]:3000/hooks',
    'http://10.0.0.7/hooks',
    'http://localhost:3000',
  ])('may be %s for an operator', (url) => {
    expect(checkUrl(url, operator).href).toBeTruthy()
  })

  it.each([
    'example.com',
    'ftp://example.com',
    'file:///etc/passwd',
    'https://user:password@example.com',
    'https://example.com:22',
    'http://10.0.0.7:6379',
    'http://10.0.0.7:5432',
    'http://169.254.169.254/latest/meta-data',
    'http://0xa9fea9fe/latest',
    'http://2852039166/latest',
    'http://0251.0376.0251.0376/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fd00:ec2::254]/',
    'http://0/',
    'http://8.8.8.8/hooks',
    'http://127.0.0.1:4400/v1/users',
    'http://localhost:4400/v1/users',
    'http://[::1]:4400/v1/users',
    'http://[::ffff:127.0.0.1]:4400/v1/users',
    'http://127.7.7.7:4400/v1/users',
    'https://auth.example.com/v1/users',
    'https://auth.example.com./v1/users',
    'https://AUTH.example.com:443/v1/users',
    `https://example.com/${'x'.repeat(3000)}`,
  ])('may not be %s, for nobody', (url) => {
    // A name is judged by what it resolves to.
    const check = () => {
      const parsed = checkUrl(url, operator)
      guardedLookup(parsed, operator, fixed('127.0.0.1'))(parsed.hostname, {}, (error) => {
        if (error) throw error
      })
    }
    expect(check).toThrow(DestinationRefused)
  })

  it.each(['http://example.com', 'https://127.0.0.1', 'https://10.0.0.1', 'https://[::1]', 'https://192.168.0.1'])(
    'may not be %s for somebody who came by a link',
    (url) => {
      expect(() => checkUrl(url, portal)).toThrow(DestinationRefused)
    },
  )

  it('may not lead to the port of this server by another address of the machine', () => {
    const own = { address: '10.1.2.3', netmask: '255.0.0.0', cidr: '10.1.2.3/8', mac: '', internal: false }
    const interfaces = vi.spyOn(os, 'networkInterfaces').mockReturnValue({ eth0: [{ ...own, family: 'IPv4' }] })
    const url = checkUrl('http://app:4400/', operator)
    expect(() => checkUrl('http://10.1.2.3:4400/', operator)).toThrow('The URL is that of this server')
    guardedLookup(url, operator, fixed('10.1.2.3'))('app', { all: true }, (error) =>
      expect(error).toBeInstanceOf(DestinationRefused),
    )
    expect(checkUrl('http://10.1.2.3:4401/', operator).port).toBe('4401')
    expect(checkUrl('http://10.1.2.4:4400/', operator).port).toBe('4400')
    interfaces.mockRestore()
  })

  it('is refused if one of the addresses of its name is', () => {
    const url = checkUrl('https://rebind.example.com', portal)
    const lookup = guardedLookup(url, portal, fixed('8.8.8.8', '10.0.0.1'))
    lookup('rebind.example.com', { all: true }, (error) => expect(error).toBeInstanceOf(DestinationRefused))
  })
})

describe('a request to a receiver', () => {
  const poster = new GuardedPoster()
  let server: Server
  let port: number
  let connections = 0
  const request = (path: string, options: object = {}) => ({
    url: `http://127.0.0.1:${port}${path}`,
    headers: {},
    body: '{}',
    rules: { allowPrivate: true },
    timeout: 400,
    group: 'one',
    ...options,
  })

  beforeAll(async () => {
    server = createServer((incoming, response) => {
      if (incoming.url === '/silent') return
      if (incoming.url === '/big') return void response.end(Buffer.alloc(5_000_000, 'x'))
      if (incoming.url === '/close') return void response.writeHead(200, { connection: 'close' }).end()
      response.writeHead(200).end(`${incoming.headers.host} ${incoming.headers['accept-encoding']}`)
    })
    server.on('connection', () => connections++)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })
  afterAll(() => {
    poster.close()
    server.closeAllConnections()
    server.close()
  })

  it('keeps its connection for the next one', async () => {
    const before = connections
    for (let sent = 0; sent < 5; sent++) expect((await poster.post(request('/'))).status).toBe(200)
    expect(connections - before).toBe(1)
  })

  it('asks for no compression', async () => {
    expect((await poster.post(request('/'))).text).toBe(`127.0.0.1:${port} identity`)
  })

  it('survives a receiver that closes kept connections', async () => {
    for (let sent = 0; sent < 3; sent++) expect((await poster.post(request('/close'))).status).toBe(200)
    await poster.post(request('/'))
    server.closeIdleConnections()
    expect((await poster.post(request('/'))).status).toBe(200)
  })

  it('ends with the deadline', async () => {
    await expect(poster.post(request('/silent'))).rejects.toBeInstanceOf(PostTimeout)
  })

  it('reads only the beginning of a long answer', async () => {
    expect((await poster.post(request('/big'))).text).toHaveLength(20 * 1024)
  })

  it('connects to no address that is not allowed, whatever the name', async () => {
    const before = connections
    const strict = new GuardedPoster({ lookup: fixed('127.0.0.1') })
    const url = `https://public.example.com:${port}/`
    const sent = strict.post(request('/', { url, rules: { allowPrivate: false } }))
    await expect(sent).rejects.toBeInstanceOf(DestinationRefused)
    expect(connections).toBe(before)
    strict.close()
  })
})

/** A resolver that knows these addresses for every name. */
function fixed(...addresses: string[]) {
  return ((_: string, __: object, done: (error: null, found: object[]) => void) => {
    done(
      null,
      addresses.map((address) => ({ address, family: 4 })),
    )
  }) as never
}
