import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { listen, type Handler, type ListenOptions } from './listen.js'

describe('listening', () => {
  it('keeps requests waiting until there is a handler, and tells it where they come from', async () => {
    const listener = await listen(0, '127.0.0.1')
    const early = fetch(listener.url)
    listener.handle(async (request, { remoteAddress }) => new Response(`${request.method} ${remoteAddress}`))
    expect(await (await early).text()).toBe('GET 127.0.0.1')
    await listener.drain(1000)
  })

  it('answers what is under way before it ends, and takes nothing more', async () => {
    const listener = await listen(0, '127.0.0.1')
    let finish = () => {}
    let arrived = () => {}
    const underWay = new Promise<void>((resolve) => (arrived = resolve))
    listener.handle(async () => {
      arrived()
      await new Promise<void>((resolve) => (finish = resolve))
      return new Response('done')
    })
    const request = fetch(listener.url)
    await underWay
    const drained = listener.drain(10_000)
    await expect(fetch(listener.url)).rejects.toThrow('fetch failed')
    finish()
    expect(await (await request).text()).toBe('done')
    await drained
  })

  it('cuts off what takes too long', async () => {
    const listener = await listen(0, '127.0.0.1')
    let arrived = () => {}
    const underWay = new Promise<void>((resolve) => (arrived = resolve))
    listener.handle(() => {
      arrived()
      return new Promise(() => {})
    })
    const outcome = fetch(listener.url).catch((error: Error) => error.message)
    await underWay
    await listener.drain(50)
    expect(await outcome).toBe('fetch failed')
  })

  it('names the port that is taken and the way out', async () => {
    const listener = await listen(0, '127.0.0.1')
    const port = Number(new URL(listener.url).port)
    await expect(listen(port, '127.0.0.1')).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`)
    await expect(listen(0, '203.0.113.1')).rejects.toThrow(
      '"--host" must be an address of this machine, got 203.0.113.1',
    )
    await listener.drain(1000)
  })
})

describe('listening on localhost', () => {
  it('is listening on both loopback addresses, and on no other', async () => {
    const listener = await listen(0, 'localhost')
    listener.handle(async (_, { remoteAddress }) => new Response(remoteAddress))
    const { hostname, port } = new URL(listener.url)
    expect([hostname, listener.isExposed]).toEqual(['localhost', false])
    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe('127.0.0.1')
    expect(await (await fetch(`http://[::1]:${port}`)).text()).toBe('::1')
    await listener.drain(1000)
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow('fetch failed')
    await expect(fetch(`http://[::1]:${port}`)).rejects.toThrow('fetch failed')
  })

  it('is refused where one of the two is taken: browsers might ask there', async () => {
    const other = await listen(0, '::1')
    const port = Number(new URL(other.url).port)
    await expect(listen(port, 'localhost')).rejects.toThrow(`Port ${port} on ::1 is in use`)
    // The first address is free again.
    await (await listen(port, '127.0.0.1')).drain(1000)
    await other.drain(1000)
  })

  it('says whether other machines can reach the port', async () => {
    for (const [host, isExposed] of [
      ['127.0.0.1', false],
      ['::1', false],
      ['0.0.0.0', true],
    ] as const) {
      const listener = await listen(0, host)
      expect(listener.isExposed).toBe(isExposed)
      await listener.drain(1000)
    }
  })
})

describe('a listener in traffic', () => {
  const ends: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0)) await end()
  })

  async function listening(handler: Handler, options: ListenOptions = {}) {
    const listener = await listen(0, '127.0.0.1', options)
    listener.handle(handler)
    ends.push(() => listener.drain(0))
    return listener
  }

  /** A connection that sends text as it is. `text()` gives all that was answered, once it is closed. */
  function open({ url }: { url: string }, sent: string) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    let received = ''
    socket.setEncoding('latin1').on('data', (data: string) => (received += data))
    socket.on('error', () => {})
    socket.write(sent)
    ends.push(async () => void socket.destroy())
    return { socket, received: () => received, text: () => closed(socket).then(() => received) }
  }

  const closed = async (socket: Socket) => void (socket.closed || (await once(socket, 'close')))
  const get = (path = '/', ...headers: string[]) =>
    `GET ${path} HTTP/1.1\r\n${['host: localhost', ...headers].join('\r\n')}\r\n\r\n`
  const last = get('/last', 'connection: close')
  const soon = async (condition: () => boolean) => {
    await expect.poll(condition).toBe(true)
  }

  it('answers the requests of a connection one after the other, in their order', async () => {
    let most = 0
    let now = 0
    const listener = await listening(async ({ url }) => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 5))
      now--
      return new Response(`<${new URL(url).pathname}>`)
    })
    const text = await open(listener, get('/a') + get('/b') + get('/c') + last).text()
    expect(text.match(/<[^>]+>/g)).toEqual(['</a>', '</b>', '</c>', '</last>'])
    expect(most).toBe(1)
  })

  it('starts no request of a client that had hung up before it was read', async () => {
    let started = 0
    const listener = await listening(async () => new Response(String(++started)))
    const { socket } = open(listener, get())
    await once(socket, 'connect')
    socket.resetAndDestroy()
    // The listener is in this process: it reads only after this.
    const until = performance.now() + 50
    while (performance.now() < until);
    await closed(socket)
    expect(await (await fetch(listener.url)).text()).toBe('1')
  })

  it('starts no request of a client that has not taken the answer to the one before', async () => {
    let started = 0
    const listener = await listening(async () => {
      started++
      return new Response(new Uint8Array(8 * 1024 * 1024))
    })
    const { socket } = open(listener, get().repeat(10))
    socket.pause()
    await soon(() => started > 0)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(started).toBeLessThan(3)
  })

  it('closes a connection that sends more requests than may wait', async () => {
    const listener = await listening(() => new Promise(() => {}), { bounds: { pipelined: 5 } })
    expect(await open(listener, get().repeat(20)).text()).toBe('')
  })

  it('answers 503 beyond the requests that may be under way, but says that it is alive', async () => {
    let finish: (() => void) | undefined
    const listener = await listening(
      ({ url }) =>
        url.endsWith('/livez')
          ? Promise.resolve(new Response('alive'))
          : new Promise((resolve) => (finish = () => resolve(new Response('done')))),
      { bounds: { underWay: 1 } },
    )
    const first = fetch(listener.url)
    await soon(() => finish !== undefined)
    const second = await fetch(listener.url, { method: 'POST', body: 'x' })
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '1'])
    expect(second.headers.get('x-should-retry')).toBe('true')
    expect(await second.json()).toMatchObject({ errors: [{ code: 'service_unavailable' }] })
    expect(await (await fetch(`${listener.url}/livez`)).text()).toBe('alive')
    finish!()
    expect(await (await first).text()).toBe('done')
  })

  it('closes the connections that wait longest with unread answers, beyond a number of bytes', async () => {
    const listener = await listening(async () => new Response(new Uint8Array(12 * 1024 * 1024)), {
      bounds: { unreadBytes: 20 * 1024 * 1024 },
    })
    const sockets: Socket[] = []
    for (let index = 0; index < 6; index++) {
      const { socket } = open(listener, get())
      socket.pause()
      sockets.push(socket)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    sockets.forEach((socket) => socket.resume())
    await soon(() => sockets.slice(0, 4).every((socket) => socket.closed))
    expect((await (await fetch(listener.url)).arrayBuffer()).byteLength).toBe(12 * 1024 * 1024)
  })

  it.each([{ stalled: 100 }, { unread: 100 }])(
    'closes the connection of a client that does not read: %j',
    async (bounds) => {
      const listener = await listening(async () => new Response(new Uint8Array(12 * 1024 * 1024)), { bounds })
      const { socket, text } = open(listener, get())
      socket.pause()
      await new Promise((resolve) => setTimeout(resolve, 600))
      socket.resume()
      expect((await text()).length).toBeLessThan(12 * 1024 * 1024)
    },
  )

  it('closes connections with a slow head, a slow body or nothing to say', async () => {
    const listener = await listening(async (request) => new Response(await request.text()), {
      deadlines: { headersTimeout: 100, requestTimeout: 200, keepAliveTimeout: 100, connectionsCheckingInterval: 50 },
    })
    const slow = ['', 'GET / HTTP/1.1\r\nhost: a\r\nx: ', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\nab']
    for (const sent of slow) expect(await open(listener, sent).text()).toMatch(/^(HTTP\/1.1 408|$)/)
    expect(await open(listener, get()).text()).toMatch(/^HTTP\/1.1 200/)
  })

  it('takes HTTP/1.0 without a Host header, as health checks of proxies send it', async () => {
    const listener = await listening(async ({ url }) => new Response(url))
    expect(await open(listener, 'GET /livez HTTP/1.0\r\n\r\n').text()).toContain('http://localhost/livez')
    expect(await open(listener, 'GET /livez HTTP/1.1\r\n\r\n').text()).toMatch(/^HTTP\/1.1 400/)
  })

  it.each([
    ['two Host headers', get('/v1/users', 'Host: elsewhere')],
    ['a segment of dots', get('/v1/../users')],
    ['an encoded segment of dots', get('/v1/%2e%2e/')],
    ['a half encoded one', get('/v1/users/.%2E?x')],
    ['one dot', get('/v1/%2e')],
    ['dots in a whole URL', get('http://localhost/v1/../x')],
  ])('refuses %s', async (_, sent) => {
    const listener = await listening(async ({ url }) => new Response(url))
    const text = await open(listener, sent).text()
    expect(text).toMatch(/^HTTP\/1.1 400/)
    expect(text).toContain('"code":"bad_request"')
  })

  it('says of a request that announces no body that it has none, so that nobody waits for one', async () => {
    const listener = await listening(async ({ headers }) => new Response(`length ${headers.get('content-length')}.`))
    const ask = (more: string) => `POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${more}`
    expect(await open(listener, ask('\r\n')).text()).toContain('length 0.')
    expect(await open(listener, ask('Content-Length: 2\r\n\r\n{}')).text()).toContain('length 2.')
    const chunked = ask('Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n')
    expect(await open(listener, chunked).text()).toContain('length null.')
  })

  it('takes dots elsewhere', async () => {
    const listener = await listening(async ({ url }) => new Response(url))
    for (const path of ['/v1/a..b', '/v1/...', '/.well-known/x', '/v1?a=/../b'])
      expect(await open(listener, get(path, 'connection: close')).text()).toContain(`http://localhost${path}`)
  })

  it('ends idle connections without a reset, and busy ones after their answer, which says so', async () => {
    const listener = await listen(0, '127.0.0.1')
    let finish = () => {}
    listener.handle(({ url }) =>
      url.endsWith('/slow')
        ? new Promise((resolve) => (finish = () => resolve(new Response('done'))))
        : Promise.resolve(new Response('quick')),
    )
    const errors: Error[] = []
    const idle = open(listener, get())
    const busy = open(listener, get('/slow'))
    for (const { socket } of [idle, busy]) socket.on('error', (error) => errors.push(error))
    await soon(() => idle.received().includes('quick'))
    const drained = listener.drain(5000)
    await closed(idle.socket)
    expect(idle.received()).toContain('Connection: keep-alive')
    finish()
    expect(await busy.text()).toMatch(/Connection: close[^]*done$/)
    await drained
    expect(errors).toEqual([])
  })
})
