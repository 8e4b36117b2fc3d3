import { generateKeyPairSync } from 'node:crypto'
import { createIds, systemClock, systemRandom } from '../kernel/runtime.js'
import type { Server } from '../index.js'
import { createVault } from '../lib/secrets/vault.js'
import { signingKeys } from './instances.table.js'

interface KeyPair {
  privateKey: string
  n: string
  e: string
}

let shared: KeyPair | undefined

/** Made once: a pair takes a tenth of a second, more than the rest of most tests. */
function keyPair(): KeyPair {
  if (shared) return shared
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const { n, e } = publicKey.export({ format: 'jwk' })
  shared = { privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string, n: n!, e: e! }
  return shared
}

export interface SigningKeyOptions {
  instanceId: string
  encryptionKey: string
  /** Unix milliseconds. */
  createdAt: number
}

/** Gives an instance the signing key that it would make at first use. All instances with a key from here share it. */
export async function giveSigningKey(server: Server, options: SigningKeyOptions): Promise<void> {
  const { instanceId, encryptionKey, createdAt } = options
  const { privateKey, n, e } = keyPair()
  const id = createIds(systemClock, systemRandom).next('ins')
  const row = signingKeys.toRow({
    id,
    instanceId,
    algorithm: 'RS256',
    publicJwk: { use: 'sig', kty: 'RSA', kid: id, alg: 'RS256', n, e },
    privateKey: createVault(encryptionKey, systemRandom).seal(privateKey),
    retiredAt: null,
    expiresAt: null,
    sealsUntil: null,
    createdAt,
  })
  await server.database.transaction((tx) => tx.insertInto('signing_keys').values(row).execute())
}
