import { createCipheriv, scrypt, type ScryptOptions } from 'node:crypto'
import { count, digestFormat, equalBytes, fromBase64, fromHex } from './format.js'

/** scrypt's memory is 128 * N * r bytes: 256 MiB. */
const MAX_MEMORY_BYTES = 256 * 1024 ** 2
/** N * r * p, four times the work of the largest memory: a few seconds. */
const MAX_WORK = 2 ** 23

interface Cost {
  N: number
  r: number
  p: number
}

/** Undefined unless N is a power of two above one and memory and time are acceptable. */
function bounded({ N, r, p }: Cost): Cost | undefined {
  const powerOfTwo = N > 1 && Number.isInteger(Math.log2(N))
  return powerOfTwo && 128 * N * r <= MAX_MEMORY_BYTES && N * r * p <= MAX_WORK ? { N, r, p } : undefined
}

function derive(password: string, salt: Uint8Array, length: number, cost: Cost): Promise<Buffer> {
  // OpenSSL counts the lanes' blocks and its own needs too, beside the 128 * N * r.
  const options: ScryptOptions = { ...cost, maxmem: 128 * cost.N * cost.r + 128 * cost.r * cost.p + 2 ** 20 }
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

/**
 * `<hash>$<salt>$<signer key>$<salt separator>$<rounds>$<memory cost>`, the first four in base64. The derived key
 * encrypts the project's signer key, and the result is the hash. Firebase's export writes base64 in the alphabet of URLs.
 *
 * @see https://github.com/firebase/scrypt
 */
export const scryptFirebase = digestFormat({
  read(digest) {
    const parts = digest.split('$')
    if (parts.length !== 6) return undefined
    const [hash, salt, signerKey] = parts.slice(0, 3).map(fromAnyBase64)
    const separator = parts[3] === '' ? Buffer.alloc(0) : fromAnyBase64(parts[3]!)
    const r = count(parts[4]!, 64)
    const memory = count(parts[5]!, 20)
    const cost = r && memory && bounded({ N: 2 ** memory, r, p: 1 })
    if (!hash || !salt || !signerKey || !separator || !cost) return undefined
    if (hash.length < 16 || hash.length !== signerKey.length) return undefined
    return { hash, salt: Buffer.concat([salt, separator]), signerKey, cost }
  },
  async matches({ hash, salt, signerKey, cost }, password) {
    const key = await derive(password, salt, 32, cost)
    const encrypted = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(signerKey)
    return equalBytes(encrypted, hash)
  },
})

function fromAnyBase64(text: string): Buffer | undefined {
  return fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'))
}

/**
 * `<salt>:<key>`, both in hexadecimal, with N 16384, r 16 and p 1: Better Auth. The salt is used as it stands.
 *
 * @see https://github.com/better-auth/better-auth/blob/main/packages/better-auth/src/crypto/password.ts
 */
export const scryptBetterAuth = digestFormat({
  read(digest) {
    const parts = /^([0-9a-f]{32}):([0-9a-f]{128})$/i.exec(digest)
    return parts ? { salt: Buffer.from(parts[1]!), hash: Buffer.from(parts[2]!, 'hex') } : undefined
  },
  matches: async ({ salt, hash }, password) =>
    equalBytes(await derive(password.normalize('NFKC'), salt, 64, { N: 16_384, r: 16, p: 1 }), hash),
})

/**
 * `scrypt:<N>:<r>:<p>$<salt>$<hash>` as Werkzeug writes it (hash in hexadecimal), also with a `$` in front and the hash
 * in base64. The salt is used as it stands.
 */
export const scryptWerkzeug = digestFormat({
  read(digest) {
    const parts = /^\$?scrypt:(\d+):(\d+):(\d+)\$([^$]+)\$([^$]+)$/.exec(digest)
    if (!parts) return undefined
    const [N, r, p] = [count(parts[1]!, 2 ** 30), count(parts[2]!, 64), count(parts[3]!, 64)]
    const cost = N && r && p && bounded({ N, r, p })
    const hash = fromHex(parts[5]!) ?? fromBase64(parts[5]!)
    return cost && hash?.length === 64 ? { hash, salt: Buffer.from(parts[4]!), cost } : undefined
  },
  matches: async ({ hash, salt, cost }, password) => equalBytes(await derive(password, salt, 64, cost), hash),
})
