import { describe, expect, it } from 'vitest'
import { createServer, type Server } from '../index.js'

describe('a server that closes', () => {
  it('answers what is under way before it closes its database, and takes nothing more', async () => {
    const logged: object[] = []
    const logger = { debug() {}, info() {}, warn() {}, error: (fields: object) => void logged.push(fields) }
    const server = await createServer({ logger, passwords: { memoryKib: 64, passes: 1 } })
    const { secretKey } = await server.createInstance()
    let send = () => {}
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        send = () => {
          controller.enqueue(Buffer.from('{"username":"ada_l"}'))
          controller.close()
        }
      },
    })
    const underWay = post(server, secretKey, body)
    let isClosed = false
    const closed = server.close().then(() => (isClosed = true))
    const late = await post(server, secretKey, '{}')
    expect([late.status, late.headers.get('retry-after')]).toEqual([503, '1'])
    expect(isClosed).toBe(false)
    send()
    expect((await underWay).status).toBe(200)
    await closed
    expect(logged).toEqual([])
  })
})

function post(server: Server, secretKey: string, body: BodyInit): Promise<Response> {
  return server.fetch(
    new Request('http://api.test/v1/users', {
      method: 'POST',
      headers: { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit),
  )
}
