import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useLatchkey } from './latchkey.test-support.js'

const encryptionKey = Buffer.alloc(32, 7).toString('base64')

describe('what the modes of files refuse is told in one sentence:', () => {
  const latchkey = useLatchkey({ obeysModes: true })
  const at = (name: string) => join(latchkey.folder, name)
  const environment = { LATCHKEY_ENCRYPTION_KEY: encryptionKey }

  beforeAll(async () => {
    for (const folder of ['empty', 'closed', 'keys']) mkdirSync(at(folder))
    for (const file of ['closed/app.db', 'protected.db']) {
      expect((await latchkey.run(['migrate', '--database', file], environment)).code).toBe(0)
      await latchkey.json(['instances', 'create', '--database', file], environment)
    }
    mkdirSync(at('keys/.latchkey'))
    writeFileSync(at('keys/.latchkey/keys.json'), '{}', { mode: 0 })
    for (const secret of ['seed.yaml', 'key']) writeFileSync(at(secret), 'users: []', { mode: 0 })
    chmodSync(at('protected.db'), 0o400)
    for (const folder of ['empty', 'closed']) chmodSync(at(folder), 0o500)
  })
  afterAll(() => {
    for (const folder of ['empty', 'closed']) chmodSync(at(folder), 0o700)
  })

  /** @returns what it prints to standard error; it prints nothing else */
  async function refused(command: string, more: Record<string, string> = {}): Promise<string> {
    const { code, stdout, stderr } = await latchkey.run(command.split(' '), { ...environment, ...more })
    expect([code, stdout]).toEqual([1, ''])
    return stderr
  }

  it.each([
    'migrate',
    'keys list',
    'keys create --name x',
    'instances list',
    'start --port 0',
    'dev --port 0',
    'audit',
  ])('%s on a database, or in a folder, that nobody may write', async (command) => {
    expect(await refused(`${command} --database protected.db`)).toMatch(
      /^The database \S+\/protected\.db cannot be opened: permission denied\n$/,
    )
    expect(await refused(`${command} --database closed/app.db`)).toMatch(
      /^(The database )?\S+\/closed\/\S+ cannot be (opened|made): [a-z ]+\n$/,
    )
  })

  it('a folder for a new database that nobody may write', async () => {
    expect(await refused('migrate --database empty/app.db')).toBe(
      `The database ${at('empty/app.db')} cannot be opened: permission denied\n`,
    )
    expect(await refused('dev --port 0 --database empty/app.db')).toBe(
      `${at('empty/.latchkey')} cannot be made: permission denied\n`,
    )
    expect(readdirSync(at('empty'))).toEqual([])
  })

  it('files that nobody may read', async () => {
    const start = 'start --port 0 --database protected.db'
    expect(await refused(`${start} --seed seed.yaml`)).toBe(
      '"--seed" names a file that cannot be read: seed.yaml (EACCES)\n',
    )
    const keyFile = { LATCHKEY_ENCRYPTION_KEY: '', LATCHKEY_ENCRYPTION_KEY_FILE: at('key') }
    expect(await refused(start, keyFile)).toBe(
      `"LATCHKEY_ENCRYPTION_KEY_FILE" names a file that cannot be read: ${at('key')} (EACCES)\n`,
    )
    expect(await refused('dev --port 0 --database keys/app.db')).toBe(
      `${at('keys/.latchkey/keys.json')} cannot be read: permission denied\n`,
    )
  })
})
