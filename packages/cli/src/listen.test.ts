import { describe, expect, it } from 'vitest'
import { listen } from './listen.js'

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
