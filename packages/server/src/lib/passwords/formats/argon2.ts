import { verify } from '@node-rs/argon2'
import { count, digestFormat, type DigestFormat } from './format.js'

/** 256 MiB. */
const MAX_MEMORY_KIB = 256 * 1024
const MAX_PASSES = 64
const MAX_LANES = 64
/** KiB read and written in all, memory times passes: 2 GiB, a second or two of work. */
const MAX_WORK_KIB = 2 * 1024 * 1024

const PHC =
  /^\$(argon2id?)((?:\$v=(?:16|19))?)\$([mtp]=\d+(?:,[mtp]=\d+){2})(\$[A-Za-z0-9+/]{11,64}\$[A-Za-z0-9+/]{14,86})$/

/** PHC string, for example `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`; the parameters in any order. */
function argon2(variant: 'argon2i' | 'argon2id'): DigestFormat {
  return digestFormat({
    read(digest) {
      const parts = PHC.exec(digest)
      if (!parts || parts[1] !== variant) return undefined
      const given = new Map(parts[3]!.split(',').map((pair) => [pair[0]!, pair.slice(2)]))
      const memory = count(given.get('m') ?? '', MAX_MEMORY_KIB)
      const passes = count(given.get('t') ?? '', MAX_PASSES)
      const lanes = count(given.get('p') ?? '', MAX_LANES)
      if (!memory || !passes || !lanes) return undefined
      if (memory < 8 * lanes || memory * passes > MAX_WORK_KIB) return undefined
      // The library knows this order only; others write the parallelism earlier.
      return `$${variant}${parts[2]!}$m=${memory},t=${passes},p=${lanes}${parts[4]!}`
    },
    matches: (digest, password) => verify(digest, password),
  })
}

export const argon2i = argon2('argon2i')
export const argon2id = argon2('argon2id')
