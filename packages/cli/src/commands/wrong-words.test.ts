import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createNetServer, type AddressInfo, type Server as NetServer } from 'node:net'
import { join } from 'node:path'
import { createServer } from '@latchkey/server'
import type { Command } from 'commander'
import { afterEach, describe, expect, it } from 'vitest'
import { createProgram } from '../program.js'
import { serveWarnings } from '../serve-warnings.js'
import { ENCRYPTION_KEY, useCommands } from './run.test-support.js'

const { own, run, refusal } = useCommands()
const at = (name: string) => join(own.folder, name)

const opened: NetServer[] = []
afterEach(() => opened.splice(0).forEach((server) => server.close()))
async function listening<T extends NetServer>(server: T): Promise<number> {
  opened.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const commandsOf = (command: Command, path: string[] = []): [string[], Command][] =>
  command.commands.length === 0
    ? [[path, command]]
    : command.commands.flatMap((child) => commandsOf(child, [...path, child.name()]))
const silent = { result() {}, write: async () => {}, note() {} }
const commands = commandsOf(createProgram('0.0.0', {}, silent))
const places = (command: Command) => command.registeredArguments.map(() => 'x')

describe('every command', () => {
  it.each(commands)('%j takes each option once, and nothing that is empty', async (path, command) => {
    for (const option of command.options) {
      const name = `--${option.name()}`
      const value = option.argChoices?.[0] ?? 'x'
      const once = option.isBoolean() ? [name] : [name, value]
      expect(await refusal([...path, ...places(command), ...once, ...once])).toBe(`"${name}" is given twice`)
      if (option.isBoolean() || option.argChoices) continue
      for (const empty of ['', ' ']) {
        expect(await refusal([...path, ...places(command), `${name}=${empty}`])).toBe(`"${name}" is empty`)
      }
    }
    for (const [index, argument] of command.registeredArguments.entries()) {
      expect(await refusal([...path, ...places(command).with(index, '')])).toBe(`<${argument.name()}> is empty`)
    }
  })

  it.each([
    [['keys', 'rotate'], 'rotate-signing or rotate-encryption'],
    [['inst'], 'instances'],
    [['keys', 'craete'], 'create'],
  ])('%j is answered with what was meant', async (given, meant) => {
    expect(await refusal(given)).toBe(`error: unknown command '${given.at(-1)}'\n(Did you mean ${meant}?)`)
  })

  it.each([
    ['keys', 'revoke', 'SECRET'],
    ['keys', 'list', '--instance', 'SECRET'],
    ['keys', 'SECRET'],
    ['keys', 'list', '--SECRET'],
    ['instances', 'delete', 'SECRET', '--yes'],
    ['instances', 'default', 'SECRET'],
    ['instances', 'home-url', 'SECRET', 'https://a.test'],
    ['instances', 'home-url', 'ins_none', 'SECRET'],
    ['instances', 'create', '--frontend-host', 'SECRET'],
    ['instances', 'create', '--environment', 'SECRET'],
    ['messages', 'show', 'SECRET'],
    ['webhooks', 'attempts', 'SECRET'],
    ['webhooks', 'add', 'SECRET'],
    ['webhooks', 'add', 'https://a.test', '--events', 'SECRET'],
    ['dev', '--publishable-key', 'SECRET'],
    ['dev', '--port', 'SECRET'],
    ['health', '--host', 'SECRET'],
    ['restore', 'SECRET'],
  ])('repeats no secret that was given in a wrong place: %s %s %s', async (...given) => {
    for (const secret of [own.instance.secretKey, 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0', `operator_${'a'.repeat(43)}`]) {
      const said = await refusal(given.map((word) => word.replace('SECRET', secret)))
      expect(said).not.toContain(secret.slice(secret.lastIndexOf('_') + 1))
      expect(said).not.toBe('It was done')
    }
  })
})

describe('keys', () => {
  it('the last active one of an instance is revoked only when that is said twice', async () => {
    const [first] = (await run(['keys', 'list'])).json as { id: string }[]
    const second = (await run(['keys', 'create'])).json as { id: string; secretKey: string }
    expect(await refusal(['keys', 'revoke', second.secretKey])).toBe(
      'That is a secret key, not its id. See: latchkey keys list',
    )
    expect((await run(['keys', 'revoke', first!.id])).lines).toHaveLength(1)
    expect(await refusal(['keys', 'revoke', second.id])).toBe(
      `This is the last active key of ${own.instance.id}: to do it, add --yes`,
    )
    expect((await run(['keys', 'list'])).json).toMatchObject([{}, { id: second.id, revokedAt: null }])
    expect((await run(['keys', 'revoke', second.id, '--yes'])).json).toEqual({ id: second.id, revoked: true })
    const operator = (await run(['keys', 'create', '--operator'])).json as { id: string }
    expect((await run(['keys', 'revoke', operator.id])).json).toEqual({ id: operator.id, revoked: true })
  })

  it('of the operator are of no instance, also in a list', async () => {
    expect(await refusal(['keys', 'list', '--operator', '--instance', 'nope'])).toBe(
      '"--instance" is for secret keys of an instance, not for --operator',
    )
  })

  it('speak of other encryption keys only where there are some', async () => {
    const about = /LATCHKEY_OTHER_ENCRYPTION_KEYS/
    expect((await run(['keys', 'rotate-encryption'])).lines.join('\n')).not.toMatch(about)
    const others = { LATCHKEY_OTHER_ENCRYPTION_KEYS: Buffer.alloc(32, 6).toString('base64') }
    expect((await run(['keys', 'rotate-encryption'], others)).lines.join('\n')).toMatch(about)
  })
})

describe('names and hosts', () => {
  it.each([
    ['keys', 'create'],
    ['keys', 'create', '--operator'],
    ['instances', 'create'],
  ])('%s %s %s refuses a name that no table can show', async (...command) => {
    const given = command.filter((word) => word !== undefined)
    expect(await refusal([...given, '--name', 'x'.repeat(201)])).toBe(
      '"--name" must be at most 200 characters, got 201',
    )
    for (const name of ['two\nlines', 'red \u001b[31m', 'next\u2028line']) {
      expect(await refusal([...given, '--name', name])).toBe('"--name" must have no control characters')
    }
    expect(await refusal([...given, '--name', 'Zoë’s 🔑'])).toBe('It was done')
  })

  it.each(['-bad-.com', 'a..b', 'a.-b', `${'a'.repeat(250)}.com`, 'a_b.com', 'localhost'])(
    'the host %s is refused',
    async (host) => {
      expect(await refusal(['instances', 'create', `--frontend-host=${host}`])).toBe(
        `"--frontend-host" must be a host name with a dot, such as clerk.example.com, got ${host}`,
      )
      const server = await createServer({ encryptionKey: ENCRYPTION_KEY })
      await expect(server.createInstance({ frontendHost: host })).rejects.toThrow('must be a host name with a dot')
      await server.close()
    },
  )

  it.each(['clerk.fly.dev', 'co.uk', 'clerk.com'])(
    'the host %s is refused in production, since pages below its domain are those of others',
    async (host) => {
      expect(await refusal(['instances', 'create', '--environment', 'production', '--frontend-host', host])).toContain(
        `must be at a domain that somebody can register, such as clerk.example.com: ${host} would make every page below`,
      )
    },
  )

  it('a host that is taken is named, without an id that nobody gave', async () => {
    const create = ['instances', 'create', '--frontend-host', 'clerk.taken.test']
    await run(create)
    expect(await refusal(create)).toBe('There is already an instance with the host clerk.taken.test')
  })

  it('a description of an endpoint has the limit of the API', async () => {
    const add = (length: number) => refusal(['webhooks', 'add', 'https://a.test', '--description', 'x'.repeat(length)])
    expect(await add(1025)).toContain('The description must have at most 1024 characters')
    expect(await add(1024)).toBe('It was done')
  })
})

describe('health', () => {
  it('asks any port, and names the reason', async () => {
    expect(await refusal(['health', '--port', '1', '--host', '127.0.0.1'])).toBe(
      'Not ready: http://127.0.0.1:1/readyz cannot be asked (ECONNREFUSED)',
    )
    expect(await refusal(['health', '--port', '1'])).toBe(
      'Not ready: http://localhost:1/readyz cannot be asked (ECONNREFUSED)',
    )
    const mute = await listening(createNetServer())
    expect(await refusal(['health', '--port', String(mute), '--host', '127.0.0.1'])).toContain(
      '(no answer within 3000 ms)',
    )
    const busy = await listening(createHttpServer((_, answer) => answer.writeHead(503).end()))
    expect(await refusal(['health', '--port', String(busy), '--host', '127.0.0.1'])).toContain('answers 503')
  })
})

describe('dev', () => {
  it('leaves nothing where the port is busy on its first start', async () => {
    const busy = String(await listening(createNetServer()))
    const before = readdirSync(own.folder)
    const given = ['dev', '--port', busy, '--host', '127.0.0.1', '--database', at('d2/x.db')]
    expect(await refusal(given)).toContain(`Port ${busy} on 127.0.0.1 is in use`)
    expect(await refusal(['dev', '--host', 'nowhere.invalid', '--database', at('d2/x.db')])).toContain(
      '"--host" must be',
    )
    expect(existsSync(at('d2'))).toBe(false)
    expect(readdirSync(own.folder)).toEqual(before)
  })

  it.each(['', ' \n', '# nothing yet\n'])('refuses the empty seed %j', async (text) => {
    writeFileSync(at('seed.yaml'), text)
    const given = ['dev', '--port', '0', '--database', at('seeded.db'), '--seed', at('seed.yaml')]
    expect(await refusal(given)).toBe(`"--seed" names a file that is empty: ${at('seed.yaml')}`)
    expect(existsSync(at('seeded.db.in-use'))).toBe(false)
  })

  it('says that start has no default database', () => {
    const help = (name: string) => commands.find(([path]) => path[0] === name)![1].helpInformation()
    expect(help('start')).toMatch(/--database <location> +a path or postgres:\/\/…, required\n/)
    expect(help('dev')).toContain('(default:')
  })
})

describe('before they serve, dev and start warn', () => {
  const warnings = async (environment: Record<string, string>, ...more: string[]) => {
    const notes: string[] = []
    const output = { ...silent, note: (line: string) => void notes.push(line) }
    const busy = String(await listening(createNetServer()))
    const given = ['--port', busy, '--host', '127.0.0.1', '--database', own.database, ...more]
    for (const command of ['dev', 'start']) {
      rmSync(`${own.database}.in-use`, { force: true })
      const program = createProgram('0.0.0', { LATCHKEY_ENCRYPTION_KEY: ENCRYPTION_KEY, ...environment }, output)
      await expect(program.parseAsync([command, ...given], { from: 'user' })).rejects.toThrow('is in use')
    }
    expect(notes.slice(0, notes.length / 2)).toEqual(notes.slice(notes.length / 2))
    return notes.slice(0, notes.length / 2)
  }

  it('of variables that are no setting, without their values', async () => {
    const misspelt = {
      LATCHKEY_SMTP_URLL: 'smtp://user:secret@mail',
      LATCHKEY_ENCRYPTON_KEY_FILE: 'secret',
      LATCHKEY_COLOUR: 'secret',
    }
    expect(await warnings(misspelt)).toEqual([
      'LATCHKEY_COLOUR is no setting.',
      'LATCHKEY_ENCRYPTON_KEY_FILE is no setting. Did you mean LATCHKEY_ENCRYPTION_KEY_FILE?',
      'LATCHKEY_SMTP_URLL is no setting. Did you mean LATCHKEY_SMTP_URL?',
    ])
  })

  it('of none that is a setting of any command, of the tests, or of Kubernetes', async () => {
    const known = Object.fromEntries(
      commands.flatMap(([, command]) =>
        command.options.map((option) => [`LATCHKEY_${option.name().toUpperCase().replaceAll('-', '_')}`, 'x']),
      ),
    )
    const files = {
      LATCHKEY_SMTP_URL_FILE: 'x',
      LATCHKEY_OTHER_ENCRYPTION_KEYS: 'x',
      LATCHKEY_ENCRYPTION_KEY_FILE: 'x',
    }
    const others = {
      LATCHKEY_CONTRACT: 'x',
      LATCHKEY_LONG_TESTS: '1',
      LATCHKEY_TEST_POSTGRES_URL: 'x',
      LATCHKEY_SERVICE_HOST: '10.0.0.1',
      LATCHKEY_PORT_4400_TCP_ADDR: '10.0.0.1',
      LATCHKEYS: 'x',
    }
    const names = [...Object.keys(known), ...Object.keys(files)]
    expect(serveWarnings({ trustedProxies: undefined }, { ...known, ...files, ...others }, names)).toEqual([])
    expect(await warnings({ ...others, LATCHKEY_LIMIT: '5', LATCHKEY_NAME: 'x' })).toEqual([])
  })

  it.each(['0.0.0.0/0', '::/0'])('of the proxies %s', async (range) => {
    expect(await warnings({}, '--trusted-proxies', `loopback,${range}`)).toEqual([
      `"--trusted-proxies" trusts everybody with ${range}: whoever reaches the server can claim any address. Name the proxies alone.`,
    ])
  })
})
