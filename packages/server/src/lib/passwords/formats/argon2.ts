import { verify } from '@node-rs/argon2'
import { count, digestFormat, type DigestFormat } from './format.js'

/** 1 GiB. */
const MAX_MEMORY_KIB = 1024 * 1024
const MAX_PASSES = 64
const MAX_LANES = 64
/** KiB read and written in all, memory times passes: 4 GiB, a few seconds of work. */
const MAX_WORK_KIB = 4 * 1024 * 1024

const PHC = /^\$(argon2id?)(?:\$v=(?:16|19))?\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{14,86})$/

/** PHC string, for example `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`. */
function argon2(variant: 'argon2i' | 'argon2id'): DigestFormat {
  return digestFormat({
    read(digest) {
      const parts = PHC.exec(digest)
      if (!parts || parts[1] !== variant) return undefined
      const memory = count(parts[2]!, MAX_MEMORY_KIB)
      const passes = count(parts[3]!, MAX_PASSES)
      const lanes = count(parts[4]!, MAX_LANES)
      if (!memory || !passes || !lanes) return undefined
      return memory >= 8 * lanes && memory * passes <= MAX_WORK_KIB ? digest : undefined
    },
    matches: (digest, password) => verify(digest, password),
  })
}

export const argon2i = argon2('argon2i')
export const argon2id = argon2('argon2id')
