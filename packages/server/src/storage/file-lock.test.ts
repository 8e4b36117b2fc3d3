import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterEach, describe, expect, it } from 'vitest'
import { dialects } from '../server.test-support.js'
import { takeFileLock } from './file-lock.js'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-lock-'))
const children: ChildProcess[] = []
afterEach(async () => {
  await kill()
  rmSync(folder, { recursive: true })
})

async function kill(): Promise<void> {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
}

/** Processes that try to take a lock when told to, and release the one before. */
async function contenders(count: number): Promise<void> {
  const source = fileURLToPath(new URL('./file-lock.ts', import.meta.url))
  await build({
    entryPoints: [source],
    outfile: join(folder, 'file-lock.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    define: { 'import.meta.url': JSON.stringify(import.meta.url) },
  })
  const script = join(folder, 'contender.mjs')
  writeFileSync(
    script,
    `import { takeFileLock } from './file-lock.mjs'
    let unlock
    process.on('message', (file) => {
      unlock?.()
      unlock = takeFileLock(file)
      process.send(unlock !== undefined)
    })
    process.send('ready')`,
  )
  for (let index = 0; index < count; index++) children.push(fork(script))
  await Promise.all(children.map((child) => once(child, 'message')))
}

/** Tells of each process whether it has taken the lock. */
async function race(file: string): Promise<boolean[]> {
  const answers = children.map((child) => once(child, 'message'))
  for (const child of children) child.send(file)
  return (await Promise.all(answers)).map(([taken]) => taken as boolean)
}

describe.runIf(dialects.includes('sqlite'))('the lock of a file', () => {
  it('has one owner in each of 150 races, and none once its owner was killed', async () => {
    await contenders(4)
    const fileOf = (round: number) => join(folder, `${round}.in-use`)
    for (let round = 0; round < 150; round++) {
      // Every second race is for a lock that its owner has just released.
      const taken = await race(fileOf(Math.floor(round / 2)))
      expect(taken.filter(Boolean)).toHaveLength(1)
    }
    const last = fileOf(74)
    expect(takeFileLock(last)).toBeUndefined()
    await kill()
    const unlock = takeFileLock(last)
    expect(unlock).toBeDefined()
    expect(takeFileLock(last)).toBeUndefined()
    unlock!()
    const again = takeFileLock(last)
    expect(again).toBeDefined()
    again!()
  })
})
