import { describe, expect, it } from 'vitest'
import { readCookies, RequestView, type NodeRequest } from './request-view.js'

const web = (url: string, headers: Record<string, string> = {}) => new RequestView(new Request(url, { headers }))
const node = (request: Partial<NodeRequest>) => new RequestView({ headers: {}, ...request })
const secure = { encrypted: true }

describe('the URL of a web request', () => {
  it.each([
    ['https://a.example/x?y=1', {}, 'https://a.example/x?y=1'],
    ['http://10.0.0.1:3000/x', { 'x-forwarded-host': 'a.example' }, 'http://a.example/x'],
    ['http://10.0.0.1:3000/x', { 'x-forwarded-host': 'a.example, b.example' }, 'http://a.example/x'],
    ['http://10.0.0.1:3000/x', { 'x-forwarded-host': 'a.example:444' }, 'http://a.example:444/x'],
    [
      'http://10.0.0.1:3000/x',
      { 'x-forwarded-host': 'a.example', 'x-forwarded-proto': 'https' },
      'https://a.example/x',
    ],
    [
      'http://10.0.0.1:3000/x',
      { 'x-forwarded-host': 'a.example', 'x-forwarded-proto': 'https,http' },
      'https://a.example/x',
    ],
    ['http://a.example/x', { host: 'b.example' }, 'http://b.example/x'],
    ['http://a.example/x', { host: 'b.example', 'x-forwarded-host': 'c.example' }, 'http://c.example/x'],
    ['http://a.example/x', { 'x-forwarded-proto': 'https' }, 'http://a.example/x'],
    ['http://a.example/x', { host: 'a.example', 'x-forwarded-proto': 'https' }, 'https://a.example/x'],
    ['http://a.example/x', { host: 'not a host' }, 'http://a.example/x'],
    [
      'http://a.example/x',
      { 'x-forwarded-host': 'b.example', 'x-forwarded-proto': 'javascript' },
      'http://a.example/x',
    ],
    ['http://a.example/x', { 'x-forwarded-host': 'b.example', 'x-forwarded-proto': 'ftp' }, 'http://a.example/x'],
    ['http://a.example/x', { 'x-forwarded-host': 'b.example', 'x-forwarded-proto': 'xhttp' }, 'http://a.example/x'],
    ['http://a.example/x', { 'x-forwarded-host': 'b.example/evil?q' }, 'http://a.example/x'],
    ['http://a.example/x?y', { 'x-forwarded-host': 'user@b.example#f' }, 'http://a.example/x?y'],
    ['http://a.example/x', { host: 'b.example', 'x-forwarded-host': 'user:pass@c.example' }, 'http://b.example/x'],
    ['http://a.example/x', { host: 'user@b.example' }, 'http://a.example/x'],
    ['http://a.example/x', { 'x-forwarded-host': 'my_app.b.example.:444' }, 'http://my_app.b.example.:444/x'],
    ['http://a.example/x', { 'x-forwarded-host': '[::1]:3000' }, 'http://[::1]:3000/x'],
  ])('%s with %j is %s', (url, headers, expected) => {
    expect(web(url, headers).url.href).toBe(expected)
  })
})

describe('the URL of a Node request', () => {
  it.each([
    [{ url: '/x?y=1', headers: { host: 'a.example' } }, 'http://a.example/x?y=1'],
    [{ url: '/x', headers: { host: 'a.example' }, socket: secure }, 'https://a.example/x'],
    [{ url: '/x', headers: { host: 'a.example' }, socket: {} }, 'http://a.example/x'],
    [{ url: '/x', headers: { host: 'a.example' }, socket: null }, 'http://a.example/x'],
    [{ headers: { host: 'a.example' } }, 'http://a.example/'],
    [{ url: '/x' }, 'http://localhost/x'],
    [{ url: '/x', socket: secure }, 'https://localhost/x'],
    [{ url: '/x', headers: { host: ['a.example', 'b.example'] } }, 'http://a.example/x'],
    [{ url: '/x', headers: { host: 'not a host' } }, 'http://localhost/x'],
    [{ url: '/x', headers: { host: 'user@a.example' } }, 'http://localhost/x'],
    [{ url: '/rest', originalUrl: '/mounted/rest', headers: { host: 'a.example' } }, 'http://a.example/mounted/rest'],
    [{ url: '/x?a?b#c?d', headers: { host: 'a.example' } }, 'http://a.example/x?a?b'],
    [{ url: '/x#c', headers: { host: 'a.example' } }, 'http://a.example/x'],
    [{ url: '//evil.example/x', headers: { host: 'a.example' } }, 'http://a.example//evil.example/x'],
    [{ url: 'http://evil.example/x?y#z', headers: { host: 'a.example' } }, 'http://a.example/x?y'],
    [{ url: '*', headers: { host: 'a.example' } }, 'http://a.example/'],
    [{ url: 'evil.example:443', headers: { host: 'a.example' } }, 'http://a.example/443'],
    [{ url: '/x', headers: { host: 'a.example', 'x-forwarded-proto': 'https' } }, 'https://a.example/x'],
    [
      { url: '/x', headers: { host: 'a.example', 'x-forwarded-host': 'b.example' }, socket: secure },
      'https://b.example/x',
    ],
    [
      { url: '/x', headers: { host: 'a.example', 'x-forwarded-host': ['b.example', 'c.example'] } },
      'http://b.example/x',
    ],
  ] as [Partial<NodeRequest>, string][])('%j is %s', (request, expected) => {
    expect(node(request).url.href).toBe(expected)
  })

  it('is worked out once', () => {
    const view = node({ url: '/x', headers: { host: 'a.example' } })
    expect(view.url).toBe(view.url)
  })
})

describe('the headers of a request', () => {
  it('are the same of both kinds', () => {
    const headers = { accept: 'text/html', 'x-empty': '' }
    for (const view of [web('http://a.example', headers), node({ headers })]) {
      expect(view.header('accept')).toBe('text/html')
      expect(view.header('x-empty')).toBeUndefined()
      expect(view.header('x-none')).toBeUndefined()
      expect(view.headerLists()).toEqual({ accept: ['text/html'], 'x-empty': [''] })
    }
  })

  it('are lists where Node has lists', () => {
    const view = node({ headers: { 'set-cookie': ['a=b', 'c=d'], accept: undefined, none: [] } })
    expect(view.header('set-cookie')).toBe('a=b, c=d')
    expect(view.header('none')).toBeUndefined()
    expect(view.headerLists()).toEqual({ 'set-cookie': ['a=b', 'c=d'], none: [] })
  })

  it('say the method, which is GET where none is said', () => {
    expect(node({}).method).toBe('GET')
    expect(node({ method: 'POST' }).method).toBe('POST')
    expect(new RequestView(new Request('http://a.example', { method: 'PUT' })).method).toBe('PUT')
  })
})

describe('the cookies of a request', () => {
  const cookies = (cookie: string) => Object.fromEntries(readCookies(cookie, ''))

  it.each([
    ['a=b', { a: 'b' }],
    ['a=b;c=d', { a: 'b', c: 'd' }],
    ['  a = b ; c=d  ', { a: 'b', c: 'd' }],
    ['a=b; a=c', { a: 'b' }],
    ['a=b=c', { a: 'b=c' }],
    ['a=', { a: '' }],
    ['=b', { '': 'b' }],
    ['a', {}],
    ['a; b=c', { b: 'c' }],
    ['a=b; c', { a: 'b' }],
    [';;a=b;', { a: 'b' }],
    ['a=%20%C3%A9', { a: ' é' }],
    ['a=%zz', { a: '%zz' }],
    ['a="b c"', { a: '"b c"' }],
  ])('in %j are %j', (header, expected) => {
    expect(cookies(header)).toEqual(expected)
  })

  it('that are ours begin with two underscores; of two with one name the first counts', () => {
    const { cookie } = { cookie: 'a=b; __session=1; __session=2; _c=d; __empty=; x__y=z' }
    for (const view of [web('http://a.example', { cookie }), node({ headers: { cookie } })]) {
      expect(view.cookie('__session')).toBe('1')
      for (const name of ['a', '_c', '__empty', '__none', 'x__y', '__y']) expect(view.cookie(name)).toBeUndefined()
    }
  })

  it('are none where there is no header', () => {
    expect(web('http://a.example').cookie('__session')).toBeUndefined()
    expect(readCookies()).toEqual(new Map())
  })
})
