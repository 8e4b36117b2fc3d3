import { closeSync, openSync, readSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

const HEADER_BYTES = 32
/** The checksum covers what stands before it. */
const CHECKED_BYTES = 24
const BIG_ENDIAN = 0x377f0683
const LITTLE_ENDIAN = 0x377f0682
const FORMAT = 3_007_000

/** Milliseconds between two looks: a process that uses the database may be writing the header. */
const PAUSE = 20
const LOOKS = 3

/** SQLite would ignore the log, and with it every row that is not yet in the file itself. */
export class DamagedLogError extends Error {
  override readonly name = 'DamagedLogError'

  constructor(log: string) {
    super(
      `The write-ahead log ${log} is damaged. Its rows would be lost if the database were opened. Restore a backup, ` +
        'or move the log to another folder to go on without what was written last.',
    )
  }
}

/** @throws {DamagedLogError} if the log beside the database has frames, and a header that SQLite does not accept */
export async function requireWholeLog(database: string): Promise<void> {
  const log = `${database}-wal`
  for (let look = 1; !isWhole(log); look++) {
    if (look === LOOKS) throw new DamagedLogError(log)
    await setTimeout(PAUSE)
  }
}

function isWhole(log: string): boolean {
  const header = readHeader(log)
  return header.length <= HEADER_BYTES || isValid(header)
}

/** The header and a byte of the first frame; less if there is less. */
function readHeader(log: string): Buffer {
  let descriptor: number
  try {
    descriptor = openSync(log, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
  try {
    const bytes = Buffer.alloc(HEADER_BYTES + 1)
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0))
  } finally {
    closeSync(descriptor)
  }
}

function isValid(header: Buffer): boolean {
  const magic = header.readUInt32BE(0)
  if ((magic !== BIG_ENDIAN && magic !== LITTLE_ENDIAN) || header.readUInt32BE(4) !== FORMAT) return false
  const word = (at: number) => (magic === BIG_ENDIAN ? header.readUInt32BE(at) : header.readUInt32LE(at))
  let first = 0
  let second = 0
  for (let at = 0; at < CHECKED_BYTES; at += 8) {
    first = (first + word(at) + second) >>> 0
    second = (second + word(at + 4) + first) >>> 0
  }
  return header.readUInt32BE(24) === first && header.readUInt32BE(28) === second
}
