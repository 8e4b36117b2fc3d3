import { generateKeyPairSync, sign } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { promisify } from 'node:util'
import { median } from '../lib/drive.mjs'
import { ENCRYPTION_KEY, KEY } from './measure-requests.mjs'

const ROUNDS = 7

/**
 * Minting a session token in process, compared with one RSA signature, which is the lower bound; and for how long that
 * keeps the event loop from other work, which it may for no longer than a signature takes in its thread.
 */
export async function measureSigning({ quick, log }) {
  log('Signing …')
  const { createServer } = await import('@latchkey/server')
  const count = quick ? 200 : 1000
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const text = Buffer.from('x'.repeat(500))
  const signAsync = promisify(sign)

  const made = await createServer({ encryptionKey: ENCRYPTION_KEY })
  await made.createInstance({ secretKey: KEY })
  const call = async (method, path, body) =>
    (
      await made.fetch(
        new Request(`http://bench.test/v1${path}`, {
          method,
          headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      )
    ).json()
  const user = await call('POST', '/users', { username: 'bench_user' })
  const session = await call('POST', '/sessions', { user_id: user.id })

  const bare = []
  const minted = []
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await costOf(count, () => signAsync('sha256', text, privateKey)))
    minted.push(await costOf(count, () => call('POST', `/sessions/${session.id}/tokens`, {})))
  }
  await made.close()
  const [one, token] = [bare, minted].map((rounds) => median(rounds.map(({ cpu }) => cpu)))
  const [waiting, blocking] = [bare, minted].map((rounds) => median(rounds.map(({ loop }) => loop)))
  return `## Tokens\n\nIn process, ${count} in a row, median of ${ROUNDS} rounds.\n\n| what | CPU µs | ratio |\n|---|--:|---|\n| one RSA-2048 signature | ${one.toFixed(0)} | |\n| POST /sessions/{id}/tokens, request to answer | ${token.toFixed(0)} | ${(token / one).toFixed(2)} of the signature |\n| of it, in the event loop | ${blocking.toFixed(0)} | ${(blocking / one).toFixed(2)} of the signature, which itself takes ${waiting.toFixed(0)} there |`
}

/** Microseconds of each: of the processor's time, and for which the event loop was not idle. */
async function costOf(count, work) {
  const before = process.cpuUsage()
  const loopBefore = performance.eventLoopUtilization()
  for (let n = 0; n < count; n++) await work()
  const { user, system } = process.cpuUsage(before)
  const { active } = performance.eventLoopUtilization(loopBefore)
  return { cpu: (user + system) / count, loop: (active * 1000) / count }
}
