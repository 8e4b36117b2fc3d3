import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { AnswerTooLarge, createOutgoing } from './outgoing.js'

describe('an outgoing call', () => {
  let server: Server | undefined
  const outgoing = createOutgoing(fetch)

  afterEach(() => {
    server?.closeAllConnections()
    server?.close()
  })

  const listen = async (listener: RequestListener) => {
    server = createServer(listener)
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }

  it('has the answer whole, whatever its status', async () => {
    const url = await listen((request, response) => {
      response.writeHead(418, { 'x-seen': request.headers['x-sent'] as string }).end('grüß Gott')
    })
    const answer = await outgoing(url, { headers: { 'x-sent': 'yes' } })
    expect(answer).toMatchObject({ status: 418, ok: false, text: 'grüß Gott' })
    expect(answer.headers.get('x-seen')).toBe('yes')
  })

  it('follows no redirect', async () => {
    const seen: (string | undefined)[] = []
    const url = await listen((request, response) => {
      seen.push(request.url)
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    await expect(outgoing(url)).rejects.toThrow()
    expect(seen).toEqual(['/'])
  })

  it('ends with the deadline when the other side begins an answer and never ends it', async () => {
    const url = await listen((_, response) => void response.writeHead(200).write('begun'))
    await expect(outgoing(url, {}, { timeout: 100 })).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it('ends when its caller gives up', async () => {
    const url = await listen(() => {})
    const abort = new AbortController()
    const call = outgoing(url, { signal: abort.signal })
    abort.abort()
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('reads no more than it may', async () => {
    const url = await listen((_, response) => {
      const more = () => {
        if (!response.destroyed && response.write(Buffer.alloc(65_536))) setImmediate(more)
      }
      response.on('drain', more)
      more()
    })
    await expect(outgoing(url, {}, { maxBytes: 100_000 })).rejects.toBeInstanceOf(AnswerTooLarge)
  })
})
