import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { useWriter } from './writer.test-support.js'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-sync-'))
afterAll(() => rmSync(folder, { recursive: true }))

const writer = useWriter()
const hasStrace = spawnSync('strace', ['-V']).status === 0

// strace is for Linux; .ci/run installs it, so that this test always runs there.
it.runIf(hasStrace)('SQLite acknowledges each write after it is synced to the disk', async () => {
  const trace = join(folder, 'trace')
  const calls = 'trace=write,pwrite64,fsync,fdatasync'
  execFileSync(
    'strace',
    [
      '-f',
      '-y',
      '-e',
      calls,
      '-e',
      'signal=none',
      '-o',
      trace,
      process.execPath,
      writer.file,
      join(folder, 'synced.db'),
      'ins_synced',
      '1',
      '50',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )

  let unsynced = false
  let syncs = 0
  let acknowledged = 0
  for (const line of readFileSync(trace, 'utf8').split('\n')) {
    if (/pwrite64\(\d+<[^>]*synced\.db-wal>/.test(line)) unsynced = true
    if (/f(data)?sync\(\d+<[^>]*synced\.db-wal>\) += 0/.test(line)) {
      unsynced = false
      syncs++
    }
    if (/ write\(1<[^>]*>, "user_/.test(line)) {
      expect(unsynced, `acknowledged before the sync: ${line}`).toBe(false)
      acknowledged++
      expect(syncs).toBeGreaterThanOrEqual(acknowledged)
    }
  }
  expect(acknowledged).toBe(50)
})
