import { chmodSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createServer } from '@latchkey/server'
import { describe, expect, it } from 'vitest'
import { useLatchkey } from '../latchkey.test-support.js'
import { ENCRYPTION_KEY, useCommands } from './run.test-support.js'

const commands = useCommands()

describe('a file that is restored, and the one that was there', () => {
  it('are for their owner alone, whatever they were before', async () => {
    const { folder, database } = commands.own
    const copy = join(folder, 'copy.db')
    await commands.run(['backup', copy])
    for (const file of [copy, database]) chmodSync(file, 0o644)
    await commands.run(['restore', copy])
    const mode = (name: string) => statSync(join(folder, name)).mode & 0o777
    const names = readdirSync(folder).filter((name) => name.startsWith('app.db'))
    expect(names.some((name) => name.includes('.before-restore-'))).toBe(true)
    for (const name of names) expect([name, mode(name)]).toEqual([name, 0o600])
  })
})

describe('the first start of a new database', () => {
  const latchkey = useLatchkey()

  it('refuses another encryption key than that of its instance', async () => {
    const environment = { LATCHKEY_DATABASE: 'first.db', LATCHKEY_ENCRYPTION_KEY: ENCRYPTION_KEY }
    await latchkey.run(['migrate'], environment)
    await latchkey.run(['instances', 'create'], environment)
    const other = { ...environment, LATCHKEY_ENCRYPTION_KEY: Buffer.alloc(32, 9).toString('base64') }
    const { code, stderr } = await latchkey.run(['start', '--port', '0'], other)
    expect(code).toBe(1)
    expect(stderr).toContain('Set LATCHKEY_ENCRYPTION_KEY to the one it was written with')
  })

  it('of dev says how to go on where its key was revoked', async () => {
    await (await latchkey.serve(['dev'])).stop()
    const [key] = await latchkey.json<{ id: string }[]>(['keys', 'list'])
    await latchkey.run(['keys', 'revoke', key!.id, '--yes'])
    const { code, stderr } = await latchkey.run(['dev', '--port', '0'])
    expect(code).toBe(1)
    expect(stderr).toContain(
      'The secret key was revoked, or belongs to another instance. Give another one with --secret-key, or remove it from keys.json',
    )
    rmSync(join(latchkey.folder, '.latchkey'), { recursive: true })
  })

  it('with a key that was revoked says that none is needed', async () => {
    const environment = { LATCHKEY_DATABASE: 'revoked.db', LATCHKEY_ENCRYPTION_KEY: ENCRYPTION_KEY }
    await latchkey.run(['migrate'], environment)
    const instance = await latchkey.json<{ secretKey: string }>(['instances', 'create'], environment)
    const [key] = await latchkey.json<{ id: string }[]>(['keys', 'list'], environment)
    await latchkey.run(['keys', 'revoke', key!.id, '--yes'], environment)
    const given = { ...environment, LATCHKEY_SECRET_KEY: instance.secretKey }
    const { code, stderr } = await latchkey.run(['start', '--port', '0'], given)
    expect(code).toBe(1)
    expect(stderr).toContain('needs no secret key: leave it out, or make another one with: latchkey keys create')
    await (await latchkey.serve(['start'], environment)).stop()
  })

  it('of dev warns where the keys that it prints are live', async () => {
    const database = join(latchkey.folder, 'live.db')
    const server = await createServer({ database, encryptionKey: ENCRYPTION_KEY })
    const frontendHost = 'clerk.example.com'
    const made = await server.createInstance({ environmentType: 'production', frontendHost, isDefault: true })
    await server.close()
    const environment = { LATCHKEY_ENCRYPTION_KEY: ENCRYPTION_KEY, LATCHKEY_SECRET_KEY: made.secretKey }
    const dev = await latchkey.serve(['dev', '--database', database], environment)
    expect((await dev.stop()).stderr).toContain('This is a production database: its secret key is live.')
  })
})
