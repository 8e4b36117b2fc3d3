import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { lockDatabase } from './database-lock.js'
import { prepareStateFolder, readDevKeys, writeDevKeys } from './dev-keys.js'

const root = mkdtempSync(join(tmpdir(), 'latchkey-state-'))
let folder = ''
let count = 0
beforeEach(() => {
  folder = join(root, String(count++))
  mkdirSync(folder)
})
afterAll(() => rmSync(root, { recursive: true }))

describe('the state folder', () => {
  it('and the keys in it belong to their owner alone and stay out of version control', () => {
    const state = join(folder, '.latchkey')
    prepareStateFolder(state)
    writeDevKeys(state, { secretKey: 'sk_test_a', encryptionKey: 'k' })

    expect(statSync(state).mode & 0o777).toBe(0o700)
    expect(statSync(join(state, 'keys.json')).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(state, '.gitignore'), 'utf8')).toBe('*\n')
    expect(readDevKeys(state)).toEqual({ secretKey: 'sk_test_a', encryptionKey: 'k' })
  })

  it('without keys has none, with unreadable ones says so', () => {
    expect(readDevKeys(folder)).toBeNull()
    writeFileSync(join(folder, 'keys.json'), '{')
    expect(() => readDevKeys(folder)).toThrow(/keys\.json cannot be read/)
  })
})

describe('the lock of a database', () => {
  it('names the process that has it', async () => {
    const path = join(folder, 'a.db')
    const unlock = await lockDatabase(path, 'dev')
    await expect(lockDatabase(path, 'start')).rejects.toThrow(`is in use by "latchkey dev" (process ${process.pid})`)
    unlock()
    const again = await lockDatabase(path, 'start')
    again()
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  it('is free when only the note of a process that was killed is left', async () => {
    const path = join(folder, 'b.db')
    writeFileSync(`${path}.lock`, JSON.stringify({ pid: process.ppid, command: 'dev' }))
    const unlock = await lockDatabase(path, 'start')
    writeFileSync(`${path}.lock`, '{')
    await expect(lockDatabase(path, 'dev')).rejects.toThrow('is in use by another process')
    unlock()
  })
})
