import type { Random } from '@latchkey/server'

/**
 * Bytes that count up, big endian: ids created from them are the same in every run, and sort in the order of creation.
 */
export function countingRandom(): Random {
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
