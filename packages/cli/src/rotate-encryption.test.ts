import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createServer } from '@latchkey/server'
import { describe, expect, it } from 'vitest'
import { systemRandom } from '../../server/src/kernel/runtime.js'
import { createVault } from '../../server/src/lib/secrets/vault.js'
import { dialects, newMigratedDatabase } from '../../server/src/server.test-support.js'
import { useLatchkey } from './latchkey.test-support.js'

const program = fileURLToPath(new URL('../dist/latchkey.js', import.meta.url))
const [OLD, NEW] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64')) as [string, string]
const SECRETS = 5000

describe.each(dialects)('rotating the encryption key on %s', { timeout: 240_000 }, (dialect) => {
  const latchkey = useLatchkey()

  it('is finished by the next run when it was killed, beside a server that goes on', async () => {
    const { location, drop } = await newMigratedDatabase(dialect)
    const database = dialect === 'sqlite' ? join(latchkey.folder, 'app.db') : location
    const both = { LATCHKEY_DATABASE: database, LATCHKEY_ENCRYPTION_KEY: NEW, LATCHKEY_OTHER_ENCRYPTION_KEYS: OLD }
    const look = await createServer({
      database,
      encryptionKey: OLD,
      removeExpired: false,
      webhooks: { deliver: false },
    })
    const { id: instanceId } = await look.createInstance({ isDefault: true, secretKey: 'sk_test_of_the_rotation' })
    await look.admin.jwtKey(instanceId)
    await look.database.transaction(async (tx) => {
      const { private_key: payload } = await tx
        .selectFrom('signing_keys')
        .select('private_key')
        .executeTakeFirstOrThrow()
      const shared = { instance_id: instanceId, kind: 'link' as const, payload, created_at: 1, expires_at: 4e12 }
      const rows = Array.from({ length: SECRETS }, (_, index) => {
        const number = String(index).padStart(6, '0')
        return { ...shared, id: `ott_${number}`, hash: `hash ${number}` }
      })
      while (rows.length > 0) await tx.insertInto('one_time_tokens').values(rows.splice(0, 500)).execute()
    })
    /** How many of them are still sealed with the old key. */
    const left = async () => {
      const { count } = await look.database.read
        .selectFrom('one_time_tokens')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('payload', 'like', `${createVault(OLD, systemRandom).keyId}.%`)
        .executeTakeFirstOrThrow()
      return Number(count)
    }
    expect(await left()).toBe(SECRETS)
    const server = await latchkey.serve(['dev'], { ...both, LATCHKEY_SECRET_KEY: 'sk_test_of_the_rotation' })

    const child = spawn(process.execPath, [program, 'keys', 'rotate-encryption'], { env: { ...process.env, ...both } })
    const exited = once(child, 'exit')
    await expect.poll(left, { interval: 2, timeout: 60_000 }).toBeLessThan(SECRETS)
    child.kill('SIGKILL')
    expect(await exited).toEqual([null, 'SIGKILL'])
    const remaining = await left()
    expect(remaining).toBeGreaterThan(0)
    expect(remaining % 100).toBe(0)
    expect((await server.api('/users?limit=1')).status).toBe(200)

    const { resealed } = await latchkey.json<{ resealed: number }>(['keys', 'rotate-encryption'], both)
    expect(resealed).toBeGreaterThanOrEqual(remaining)
    expect(resealed).toBeLessThan(SECRETS)
    expect((await server.api('/users?limit=1')).status).toBe(200)
    expect((await server.stop()).code).toBe(0)

    const alone = { LATCHKEY_DATABASE: database, LATCHKEY_ENCRYPTION_KEY: NEW }
    expect((await latchkey.run(['keys', 'rotate-encryption'], alone)).stdout).toContain('Nothing to do')
    const next = await latchkey.serve(['start'], alone)
    expect((await next.stop()).code).toBe(0)
    await look.close()
    await drop()
  })
})
