import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError } from './command-error.js'
import { reasonOf } from './refusal.js'

/** What `dev` remembers between two starts. The database has only a hash of the secret key. */
export interface DevKeys {
  /** Absent if every start so far was given a secret key. */
  secretKey?: string
  publishableKey?: string
  /** Absent if the first start was given `LATCHKEY_ENCRYPTION_KEY`: a given key is not stored. */
  encryptionKey?: string
}

/** @returns null if no keys are stored */
export function readDevKeys(folder: string): DevKeys | null {
  const file = keysFile(folder)
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DevKeys
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${reasonOf(error)}`)
  }
}

/** Writes the file whole or not at all, readable by its owner only. The folder must exist. */
export function writeDevKeys(folder: string, keys: DevKeys): void {
  const file = keysFile(folder)
  const temporary = `${file}.${process.pid}`
  writeFileSync(temporary, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
  renameSync(temporary, file)
}

/** Makes a folder that only its owner can read and that version control ignores. */
export function prepareStateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const ignore = join(folder, '.gitignore')
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n')
}

/** 256 bits, base64. */
export function createEncryptionKey(): string {
  return randomBytes(32).toString('base64')
}

function keysFile(folder: string): string {
  return join(folder, 'keys.json')
}
