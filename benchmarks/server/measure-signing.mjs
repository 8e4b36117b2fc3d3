import { generateKeyPairSync, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { median } from '../lib/drive.mjs'
import { ENCRYPTION_KEY, KEY } from './measure-requests.mjs'

const ROUNDS = 7

/** Minting a session token in process, compared with one RSA signature, which is the lower bound. */
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
    bare.push(await cpuOf(count, () => signAsync('sha256', text, privateKey)))
    minted.push(await cpuOf(count, () => call('POST', `/sessions/${session.id}/tokens`, {})))
  }
  await made.close()
  const [one, token] = [median(bare), median(minted)]
  return `## Tokens\n\nIn process, ${count} in a row, median of ${ROUNDS} rounds.\n\n| what | CPU µs | ratio |\n|---|--:|---|\n| one RSA-2048 signature | ${one.toFixed(0)} | |\n| POST /sessions/{id}/tokens, request to answer | ${token.toFixed(0)} | ${(token / one).toFixed(2)} of the signature |`
}

async function cpuOf(count, work) {
  const before = process.cpuUsage()
  for (let n = 0; n < count; n++) await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}
