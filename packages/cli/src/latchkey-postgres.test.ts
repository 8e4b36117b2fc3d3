import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openProxy } from '../../../tests/attacks/proxy.mjs'
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

describe.runIf(dialects.includes('postgres'))('a node whose PostgreSQL falls silent', () => {
  const latchkey = useLatchkey()

  it('answers what it is asked, and ends in order when it is told to', async () => {
    const { location, drop } = await newDatabase('postgres')
    const proxy = await openProxy(location)
    const environment = { LATCHKEY_DATABASE: proxy.location, LATCHKEY_ENCRYPTION_KEY: encryptionKey }
    const { secretKey, stop } = await latchkey.serve(['dev'], environment)
    await stop()
    const node = await latchkey.serve(['start'], environment)
    const headers = { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json' }
    const ask = async (username: string) => {
      const written = fetch(`${node.apiUrl}/v1/users`, { headers, method: 'POST', body: JSON.stringify({ username }) })
      const answers = await Promise.all([fetch(`${node.apiUrl}/v1/users`, { headers }), written])
      return answers.map(({ status }) => status)
    }
    expect(await ask('ada_l')).toEqual([200, 200])

    proxy.silence()
    const asked = ask('grace_h')
    // Whoever is answered without the database came after them.
    expect((await fetch(`${node.apiUrl}/livez`)).status).toBe(200)
    const { code, stderr } = await node.stop()
    expect([code, await asked]).toEqual([0, [503, 503]])
    for (const said of ['Stopping', 'Stopped']) expect(stderr).toContain(`"${said}"`)
    await proxy.close()
    await drop()
  })

  it('does not start, and says why in a sentence', async () => {
    const { location, drop } = await newDatabase('postgres')
    const proxy = await openProxy(location)
    proxy.silence()
    const environment = { LATCHKEY_DATABASE: proxy.location, LATCHKEY_ENCRYPTION_KEY: encryptionKey }
    const { code, stdout, stderr } = await latchkey.run(['start', '--port', '0'], environment)
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      expect.stringMatching(/^The database .* cannot be opened: [^\n]+\n$/),
    ])
    expect(stderr).not.toContain(new URL(location).password)
    await proxy.close()
    await drop()
  })
})
