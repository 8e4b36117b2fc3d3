import { timingSafeEqual } from 'node:crypto'

/** One kind of password digest. Digests come from imports: the system that wrote them chose their costs. */
export interface DigestFormat {
  /** Whether the digest is well formed and its cost is acceptable at each sign-in. */
  validate(digest: string): boolean
  /** Whether the digest was made from the password. May throw on a digest that `validate` refuses. */
  verify(digest: string, password: string): Promise<boolean>
  /** Too weak to keep: a single fast hash, or few. The password is hashed anew at the first successful sign-in. */
  weak: boolean
}

/** A format described by a reader of digests and a check against what was read. */
export function digestFormat<T>(options: {
  read: (digest: string) => T | undefined
  matches: (parameters: T, password: string) => boolean | Promise<boolean>
  weak?: boolean
}): DigestFormat {
  return {
    validate: (digest) => options.read(digest) !== undefined,
    verify: async (digest, password) => {
      const parameters = options.read(digest)
      return parameters !== undefined && options.matches(parameters, password)
    },
    weak: options.weak ?? false,
  }
}

/** Compares in a time that depends only on the lengths. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The bytes of a hexadecimal text in either case, or undefined if it is invalid or empty. */
export function fromHex(text: string): Buffer | undefined {
  return text.length > 0 && text.length % 2 === 0 && /^[0-9a-f]+$/i.test(text) ? Buffer.from(text, 'hex') : undefined
}

/** The bytes of a base64 text, padded or not, or undefined if it is invalid or empty. */
export function fromBase64(text: string): Buffer | undefined {
  const digits = text.replace(/={1,2}$/, '')
  return digits.length % 4 !== 1 && /^[A-Za-z0-9+/]+$/.test(digits) ? Buffer.from(digits, 'base64') : undefined
}

/** A decimal number from 1 to `max`, or undefined. */
export function count(text: string, max: number): number | undefined {
  const value = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined
  return value !== undefined && value <= max ? value : undefined
}

/** Applies `step` `times` times, letting other work run between batches: such hashes have no asynchronous form. */
export async function iterate(state: Buffer, times: number, step: (state: Buffer) => Buffer): Promise<Buffer> {
  const batch = 1000
  for (let done = 0; done < times; done += 1) {
    if (done % batch === batch - 1) await new Promise((resolve) => setImmediate(resolve))
    state = step(state)
  }
  return state
}
