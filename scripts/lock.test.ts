import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { withLock } from './lock.mjs'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-lock-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the lock between two builds', () => {
  it('lets one work at a time', async () => {
    const lock = join(folder, 'one')
    const log = join(folder, 'log')
    const script = `
      import { appendFileSync } from 'node:fs'
      import { setTimeout } from 'node:timers/promises'
      import { withLock } from ${JSON.stringify(fileURLToPath(new URL('./lock.mjs', import.meta.url)))}
      await withLock(${JSON.stringify(lock)}, async () => {
        appendFileSync(${JSON.stringify(log)}, '(')
        await setTimeout(50)
        appendFileSync(${JSON.stringify(log)}, ')')
      })`
    const start = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
    await Promise.all([start(), start(), start()])
    expect(readFileSync(log, 'utf8')).toBe('()()()')
    expect(existsSync(lock)).toBe(false)
  })

  it('is taken over when its owner is gone or silent', async () => {
    const lock = join(folder, 'two')
    const gone = spawn(process.execPath, ['-e', ''])
    await once(gone, 'exit')
    writeFileSync(lock, String(gone.pid))
    expect(await withLock(lock, async () => readFileSync(lock, 'utf8'))).toBe(String(process.pid))

    writeFileSync(lock, String(process.ppid))
    utimesSync(lock, 0, 0)
    expect(await withLock(lock, async () => 'done')).toBe('done')
  })

  it('is given back when the work fails, and says who is waited for', async () => {
    const lock = join(folder, 'three')
    await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no')

    const owners: number[] = []
    let finish = () => {}
    const first = withLock(lock, () => new Promise<void>((resolve) => (finish = resolve)))
    const second = withLock(
      lock,
      async () => 'second',
      (owner) => {
        owners.push(owner)
        finish()
      },
    )
    expect(await second).toBe('second')
    await first
    expect(owners).toEqual([process.pid])
  })
})
