import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from '@latchkey/server'
import type { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Environment } from '../environment.js'
import type { Output, Result } from '../output.js'
import { createProgram } from '../program.js'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-commands-'))
const database = join(folder, 'app.db')
const environment = {
  LATCHKEY_ENCRYPTION_KEY: Buffer.alloc(32, 5).toString('base64'),
  LATCHKEY_DATABASE: database,
}
const ids: string[] = []

beforeAll(async () => {
  const server = await createServer({ database, encryptionKey: environment.LATCHKEY_ENCRYPTION_KEY })
  for (const name of ['first', 'second', 'third'])
    ids.push((await server.createInstance({ name, isDefault: name === 'first' })).id)
  await server.close()
  writeFileSync(join(folder, 'weak'), 'sk_live_short')
  writeFileSync(join(folder, 'text'), 'no database, and no key')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What a command answered; its errors are thrown. */
async function run(parameters: readonly string[], more: Environment = {}) {
  const answers: { result: Result; asJson: boolean }[] = []
  const output: Output = {
    result: (result, asJson) => void answers.push({ result, asJson }),
    write: async () => {},
    note: () => {},
  }
  await createProgram('0.0.0', { ...environment, ...more }, output).parseAsync([...parameters], { from: 'user' })
  return answers[0]!
}
const json = async <T>(...parameters: string[]) => (await run(parameters)).result.json as T

describe('instances', () => {
  it('are deleted only when that is said twice, and never the default beside others', async () => {
    const [first, second, third] = ids
    await expect(run(['instances', 'delete', third!])).rejects.toThrow(
      `This deletes ${third} (third, development) with its users, keys and everything else. To do it, add --yes`,
    )
    await expect(run(['instances', 'delete', first!, '--yes'])).rejects.toThrow('is the default instance')
    expect(await json('instances', 'delete', third!, '--yes')).toEqual({ id: third, deleted: true })
    expect((await json<{ id: string }[]>('instances', 'list')).map(({ id }) => id)).toEqual([first, second])
  })

  it('change the default', async () => {
    const [first, second] = ids
    expect((await run(['instances', 'default', second!])).result.lines).toEqual([
      `${second} is the default instance now. Every node knows within a second.`,
    ])
    expect(await json('instances', 'list')).toMatchObject([
      { id: first, isDefault: false },
      { id: second, isDefault: true },
    ])
  })
})

describe('operator keys', () => {
  it('are made, listed and revoked, and are of no instance', async () => {
    const { id, key } = await json<{ id: string; key: string }>('keys', 'create', '--operator', '--name', 'Grafana')
    expect(key).toMatch(/^operator_\w{43}$/)
    expect(await json('keys', 'list', '--operator')).toMatchObject([{ id, name: 'Grafana', revokedAt: null }])
    expect(JSON.stringify(await json('keys', 'list'))).not.toContain(id)
    await run(['keys', 'revoke', id])
    expect((await run(['keys', 'list', '--operator'])).result.lines[1]).toMatch(/revoked$/)
  })
})

describe('every option', () => {
  const commandsOf = (command: Command, path: string[] = []): [string, Command][] =>
    command.commands.length === 0
      ? [[path.join(' '), command]]
      : command.commands.flatMap((child) => commandsOf(child, [...path, child.name()]))

  it('without a value can be set by its variable, as --help says', async () => {
    const silent: Output = { result() {}, write: async () => {}, note() {} }
    const commands = commandsOf(createProgram('0.0.0', {}, silent))
    const switches = commands.flatMap(([path, command]) =>
      command.options.filter((option) => option.isBoolean()).map((option) => [path, option] as const),
    )
    expect(new Set(switches.map(([, option]) => option.name()))).toEqual(
      new Set([
        'json',
        'operator',
        'signing',
        'now',
        'live',
        'yes',
        'missing',
        'sign-everyone-out',
        'allow-accountless',
      ]),
    )
    for (const [path, option] of switches) {
      const variable = `LATCHKEY_${option.name().toUpperCase().replaceAll('-', '_')}`
      const program = createProgram('0.0.0', { [variable]: 'true' }, silent)
      const command = commandsOf(program).find(([found]) => found === path)![1]
      let seen: unknown
      command.action((...given: unknown[]) => {
        seen = (given.at(-1) as Command).opts()[option.attributeName()]
      })
      const places = command.registeredArguments.map(() => 'x')
      await program.parseAsync([...path.split(' '), ...places], { from: 'user' })
      expect([path, option.name(), seen]).toEqual([path, option.name(), true])
    }
  })

  it('is asked for by its variable in fact', async () => {
    expect((await run(['instances', 'list'], { LATCHKEY_JSON: 'true' })).asJson).toBe(true)
    expect((await run(['instances', 'list'], { LATCHKEY_JSON: 'false' })).asJson).toBe(false)
    await expect(run(['instances', 'list'], { LATCHKEY_JSON: 'yes' })).rejects.toThrow(
      '"LATCHKEY_JSON" must be true or false, got yes',
    )
    expect(await run(['keys', 'list'], { LATCHKEY_INSTANCE: ids[0] })).toBeDefined()
    await expect(run(['keys', 'list'], { LATCHKEY_INSTANCE: 'ins_none' })).rejects.toThrow('"LATCHKEY_INSTANCE" must')
    await expect(run(['instances', 'create'], { LATCHKEY_ENVIRONMENT: 'staging' })).rejects.toThrow(
      '"LATCHKEY_ENVIRONMENT" must be one of development, production, got staging',
    )
  })
})

describe('wrong values', () => {
  it.each<[string[], string | RegExp]>([
    [['dev', '--port', '70000'], '"--port" must be a port between 0 and 65535, got 70000'],
    [['dev', '--public-url', 'ftp://x'], '"--public-url" must be an http or https URL'],
    [['dev', '--secret-key', 'sk_x'], '"--secret-key" must be a key that starts with sk_test_ or sk_live_'],
    [['dev', '--publishable-key', 'pk_test_x'], '"--publishable-key" must be pk_test_ or pk_live_'],
    [['dev', '--audit-retention-days', '0'], '"--audit-retention-days" must be days between 1 and 36500, got 0'],
    [['dev', '--event-retention-days', 'x'], '"--event-retention-days" must be days between 1 and 36500, got x'],
    [['dev', '--database', 'mysql://x'], 'must be a path, :memory: or postgres://'],
    [['start', '--host', 'nowhere.invalid', '--database', database], '"--host" must be an address of this machine'],
    [['migrate', '--database', ':memory:'], 'a database in memory belongs to one process'],
    [['backup', join(folder, 'text')], 'exists already'],
    [['restore', join(folder, 'text')], 'is not a backup made by "latchkey backup"'],
    [['restore', join(folder, 'nothing')], 'There is no file'],
    [['keys', 'create', '--instance', 'ins_none'], '"--instance" must be the id of an instance, got ins_none'],
    [['keys', 'create', '--secret-key-file', join(folder, 'none')], 'names a file that cannot be read'],
    [['keys', 'create', '--secret-key-file', join(folder, 'text')], 'must be a key that starts with sk_test_'],
    [['keys', 'create', '--operator', '--instance', 'x'], '"--instance" is for secret keys of an instance'],
    [['keys', 'revoke', 'key_none'], 'There is no active key with the id key_none'],
    [['keys', 'rotate-signing', '--overlap', '-1'], '"--overlap" must be seconds between 0 and 31536000, got -1'],
    [['keys', 'rotate-signing', '--publish', '1h'], '"--publish" must be seconds between 0 and 31536000, got 1h'],
    [['keys', 'list', '--operator', '--signing'], 'Give either "--operator" or "--signing", not both'],
    [['keys', 'rotate-signing', '--publish', '60', '--now'], 'Give either "--now" or "--publish", not both'],
    [['health', '--port', '0'], '"--port" must be a port between 1 and 65535, got 0'],
    [['health', '--port', '1'], /^Not ready: http:\/\/localhost:1\/readyz cannot be asked \(.+\)$/],
    [['health', '--port', '1', '--live', '--host', '::1'], 'Not ready: http://[::1]:1/livez cannot be asked'],
    [['instances', 'create', '--frontend-host', 'localhost'], '"--frontend-host" must be a host name with a dot'],
    [['instances', 'create', '--environment', 'production'], 'needs a publishable key or a frontend host'],
    [
      ['instances', 'create', '--environment', 'production', '--frontend-host', 'a.test', '--secret-key-file', 'WEAK'],
      'has at least 40 characters',
    ],
    [['instances', 'delete', 'ins_none', '--yes'], 'There is no instance ins_none'],
    [['instances', 'default', 'ins_none'], 'There is no instance ins_none'],
    [['instances', 'home-url', 'ins_none', 'https://app.example.com'], 'There is no instance ins_none'],
    [['instances', 'home-url', 'ins_none', 'app.example.com'], '"<url>" must be an http or https URL without a query'],
    [['audit', '--since', 'yesterday'], '"--since" must be a time in RFC 3339'],
    [['audit', '--limit', '0'], '"--limit" must be'],
    [['webhooks', 'list', '--instance', 'x'], '"--instance" must be the id of an instance, got x'],
    [['webhooks', 'attempts', 'x', '--limit', '1000'], '"--limit" must be a number between 1 and 250, got 1000'],
    [['webhooks', 'rotate-secret', 'x', '--grace', '1d'], '"--grace" must be seconds between'],
    [['webhooks', 'listen', '--secret-key', 'sk_test_x', '--forward-to', 'nowhere'], '"--forward-to" must be'],
  ])('%j are refused by name', async (parameters, message) => {
    const given = parameters.map((text) => (text === 'WEAK' ? join(folder, 'weak') : text))
    await expect(run(given)).rejects.toThrow(message)
    await expect(run(given)).rejects.not.toHaveProperty('name', 'TypeError')
  })

  it('of the encryption key are refused before anything is sealed with it', async () => {
    const server = await createServer({ database, encryptionKey: environment.LATCHKEY_ENCRYPTION_KEY })
    await server.admin.jwtKey(ids[0]!)
    const count = async () => (await server.database.read.selectFrom('signing_keys').select('id').execute()).length
    const before = await count()
    const other = { LATCHKEY_ENCRYPTION_KEY: Buffer.alloc(32, 6).toString('base64') }
    for (const command of [
      ['keys', 'rotate-signing'],
      ['keys', 'rotate-encryption'],
      ['webhooks', 'add', 'https://a.test'],
    ])
      await expect(run(command, other)).rejects.toThrow('Set LATCHKEY_ENCRYPTION_KEY to the one it was written with')
    expect(await count()).toBe(before)
    await run(['backup', join(folder, 'copy.db')], { LATCHKEY_ENCRYPTION_KEY: '' })
    await server.close()
  })

  it('of variables are refused by name, also those that stand in a file', async () => {
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    const refusals: [Environment, string][] = [
      [{ LATCHKEY_ENCRYPTION_KEY: 'x' }, '"LATCHKEY_ENCRYPTION_KEY" must be 32 bytes as base64 or hex'],
      [{ LATCHKEY_OTHER_ENCRYPTION_KEYS: 'x,y' }, '"LATCHKEY_OTHER_ENCRYPTION_KEYS" must be 32 bytes as base64 or hex'],
      [
        { LATCHKEY_ENCRYPTION_KEY: '', LATCHKEY_ENCRYPTION_KEY_FILE: file('short', 'short\n') },
        '"LATCHKEY_ENCRYPTION_KEY_FILE" must be 32 bytes as base64 or hex',
      ],
      [
        { LATCHKEY_ENCRYPTION_KEY_FILE: file('short', 'short') },
        'Give either "LATCHKEY_ENCRYPTION_KEY" or "LATCHKEY_ENCRYPTION_KEY_FILE", not both',
      ],
      [
        { LATCHKEY_DATABASE: '', LATCHKEY_DATABASE_FILE: join(folder, 'no file') },
        '"LATCHKEY_DATABASE_FILE" names a file that cannot be read',
      ],
      [
        { LATCHKEY_DATABASE: '', LATCHKEY_DATABASE_FILE: file('empty', ' \n') },
        '"LATCHKEY_DATABASE_FILE" names a file that is empty',
      ],
      [
        { LATCHKEY_DATABASE: '', LATCHKEY_DATABASE_FILE: file('mysql', 'mysql://root:secret@db/x') },
        '"LATCHKEY_DATABASE_FILE" must be a path, :memory: or postgres://user@host/name, got mysql://root@db/x',
      ],
    ]
    for (const [given, message] of refusals) await expect(run(['keys', 'list'], given)).rejects.toThrow(message)
    const inFiles = {
      LATCHKEY_DATABASE: '',
      LATCHKEY_DATABASE_FILE: file('database', `${database}\n`),
      LATCHKEY_ENCRYPTION_KEY: '',
      LATCHKEY_ENCRYPTION_KEY_FILE: file('key', `${environment.LATCHKEY_ENCRYPTION_KEY}\n`),
    }
    expect((await run(['keys', 'list', '--instance', ids[0]!], inFiles)).result.json).toHaveLength(1)
  })
})
