import { createIds, type Random } from '@latchkey/server'

/** The second of the ids' beginning, in Unix milliseconds. Not that of the clock, which is another one in every run. */
const BEGINNING = Date.UTC(2026, 0, 1)

type Ids = ReturnType<typeof createIds>

/**
 * Ids that count up, separately for each kind of thing: what happens in the background takes no number from those that a
 * test sees. So they are the same in every run, and sort in the order of creation.
 */
export function countingIds(): Ids {
  const byPrefix = new Map<string, Ids>()
  return {
    next(prefix) {
      let ids = byPrefix.get(prefix)
      if (!ids) byPrefix.set(prefix, (ids = createIds({ now: () => BEGINNING }, countingRandom())))
      return ids.next(prefix)
    },
  }
}

/** Bytes that count up, big endian. */
function countingRandom(): Random {
  let count = 0
  return {
    bytes(length) {
      count++
      const bytes = new Uint8Array(length)
      new DataView(bytes.buffer).setUint32(length - 4, count)
      return bytes
    },
  }
}
