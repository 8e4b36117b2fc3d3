import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer as createHttpServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createServer } from '../../packages/server/src/index.js'
import { dialects, newMigratedDatabase } from '../../packages/server/src/server.test-support.js'
import { openDatabase } from '../../packages/server/src/storage/open-database.js'
import { startProgram, useProgram } from './writer.test-support.js'

const LONG = process.env['LATCHKEY_LONG_TESTS'] === 'true'
const ROUNDS = LONG ? 25 : 4
const CHANGES = LONG ? 10_000 : 300
const INSTANCE = 'ins_webhooks'
const ENCRYPTION_KEY = Buffer.alloc(32, 1).toString('base64')

interface Got {
  id: string
  subject: string
  version: number
  accepted: boolean
}

describe.each(dialects)('kill -9 while events are delivered on %s', (dialect) => {
  const writer = useProgram('webhooks-writer.ts')
  let location: string
  let cleanUp: () => unknown
  let receiver: Server
  const got: Got[] = []

  beforeAll(async () => {
    if (dialect === 'postgres') {
      const made = await newMigratedDatabase('postgres')
      location = made.location
      cleanUp = made.drop
    } else {
      const folder = mkdtempSync(join(tmpdir(), 'latchkey-webhooks-'))
      location = join(folder, 'killed.db')
      cleanUp = () => rmSync(folder, { recursive: true })
    }
    receiver = createHttpServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const event = JSON.parse(Buffer.concat(chunks).toString()) as {
          data: { id: string; public_metadata: { version: number } }
        }
        const accepted = Math.random() >= 0.2
        const id = String(request.headers['webhook-id'])
        got.push({ id, subject: event.data.id, version: event.data.public_metadata.version, accepted })
        response.writeHead(accepted ? 200 : 500).end()
      })
    })
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`

    const server = await createServer({ database: location, encryptionKey: ENCRYPTION_KEY })
    const { secretKey } = await server.createInstance({ id: INSTANCE, secretKey: `sk_test_${INSTANCE}` })
    const headers = { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ url, ordering: 'strict', filterTypes: ['user.created', 'user.updated'] })
    const endpoint = `http://api.test/api/v1/app/${INSTANCE}/endpoint`
    const answer = await server.fetch(new Request(endpoint, { method: 'POST', headers, body }))
    expect(answer.status).toBe(201)
    await server.close()
  })
  afterAll(async () => {
    receiver.closeAllConnections()
    receiver.close()
    await cleanUp()
  })

  it(`brings every change, in order, after ${ROUNDS} deaths`, { timeout: LONG ? 3_600_000 : 600_000 }, async () => {
    const acknowledged: string[] = []
    const start = (name: string, changes: number) => {
      const child = startProgram(writer.file, [location, INSTANCE, name, ENCRYPTION_KEY, String(changes)])
      const lines = createInterface({ input: child.stdout })
      let done = false
      lines.on('line', (line) => (line === 'done' ? (done = true) : acknowledged.push(line)))
      return { child, lines, isDone: () => done, ended: Promise.all([once(child, 'exit'), once(lines, 'close')]) }
    }
    // On PostgreSQL two programs share the work; the database in a file belongs to one.
    const programs = dialect === 'postgres' ? ['a', 'b'] : ['a']
    const started = performance.now()
    for (let round = 1; round <= ROUNDS; round++) {
      const running = programs.map((name) => start(`${name}${round}`, 10 * CHANGES))
      // Killed at work, at even distances.
      while (acknowledged.length < (CHANGES * round) / (ROUNDS + 1)) {
        expect(running.map(({ child }) => child.exitCode)).toEqual(running.map(() => null))
        await pause(10 + ((round * 137) % 40))
      }
      for (const { child } of running) child.kill('SIGKILL')
      await Promise.all(running.map(({ ended }) => ended))
    }
    const last = start('last', Math.max(5, CHANGES - acknowledged.length))
    const database = await openDatabase({ location })
    try {
      const left = async () => {
        const deliveries = await database.read
          .selectFrom('webhook_deliveries')
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .where('status', '=', 'pending')
          .executeTakeFirstOrThrow()
        const events = await database.read
          .selectFrom('events')
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .where('position', 'is', null)
          .executeTakeFirstOrThrow()
        return Number(deliveries.count) + Number(events.count)
      }
      while (!last.isDone() || (await left()) > 0) {
        expect(last.child.exitCode).toBeNull()
        await pause(50)
      }
      last.child.kill('SIGTERM')
      await last.ended

      const rows = await database.read.selectFrom('events').selectAll().orderBy('position').execute()
      const committed = new Map(rows.map((row) => [row.id.slice(4), row]))
      expect(rows.map(({ position }) => position)).toEqual(rows.map((_, index) => index + 1))

      const accepted = new Set(got.filter((delivery) => delivery.accepted).map(({ id }) => id.slice(4)))
      expect(rows.filter(({ id }) => !accepted.has(id.slice(4))).map(({ id }) => id)).toEqual([])
      // A line that was cut off by the kill was not acknowledged.
      const versions = new Set(got.map(({ subject, version }) => `${subject} ${version}`))
      const whole = acknowledged.filter((line) => /^user_\w{27} \d$/.test(line))
      expect(whole.length).toBeGreaterThan(ROUNDS)
      expect(whole.filter((line) => !versions.has(line))).toEqual([])
      expect(got.filter(({ id }) => !committed.has(id.slice(4)))).toEqual([])

      // First attempts are in order: nothing of a user comes before what was before it was accepted.
      const first = new Map<string, Got[]>()
      for (const delivery of got) {
        const seen = first.get(delivery.subject) ?? []
        if (!seen.some(({ id }) => id === delivery.id)) first.set(delivery.subject, [...seen, delivery])
      }
      const wrong = [...first.values()].filter((seen) => seen.some(({ version }, index) => version !== index))
      expect(wrong).toEqual([])
      if (LONG) {
        const seconds = Math.round((performance.now() - started) / 1000)
        const figures = `${ROUNDS} deaths of ${programs.length}, ${acknowledged.length} changes, ${rows.length} events, ${got.length} attempts, ${got.filter((one) => one.accepted).length - accepted.size} accepted twice`
        console.info(`${dialect}: ${figures}, ${seconds} s`)
      }
    } finally {
      await database.close()
    }
  })
})
