import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createUser, useLatchkey } from './latchkey.test-support.js'

const encryptionKey = Buffer.alloc(32, 7).toString('base64')

describe('latchkey dev', () => {
  const latchkey = useLatchkey()
  const state = join(latchkey.folder, '.latchkey')

  it('prints one line once requests are answered, and ends with 0 on SIGTERM', async () => {
    const server = await latchkey.serve(['dev'])
    expect((await server.api('/users')).status).toBe(200)
    // Starts the thread that counts: it has to end, and the program to wait for that.
    expect((await server.api('/users/count?query=ada')).status).toBe(200)

    const { code, stdout } = await server.stop()
    expect(code).toBe(0)
    expect(readdirSync(state)).toEqual(expect.not.arrayContaining(['dev.db-wal']))
    expect(stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(JSON.parse(stdout)).toEqual({
      apiUrl: expect.stringMatching(/^http:\/\/localhost:\d+$/),
      frontendApiUrl: server.apiUrl,
      publishableKey: expect.stringMatching(/^pk_test_/),
      secretKey: expect.stringMatching(/^sk_test_[A-Za-z0-9]{40,}$/),
      jwtKey: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----\n/),
      databaseUrl: join(state, 'dev.db'),
    })
  })

  it('keeps its keys to itself, and keys and data until the next start', async () => {
    expect(statSync(state).mode & 0o777).toBe(0o700)
    expect(statSync(join(state, 'keys.json')).mode & 0o777).toBe(0o600)
    const keys = JSON.parse(readFileSync(join(state, 'keys.json'), 'utf8')) as Record<string, string>

    const first = await latchkey.serve(['dev'])
    expect(first).toMatchObject({ secretKey: keys['secretKey'], publishableKey: keys['publishableKey'] })
    const id = await createUser(first, 'ada@example.com')
    await first.stop('SIGINT')

    const second = await latchkey.serve(['dev'])
    expect(second).toMatchObject({
      secretKey: first.secretKey,
      publishableKey: first.publishableKey,
      jwtKey: first.jwtKey,
    })
    expect((await second.api(`/users/${id}`)).status).toBe(200)
    await second.stop()
  })

  it('says who has the database or the port', async () => {
    const server = await latchkey.serve(['dev'])
    const same = await latchkey.run(['dev', '--port', '0'])
    expect(same).toMatchObject({ code: 1, stdout: '' })
    expect(same.stderr).toContain(`is in use by "latchkey dev" (process ${server.pid})`)

    const { port } = new URL(server.apiUrl)
    const other = await latchkey.run(['dev', '--database', ':memory:', '--port', port])
    expect(other).toMatchObject({ code: 1, stdout: '' })
    expect(other.stderr).toMatch(
      new RegExp(
        `Port ${port} on 127.0.0.1 is in use .* --port ${Number(port) + 1} .under npm: npm start -- --port ${Number(port) + 1}`,
      ),
    )
    await server.stop()
  })

  it('answers at both addresses of localhost, with pages and scripts for browsers', async () => {
    const server = await latchkey.serve(['dev', '--database', ':memory:'])
    const { hostname, port } = new URL(server.apiUrl)
    expect(hostname).toBe('localhost')
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      expect((await fetch(`http://${host}:${port}/livez`)).status).toBe(200)
      expect((await fetch(`http://${host}:${port}/inbox`)).status).toBe(200)
    }
    expect(await (await fetch(`${server.apiUrl}/sign-in`)).text()).toContain(server.publishableKey)
    expect((await fetch(`${server.apiUrl}/npm/@clerk/clerk-js@6/dist/clerk.browser.js`)).status).toBe(200)
    await server.stop()
  })

  it('names its pages, each of which answers', async () => {
    const args = ['dev', '--database', ':memory:', '--port', '0']
    const pages = await latchkey.lookAt(args, /^curl /, async (lines) => {
      const named = lines.flatMap((line) => /^(http\S+) {3}\w/.exec(line)?.[1] ?? [])
      return Promise.all(named.map(async (url) => [new URL(url).pathname, (await fetch(url)).status]))
    })
    expect(pages).toEqual([
      ['/inbox', 200],
      ['/explain', 200],
      ['/webhooks', 200],
    ])
  })

  it('shows messages in the terminal, with their links', async () => {
    const server = await latchkey.serve(['dev', '--database', ':memory:'])
    const body = { email_address: 'grace@example.com' }
    await server.api('/invitations', { method: 'POST', body: JSON.stringify(body) })
    // The mail comes whole: its link is on the lines after its subject.
    await expect.poll(() => server.printed()).toContain(`  ${server.apiUrl}/v1/tickets/accept?ticket=`)
    const { stderr } = await server.stop()
    expect(stderr).toContain('Mail to grace@example.com: Your invitation to')
  })

  it('asks for the token where other machines reach the port', async () => {
    const server = await latchkey.serve(['dev', '--database', ':memory:', '--host', '0.0.0.0'])
    expect((await fetch(`${server.apiUrl}/inbox`)).status).toBe(403)
    await server.stop()
  })

  it('starts again after kill -9', async () => {
    const server = await latchkey.serve(['dev'])
    const id = await createUser(server, 'grace@example.com')
    await server.stop('SIGKILL')

    const next = await latchkey.serve(['dev'])
    expect((await next.api(`/users/${id}`)).status).toBe(200)
    await next.stop()
  })

  it('in memory leaves nothing behind and takes the key it is given', async () => {
    const before = readdirSync(latchkey.folder)
    const server = await latchkey.serve(['dev', '--database', ':memory:', '--secret-key', 'sk_test_x'])
    expect(server).toMatchObject({ secretKey: 'sk_test_x', databaseUrl: ':memory:' })
    expect((await server.api('/users')).status).toBe(200)
    await server.stop()
    expect(readdirSync(latchkey.folder)).toEqual(before)
  })

  it('says which database cannot be opened, without its password', async () => {
    writeFileSync(join(latchkey.folder, 'text.db'), 'no database')
    const text = await latchkey.run(['dev', '--port', '0', '--database', 'text.db'])
    expect(text).toMatchObject({
      code: 1,
      stderr: `The database ${join(latchkey.folder, 'text.db')} cannot be opened: file is not a database\n`,
    })
    const refused = await latchkey.run(['dev', '--port', '0', '--database', 'postgres://ada:secret@127.0.0.1:1/app'])
    expect(refused).toMatchObject({
      code: 1,
      stderr: 'The database postgres://ada@127.0.0.1:1/app cannot be opened: connect ECONNREFUSED 127.0.0.1:1\n',
    })
  })

  it('hands out URLs below --public-url', async () => {
    const server = await latchkey.serve(['dev', '--database', ':memory:'], {
      LATCHKEY_PUBLIC_URL: 'https://id.example.com/auth/',
    })
    await server.stop()
    expect(server).toMatchObject({
      apiUrl: 'https://id.example.com/auth',
      frontendApiUrl: 'https://id.example.com/auth',
    })
  })
})

describe('latchkey start', () => {
  const latchkey = useLatchkey()
  const database = 'app.db'

  it('names everything that is missing and what mends it', async () => {
    const { code, stderr } = await latchkey.run(['start', '--database', ':memory:'])
    expect(code).toBe(1)
    for (const text of ['a persistent database', 'LATCHKEY_ENCRYPTION_KEY', 'openssl rand -base64 32']) {
      expect(stderr).toContain(text)
    }
    expect((await latchkey.run(['start'])).stderr).toContain('a persistent database')
    expect((await latchkey.run(['start', '--database', database])).stderr).toContain('latchkey migrate --database')
    expect(existsSync(join(latchkey.folder, database))).toBe(false)
  })

  it('serves what migrate and instances create have made', async () => {
    const environment = { LATCHKEY_DATABASE: database, LATCHKEY_ENCRYPTION_KEY: encryptionKey }
    const { applied } = await latchkey.json<{ applied: string[] }>(['migrate'], environment)
    expect(applied.length).toBeGreaterThan(0)
    expect((await latchkey.json<{ applied: string[] }>(['migrate'], environment)).applied).toEqual([])

    const create = (host: string, more = {}) =>
      latchkey.json<{ id: string; secretKey: string; publishableKey: string }>(
        ['instances', 'create', '--environment', 'production', '--frontend-host', host],
        { ...environment, ...more },
      )
    const instance = await create('clerk.example.com')
    expect(instance).not.toHaveProperty('apiUrl')
    expect(instance.publishableKey).toBe(`pk_live_${Buffer.from('clerk.example.com$').toString('base64')}`)
    expect(await latchkey.json(['instances', 'list'], environment)).toMatchObject([
      { id: instance.id, isDefault: true, publishableKey: instance.publishableKey },
    ])
    const publicUrl = 'https://clerk.example.com'
    const other = await create('clerk.example.org', { LATCHKEY_PUBLIC_URL: publicUrl })
    expect(other).toMatchObject({ apiUrl: publicUrl, frontendApiUrl: 'https://clerk.example.org' })

    writeFileSync(join(latchkey.folder, 'key'), instance.secretKey)
    const home = { LATCHKEY_HOME_URL: 'https://app.example.com' }
    const server = await latchkey.serve(['start'], { ...environment, ...home })
    const headers = { authorization: `Bearer ${instance.secretKey}` }
    expect((await fetch(`${server.apiUrl}/v1/users`, { headers })).status).toBe(200)
    const { code, stdout, stderr } = await server.stop()
    expect(code).toBe(0)
    expect(stdout + stderr).not.toContain('sk_live_')
    expect(stderr).toContain('No mail server is set: codes, links and notices stay queued')
    expect(readdirSync(latchkey.folder).filter((name) => /-(wal|shm)$|\.lock$/.test(name))).toEqual([])
    expect(statSync(join(latchkey.folder, database)).mode & 0o777).toBe(0o600)

    const start = (more: Record<string, string>) => latchkey.run(['start', '--port', '0'], { ...environment, ...more })
    const another = await start({ LATCHKEY_SECRET_KEY: `sk_live_${'x'.repeat(40)}` })
    expect(another).toMatchObject({ code: 1, stdout: '' })
    expect(another.stderr).toContain('must be a key of the default instance that was not revoked')
    const wrong = await start({ LATCHKEY_ENCRYPTION_KEY: Buffer.alloc(32, 8).toString('base64') })
    expect(wrong).toMatchObject({ code: 1, stdout: '' })
    expect(wrong.stderr).not.toContain('    at ')

    const given = { LATCHKEY_SECRET_KEY_FILE: 'key', LATCHKEY_PUBLISHABLE_KEY: instance.publishableKey }
    const mail = { LATCHKEY_SMTP_URL: 'smtp://127.0.0.1:1', LATCHKEY_MAIL_FROM: 'example.com' }
    const again = await (await latchkey.serve(['start'], { ...environment, ...given, ...mail })).stop()
    expect(again.stderr).not.toContain('No mail server')
  })

  it('takes keys that were made elsewhere from a file, if they are hard to guess', async () => {
    const environment = { LATCHKEY_DATABASE: 'given.db', LATCHKEY_ENCRYPTION_KEY: encryptionKey }
    await latchkey.run(['migrate'], environment)
    const create = (key: string) => {
      writeFileSync(join(latchkey.folder, 'given'), `${key}\n`)
      return latchkey.run(['instances', 'create', '--secret-key-file', 'given', '--json'], {
        ...environment,
        LATCHKEY_ENVIRONMENT: 'production',
        LATCHKEY_FRONTEND_HOST: 'clerk.example.com',
        LATCHKEY_NAME: 'Ours',
      })
    }
    expect((await create('sk_live_x')).stderr).toContain('has at least 40 characters')
    const key = `sk_live_${'aB3'.repeat(14)}`
    const { stdout } = await create(key)
    expect(JSON.parse(stdout)).toMatchObject({ secretKey: key, name: 'Ours', environmentType: 'production' })
    const host = await latchkey.run(['instances', 'create', '--frontend-host', 'localhost'], environment)
    expect(host.stderr).toBe(
      '"--frontend-host" must be a host name with a dot, such as clerk.example.com, got localhost\n',
    )
  })

  it('refuses a schema that is behind', async () => {
    writeFileSync(join(latchkey.folder, 'empty.db'), '')
    const { code, stderr } = await latchkey.run(['start', '--database', 'empty.db', '--port', '0'], {
      LATCHKEY_ENCRYPTION_KEY: encryptionKey,
      LATCHKEY_SECRET_KEY: 'sk_live_x',
      LATCHKEY_PUBLISHABLE_KEY: `pk_live_${Buffer.from('clerk.example.com$').toString('base64')}`,
    })
    expect(code).toBe(1)
    expect(stderr).toContain('latchkey migrate')
  })
})

describe('beside a running server', () => {
  const latchkey = useLatchkey()

  it('keys are made, listed and revoked', async () => {
    const server = await latchkey.serve(['dev'])
    const key = await latchkey.json<{ id: string; secretKey: string }>(['keys', 'create', '--name', 'CI'])
    const status = async () =>
      (await fetch(`${server.apiUrl}/v1/users`, { headers: { authorization: `Bearer ${key.secretKey}` } })).status
    expect(await status()).toBe(200)
    expect(await latchkey.json(['keys', 'list'])).toContainEqual(
      expect.objectContaining({ id: key.id, name: 'CI', revokedAt: null }),
    )
    expect((await latchkey.run(['keys', 'list'])).stdout).toMatch(/^ID +NAME +CREATED +LAST USED +STATE\n/)

    await latchkey.json(['keys', 'revoke', key.id])
    await expect.poll(status).toBe(401)
    expect((await latchkey.run(['keys', 'revoke', 'none'])).stderr).toContain('There is no active key with the id none')
    await server.stop()
  })

  it('the signing key is rotated', async () => {
    const server = await latchkey.serve(['dev'])
    const kids = async () =>
      ((await (await server.api('/jwks')).json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
    const before = await kids()
    const { keyId } = await latchkey.json<{ keyId: string }>(['keys', 'rotate-signing', '--overlap', '60'])
    await expect.poll(kids).toEqual(expect.arrayContaining([...before, keyId]))
    const { stdout } = await latchkey.run(['keys', 'list', '--signing'])
    expect(stdout).toMatch(/^ID +SIGNS FROM +SIGNS UNTIL +IN THE KEY SET UNTIL +STATE\n/)
    expect(stdout).toMatch(new RegExp(`\n${before[0]} .* signing\n${keyId} .* published\n$`))
    await server.stop()
  })

  it('a backup is taken, and restored once the server has stopped', async () => {
    const server = await latchkey.serve(['dev'])
    const kept = await createUser(server, 'kept@example.com')
    await latchkey.json(['backup', 'copy.db'])
    const lost = await createUser(server, 'lost@example.com')
    expect((await latchkey.run(['backup', 'copy.db'])).stderr).toContain('copy.db exists already')
    expect((await latchkey.run(['restore', 'copy.db'])).stderr).toContain(`(process ${server.pid})`)
    await server.stop()

    const { previous } = await latchkey.json<{ previous: string }>(['restore', 'copy.db'])
    expect(existsSync(previous)).toBe(true)
    const restored = await latchkey.serve(['dev'])
    expect((await restored.api(`/users/${kept}`)).status).toBe(200)
    expect((await restored.api(`/users/${lost}`)).status).toBe(404)
    await restored.stop()

    writeFileSync(join(latchkey.folder, 'text'), 'no database')
    expect((await latchkey.run(['restore', 'text'])).stderr).toContain('is not a backup made by "latchkey backup"')
  })

  it('a restored backup sends no old mail, and revives no session where everyone is to be signed out', async () => {
    const server = await latchkey.serve(['dev'])
    const user = await createUser(server, 'ada@example.com')
    const post = async (path: string, body: object) => {
      const answer = await server.api(path, { method: 'POST', body: JSON.stringify(body) })
      expect(answer.status).toBe(200)
      return (await answer.json()) as { id: string }
    }
    const { id } = await post('/sessions', { user_id: user })
    const { primary_email_address_id: to } = (await (await server.api(`/users/${user}`)).json()) as Record<
      string,
      string
    >
    await post('/emails', { from_email_name: 'news', subject: 'Old', body: 'Old', email_address_id: to })
    await latchkey.json(['backup', 'alive.db'])
    await post(`/sessions/${id}/revoke`, {})
    await server.stop()

    const statusAfter = async (...flags: string[]) => {
      const { messages } = await latchkey.json<{ messages: number }>(['restore', 'alive.db', ...flags])
      expect(messages).toBe(1)
      const [message] = await latchkey.json<{ status: string; lastError: string }[]>(['messages', 'list'])
      expect(message).toMatchObject({ status: 'failed', lastError: 'A backup was restored before it was sent' })
      const restored = await latchkey.serve(['dev'])
      const { status } = (await (await restored.api(`/sessions/${id}`)).json()) as { status: string }
      await restored.stop()
      return status
    }
    expect((await latchkey.run(['restore', 'alive.db'])).stdout).toContain('valid again')
    expect(await statusAfter()).toBe('active')
    expect(await statusAfter('--sign-everyone-out')).toBe('revoked')
  })
})

describe('--seed', () => {
  const latchkey = useLatchkey()
  const seed = join(latchkey.folder, 'seed.yaml')

  it('creates what the file says, once', async () => {
    writeFileSync(seed, 'users:\n  - id: user_ada\n    email_addresses: [ada@example.com]\n')
    for (let start = 0; start < 2; start++) {
      const server = await latchkey.serve(['dev', '--seed', 'seed.yaml'])
      expect(await (await server.api('/users')).json()).toMatchObject([{ id: 'user_ada' }])
      const { stderr } = await server.stop()
      const created = start === 0 ? ' and created users (1)' : ''
      expect(stderr).toContain(`The seed was applied${created}. What was there already stays as it was.\n`)
    }
  })

  it('names the line that is wrong', async () => {
    writeFileSync(seed, 'users:\n  - id: user_ada\n    email_addresses: [ada@example.com]\n    colour: red\n')
    const { code, stderr } = await latchkey.run(['dev', '--port', '0', '--seed', 'seed.yaml'])
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'seed.yaml:4: users.0.colour: is not known here\n' })

    writeFileSync(seed, 'users:\n  - email_addresses: [bo@example.com]\n  - email_addresses: [BO@example.com]\n')
    const twice = await latchkey.run(['dev', '--port', '0', '--database', ':memory:', '--seed', 'seed.yaml'])
    expect(twice).toMatchObject({ code: 1, stdout: '' })
    expect(twice.stderr).toContain('seed.yaml:3: users.1: is the same user as users[0]')
  })
})

describe('a key that was given', () => {
  const latchkey = useLatchkey()
  const stored = () =>
    JSON.parse(readFileSync(join(latchkey.folder, '.latchkey/keys.json'), 'utf8')) as Record<string, string>

  it('never replaces one that is kept', async () => {
    await (await latchkey.serve(['dev'])).stop()
    const kept = stored()
    await latchkey.run(['dev', '--port', '0'], { LATCHKEY_ENCRYPTION_KEY: encryptionKey })
    expect(stored()).toEqual(kept)

    const server = await latchkey.serve(['dev', '--secret-key', 'sk_test_given'])
    expect((await server.api('/users')).status).toBe(200)
    await server.stop()
    expect(stored()).toEqual(kept)
  })

  it('is not kept, and asked for when it is missing', async () => {
    const database = ['--database', 'other/app.db']
    await (await latchkey.serve(['dev', ...database], { LATCHKEY_ENCRYPTION_KEY: encryptionKey })).stop()
    expect(JSON.parse(readFileSync(join(latchkey.folder, 'other/.latchkey/keys.json'), 'utf8'))).not.toHaveProperty(
      'encryptionKey',
    )
    expect((await latchkey.run(['dev', '--port', '0', ...database])).stderr).toContain(
      'was made with LATCHKEY_ENCRYPTION_KEY. Set it again',
    )
  })
})
