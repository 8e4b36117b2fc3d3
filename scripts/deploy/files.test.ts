import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, type TestContext } from 'vitest'
import { parse } from 'yaml'
import { root } from '../setup.mjs'
import { faultOf, read, variables } from './names.js'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-deploy-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Skips the test where a linter is missing, and says so. `.ci/run` installs it: there the test fails. */
function need(context: TestContext, program: string, ...args: string[]): void {
  if (spawnSync(program, args).status === 0) return
  const missing = `${program} is not on this machine`
  if (process.env['CI']) throw new Error(`${missing}: .ci/run installs it`)
  context.skip(missing)
}

interface Instruction {
  name: string
  value: string
}

/** A Dockerfile as its instructions: without comments, with continued lines joined. */
function instructionsOf(text: string): Instruction[] {
  return text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name, value] = /^([A-Z]+) (.+)$/.exec(line) ?? []
      if (name === undefined) throw new Error(`This is no instruction: ${line}`)
      return { name, value: value! }
    })
}

describe('the Dockerfile', () => {
  const instructions = instructionsOf(read('deploy/Dockerfile'))
  const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'))
  const valuesOf = (name: string) => last.filter((one) => one.name === name).map(({ value }) => value)

  it('has no instruction that does not exist, and no stage that was not begun', () => {
    const known = [
      'ARG',
      'FROM',
      'WORKDIR',
      'COPY',
      'RUN',
      'ENV',
      'USER',
      'VOLUME',
      'EXPOSE',
      'HEALTHCHECK',
      'ENTRYPOINT',
      'CMD',
    ]
    expect(instructions.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([])
    const stages = instructions.flatMap(({ name, value }) => (name === 'FROM' ? [/ AS (\w+)$/.exec(value)?.[1]] : []))
    expect(stages).toEqual(['build', undefined])
    for (const value of valuesOf('COPY')) expect(value).toMatch(/^--from=build \/opt\/latchkey /)
  })

  it('runs as a user without rights, from a folder that this user cannot write', () => {
    expect(valuesOf('USER')).toEqual(['node'])
    expect(valuesOf('COPY').join('\n')).not.toContain('--chown')
    expect(valuesOf('VOLUME')).toEqual(['/var/lib/latchkey'])
  })

  it('fetches nothing but packages, and checks its health by the program itself', () => {
    const text = instructions.map(({ value }) => value).join('\n')
    expect(text).not.toMatch(/\b(curl|wget|apt-get|apk|ADD|node-gyp)\b/)
    expect(text).toContain('npm ci --ignore-scripts')
    const [check] = valuesOf('HEALTHCHECK')
    const [, ...words] = JSON.parse(/ CMD (\[.*\])$/.exec(check!)![1]!) as string[]
    expect(words).toEqual(['health'])
    expect(faultOf(words)).toBeUndefined()
    expect(valuesOf('ENTRYPOINT')).toEqual(['["latchkey"]'])
    expect(faultOf(JSON.parse(valuesOf('CMD')[0]!))).toBeUndefined()
  })

  it('runs only scripts that are there, with variables that are read', () => {
    const run = instructions.filter(({ name }) => name === 'RUN').map(({ value }) => value)
    for (const [, script] of run.join('\n').matchAll(/node (scripts\/\S+)/g))
      expect(existsSync(join(root, script!))).toBe(true)
    for (const [, script] of run.join('\n').matchAll(/npm run (\w+)/g))
      expect(JSON.parse(read('package.json')).scripts).toHaveProperty([script!])
    const names = valuesOf('ENV').map((value) => value.split('=')[0]!)
    expect(names.filter((name) => name.startsWith('LATCHKEY_') && !variables.has(name))).toEqual([])
  })
})

describe('compose.yaml', () => {
  interface Service {
    command?: string[]
    environment: Record<string, string>
    secrets?: string[]
    ports?: string[]
    volumes?: string[]
    read_only?: boolean
    security_opt?: string[]
    cap_drop?: string[]
    networks: string[]
    healthcheck?: { test?: string[] }
    depends_on?: Record<string, { condition: string }>
  }
  const file = parse(read('deploy/compose.yaml'), { merge: true }) as {
    services: Record<string, Service>
    networks: Record<string, { internal?: boolean }>
    volumes: Record<string, unknown>
    secrets: Record<string, { file: string }>
  }
  const services = Object.entries(file.services)

  it('names only commands, variables, secrets, networks and files that are there', () => {
    for (const [
      name,
      { command, environment, secrets = [], networks, volumes = [], depends_on: needs = {} },
    ] of services) {
      if (['latchkey', 'migrate'].includes(name)) {
        expect(faultOf(command!)).toBeUndefined()
        expect(Object.keys(environment).filter((variable) => !variables.has(variable))).toEqual([])
        for (const value of Object.values(environment).filter((text) => text.startsWith('/run/secrets/')))
          expect(secrets).toContain(value.slice('/run/secrets/'.length))
      }
      expect(secrets.filter((secret) => !(secret in file.secrets))).toEqual([])
      expect(networks.filter((network) => !(network in file.networks))).toEqual([])
      expect(Object.keys(needs).filter((other) => !(other in file.services))).toEqual([])
      for (const volume of volumes) {
        const [source] = volume.split(':')
        expect(source!.startsWith('./') ? existsSync(join(root, 'deploy', source!)) : source! in file.volumes).toBe(
          true,
        )
      }
    }
  })

  it('publishes the ports of the proxy alone, and keeps the database where nothing outside reaches it', () => {
    expect(services.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['caddy'])
    expect(file.services['postgres']!.networks).toEqual(['inside'])
    expect(file.networks['inside']).toEqual({ internal: true })
  })

  it('has no secret in it, and no service that can write its own files or gain rights', () => {
    expect(read('deploy/compose.yaml')).not.toMatch(/PASSWORD:|sk_(live|test)_|:\/\/\w+:\w+@/)
    for (const [name, { read_only: readOnly, security_opt: options = [], cap_drop: dropped = [] }] of services) {
      expect([name, readOnly]).toEqual([name, true])
      expect(options.includes('no-new-privileges:true') || dropped.includes('ALL')).toBe(true)
    }
  })

  it('waits until the database is healthy and its schema current', () => {
    expect(file.services['postgres']!.healthcheck!.test![1]).toBe('pg_isready')
    expect(file.services['migrate']!.depends_on).toEqual({ postgres: { condition: 'service_healthy' } })
    expect(file.services['latchkey']!.depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' } })
  })

  it('is read by Docker', (context) => {
    // No package of Debian has it.
    const isThere = spawnSync('docker', ['compose', 'version']).status === 0
    context.skip(!isThere, 'Docker Compose is not on this machine')
    const env = { ...process.env, DOMAIN: 'clerk.example.com', MAIL_FROM: 'example.com' }
    execFileSync('docker', ['compose', '--file', join(root, 'deploy/compose.yaml'), 'config', '--quiet'], { env })
  })
})

describe('the systemd unit', () => {
  const unit = read('deploy/latchkey.service')
  const commands = [...unit.matchAll(/^Exec\w+=\S+\/latchkey (.+)$/gm)].map(([, words]) => words!.split(' '))

  it('runs commands that exist, with variables that are read', () => {
    expect(commands).toEqual([['migrate'], ['start']])
    for (const words of commands) expect(faultOf(words)).toBeUndefined()
    const lines = read('deploy/environment').split('\n')
    const names = lines.flatMap((line) => /^(?:# )?([A-Z_]+)=/.exec(line)?.[1] ?? [])
    expect(names.length).toBeGreaterThan(5)
    expect(names.filter((name) => !variables.has(name))).toEqual([])
  })

  it('is valid, and leaves the service little to do harm with', (context) => {
    need(context, 'systemd-analyze', '--version')
    const file = join(folder, 'latchkey.service')
    // It is verified with a program that is there.
    writeFileSync(file, unit.replaceAll(/^(Exec\w+=)\S+/gm, '$1/bin/true'))
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' })
    expect([verified.status, verified.stderr]).toEqual([0, ''])
    const looked = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', file], {
      encoding: 'utf8',
    })
    expect(Number(/exposure level for latchkey\.service: ([\d.]+)/.exec(looked.stdout)?.[1])).toBeLessThan(2.5)
  })
})

describe('the proxies', () => {
  const caddy = read('deploy/Caddyfile')
  const nginx = read('deploy/nginx.conf')

  it('wait longer than a request for events does, and keep connections for a shorter time than the server', () => {
    const seconds = (text: string, pattern: RegExp) => Number(pattern.exec(text)![1])
    const longestWait = seconds(read('docs/webhooks.md'), /\| `wait` \|.* up to (\d+) \|/)
    const keptAlive = seconds(read('packages/cli/src/listen.ts'), /keepAliveTimeout: (\d+)_000/)
    for (const answer of [
      seconds(caddy, /response_header_timeout (\d+)s/),
      seconds(nginx, /proxy_read_timeout (\d+)s/),
    ])
      expect(answer).toBeGreaterThan(longestWait)
    for (const kept of [seconds(caddy, /keepalive (\d+)s/), seconds(nginx, /keepalive_timeout (\d+)s/)])
      expect(kept).toBeLessThan(keptAlive)
  })

  it('add no policy of contents, which pages bring themselves, and hand the address on', () => {
    for (const text of [caddy, nginx]) expect(text).not.toMatch(/^\s*(header|add_header) .*Content-Security-Policy/im)
    expect(nginx).toContain('proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;')
  })

  it('are read by nginx', (context) => {
    need(context, 'nginx', '-v')
    const key = join(folder, 'key.pem')
    const certificate = join(folder, 'certificate.pem')
    const subject = ['-subj', '/CN=clerk.example.com', '-keyout', key, '-out', certificate]
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...subject], {
      stdio: 'ignore',
    })
    const site = nginx
      .replace('/etc/ssl/clerk.example.com.pem', certificate)
      .replace('/etc/ssl/clerk.example.com.key', key)
      .replaceAll(/listen (.*)80;/g, 'listen $18080;')
      .replaceAll(/listen (.*)443 /g, 'listen $18443 ')
    writeFileSync(join(folder, 'site.conf'), site)
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    )
    const whole = `pid ${folder}/nginx.pid;\nevents {}\nhttp {\n${paths.join('\n')}\naccess_log off;\ninclude ${folder}/site.conf;\n}\n`
    writeFileSync(join(folder, 'nginx.conf'), whole)
    const checked = spawnSync('nginx', ['-t', '-c', join(folder, 'nginx.conf')], { encoding: 'utf8' })
    expect([checked.status, checked.stderr]).toEqual([0, expect.stringContaining('successful')])
  })

  it('are read by Caddy', (context) => {
    need(context, 'caddy', 'version')
    const args = ['validate', '--adapter', 'caddyfile', '--config', join(root, 'deploy/Caddyfile')]
    const checked = spawnSync('caddy', args, { encoding: 'utf8' })
    expect([checked.status, checked.stdout]).toEqual([0, expect.stringContaining('Valid configuration')])
    expect(spawnSync('caddy', ['fmt', '--diff', join(root, 'deploy/Caddyfile')]).status).toBe(0)
  })
})
