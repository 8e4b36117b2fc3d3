import { createSocket, type Socket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { createTxtLookup } from './txt-lookup.js'

/** Answers a DNS query with TXT records, or with an error code. */
function answer(query: Buffer, records: string[][], responseCode = 0): Buffer {
  const question = query.subarray(12, query.indexOf(0, 12) + 5)
  const header = Buffer.alloc(12)
  query.copy(header, 0, 0, 2)
  header.writeUInt16BE(0x8180 | responseCode, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(records.length, 6)
  const answers = records.map((pieces) => {
    const data = Buffer.concat(pieces.map((piece) => Buffer.from([piece.length, ...Buffer.from(piece)])))
    const fixed = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, 0])
    fixed.writeUInt16BE(data.length, 10)
    return Buffer.concat([fixed, data])
  })
  return Buffer.concat([header, question, ...answers])
}

describe('a look-up of TXT records', () => {
  let socket: Socket | undefined

  afterEach(() => void socket?.close())

  const listen = async (reply: (query: Buffer) => Buffer | undefined) => {
    socket = createSocket('udp4')
    socket.on('message', (query, { port, address }) => {
      const message = reply(query)
      if (message) socket!.send(message, port, address)
    })
    await new Promise<void>((resolve) => socket!.bind(0, '127.0.0.1', resolve))
    return () => {
      const resolver = new Resolver({ timeout: 1000, tries: 1 })
      resolver.setServers([`127.0.0.1:${socket!.address().port}`])
      return resolver
    }
  }

  it('has each record whole', async () => {
    const newResolver = await listen((query) => answer(query, [['v=spf1'], ['latchkey=', 'abc']]))
    expect(await createTxtLookup(newResolver)('acme.test')).toEqual(['v=spf1', 'latchkey=abc'])
  })

  it('has none where there is no such name', async () => {
    const newResolver = await listen((query) => answer(query, [], 3))
    expect(await createTxtLookup(newResolver)('acme.test')).toEqual([])
  })

  it('throws where the server fails, and at the deadline where it says nothing', async () => {
    const failing = await listen((query) => answer(query, [], 2))
    await expect(createTxtLookup(failing)('acme.test')).rejects.toMatchObject({ code: 'ESERVFAIL' })
    socket!.close()
    const silent = await listen(() => undefined)
    await expect(createTxtLookup(silent, 50)('acme.test')).rejects.toMatchObject({ code: 'ECANCELLED' })
  })
})
