import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dialects, newDatabase } from '../../server/src/server.test-support.js'
import { createUser, useLatchkey } from './latchkey.test-support.js'

const encryptionKey = Buffer.alloc(32, 7).toString('base64')

describe.runIf(dialects.includes('postgres'))('on PostgreSQL', () => {
  const latchkey = useLatchkey()

  it('keys are kept in the current folder, and the password of the database to itself', async () => {
    const { location, drop } = await newDatabase('postgres')
    const first = await latchkey.serve(['dev', '--database', location])
    const id = await createUser(first, 'ada@example.com')
    await first.stop()

    const second = await latchkey.serve(['dev'], { LATCHKEY_DATABASE: location })
    expect(second.secretKey).toBe(first.secretKey)
    expect((await second.api(`/users/${id}`)).status).toBe(200)
    await second.stop()

    const expected = new URL(location)
    expected.password = ''
    expect(second.databaseUrl).toBe(expected.href)
    expect((await latchkey.run(['backup', 'copy', '--database', location])).stderr).toContain('pg_dump')
    expect((await latchkey.run(['restore', 'copy', '--database', location])).stderr).toContain('pg_restore')
    const restored = ['restored', '--sign-everyone-out', '--database', location]
    expect((await latchkey.run(restored)).stderr).toContain('To do it, add --yes')
    expect((await latchkey.run([...restored, '--yes'])).stdout).toContain('are not sent again: 0')
    expect(await latchkey.json([...restored, '--yes'])).toEqual({ messages: 0 })
    await drop()
  })
})

describe.runIf(dialects.includes('postgres'))('several nodes', () => {
  const latchkey = useLatchkey()

  it('can start at once on an empty database', async () => {
    const { location, drop } = await newDatabase('postgres')
    const environment = {
      LATCHKEY_DATABASE: location,
      LATCHKEY_ENCRYPTION_KEY: encryptionKey,
      LATCHKEY_SECRET_KEY: 'sk_test_of_all_three',
    }
    writeFileSync(join(latchkey.folder, 'seed.yaml'), 'users:\n  - id: user_ada\n    username: lovelace\n')
    const nodes = await Promise.all([1, 2, 3].map(() => latchkey.serve(['dev', '--seed', 'seed.yaml'], environment)))
    expect(new Set(nodes.map(({ publishableKey }) => publishableKey)).size).toBe(1)
    for (const node of nodes) expect((await node.api('/users/user_ada')).status).toBe(200)
    for (const node of nodes) expect((await node.stop()).code).toBe(0)
    await drop()
  })
})
