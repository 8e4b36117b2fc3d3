import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError } from './command-error.js'

/** What `dev` remembers between two starts. The database has only a hash of the secret key. */
export interface DevKeys {
  /** Absent while every start was given its key. */
  secretKey?: string
  publishableKey?: string
  /** Absent when the first start was given `LATCHKEY_ENCRYPTION_KEY`: it is not ours to keep. */
  encryptionKey?: string
}

/** @returns null when there are none */
export function readDevKeys(folder: string): DevKeys | null {
  const file = keysFile(folder)
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DevKeys
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${(error as Error).message}`)
  }
}

/** Whole or not at all, readable by its owner only. The folder must be there. */
export function writeDevKeys(folder: string, keys: DevKeys): void {
  const file = keysFile(folder)
  const temporary = `${file}.${process.pid}`
  writeFileSync(temporary, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 })
  renameSync(temporary, file)
}

/** A folder of the owner alone that stays out of version control. */
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
