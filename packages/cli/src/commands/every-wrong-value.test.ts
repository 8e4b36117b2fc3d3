import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from '@latchkey/server'
import type { Command } from 'commander'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Output } from '../output.js'
import { createProgram } from '../program.js'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-wrong-'))
const database = join(folder, 'app.db')
const environment = { LATCHKEY_ENCRYPTION_KEY: Buffer.alloc(32, 5).toString('base64'), LATCHKEY_DATABASE: database }
const silent: Output = { result() {}, write: async () => {}, note() {} }

/** Options that take any text. */
const FREE = [
  'name',
  'description',
  'uid',
  'actor',
  'action',
  'target',
  'sms-from',
  'sms-gateway-body',
  'dkim-selector',
]

/** A wrong value of each other option, and what else is given so that it is looked at. */
const WRONG: Record<string, [value: string, ...others: string[]]> = {
  port: ['99999'],
  host: ['nowhere.invalid'],
  database: ['mysql://db/x'],
  'secret-key': ['sk_x'],
  'secret-key-file': [join(folder, 'nothing')],
  'publishable-key': ['pk_test_x'],
  'public-url': ['ftp://x'],
  'home-url': ['app.example.com'],
  seed: [join(folder, 'nothing.yaml')],
  'smtp-url': ['mail.example.com', '--mail-from', 'example.com'],
  'mail-from': ['not a domain', '--smtp-url', 'smtp://localhost'],
  'mail-bounces': ['not an address', '--smtp-url', 'smtp://localhost', '--mail-from', 'example.com'],
  'sms-url': ['ftp://x', '--sms-from', '+12015550100'],
  'sms-gateway-url': ['ftp://x', '--sms-gateway-body', '{{to}} {{text}}'],
  'sms-gateway-headers': ['{', '--sms-gateway-url', 'https://sms.test', '--sms-gateway-body', '{{to}} {{text}}'],
  'dkim-key-file': [
    join(folder, 'text'),
    '--dkim-selector',
    'mail',
    '--smtp-url',
    'smtp://localhost',
    '--mail-from',
    'example.com',
  ],
  'trusted-proxies': ['proxy.example.com'],
  'audit-retention-days': ['0'],
  'event-retention-days': ['1.5'],
  'log-level': ['loud'],
  'request-log': ['sometimes'],
  instance: ['ins_none'],
  publish: ['1h'],
  overlap: ['-1'],
  environment: ['staging'],
  'frontend-host': ['localhost'],
  since: ['yesterday'],
  until: ['2026-02-30T00:00:00Z'],
  limit: ['0'],
  status: ['lost'],
  events: ['user.made'],
  ordering: ['random'],
  grace: ['1d'],
  'forward-to': ['nowhere'],
  'signing-secret': ['secret'],
}

/** What a command looks at before the option. */
const NEEDED: Record<string, string[]> = {
  'webhooks recover': ['--since', '2026-01-31T09:30:00Z'],
  'webhooks listen': ['--forward-to', 'http://localhost:1', '--secret-key', 'sk_test_x'],
}

let copies = 0

/** What stands in the place of an argument. */
const ARGUMENTS: Record<string, string> = {
  url: 'https://hooks.example.com',
  file: join(folder, 'text'),
  type: 'user.created',
}

const options = commandsOf(createProgram('0.0.0', {}, silent)).flatMap(([path, command]) =>
  command.options
    .filter((option) => !option.isBoolean() && !FREE.includes(option.name()))
    .map((option) => [path, option.name(), command] as const),
)

function commandsOf(command: Command, path: string[] = []): [string, Command][] {
  return command.commands.length === 0
    ? [[path.join(' '), command]]
    : command.commands.flatMap((child) => commandsOf(child, [...path, child.name()]))
}

beforeAll(async () => {
  const server = await createServer({ database, encryptionKey: environment.LATCHKEY_ENCRYPTION_KEY })
  await server.createInstance({ isDefault: true })
  await server.close()
  writeFileSync(join(folder, 'text'), 'SQLite format 3\0 and nothing else')
})
afterAll(() => rmSync(folder, { recursive: true }))

it.each(options)('latchkey %s refuses a wrong --%s in one line that names it', async (path, name, command) => {
  const [value, ...others] = WRONG[name]!
  const known = command.options.map(({ long }) => long!)
  // With a key, nothing is read beside the database.
  const keyless = path === 'webhooks listen' && name === 'database' ? 'secret-key' : name
  const needed = [...(NEEDED[path] ?? []), ...(path === 'dev' || path === 'start' ? ownDatabase() : [])]
  const places = command.registeredArguments.map((argument) => ARGUMENTS[argument.name()] ?? 'x')
  const given = [
    ...path.split(' '),
    ...places,
    ...without(keyless, [...needed, ...others.filter(isOf(known))]),
    `--${name}=${value}`,
  ]
  const program = createProgram('0.0.0', environment, silent)
  for (const each of [program, ...commandsOf(program).map(([, one]) => one)]) {
    each.exitOverride().configureOutput({ writeErr: () => {} })
  }
  const error = await program.parseAsync(given, { from: 'user' }).then(
    () => undefined,
    (thrown: Error) => thrown,
  )
  expect(error?.message).toMatch(/^[^\n]+$/)
  expect(error!.message).toContain(`--${name}`)
  expect(['CommandError', 'CommanderError', 'Error', 'AdminError']).toContain(error!.name)
})

/** A server holds its file to the end of the process. */
function ownDatabase(): string[] {
  const own = join(folder, `${++copies}.db`)
  copyFileSync(database, own)
  return ['--port', '0', '--database', own]
}

/** Leaves out an option that is given another value. */
function without(name: string, words: readonly string[]): string[] {
  return words.filter((word, index) => word !== `--${name}` && words[index - 1] !== `--${name}`)
}

/** Leaves out the options that a command does not have, with their values. */
function isOf(known: readonly string[]): (word: string, index: number, words: string[]) => boolean {
  return (word, index, words) => known.includes(word.startsWith('--') ? word : words[index - 1]!)
}
